"""Reads a question: places, years, reports meant, what is asked.

`read_question("滨城区2020年新增就业多少", today=date(2026, 1, 1), known={"371602": …})` gives a Query with the region
滨城区, the period 2020 and one ask with the words 新增就业.
"""

from __future__ import annotations

import datetime as dt
import re
import unicodedata
from collections.abc import Mapping
from functools import cache
from pathlib import Path
from typing import Any

import yaml

from zhengwen.bot.intents import read_asks, read_intent
from zhengwen.bot.query import Query, StatusAsked
from zhengwen.bot.slips import mend_slips
from zhengwen.bot.spoken import written_style
from zhengwen.ingest.models import Period, Region
from zhengwen.ingest.periods import Anchor, find_periods
from zhengwen.ingest.regions import NATION, RegionMention, gazetteer

Span = tuple[int, int]
_CONTROL = re.compile(r"[\x00-\x08\x0b-\x1f\x7f\u200b-\u200f\u2028-\u202e\ufeff]")
_SHORT_YEAR = re.compile(r"(?<![\d.第])(?P<y>[0-3]\d)年(?!来|间|内|期|以?上|以?下|后|前|的历史|多)")
_YEAR_LIST = re.compile(r"(?:(?:19|20)\d\d年?[、,，和与及\s]+)+(?:19|20)\d\d年?")
_BARE_SPAN = re.compile(r"(?P<a>(?:19|20)\d\d)年?\s*(?:到|至|-|—|–|~|～)+\s*(?P<b>(?:19|20)\d\d)(?!\d)年?")
_BARE_YEAR = re.compile(r"(?<![\d.])(?P<y>(?:19|20)\d\d)(?![\d.%年]|[万亿个家户人项件亩吨])")
# A span of years without a date: which years it means, the report says.
_LAST_YEARS_ANY = re.compile(
    r"(?:近|最近|过去|前|这|近来的?)?(?:的)?[两二三四五六七八九十\d]{1,2}年(?:来|间|期间|累计|里)?"
)


@cache
def cues() -> dict[str, Any]:
    """The cue words of question.yaml."""
    text = (Path(__file__).parent / "question.yaml").read_text(encoding="utf-8")
    loaded: dict[str, Any] = yaml.load(text, Loader=getattr(yaml, "CSafeLoader", yaml.SafeLoader))
    return loaded


def plain(question: str) -> str:
    """The question in simplified characters, half width, without control characters and doubled blanks."""
    text = unicodedata.normalize("NFKC", _CONTROL.sub("", question))
    text = re.sub(r"(?<=[\u4e00-\u9fff])\s+(?=[\u4e00-\u9fff\d])|(?<=\d)\s+(?=[\u4e00-\u9fff])", "", text)
    if re.search(r"[\u4e00-\u9fff]", text):
        text = _to_simplified(text)
    return re.sub(r"\s+", " ", text).strip()


def _to_simplified(text: str) -> str:
    return _converter().convert(text)  # type: ignore[no-any-return]


@cache
def _converter() -> Any:
    import opencc

    return opencc.OpenCC("t2s")


def read_question(question: str, *, today: dt.date, known: Mapping[str, Region]) -> Query:
    """The Query of a question; `known` are the regions of the library by code. Never raises."""
    mended = mend_slips(written_style(plain(question)), known)
    text = mended.text
    taken: list[Span] = []
    report_years = _report_years(text, taken)
    periods, basis = _periods(text, today, taken)
    regions, absent, unclear = _regions(text, known, taken)
    unclear = unclear or (mended.unclear if not regions else ())
    if basis and re.search(cues()["year_compare"], text):
        periods, basis = tuple(sorted((*periods, *basis), key=lambda one: one.start)), ()
    long_period = any(not period.is_year and period.whole_years for period in periods) and "五”" not in text
    intent, each_year = read_intent(text, cues(), regions=len(regions), periods=len(periods), long_period=long_period)
    status, said = _status(text)
    asks, words = read_asks(text, taken, cues())
    span = any(word in text for word in cues()["span"]) and not any(word in text for word in cues()["single_year"])
    return Query(
        text=text,
        intent=intent,
        regions=regions,
        absent=absent,
        unclear=unclear,
        periods=periods,
        basis=basis,
        report_years=report_years,
        span=span,
        each_year=each_year,
        status=status,
        status_said=said,
        asks=asks,
        words=words,
        notes=mended.notes,
        quoted=tuple(dict.fromkeys(re.findall(r"[“\"「『‘]([^”\"」』’]{2,20})[”\"」』’]", text))),
    )


