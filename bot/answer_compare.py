"""Comparisons: the figure of every side, then who is ahead and by how much, computed and marked as computed."""

from __future__ import annotations

import re
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
from zhengwen.index.library import Library
from zhengwen.index.lookup import FigureFilter, lookup
from zhengwen.ingest.models import Period, Region

_LOW = re.compile(r"[更最较]?(?:低|少|慢|小|落后)(?!于)")
_MANY_SIDES = 60


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
    missing = next(side for side in sides if side.figure is None)
    if not any(side.figure for side in sides):
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
    value = figure.indicator_text + status_words(figure) + draft.amount(candidate)
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
    """Which place of a region (or of the library) has the most: the places of one level that give the figure."""
    ask = _as_value(query.asks[0]) if query.asks else None
    name = named(ask.words) if ask else ""
    if ask is None or not name:
        return refuse(query.text, say("refuse.indicator", region="", period="", what=query.words), "indicator")
    above = query.regions[0].code if query.regions else "000000"
    wanted = FigureFilter(regions=(above,), descendants=True, indicators=(name,), period=(query.periods or (None,))[0])
    regions = {one.figure.region.code: one.figure.region for one in lookup(library, wanted) if one.figure.region}
    regions.pop(above, None)
    level = "province" if above == "000000" else "city" if above.endswith("0000") else "county"
    places = [region for region in regions.values() if region.level == level][:_MANY_SIDES]
    if len(places) < 2:
        return no_figure(library, query, [], query.regions[0] if query.regions else None, draft)
    period = query.periods[0] if query.periods else None
    sides = gather(library, query, ask, [(region, period) for region in places], settings.threshold)
    known = [side for side in sides if side.figure is not None]
    if len(known) < 2:
        return no_figure(library, query, [sides[0].pick], query.regions[0] if query.regions else None, draft)
    known.sort(key=lambda side: side.figure.value if side.figure else 0, reverse=not _LOW.search(query.text))
    return draft.finish(_told(query, known[:5], draft, by_place=True) + say("compare.of", count=len(known)))
