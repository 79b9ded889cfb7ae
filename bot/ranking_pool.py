"""The figures that may answer: those of the reports of a region that touch the years asked."""

from __future__ import annotations

import re
from collections.abc import Sequence
from functools import lru_cache

from zhengwen.bot.held import reports_of
from zhengwen.bot.match import Candidate
from zhengwen.bot.query import Query
from zhengwen.index.library import Library
from zhengwen.index.lookup import FigureFilter, StoredFigure, lookup
from zhengwen.index.rows import ReportRow
from zhengwen.ingest.models import Period, Region


def candidates(library: Library, query: Query, region: Region | None, period: Period | None) -> list[Candidate]:
    """The figures of a region that touch the period (all of them where none is asked), undated ones included."""
    wanted = FigureFilter(period=period, undated=True)
    if region is not None:
        ids = report_ids(library, region)
        wanted = wanted.model_copy(update={"report_ids": ids} if ids else {"regions": (region.code,)})
    found = lookup(library, wanted)
    if re.search(r"公报|统计局", query.text):
        found = [one for one in found if one.report.kind == "bulletin"] or found
    elif query.report_years:
        said = [one for one in found if report_year(one.report) in query.report_years]
        found = [one for one in said if one.report.kind != "bulletin"]
    place = str(library.folder)
    ready = [_prepared(place, one, found[max(0, at - 1) : at + 2]) for at, one in enumerate(found)]
    return ready if region is None else [one for one in ready if _within(one, region)]


class _Kept:
    """A stored figure that is the same key whenever it is read again: report numbers are never given out twice."""

    __slots__ = ("around", "key", "stored")

    def __init__(self, place: str, stored: StoredFigure, around: Sequence[StoredFigure]) -> None:
        self.key = (place, stored.report.no, stored.id)
        self.stored = stored
        self.around = around

    def __hash__(self) -> int:
        return hash(self.key)

    def __eq__(self, other: object) -> bool:
        return isinstance(other, _Kept) and self.key == other.key


def _prepared(place: str, stored: StoredFigure, around: Sequence[StoredFigure]) -> Candidate:
    return _candidate(_Kept(place, stored, around))


@lru_cache(maxsize=20_000)
def _candidate(kept: _Kept) -> Candidate:
    also = _half(kept.stored, kept.around)
    kept.around = ()
    return Candidate.of(kept.stored, also=also)


def report_ids(library: Library, region: Region) -> tuple[str, ...]:
    """The reports of a region."""
    return tuple(row.id for row in reports_of(library, region.code))


def _within(one: Candidate, region: Region) -> bool:
    """The region's own figures, and those of a port or park in it that is no division."""
    own = one.figure.region
    return own is None or own.code == region.code


def _half(one: StoredFigure, around: Sequence[StoredFigure]) -> str:
    """城乡低保标准分别提高到685元和5480元: the first is that of the towns, the second that of the country."""
    figure = one.figure
    if figure.scope in ("城镇", "农村"):
        return "城市城镇" if figure.scope == "城镇" else "农村"
    if "城乡" not in figure.indicator_text:
        return ""
    twins = [
        other.figure.start
        for other in around
        if other.report.no == one.report.no
        and other.figure.clause_start == figure.clause_start
        and other.figure.indicator_text == figure.indicator_text
        and other.figure.kind == figure.kind
    ]
    if len(twins) != 2:
        return ""
    return "城市城镇" if figure.start == min(twins) else "农村"


def report_year(report: ReportRow) -> int | None:
    """The year in which a report was read out."""
    if report.date is not None and report.kind != "bulletin":
        # A report read out in December is called that of the next year as often as not: the year reviewed decides.
        early = report.date.month == 12 and report.year_reviewed is not None
        return (report.year_reviewed or 0) + 1 if early else report.date.year
    return None if report.year_reviewed is None else report.year_reviewed + 1