def _report_years(text: str, taken: list[Span]) -> tuple[int, ...]:
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


def _free(span: Span, taken: list[Span]) -> bool:
    return all(span[1] <= start or span[0] >= end for start, end in taken)


def _periods(text: str, today: dt.date, taken: list[Span]) -> tuple[tuple[Period, ...], tuple[Period, ...]]:
    found: list[tuple[int, Period, bool]] = []

    def take(start: int, end: int, periods: list[Period], basis: bool = False) -> None:
        if _free((start, end), taken):
            taken.append((start, end))
            found.extend((start, period, basis) for period in periods)

    for match in _YEAR_LIST.finditer(text):
        years = re.findall(r"(?:19|20)\d\d", match[0])
        take(*match.span(), [Period.years(int(year)) for year in years])
    for match in _BARE_SPAN.finditer(text):
        if int(match["a"]) <= int(match["b"]):
            take(*match.span(), [Period.years(int(match["a"]), int(match["b"]))])
    anchor = Anchor(date=today)
    for mention in find_periods(text, anchor):
        if mention.period is None:
            continue
        if _LAST_YEARS_ANY.fullmatch(text[mention.start : mention.end]):
            taken.append((mention.start, mention.end))
            continue
        basis = mention.role == "basis" or _is_basis(text, mention.start, mention.end)
        start = mention.start - (basis and text[mention.start - 1 : mention.start] in ("比", "较"))
        if basis and not re.search(r"\d|五", text[mention.start : mention.end]):
            taken.append((start, mention.end))
            continue
        take(start, mention.end, [mention.period], basis)
    for match in _SHORT_YEAR.finditer(text):
        take(*match.span(), [Period.years(2000 + int(match["y"]))])
    for match in _BARE_YEAR.finditer(text):
        take(*match.span(), [Period.years(int(match["y"]))])
    found.sort(key=lambda one: one[0])
    inside = tuple(dict.fromkeys(period for _, period, basis in found if not basis))
    return inside, tuple(dict.fromkeys(period for _, period, basis in found if basis))


def _is_basis(text: str, start: int, end: int) -> bool:
    """是2009年的几倍, 比“十二五”末提高: what a value is compared with."""
    before, after = text[max(0, start - 3) : start], text[end : end + 6]
    if re.search(r"(?:比|较|相比|相比于)$", before):
        return True
    times = re.match(r"(?:年|末|底)?的?(?:几|多少)倍", after)
    return times is not None and re.search(r"(?:是|为|相当于|达到)$", before) is not None


def _status(text: str) -> tuple[StatusAsked, bool]:
    table = cues()
    if any(word in text for word in table["not_target"]):
        return "actual", True
    text = re.sub(table["of_completion"], "", text)
    target = re.search(table["target"], text) is not None
    actual = any(word in text for word in table["actual"])
    if target == actual:
        return "either", False
    return ("target" if target else "actual"), True


