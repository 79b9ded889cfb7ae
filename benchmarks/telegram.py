"""How soon the Telegram bot answers: from an update received to sendMessage called, with questions at a steady rate.

    python -m benchmarks.telegram LIBRARY --questions ../shared/eval/dev_questions.jsonl --rate 20 --seconds 30

LIBRARY is copied first and stays as it is. The real `zhengwen telegram` runs beside the emulator of tests/telegram in a
process of its own and over real HTTP. The load is an open loop: questions come at their time whether or not earlier
ones have been answered, each from a reader of its own. Received is when the emulator hands the update to the bot's
getUpdates, called is when the bot's sendMessage has arrived: both by the emulator's clock, so that HTTP counts too.
Prints a Markdown table with the machine's load. Run from the project's folder.
"""

from __future__ import annotations

import argparse
import json
import os
import shutil
import statistics
import tempfile
import time
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

import yaml

from tests.telegram.bot_process import BotProcess
from tests.telegram.emulator import Emulator
from tests.telegram.emulator.people import Person

TARGET = 0.3
"""Seconds: the p95 that the bot is to keep at 20 questions a second on two cores."""


@dataclass(frozen=True)
class Measured:
    """Seconds for every question that was answered, how many were asked, and what they cost."""

    waits: tuple[float, ...]
    asked: int
    cpu: tuple[float, float, float]
    """Processor seconds of the bot's process, of its workers, and of the emulator with its users."""

    def share(self, part: float) -> float:
        """The wait that this part of the answers stays below: `share(0.95)`."""
        ordered = sorted(self.waits)
        return ordered[min(len(ordered) - 1, int(part * len(ordered)))] if ordered else float("nan")


def read_questions(path: Path) -> list[str]:
    """The questions of a file in the layout of the quality gate; a conversation gives its first turn."""
    lines = [json.loads(line) for line in path.read_text(encoding="utf-8").splitlines() if line.strip()]
    return [one["turns"][0] if "turns" in one else one["question"] for one in lines]


def processor_seconds(bot: BotProcess) -> tuple[float, float, float]:
    """Of the bot's process, its workers and this one so far; zeros where the system has no /proc."""
    own = time.process_time()
    if bot.process is None or not Path("/proc/self/stat").exists():
        return 0.0, 0.0, own
    pid = bot.process.pid
    children = Path(f"/proc/{pid}/task/{pid}/children").read_text().split()
    return _spent(pid), sum(_spent(int(child)) for child in children), own


def _spent(pid: int) -> float:
    fields = Path(f"/proc/{pid}/stat").read_text().rpartition(")")[2].split()
    return (int(fields[11]) + int(fields[12])) / os.sysconf("SC_CLK_TCK")


def ask_steadily(
    telegram: Emulator, bot: BotProcess, questions: Sequence[str], *, rate: float, seconds: float
) -> Measured:
    """Ask `rate` questions a second for so long; waits until all are answered, at most a minute more."""
    count = round(rate * seconds)
    people = [telegram.person(f"读者{number}") for number in range(count)]
    first_call = len(telegram.calls())
    before = processor_seconds(bot)
    begun = time.monotonic()
    updates: dict[int, int] = {}
    for number, person in enumerate(people):
        time.sleep(max(0.0, begun + number / rate - time.monotonic()))
        person.say(questions[number % len(questions)])
        updates[person.id] = telegram.updates.last_number
    _wait_for_all(people)
    called: dict[int, float] = {}
    for call in telegram.calls()[first_call:]:
        if call.method == "sendMessage":
            called.setdefault(call.params.number("chat_id"), call.at)
    received = telegram.updates.handed_out
    waits = tuple(called[chat] - received[update] for chat, update in updates.items() if chat in called)
    cpu = tuple(after - start for after, start in zip(processor_seconds(bot), before, strict=True))
    return Measured(waits, count, cpu)


def _wait_for_all(people: Sequence[Person]) -> None:
    until = time.monotonic() + 60
    while time.monotonic() < until and any(not person.room.from_bot() for person in people):
        time.sleep(0.2)


def report(measured: Measured, *, rate: float, load: Sequence[float], name: str) -> str:
    """One row for docs and for comparison."""
    head = "| library | questions | a second | answered | p50 | p95 | p99 | max | load average |\n"
    head += "|---|---|---|---|---|---|---|---|---|\n"
    times = " | ".join(f"{measured.share(part) * 1000:.0f} ms" for part in (0.5, 0.95, 0.99, 1.0))
    loads = "–".join(f"{one:.1f}" for one in load)
    return head + f"| {name} | {measured.asked} | {rate:g} | {len(measured.waits)} | {times} | {loads} |"


def main(arguments: Sequence[str] | None = None) -> int:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("library", type=Path)
    parser.add_argument("--questions", type=Path, default=Path(__file__).parent / "sample_questions.jsonl")
    parser.add_argument("--rate", type=float, default=20)
    parser.add_argument("--seconds", type=float, default=30)
    parser.add_argument("--workers", type=int, default=0)
    parser.add_argument("--keywords-only", action="store_true", help="without the embedder")
    parser.add_argument("--strict", action="store_true", help=f"exit 1 when p95 is above {TARGET * 1000:.0f} ms")
    options = parser.parse_args(arguments)
    questions = read_questions(options.questions)
    with tempfile.TemporaryDirectory() as scratch, Emulator() as telegram:
        folder = Path(scratch)
        shutil.copytree(options.library, folder / "library")
        bot = BotProcess(telegram, folder / "library", folder, workers=options.workers, request_seconds=30)
        if not options.keywords_only:
            settings = yaml.safe_load(bot.config.read_text(encoding="utf-8"))
            del settings["embedder"]
            bot.config.write_text(yaml.safe_dump(settings), encoding="utf-8")
        with bot:
            ask_steadily(telegram, bot, questions, rate=options.rate / 4, seconds=4)  # what is read once is read now
            before = os.getloadavg()[0]
            measured = ask_steadily(telegram, bot, questions, rate=options.rate, seconds=options.seconds)
            load = (before, os.getloadavg()[0])
    print(report(measured, rate=options.rate, load=load, name=options.library.name))
    parts = (1000 * one / measured.asked for one in measured.cpu)
    print("processor time a question: bot {:.1f} ms, workers {:.1f} ms, emulator {:.1f} ms".format(*parts))
    print(f"mean {statistics.mean(measured.waits) * 1000:.0f} ms; lost {measured.asked - len(measured.waits)}")
    lost_or_late = len(measured.waits) < measured.asked or measured.share(0.95) > TARGET
    return 1 if options.strict and lost_or_late else 0


if __name__ == "__main__":
    raise SystemExit(main())
