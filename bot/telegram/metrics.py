"""What the bot counts, and how Prometheus reads it (text exposition format 0.0.4)."""

from __future__ import annotations

import time
from collections import Counter
from collections.abc import Callable
from dataclasses import dataclass, field

BOUNDS = (0.025, 0.05, 0.1, 0.2, 0.3, 0.5, 1.0, 2.5, 5.0, 10.0, 30.0)
"""Seconds from an update's arrival to its answer's sending."""

HELP = {
    "updates": "Updates taken, by kind.",
    "duplicates": "Updates that came again and were left.",
    "questions": "Questions asked.",
    "answers": "Questions answered with a source.",
    "refusals": "Questions that the reports do not answer.",
    "errors": "Updates whose handling failed.",
    "slow": "Questions given up because they took too long.",
    "limited": "Updates turned away by a rate limit.",
    "strangers": "Updates of users who are not let in.",
    "buttons": "Buttons pressed, by kind.",
    "inline": "Inline queries answered.",
    "documents": "Documents received, by outcome.",
    "objections": "Objections stored.",
    "api_errors": "Calls of the Bot API that failed, by kind.",
    "sent": "Messages sent.",
}


@dataclass
class Metrics:
    """Counters that live as long as the process."""

    counts: Counter[tuple[str, str]] = field(default_factory=Counter)
    buckets: list[int] = field(default_factory=lambda: [0] * (len(BOUNDS) + 1))
    seconds: float = 0.0
    started: float = field(default_factory=time.time)
    waiting: Callable[[], int] = lambda: 0
    """How many updates are taken and not finished."""

    def count(self, name: str, label: str = "") -> None:
        """One more of a name in HELP. Raises KeyError for another name."""
        HELP[name]
        self.counts[name, label] += 1

    def latency(self, seconds: float) -> None:
        """The time that one question took."""
        self.seconds += seconds
        self.buckets[next((at for at, bound in enumerate(BOUNDS) if seconds <= bound), len(BOUNDS))] += 1

    def text(self) -> str:
        """All counters."""
        lines: list[str] = []
        for name, explained in HELP.items():
            full = f"zhengwen_telegram_{name}_total"
            lines += [f"# HELP {full} {explained}", f"# TYPE {full} counter"]
            found = {label: number for (one, label), number in sorted(self.counts.items()) if one == name}
            lines += [f"{full}{_label(label)} {number}" for label, number in (found or {"": 0}).items()]
        return "\n".join([*lines, *self._latency(), *self._gauges()]) + "\n"

    def _latency(self) -> list[str]:
        full = "zhengwen_telegram_answer_seconds"
        lines = [f"# HELP {full} From an update's arrival to its answer's sending.", f"# TYPE {full} histogram"]
        total = 0
        for bound, number in zip((*map(str, BOUNDS), "+Inf"), self.buckets, strict=True):
            total += number
            lines.append(f'{full}_bucket{{le="{bound}"}} {total}')
        return [*lines, f"{full}_sum {self.seconds:.6f}", f"{full}_count {total}"]

    def _gauges(self) -> list[str]:
        waiting, start = "zhengwen_telegram_waiting", "zhengwen_telegram_start_time_seconds"
        return [
            f"# HELP {waiting} Updates taken and not finished.",
            f"# TYPE {waiting} gauge",
            f"{waiting} {self.waiting()}",
            f"# HELP {start} When the bot was started, seconds since 1970.",
            f"# TYPE {start} gauge",
            f"{start} {self.started:.0f}",
        ]


def _label(kind: str) -> str:
    escaped = kind.replace("\\", "\\\\").replace('"', '\\"').replace("\n", "\\n")
    return f'{{kind="{escaped}"}}' if kind else ""
