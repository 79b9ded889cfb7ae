"""Comparisons: the figure of every side, then who is ahead and by how much, computed and marked as computed."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Sequence

from zhengwen.bot.answer_value import status_words
from zhengwen.bot.compose import Draft
from zhengwen.bot.match_words import named
from zhengwen.bot.messages import say
from zhengwen.bot.models import Answer, Derived
from zhengwen.bot.query import Ask, Query
from zhengwen.bot.refusal import no_figure, refuse
from zhengwen.bot.settings import AnswerSettings
from zhengwen.bot.sides import Side, gather
from zhengwen.bot.wording import decimal_text, plain_number, short, when
from zhengwen.bot.wording import named as named_as
from zhengwen.index.library import Library
from zhengwen.index.lookup import FigureFilter, lookup
from zhengwen.ingest.models import Period, Region
from zhengwen.ingest.regions import NATION

_LOW = re.compile(r"[更最较]?(?:低|(?<![多减])少|慢|小|落后)(?!于)")
_MANY_SIDES = 60
_SHOWN = 10


def compare(library: Library, query: Query, draft: Draft, settings: AnswerSettings) -> Answer:
    """Every side's figure with its source, the winner and the difference; a refusal where fewer than two are known."""
    places = _places(query)
    by_place = len({region.code for region, _ in places if region}) > 1
    asks = [_as_value(ask) for ask in query.asks]
    lines: list[str] = []
    for number, ask in enumerate(asks):
        if ask.elliptical and number:
            ask = ask.model_copy(update={"words": asks[0].words})
        sides = gather(library, query, ask, places, settings.threshold)
        if number and not any(side.figure for side in sides):
            continue
        if not number and sum(side.figure is not None for side in sides) < 2:
            return _one_sided(library, query, sides, draft, by_place=by_place)
        for side in sides:
            draft.consider(side.pick.considered, chosen=[side.pick.main] if side.pick.main else [])
        lines.append(_told(query, sides, draft, by_place=by_place))
    return draft.finish("\n".join(lines) + "".join(query.notes))


def _places(query: Query) -> list[tuple[Region | None, Period | None]]:
    periods = query.periods or (None,)
    if len(query.regions) > 1:
        return [(region, period) for region in query.regions for period in periods[:2]]
    region = query.regions[0] if query.regions else None
    return [(region, period) for period in periods]


def _as_value(ask: Ask) -> Ask:
    """高几个百分点 asks for the difference of two shares, 多多少亿元 for that of two amounts."""
    if ask.want == "pp":
        return ask.model_copy(update={"want": "percent", "units": frozenset()})
    return ask


def _one_sided(library: Library, query: Query, sides: Sequence[Side], draft: Draft, *, by_place: bool) -> Answer:
    missing = next((side for side in sides if side.figure is None), sides[0])
    if not any(side.figure for side in sides) or len(sides) < 2:
        one = query.model_copy(update={"periods": (missing.period,) if missing.period else ()})
        return no_figure(library, one, [missing.pick], missing.region, draft)
    text = say("compare.missing", label=missing.label(places=by_place))
    for side in sides:
        if side.pick.main is not None:
            text += _item(side, draft, by_place=by_place) + say("end")
    return refuse(query.text, text, "period" if not by_place else "indicator", draft=draft)


def _item(side: Side, draft: Draft, *, by_place: bool) -> str:
    assert side.pick.main is not None
    candidate = side.pick.main.candidate
    number = draft.figure(candidate)
    figure = candidate.figure
    place = short(side.region) if side.region else ""
    label = place + when(figure.period) if by_place or side.period is None else place + when(side.period)
    value = named_as(figure) + status_words(figure) + draft.amount(candidate)
    return say("compare.item", label=label, value=value, mark=f"[{number}]")


def _told(query: Query, sides: Sequence[Side], draft: Draft, *, by_place: bool) -> str:
    known = [side for side in sides if side.figure is not None]
    text = say("join").join(_item(side, draft, by_place=by_place) for side in known) + say("end")
    text += "".join(say("compare.missing", label=s.label(places=by_place)) for s in sides if s.figure is None)
    units = {side.figure.unit for side in known if side.figure}
    if len(units) != 1 or len(known) < 2:
        return text
    return text + _verdict(query, known, units.pop(), draft, by_place=by_place)


