"""One value over several years: a row a year, gaps named, revisions beside the first print."""

from __future__ import annotations

from decimal import ROUND_HALF_UP, Decimal

from zhengwen.bot.answer_text import unset_target
from zhengwen.bot.answer_value import marks, status_words
from zhengwen.bot.compose import Draft
from zhengwen.bot.messages import say
from zhengwen.bot.models import Answer, Derived
from zhengwen.bot.query import Query
from zhengwen.bot.refusal import no_figure, refuse
from zhengwen.bot.settings import AnswerSettings
from zhengwen.bot.sides import Side, gather
from zhengwen.bot.wording import short, trimmed, when, without_verb
from zhengwen.index.library import Library
from zhengwen.ingest.models import Period, Region

_MOST_YEARS = 40
_ENOUGH_DIGITS = 3
"""A growth is not computed from 1.2万亿: the rounding would be most of it."""


def series(library: Library, query: Query, draft: Draft, settings: AnswerSettings) -> Answer:
    """The figure of each year asked (each year known where none is named), as a list."""
    if not query.asks:
        return refuse(query.text, say("refuse.out_of_scope"), "out_of_scope")
    region = query.regions[0] if query.regions else None
    years = _years(library, query, region)
    ask = query.asks[0]
    sides = gather(library, query, ask, [(region, year) for year in years], settings.threshold)
    if not any(side.figure for side in sides):
        return no_figure(library, query, [sides[0].pick] if sides else [], region, draft)
    indicator = next(without_verb(side.figure) for side in reversed(sides) if side.figure)
    lines = [say("series.head", region=short(region) if region else "", indicator=indicator)]
    gaps = []
    for side in sides:
        row = _row(side, draft)
        if not row and ask.status == "target" and region and side.period:
            row = unset_target(library, ask, region, side.period, draft)
        if row:
            lines.append(row)
        elif query.periods:
            gaps.append(when(side.period))
    if growth := _growth(sides, draft):
        lines.append(growth)
    if gaps:
        lines.append(say("series.gap", periods="、".join(gaps)))
    for side in sides:
        draft.consider(side.pick.considered[:3], chosen=[side.pick.main] if side.pick.main else [])
    return draft.finish("\n".join(lines) + "".join(query.notes))


def _years(library: Library, query: Query, region: Region | None) -> list[Period]:
    listed: list[Period] = []
    for period in query.periods:
        first, last = period.start.year, period.end.year
        listed += [period] if period.is_year else [Period.years(year) for year in range(first, last + 1)]
    if listed:
        return listed[:_MOST_YEARS]
    reports = library.reports(regions=[region.code] if region else None)
    years = sorted({row.year_reviewed for row in reports if row.year_reviewed})
    return [Period.years(year) for year in years[-_MOST_YEARS:]]


def _growth(sides: list[Side], draft: Draft) -> str:
    """What the last year adds to the first one, computed from the two cited values; empty where that means nothing."""
    known = [side for side in sides if side.figure is not None]
    if len(known) < 2:
        return ""
    first, last = known[0].figure, known[-1].figure
    assert first is not None and last is not None
    exact = all(one.status == "actual" and one.bound == "exact" and one.value_max is None for one in (first, last))
    amounts = first.kind == last.kind and first.kind in ("level", "count") and first.unit == last.unit
    exact = exact and min(_digits(first.value), _digits(last.value)) >= _ENOUGH_DIGITS
    if not exact or not amounts or first.unit in ("%", "‰") or first.value <= 0 or first.per != last.per:
        return ""
    numbers = (draft.position(first), draft.position(last))
    if None in numbers:
        return ""
    percent = (last.value / first.value - 1) * 100
    shown = trimmed(abs(percent).quantize(Decimal("0.1"), rounding=ROUND_HALF_UP))
    sources = tuple(number for number in numbers if number is not None)
    draft.derived.append(Derived(what="growth", value=percent.quantize(Decimal("0.01")), unit="%", sources=sources))
    key = "series.grown" if percent >= 0 else "series.shrunk"
    return say(key, first=when(known[0].period), last=when(known[-1].period), value=shown)


def _digits(value: Decimal) -> int:
    return len(value.normalize().as_tuple().digits)


def _row(side: Side, draft: Draft) -> str:
    """- 2020年：2.77万亿元[1]，后来的报告为2.83万亿元[2]."""
    if side.pick.main is None:
        return ""
    texts = []
    for one in (side.pick.main, *side.pick.others):
        number = draft.figure(one.candidate)
        if number is not None:
            mark = marks(side.pick, number, draft) if one is side.pick.main else f"[{number}]"
            texts.append(status_words(one.figure) + draft.amount(one.candidate, alone=True) + mark)
    value = say("series.other").join(texts)
    return say("series.row", period=when(side.period), value=value, mark="") if texts else ""
