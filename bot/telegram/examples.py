"""Example questions for /help that the library in hand really answers: chosen from its figures, then asked."""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable, Iterator, Sequence
from functools import lru_cache
from itertools import islice

from zhengwen.bot.held import held_regions
from zhengwen.bot.models import Answer
from zhengwen.bot.telegram.texts import table, text
from zhengwen.bot.wording import short
from zhengwen.index.library import Library
from zhengwen.index.lookup import FigureFilter, StoredFigure, lookup
from zhengwen.ingest.models import Period, Region

_KINDS = ("value", "growth", "series")
_COUNT = 3
_TRIES = 15
_RUN = 4
_FEW = 400
_YEARS = 12

Ask = Callable[[str], Answer]


def examples(library: Library, ask: Ask) -> tuple[str, ...]:
    """At most three questions, each answered when it was tried; fewer where the library holds too little.

    Remembered until reports are added or removed.
    """
    return _remembered(library, ask, library.generation())


@lru_cache(maxsize=4)
def _remembered(library: Library, ask: Ask, stamp: object) -> tuple[str, ...]:
    del stamp
    regions = sorted(held_regions(library).values(), key=lambda region: region.code)
    found: list[str] = []
    for number, kind in enumerate(_KINDS):
        # Each kind begins at another place, so that the examples show what is there.
        turn = len(regions) * number // len(_KINDS)
        candidates = islice(_candidates(library, kind, regions[turn:] + regions[:turn]), _TRIES)
        found += islice((one for one in candidates if one not in found and _good(ask(one), kind)), 1)
    return tuple(found + list(islice(_more(library, ask, found), _COUNT - len(found))))


def _good(given: Answer, kind: str) -> bool:
    return given.answered and bool(given.citations) and len(given.figures) >= (2 if kind == "series" else 1)


def _candidates(library: Library, kind: str, regions: Sequence[Region]) -> Iterator[str]:
    """Questions of one kind, one for each place, about its newest well-known figures."""
    for number, region in enumerate(regions):
        rows = _well_known(library, region)
        if kind == "growth":
            rows = [one for one in rows if one.figure.kind == "change"]
        else:
            rows = [one for one in rows if one.figure.kind in ("level", "count")]
        if kind == "series":
            yield from _series(region, rows)
        elif rows:
            yield _question(kind, region, rows[number % min(len(rows), _COUNT)])


def _series(region: Region, rows: Sequence[StoredFigure]) -> Iterator[str]:
    years: dict[str, set[int]] = {}
    for one in rows:
        years.setdefault(one.figure.indicator, set()).add(_year(one))
    for name, held in years.items():
        run = sorted(held)[-_RUN:]
        if len(run) == _RUN and run[-1] - run[0] < 2 * _RUN:
            yield text("examples.series", region=short(region), first=run[0], last=run[-1], indicator=name)


def _more(library: Library, ask: Ask, known: Sequence[str]) -> Iterator[str]:
    """For a small library: any figures of a year."""
    rows = lookup(library, FigureFilter(canonical_only=True, statuses=("actual",), limit=_FEW))
    plain = [one for one in rows if one.figure.kind in ("level", "count") and _of_a_year(one)]
    questions = (_question("value", one.figure.region, one) for one in plain[:_TRIES] if one.figure.region)
    return (one for one in dict.fromkeys(questions) if one not in known and _good(ask(one), "value"))


def _well_known(library: Library, region: Region) -> list[StoredFigure]:
    """Results of recent years for indicators that everybody asks for, the newest first."""
    this_year = dt.date.today().year
    wanted = FigureFilter(
        regions=(region.code,),
        indicators=tuple(table("examples.indicators")),
        statuses=("actual",),
        canonical_only=True,
        period=Period.years(this_year - _YEARS, this_year),
        limit=_FEW,
    )
    return sorted(filter(_of_a_year, lookup(library, wanted)), key=_year, reverse=True)


def _of_a_year(one: StoredFigure) -> bool:
    period = one.figure.period
    return period is not None and period.is_year


def _year(one: StoredFigure) -> int:
    assert one.figure.period is not None
    return one.figure.period.start.year


def _question(kind: str, region: Region, one: StoredFigure) -> str:
    return text(f"examples.{kind}", region=short(region), year=_year(one), indicator=one.figure.indicator)
