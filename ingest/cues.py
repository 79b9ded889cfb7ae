"""The words around a figure as compiled tables (cues.yaml): what stands between a subject and its number."""

from __future__ import annotations

import re
from collections.abc import Iterable
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from typing import Any

import yaml

TAIL_GROUPS = (
    "rise", "fall", "rise_to", "fall_to", "adjust_to", "shared_number", "respectively", "average", "from_word", "reach",
)  # fmt: skip


@dataclass(frozen=True, slots=True)
class Cues:
    """Compiled word tables. The tail patterns run over reversed text, so that they match at the end of a subject."""

    tail: re.Pattern[str]
    tail_group: dict[str, str]
    rank_tail: re.Pattern[str]
    lead: re.Pattern[str]
    action: re.Pattern[str]
    attribute: re.Pattern[str]
    verb_first: re.Pattern[str]
    kept_rise: re.Pattern[str]
    kept_fall: re.Pattern[str]
    estimated: re.Pattern[str]
    target: re.Pattern[str]
    plan_actual: re.Pattern[str]
    average: re.Pattern[str]
    cumulative: re.Pattern[str]
    scope: re.Pattern[str]
    shared_heads: tuple[str, ...]
    own_heads: tuple[str, ...]
    predicate: re.Pattern[str]
    """The tail words read forwards: a noun behind a number does not begin with one."""
    pairs: dict[str, list[str]]


def _any(words: Iterable[str], *, end: str = "") -> re.Pattern[str]:
    ordered = sorted(words, key=len, reverse=True)
    return re.compile("(?:" + "|".join(re.escape(word) for word in ordered) + ")" + end)


# Tail words that are none behind these: 新|增, 人|均, 稳|增长.
_NOT_BEHIND = {
    "增": "新", "均": "人户亩年月日平村地校师生", "增长": "稳促保", "高": "新提", "近": "邻附最",
    "约": "签预解公合节契履违特", "过": "通经不渡度", "平均": "月年日人户亩", "再": "一", "计": "会统设审预",
}  # fmt: skip


def _tail(words: Iterable[str]) -> re.Pattern[str]:
    """The tail words over reversed text, the longest first."""
    ordered = sorted(words, key=len, reverse=True)
    return re.compile(
        "|".join(word[::-1] + (f"(?![{_NOT_BEHIND[word]}])" if word in _NOT_BEHIND else "") for word in ordered)
    )


def _regex(text: str) -> re.Pattern[str]:
    """A folded YAML expression; the blanks are only its line breaks."""
    return re.compile("(?:" + text.replace(" ", "").strip() + ")")


@cache
def cues() -> Cues:
    """The tables of cues.yaml, read once."""
    data: dict[str, Any] = yaml.safe_load((Path(__file__).parent / "cues.yaml").read_text(encoding="utf-8"))
    group: dict[str, str] = {}
    for name in reversed(TAIL_GROUPS):
        group.update(dict.fromkeys(data[name], name))
    return Cues(
        tail=_tail(group),
        tail_group={word[::-1]: name for word, name in group.items()},
        rank_tail=_any(word[::-1] for word in data["rank_verb"]),
        lead=_regex(data["lead_re"]),
        action=_any(data["action"]),
        attribute=_regex(data["attribute_re"]),
        verb_first=_regex(data["verb_first_re"]),
        kept_rise=_any(data["kept_rise"], end="$"),
        kept_fall=_any(data["kept_fall"], end="$"),
        estimated=_any(data["estimated"]),
        target=re.compile(data["target_re"]),
        plan_actual=re.compile(data["plan_actual_re"]),
        average=re.compile(data["average_re"]),
        cumulative=re.compile(data["cumulative_re"]),
        scope=re.compile(data["scope_re"]),
        shared_heads=tuple(sorted(data["shared_head"], key=len, reverse=True)),
        own_heads=(*data["own_head"], *data["shared_head"]),
        predicate=_any(word for name in TAIL_GROUPS[:5] for word in data[name] if len(word) > 1),
        pairs=data["pairs"],
    )