def _regions(
    text: str, known: Mapping[str, Region], taken: list[Span]
) -> tuple[tuple[Region, ...], tuple[Region, ...], tuple[Region, ...]]:
    """The places asked about that the library holds, those it does not, and the choices of an unclear name."""
    places = gazetteer()
    mentions = [m for m in places.find(text) if _subject(text, m, places.find(text))]
    mentions = _helped(text, mentions)
    held: list[Region] = []
    absent: list[Region] = []
    unclear: tuple[Region, ...] = ()
    spans: list[tuple[str, Span]] = []
    hints = [candidate.code for mention in mentions for candidate in mention.candidates if len(mention.candidates) == 1]
    for mention in mentions:
        candidates = list(mention.candidates)
        if len(candidates) > 1:
            outer = [code for code in hints if code != NATION]
            near = [c for c in candidates if any(h != c.code and places.within(c.code, h) for h in outer)]
            candidates = near or candidates
        inside = [candidate for candidate in candidates if candidate.code in known]
        if len(inside) > 1:
            exact = [c for c in inside if c.name.endswith(mention.text)]
            top = [c for c in (exact or inside) if c.level == (exact or inside)[0].level]
            inside = top if len(top) == 1 or exact else inside
            if len(inside) > 1 and inside[0].level != inside[1].level:
                inside = inside[:1]
        spans.append((candidates[0].code, (mention.start, mention.end)))
        if len(inside) == 1:
            held.append(known[inside[0].code])
        elif inside:
            unclear = tuple(inside)
        else:
            absent.append(candidates[0])
    settled = _settled(text, held, absent, unclear)
    # 全国 beside a city is no place asked about but part of what is asked: 全国平均水平, 全国沿海港口.
    national = any(region.code == NATION for region in settled[0]) or not settled[0]
    taken += [span for code, span in spans if code != NATION or national]
    return settled


def _settled(
    text: str, held: list[Region], absent: list[Region], unclear: tuple[Region, ...]
) -> tuple[tuple[Region, ...], tuple[Region, ...], tuple[Region, ...]]:
    places = gazetteer()
    regions = list(dict.fromkeys(held))
    own = [region for region in regions if region.code != NATION]
    if own and len(own) < len(regions) and not re.search(r"(?:和|与|跟|比|、)全国|全国(?:和|与|跟|、|比)", text):
        regions = own
    # 朝阳市（辽宁）, 滨州市滨城区: a place that holds another one named only says where that lies.
    regions = [
        region
        for region in regions
        if region.code == NATION
        or not any(o.code != region.code and places.within(o.code, region.code) for o in regions)
    ]
    missing = [region for region in dict.fromkeys(absent) if not _mere_hint(region, regions)]
    return tuple(regions), tuple(missing), unclear if not regions else ()


def _mere_hint(absent: Region, regions: list[Region]) -> bool:
    """An absent place is only a hint where a region held lies in it: 山东滨州 without reports of 山东."""
    return any(gazetteer().within(region.code, absent.code) for region in regions)


def _helped(text: str, mentions: list[RegionMention]) -> list[RegionMention]:
    """北京、上海两地援助拉萨: asked about is the place helped, not those that help."""
    for mention in mentions[1:]:
        if re.search(cues()["helped"] + "$", text[: mention.start]):
            return [m for m in mentions if m.start >= mention.start]
    return mentions


def _subject(text: str, mention: RegionMention, mentions: list[RegionMention]) -> bool:
    """A place is asked about unless it stands inside a name: 宁波舟山港, 引进北京项目, 济阳黄河大桥."""
    first = mentions[0] is mention or mentions[0] == mention
    if first:
        return True
    after = text[mention.end : mention.end + 1]
    before = text[: mention.start]
    if re.match(r"(?:港|路|街|站|桥|大桥|河|湖|籍|牌|项目|机场|高铁|企业|资金)", text[mention.end : mention.end + 2]):
        return False
    if re.search(cues()["helped"] + "$", before):
        return True
    joined = re.search(r"(?:和|与|跟|同|比|较|及|、|,|，|或|还是|vs|VS|[（(?？。；;\s])$", before)
    previous = [m for m in mentions if m.end <= mention.start]
    if joined and previous:
        return True
    time = re.match(r"(?:19|20)?\d\d|今年|去年|呢|GDP|地区生产总值", text[mention.end :])
    return after in ("", "年", "的") or time is not None
