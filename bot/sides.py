"""The same value for several places or years: what comparisons and series are made of."""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass
from functools import partial

from zhengwen.bot.match import Candidate
from zhengwen.bot.query import Ask, Query
from zhengwen.bot.ranking import pick_all
from zhengwen.bot.ranking_pick import Pick
from zhengwen.bot.ranking_pool import Pool, candidates
from zhengwen.bot.wording import short, when
from zhengwen.index.library import Library
from zhengwen.ingest.models import Figure, Period, Region


@dataclass(frozen=True, slots=True)
class Side:
    """One place and year of a comparison, with what was found for it."""

    region: Region | None
    period: Period | None
    pick: Pick

    @property
    def figure(self) -> Figure | None:
        return self.pick.main.figure if self.pick.main else None

    def label(self, *, places: bool) -> str:
        """What tells it from the others: the place, or the year."""
        return short(self.region) if places and self.region else when(self.period)


def gather(
    library: Library, query: Query, ask: Ask, places: Sequence[tuple[Region | None, Period | None]], threshold: float
) -> list[Side]:
    """The figure of each place and year, all of one kind and unit; plans only where no side has a result."""
    held: dict[str, Pool] = {}
    whole = _whole([period for _, period in places])
    for region, _ in places:
        code = region.code if region else ""
        if code not in held:
            held[code] = candidates(library, query, region, whole)

    def sides(plans: bool, shape: tuple[str, str] | None) -> list[Side]:
        result = []
        for region, period in places:
            found = held[region.code if region else ""]
            if period is not None and not ask.end:
                found = found.keep(partial(_touches, period))
            if query.each_year and query.status == "target" and period is not None:
                # Each report's own target: what an earlier plan foresaw for that year is another thing.
                found = found.keep(partial(_read_before, period.end.year))
            if shape is not None:
                found = found.keep(lambda one: (one.figure.kind, one.figure.unit) == shape)
            pick = pick_all(query, [ask], found, period, threshold=threshold, plans_too=plans)[0]
            result.append(Side(region, period, pick))
        return result

    first = sides(False, None)
    if not any(side.figure for side in first):
        first = sides(True, None)
        return _alike(first, lambda shape: sides(True, shape))
    return _alike(first, lambda shape: sides(False, shape))


def _touches(period: Period, one: Candidate) -> bool:
    own = one.figure.period
    return own is None or (own.start <= period.end and own.end >= period.start)


def _read_before(year: int, one: Candidate) -> bool:
    """Whether the figure stands in the report that sets the year's targets."""
    return one.stored.report.year_reviewed == year - 1


def _alike(first: list[Side], again) -> list[Side]:  # type: ignore[no-untyped-def]
    shapes = Counter((side.figure.kind, side.figure.unit) for side in first if side.figure)
    if len(shapes) <= 1:
        return first
    return again(shapes.most_common(1)[0][0])  # type: ignore[no-any-return]


def _whole(periods: Sequence[Period | None]) -> Period | None:
    known = [period for period in periods if period is not None]
    if not known or len(known) < len(periods):
        return None
    return Period(start=min(one.start for one in known), end=max(one.end for one in known))
