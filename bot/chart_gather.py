"""The figures of one indicator, place by place and year by year: results, and the plans beside or instead of them."""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence
from dataclasses import replace

from zhengwen.bot.chart_scope import plain_name
from zhengwen.bot.match_words import named
from zhengwen.bot.query import Ask, Query
from zhengwen.bot.ranking_pick import Pick
from zhengwen.bot.settings import AnswerSettings
from zhengwen.bot.sides import Side, gather
from zhengwen.bot.wording import short, when
from zhengwen.index.library import Library
from zhengwen.ingest.models import Figure, Period, Region

Spot = tuple[Region | None, Period | None]


def row_of(
    library: Library, query: Query, ask: Ask, spots: Sequence[Spot], settings: AnswerSettings, *, targets: bool
) -> tuple[list[Side], list[Side]]:
    """The sides of one ask in the order of `spots`, and what was found for want of it and is not drawn.

    A spot without a result takes the target set for it; with `targets` every spot does.
    """
    sides, others = _alike(ask, gather(library, query, ask, spots, settings.threshold))
    plans, _ = _alike(ask, _plans(library, query, ask, sides, settings, every=targets))
    order = {spot: at for at, spot in enumerate(spots)}
    return sorted((*sides, *plans), key=lambda side: order[side.region, side.period]), others


def _alike(ask: Ask, sides: Sequence[Side]) -> tuple[list[Side], list[Side]]:
    """The sides of one indicator, and those that were found for want of it in their year: no values of the row."""
    name = named(ask.words)
    asked = ask.words.replace(" ", "")
    known = [plain_name(side.figure.indicator) for side in sides if side.figure]
    if not name:
        name = next((one for one, _ in Counter(known).most_common() if one in asked), "")
    if not name:
        return list(sides), []
    others = [side for side in sides if side.figure and not _is(name, side.figure, strict=name in known)]
    bare = Pick(ask=ask)
    return [replace(side, pick=bare) if side in others else side for side in sides], others


def _is(name: str, figure: Figure, *, strict: bool) -> bool:
    """Whether the figure is of that indicator; where none is, words that hold its name will do."""
    return plain_name(figure.indicator) == name or (
        not strict and not figure.canonical and name in figure.indicator_text
    )


def _plans(
    library: Library, query: Query, ask: Ask, sides: Sequence[Side], settings: AnswerSettings, *, every: bool
) -> list[Side]:
    """The targets for the years without a result (for every year where asked), of the results' kind and unit."""
    shapes = {(side.figure.kind, side.figure.unit) for side in sides if side.figure}
    if query.status == "target" or ask.status in ("target", "actual") or query.status == "actual":
        return []
    open_places = [(side.region, side.period) for side in sides if every or side.figure is None]
    planned = query.model_copy(update={"status": "target", "status_said": True, "each_year": True})
    found = gather(library, planned, ask, open_places, settings.threshold) if open_places and shapes else []
    return [
        side
        for side in found
        if side.figure and side.figure.status == "target" and (side.figure.kind, side.figure.unit) in shapes
    ]


def told(side: Side) -> str:
    """2021年地区生产总值迈上新台阶8712亿元."""
    assert side.figure is not None
    place = short(side.region) if side.region else ""
    return f"{place}{when(side.period)}{side.figure.indicator_text}{side.figure.surface}"
