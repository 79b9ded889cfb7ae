"""Reads the periods a text names: 2020年, 去年, 五年来, “十三五”时期, 前三季度, 2016—2020年, 较2015年."""

from __future__ import annotations

import calendar
import datetime as dt
import re
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Literal

from zhengwen.ingest.models import Mode, Period

PeriodRole = Literal["in", "basis", "from", "to"]
DIGITS = {"〇": 0, "○": 0, "零": 0, "O": 0, "０": 0, "一": 1, "二": 2, "两": 2, "三": 3, "四": 4, "五": 5, "六": 6, "七": 7, "八": 8, "九": 9}


@dataclass(frozen=True, slots=True)
class Anchor:
    """What relative expressions hang on: the year a report reviews, the day it was read out, the term it covers."""

    reviewed: int | None = None
    date: dt.date | None = None
    covers: Period | None = None

    @property
    def this_year(self) -> int | None:
        """The year 今年 means: that of the date, or the one after the year reviewed."""
        if self.date is not None:
            return self.date.year
        return None if self.reviewed is None else self.reviewed + 1


@dataclass(frozen=True, slots=True)
class PeriodMention:
    """`text[start:end]` names `period`; `role` says whether a figure lies in it or is compared with it."""

    start: int
    end: int
    period: Period | None
    role: PeriodRole


_CN = "〇○零一二三四五六七八九"
YEAR = rf"(?:(?:19|20)\d\d|[一二][{_CN}O0]{{3}})"
_YEAR = YEAR
_PLAN = re.compile(r"[“\"‘『「]?(?P<plan>[一二三四五六七八九十]{1,3})五[”\"’』」]?(?P<tail>(?:规划)?(?:时期|期间|初期|末期|末|以来|规划期)?)")
_PATTERN = re.compile(
    rf"""
    (?P<span>(?P<y1>{_YEAR})年?\s*(?:—|——|–|-|－|~|～|至|到)\s*(?P<y2>{_YEAR})年(?:间|期间)?)
  | (?P<year>{_YEAR})年(?!代|度?的?第)(?:度)?(?P<part>底|末|(?P<m1>1[0-2]|[1-9])(?:[—–\-－~～至到](?P<m2>1[0-2]|[1-9]))?月份?|前(?P<q>[一二三四])个?季度|上半年|下半年|第?一季度)?
  | (?P<rel>去年|上年(?!度)|上一年|今年|本年|明年|来年|前年)(?P<relpart>底|末)?
  | (?:至|截至|前|1[—–\-－~～至到])(?P<upto>1[0-2]|[2-9])(?:个月|月份?)(?!\d)
  | 前(?P<quarters>[二三])季度|(?P<half>上半年)|(?P<first>一季度)
  | (?P<past>过去|近|最近|前|这|近来的?)?(?P<n>[二三四五六七八九十])年(?P<come>来|间|期间|累计)
  | (?:过去|近|最近|前)(?:的)?(?P<pn>[二三四五六七八九十])年
  | (?:今后|未来)(?:的)?(?P<fn>[二三四五六七八九十])年
    """,
    re.VERBOSE,
)
_BASIS_BEFORE = re.compile(r"(?:比|较|同比|相比|与|跟)$")
_BASIS_AFTER = re.compile(r"相比|同期|增长(?![\d点约])|增加(?![\d点约])")


def find_periods(text: str, anchor: Anchor, *, mode: Mode = "review") -> list[PeriodMention]:
    """The periods named in `text`, in order, not overlapping, with their role.

    `mode` is the section's: in a plan 五年 lies ahead. A mention that cannot be resolved has `period=None`.

    >>> [str(m.period) for m in find_periods("2016—2020年年均增长5%", Anchor())]
    ['2016-2020']
    """
    found = [*_matches(text, anchor, mode)]
    found.sort(key=lambda mention: (mention.start, -mention.end))
    result: list[PeriodMention] = []
    for mention in found:
        if not result or mention.start >= result[-1].end:
            result.append(mention)
    return result


def _matches(text: str, anchor: Anchor, mode: Mode) -> Iterator[PeriodMention]:
    for match in _PLAN.finditer(text):
        number = chinese_number(match["plan"])
        quoted = match[0][0] in "“\"‘『「"
        if number is None or not (quoted or match["tail"]):
            continue
        yield _mention(text, match, _plan_period(number, match["tail"]))
    for match in _PATTERN.finditer(text):
        yield _mention(text, match, _resolve(match, anchor, mode))


