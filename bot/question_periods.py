"""The years a question names, and the reports it means."""

from __future__ import annotations

import datetime as dt
import re

from zhengwen.bot.cues import cues
from zhengwen.ingest.models import Period
from zhengwen.ingest.periods import Anchor, find_periods

Span = tuple[int, int]
_SHORT_YEAR = re.compile(r"(?<![\d.第])(?P<y>[0-3]\d)年(?!来|间|内|期|以?上|以?下|后|前|的历史|多)")
_YEAR_LIST = re.compile(r"(?:(?:19|20)\d\d年?[、,，和与及\s]+)+(?:19|20)\d\d年?")
_BARE_SPAN = re.compile(r"(?P<a>(?:19|20)\d\d)年?\s*(?:到|至|-|—|–|~|～)+\s*(?P<b>(?:19|20)\d\d)(?!\d)年?")
_BARE_YEAR = re.compile(r"(?<![\d.])(?P<y>(?:19|20)\d\d)(?![\d.%年]|[万亿个家户人项件亩吨])")
# A span of years without a date: which years it means, the report says.
_LAST_YEARS_ANY = re.compile(
    r"(?:近|最近|过去|前|这|近来的?|今后|未来|往后|接下来)?(?:的)?[两二三四五六七八九十\d]{1,2}年(?:来|间|期间|累计|里)?"
)
# 近三年 in a question without 一共 or 年均: each of the last years, counted from the day of the question.
_RECENT = re.compile(r"(?:最近|近)(?:的|这)?(?P<n>[两二三四五六七八九十]|10|[2-9])年(?!前|级|来累计)")
_SUM = re.compile(r"累计|总共|一共|共计|合计|年均|平均|总计|报告")
# 十三五 as people type it, without marks; 三十五 and 十五五家 are numbers.
_PLAN = re.compile(
    r"(?<![一二三四五六七八九十百千第之])(?P<n>十[一二三四五])五(?:规划|计划)?(?:期间|时期)?"
    r"(?![\d个万亿人户家项件所座公亩%.])"
)
_NUMERALS = {"两": 2, **{one: at for at, one in enumerate("一二三四五六七八九十", start=1)}}


def report_years_of(text: str, taken: list[Span]) -> tuple[int, ...]:
    """2022年报告, 2018年初的报告里说的, 2024年国务院报告定的 → the years, and their places taken out."""
    pattern = re.compile(cues()["report_year"] + cues()["report_said"])
    years = []
    for match in pattern.finditer(text):
        inner = text[match.start() : match.end()]
        if re.search(r"统计公报|多少|几", inner):
            continue
        years.append(int(match["year"]))
        # The publisher's name inside stays readable for the region finder.
        year_end = match.start("year") + 4
        taken.append((match.start(), year_end + (text[year_end : year_end + 1] == "年")))
        said = re.search(r"(?:政府)?(?:工作)?报告", inner)
        if said:
            taken.append((match.start() + said.start(), match.end()))
    return tuple(dict.fromkeys(years))


class _Found:
    """The periods of one question in the order they are found; a place in the text is read once."""

    def __init__(self, taken: list[Span]) -> None:
        self.taken = taken
        self.periods: list[tuple[int, Period, bool]] = []

    def take(self, span: Span, *periods: Period, basis: bool = False) -> None:
        """Note what a place says, unless something has been read there."""
        if all(span[1] <= start or span[0] >= end for start, end in self.taken):
            self.taken.append(span)
            self.periods += [(span[0], period, basis) for period in periods]

    def named(self, *, basis: bool) -> tuple[Period, ...]:
        """Each once, in the order of the text."""
        ordered = sorted(self.periods, key=lambda one: one[0])
        return tuple(dict.fromkeys(period for _, period, is_basis in ordered if is_basis == basis))


def periods_of(text: str, today: dt.date, taken: list[Span]) -> tuple[tuple[Period, ...], tuple[Period, ...]]:
    """The periods asked for, and those that a value is compared with; the places they stand at are added to `taken`.

    "2020年比2015年增长多少": 2020, and 2015. What is read first wins its place: lists of years, spans and 近三年, then
    what reports write too, and last what only people type: 十三五, 20年, 2020.
    """
    found = _Found(taken)
    _take_years_together(text, today, found)
    _take_mentions(text, today, found)
    for match in _PLAN.finditer(text):
        first = 2001 + 5 * _NUMERALS[match["n"][1]]
        found.take(match.span(), Period.years(first, first + 4))
    for match in _SHORT_YEAR.finditer(text):
        found.take(match.span(), Period.years(2000 + int(match["y"])))
    for match in _BARE_YEAR.finditer(text):
        found.take(match.span(), Period.years(int(match["y"])))
    return found.named(basis=False), found.named(basis=True)


def _take_years_together(text: str, today: dt.date, found: _Found) -> None:
    """2018、2019和2020年, 2016到2020, 近三年."""
    for match in _YEAR_LIST.finditer(text):
        years = re.findall(r"(?:19|20)\d\d", match[0])
        found.take(match.span(), *(Period.years(int(year)) for year in years))
    for match in _BARE_SPAN.finditer(text):
        if int(match["a"]) <= int(match["b"]):
            found.take(match.span(), Period.years(int(match["a"]), int(match["b"])))
    recent = _RECENT.search(text)
    if recent and not _SUM.search(text):
        count = _NUMERALS.get(recent["n"]) or int(recent["n"])
        found.take(recent.span(), *(Period.years(today.year - back) for back in range(count, 0, -1)))


def _take_mentions(text: str, today: dt.date, found: _Found) -> None:
    """Periods as reports write them too: 去年, 2021年1至11月; a span without a date only gives up its place."""
    for mention in find_periods(text, Anchor(date=today)):
        if mention.period is None:
            continue
        said = text[mention.start : mention.end]
        if _LAST_YEARS_ANY.fullmatch(said):
            found.taken.append((mention.start, mention.end))
            continue
        basis = mention.role == "basis" or _is_basis(text, mention.start, mention.end)
        span = (mention.start - (basis and text[mention.start - 1 : mention.start] in ("比", "较")), mention.end)
        if basis and not re.search(r"\d|五", said):
            found.taken.append(span)
            continue
        found.take(span, mention.period, basis=basis)


def _is_basis(text: str, start: int, end: int) -> bool:
    """是2009年的几倍, 比“十二五”末提高: what a value is compared with."""
    before, after = text[max(0, start - 3) : start], text[end : end + 6]
    if re.search(r"(?:比|较|相比|相比于)$", before):
        return True
    times = re.match(r"(?:年|末|底)?的?(?:几|多少)倍", after)
    return times is not None and re.search(r"(?:是|为|相当于|达到)$", before) is not None