def _verdict(query: Query, known: Sequence[Side], unit: str, draft: Draft, *, by_place: bool) -> str:
    low = bool(_LOW.search(query.text)) and not re.search(r"多还是少|高还是低|大还是小|快还是慢", query.text)
    ranked = sorted(known, key=lambda side: side.figure.value if side.figure else 0, reverse=not low)
    top, bottom = ranked[0], ranked[-1]
    assert top.figure is not None and bottom.figure is not None
    difference = abs(top.figure.value - bottom.figure.value)
    shown = [f"{one.region}{one.value}{one.period}" for one in draft.figures]
    sources = tuple(shown.index(key) + 1 for side in (top, bottom) if side.figure and (key := _key(side)) in shown)
    if difference == 0:
        return say("compare.same")
    measure = "个百分点" if unit in ("%", "‰") else unit
    draft.derived.append(Derived(what="winner", label=top.label(places=by_place), sources=sources))
    word = _word(query.text, top.figure.kind, low=low)
    if len(known) > 2:
        return say("compare.top", label=top.label(places=by_place), word=word)
    draft.derived.append(Derived(what="difference", value=format(difference, "f"), unit=measure, sources=sources))
    amount = plain_number(difference, measure)
    if by_place:
        return say("compare.winner", label=top.label(places=True), word=word) + say(
            "compare.difference", value=amount, unit=""
        )
    first, last = sorted(known, key=lambda side: str(side.period))[0], sorted(known, key=lambda s: str(s.period))[-1]
    assert first.figure is not None and last.figure is not None
    more = last.figure.value > first.figure.value
    verb = say("compare.more" if more else "compare.less", word=_pair(query.text)[0 if more else 1])
    return say(
        "compare.years", later=last.label(places=False), earlier=first.label(places=False), verb=verb, value=amount
    )


def _key(side: Side) -> str:
    figure = side.figure
    assert figure is not None
    return f"{figure.region.name if figure.region else ''}{decimal_text(figure)}{figure.period}"


def _pair(text: str) -> tuple[str, str]:
    if re.search(r"[高低]", text):
        return "高", "低"
    return "多", "少"


def _word(text: str, kind: str, *, low: bool) -> str:
    if low:
        found = re.search(r"低|少|慢|小", text)
        return found[0] if found else "低"
    found = re.search(r"快|高|大|强|多(?!少)", text)
    return found[0] if found else ("快" if kind == "change" else "高")


def superlative(library: Library, query: Query, draft: Draft, settings: AnswerSettings) -> Answer:
    """The places of a region (or of the library) that give the figure, of one level and year, best first."""
    ask = _as_value(query.asks[0]) if query.asks else None
    name = named(ask.words) if ask else ""
    region = query.regions[0] if query.regions else None
    if ask is None or not name:
        return _unranked(query, region)
    if ask.want == "rank":
        ask = ask.model_copy(update={"want": "any"})
    above = region.code if region else NATION
    level = "province" if above == NATION and "市" not in query.text else "city" if above.endswith("0000") else "county"
    places, period = _ranked_places(library, query, name, above, level)
    if len(places) < 2:
        return _unranked(query, region)
    sides = gather(library, query, ask, [(place, period) for place in places], settings.threshold)
    # A place is ranked by the very indicator: 数字经济核心产业规模 is no GDP, however well its sentence fits.
    known = [side for side in sides if side.figure is not None and side.figure.indicator == name]
    shapes = Counter(map(_shape, known))
    known = [side for side in known if _shape(side) == shapes.most_common(1)[0][0]]
    if len(known) < 2:
        return _unranked(query, region)
    known.sort(key=lambda side: side.figure.value if side.figure else 0, reverse=not _LOW.search(query.text))
    rows = [
        say("compare.row", rank=rank, item=_item(side, draft, by_place=True))
        for rank, side in enumerate(known[:_SHOWN], start=1)
    ]
    sources = tuple(range(1, min(len(known), len(draft.figures)) + 1))
    draft.derived.append(Derived(what="winner", label=known[0].label(places=True), sources=sources[:2]))
    notes = list(query.notes)
    if not query.periods and period is not None:
        notes.append(say("year_taken", period=when(period)))
    return draft.finish("\n".join([*rows, say("compare.of", count=len(known)) + "".join(notes)]))


def _shape(side: Side) -> tuple[str, str]:
    assert side.figure is not None
    return side.figure.kind, side.figure.unit


def _unranked(query: Query, region: Region | None) -> Answer:
    what = query.words.replace(" ", "")
    place = short(region) if region else ""
    return refuse(query.text, say("refuse.ranking", region=place, what=what), "indicator")


def _ranked_places(
    library: Library, query: Query, name: str, above: str, level: str
) -> tuple[list[Region], Period | None]:
    """The places of the level that give the indicator, and the year: the latest that most of them give."""
    asked = query.periods[0] if query.periods else None
    wanted = FigureFilter(regions=(above,), descendants=True, indicators=(name,), canonical_only=True, period=asked)
    regions: dict[str, Region] = {}
    years: dict[Period, set[str]] = {}
    for one in lookup(library, wanted):
        region, period = one.figure.region, one.figure.period
        if region is None or region.code == above or region.level != level:
            continue
        regions[region.code] = region
        if period is not None and period.is_year and one.figure.status == "actual":
            years.setdefault(period, set()).add(region.code)
    if asked is None and years:
        asked = max(years, key=lambda period: (len(years[period]), period.end))
    return list(regions.values())[:_MANY_SIDES], asked