def _mention(text: str, match: re.Match[str], period: Period | None) -> PeriodMention:
    before = text[max(match.start() - 2, 0) : match.start()]
    role: PeriodRole = "in"
    if _BASIS_BEFORE.search(before):
        role = "basis"
    elif re.search(r"[从由自]$", before):
        role = "from"
    return PeriodMention(match.start(), match.end(), period, role)


def plan_years(ordinal: str) -> tuple[int, int]:
    """`plan_years("十三")` is (2016, 2020): the tenth five-year plan began in 2001."""
    first = 2001 + ((chinese_number(ordinal) or 0) - 10) * 5
    return first, first + 4


def plan_ordinal(number: int) -> str:
    """The inverse of the ordinal: `plan_ordinal(13)` is 十三, `plan_ordinal(9)` 九."""
    digits = "〇一二三四五六七八九"
    return ("十" if number >= 10 else "") + (digits[number % 10] if number % 10 else "")


def _plan_period(number: int, tail: str) -> Period:
    first = 2001 + (number - 10) * 5
    return Period.years(first + 4) if tail.endswith("末") else Period.years(first, first + 4)


def _resolve(match: re.Match[str], anchor: Anchor, mode: Mode) -> Period | None:
    if match["span"]:
        first, last = year_number(match["y1"]), year_number(match["y2"])
        return Period.years(first, last) if first <= last else None
    if match["year"]:
        return _in_year(year_number(match["year"]), match)
    this = anchor.this_year
    reviewed = anchor.reviewed if anchor.reviewed is not None else (None if this is None else this - 1)
    if match["rel"]:
        if this is None:
            return None
        return Period.years(this + {"去": -1, "上": -1, "今": 0, "本": 0, "明": 1, "来": 1, "前": -2}[match["rel"][0]])
    base = this if mode == "plan" else reviewed
    if base is None:
        return None
    if match["upto"]:
        return Period.months(base, 1, int(match["upto"]))
    if match["quarters"]:
        return Period.months(base, 1, 3 * DIGITS[match["quarters"]])
    if match["half"] or match["first"]:
        return Period.months(base, 1, 6 if match["half"] else 3)
    if match["fn"]:
        count = chinese_number(match["fn"]) or 0
        return Period.years(base + (1 if mode != "plan" else 0), base + count - (0 if mode != "plan" else 1))
    count = chinese_number(match["n"] or match["pn"]) or 0
    if anchor.covers is not None and anchor.covers.end.year - anchor.covers.start.year + 1 == count:
        return anchor.covers
    return Period.years(base - count + 1, base)


def _in_year(year: int, match: re.Match[str]) -> Period | None:
    part = match["part"]
    if not part or part in "底末":
        return Period.years(year)
    if match["m1"]:
        first, last = int(match["m1"]), int(match["m2"] or match["m1"])
        return Period.months(year, first, last) if first <= last else None
    if match["q"]:
        return Period.months(year, 1, 3 * DIGITS[match["q"]])
    if part == "上半年":
        return Period.months(year, 1, 6)
    return Period.months(year, 7, 12) if part == "下半年" else Period.months(year, 1, 3)


def year_number(text: str) -> int:
    """`二〇二一` and `2021` → 2021."""
    return int("".join(str(DIGITS.get(character, character)) for character in text))


def chinese_number(text: str) -> int | None:
    """`十三` → 13, `二十` → 20, `五` → 5; None for anything that is no number up to 99."""
    if text.isdigit():
        return int(text)
    match = re.fullmatch(rf"(?:(?P<ten>[一二两三四五六七八九])?(?P<mark>十))?(?P<one>[{_CN}两])?", text)
    if match is None or not text:
        return None
    tens = DIGITS[match["ten"]] if match["ten"] else (1 if match["mark"] else 0)
    return tens * 10 + (DIGITS[match["one"]] if match["one"] else 0)


def month_end(year: int, month: int) -> dt.date:
    """The last day of a month."""
    return dt.date(year, month, calendar.monthrange(year, month)[1])
