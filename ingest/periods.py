"""Reads the periods a text names: 2020年, 去年, 五年来, “十三五”时期, 前三季度, 2016—2020年, 较2015年."""

from __future__ import annotations

import datetime as dt
import re
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Literal

from zhengwen.ingest.calendar_words import DIGITS, YEAR, chinese_number, plan_ordinal, plan_years, year_number
from zhengwen.ingest.models import Mode, Period
from zhengwen.ingest.periods_rules import RULES, Frame, Resolver

__all__ = [
    "DIGITS",
    "YEAR",
    "Anchor",
    "PeriodMention",
    "PeriodRole",
    "chinese_number",
    "find_periods",
    "plan_ordinal",
    "plan_years",
    "year_number",
]

PeriodRole = Literal["in", "basis", "from", "to"]


@dataclass(frozen=True, slots=True)
class Anchor:
    """What relative expressions hang on: the year a report reviews, the day it was read out, the term it covers."""

    reviewed: int | None = None
    date: dt.date | None = None
    covers: Period | None = None
    dated: bool = True
    """False for a text whose day is unknown (a news page): which year its 今年 and 去年 mean cannot be told."""

    @property
    def this_year(self) -> int | None:
        """The year 今年 means: that of the date, or the one after the year reviewed.

        A report of December looks back on 今年. A date that fits neither year is that of a page and is not used.
        """
        if self.date is not None and (self.reviewed is None or 0 <= self.date.year - self.reviewed <= 1):
            return self.date.year
        return None if self.reviewed is None or not self.dated else self.reviewed + 1

    @property
    def year_before(self) -> int | None:
        """The year reviewed; without one, the year before the date."""
        if self.reviewed is not None:
            return self.reviewed
        return None if self.date is None else self.date.year - 1


@dataclass(frozen=True, slots=True)
class PeriodMention:
    """`text[start:end]` names `period`, or None where it cannot be told.

    The role says what the number beside it has to do with the period: it lies `in` it (also after 到), is compared
    with it (`basis`), or is where a change begins (`from`).
    """

    start: int
    end: int
    period: Period | None
    role: PeriodRole


_BASIS_BEFORE = re.compile(r"(?:[比较]|相较于?|相比于?|对比|同比)(?:[于了])?$")
_EXCEEDS = re.compile(r"(?:高于|低于|快于|慢于|好于|多于|少于|优于|超过|超|恢复到|达到|是|为|相当于|接近)$")
_BASIS_AFTER = re.compile(
    r"(?:末|底)?(?:的)?(?:同期|基础上|基数|相比|水平)|(?:末|底)?(?:的)?(?:近|约|超过?)?[\d.一二两三四五六七八九十]+(?:余|多)?倍|为基[期数准]"
)
_COMPARED_WITH = re.compile(r"(?:与|同|跟|和)$")
_FROM_BEFORE = re.compile(r"[从由自]$")
_FROM_ON = re.compile(r"(?:年)?(?:起|开始|以来|以后|之后)")
_SENTENCE_END = re.compile(r"[。！？\n]")


def find_periods(text: str, anchor: Anchor, *, mode: Mode = "review") -> list[PeriodMention]:
    """The periods named in `text`, in order, not overlapping, with their role.

    `mode` is the section's: in a plan, 五年累计 lies ahead and months belong to the year planned. Months without a year
    belong to the last year named before them in the sentence, else to the year reviewed.

    >>> [(str(m.period), m.role) for m in find_periods("2020年GDP比上年增长3%", Anchor(2020))]
    [('2020', 'in'), ('2020', 'basis')]
    """
    result: list[PeriodMention] = []
    named: tuple[int, int] | None = None
    for match, resolve in _matches(text):
        if named is not None and _SENTENCE_END.search(text, named[1], match.start()):
            named = None
        frame = Frame(
            this=anchor.this_year,
            reviewed=anchor.year_before,
            covers=anchor.covers,
            mode=mode,
            named=named[0] if named else None,
            before=text[max(match.start() - 2, 0) : match.start()]
            + match[0][:1] * match[0].startswith(("至", "到", "截")),
        )
        period = resolve(match, frame)
        role = _role(text, match, result)
        result.append(PeriodMention(match.start(), match.end(), period, role))
        if role == "in" and period is not None and period.start.year == period.end.year:
            named = (period.start.year, match.end())
    return result


def _matches(text: str) -> Iterator[tuple[re.Match[str], Resolver]]:
    """The matches of all rules, the earliest first and the longest of those that begin together."""
    found = [
        (match.start(), -match.end(), place, match)
        for place, (_, pattern, _) in enumerate(RULES)
        for match in pattern.finditer(text)
    ]
    end = 0
    for start, _, place, match in sorted(found, key=lambda entry: entry[:3]):
        if start >= end:
            yield match, RULES[place][2]
            end = match.end()


def _role(text: str, match: re.Match[str], earlier: list[PeriodMention]) -> PeriodRole:
    before = text[max(match.start() - 4, 0) : match.start()]
    after = text[match.end() : match.end() + 14]
    if _BASIS_BEFORE.search(before):
        return "basis"
    if _BASIS_AFTER.match(after) or "同期" in match[0]:
        return "basis"
    if _EXCEEDS.search(before) and re.match(r"[去上]年|“?十", match[0]) and not re.match(r"[底末]?(?:的|工作)", after):
        return "basis"
    if _COMPARED_WITH.search(before) and re.match(r".{0,12}?相比", after):
        return "basis"
    if earlier and earlier[-1].role == "basis" and text[earlier[-1].end : match.start()] in ("和", "、", "与", "及"):
        return "basis"
    if _FROM_BEFORE.search(before) and not _FROM_ON.match(after) and not match[0].endswith(("以来", "起")):
        return "from"
    return "in"
