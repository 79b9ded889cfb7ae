"""What a chart is, before anything draws it: points with their figures as printed, lines between them, sources."""

from __future__ import annotations

import datetime as dt
from decimal import Decimal
from itertools import pairwise
from typing import Literal

from zhengwen.ingest.models import Bound, FigureKind, PeriodText, PlainDecimal, Record

ChartKind = Literal["line", "bar"]
PointStyle = Literal["actual", "estimated", "target", "part"]


class Point(Record):
    """One figure of a report on a chart; a conflict of two sources is two points at one place."""

    x: str
    """Where it stands on the axis: `2020` on a line, a place, year or indicator under a bar."""
    value: PlainDecimal
    value_max: PlainDecimal | None = None
    """The upper end of a range."""
    surface: str
    """The figure as printed, `498.71亿元`."""
    label: str
    """What stands beside the point: bound, surface and citation, `约498.71亿元[1]`."""
    style: PointStyle = "actual"
    bound: Bound = "exact"
    period: PeriodText | None = None
    citation: int


class Series(Record):
    """The points of one thing, in the order of the axis: one region's values over the years."""

    name: str
    points: tuple[Point, ...]


class Segment(Record):
    """A line between two points of neighbouring years; never over a year without a figure."""

    series: int
    start: Point
    end: Point
    dashed: bool = False
    """Leads to or from a target."""


class Axis(Record):
    """The value axis: values are divided by `factor` and counted in `unit`, 498.71 of 亿元."""

    unit: str
    factor: PlainDecimal = Decimal(1)
    inverted: bool = False
    """Ranks: the first place is on top."""


class ChartSource(Record):
    """A source under the chart, by the number that labels carry."""

    n: int
    id: str
    title: str
    date: dt.date | None = None
    source: str = ""
    """The path as ingested."""


class Chart(Record):
    """A chart ready to be drawn: as PNG, SVG or PDF with `draw`, in a terminal with `draw_text`."""

    title: str
    kind: ChartKind
    figures: FigureKind
    """What its values are: levels, changes, shares …, never two of them."""
    axis: Axis
    x: tuple[str, ...]
    """The places on the axis in order; on a line every year from the first to the last, gaps too."""
    series: tuple[Series, ...]
    sources: tuple[ChartSource, ...]
    gaps: tuple[str, ...] = ()
    """The places on the axis without any figure."""
    notes: tuple[str, ...] = ()
    """What was left out and why, one sentence each."""

    @property
    def points(self) -> tuple[Point, ...]:
        return tuple(point for series in self.series for point in series.points)

    @property
    def styles(self) -> tuple[PointStyle, ...]:
        """The kinds of points that occur: what a legend explains."""
        present = {point.style for point in self.points}
        return tuple(style for style in ("actual", "estimated", "target", "part") if style in present)

    @property
    def segments(self) -> tuple[Segment, ...]:
        """The lines: between neighbouring years of one series, results with results and plans dashed."""
        if self.kind == "bar":
            return ()
        return tuple(
            segment
            for number, series in enumerate(self.series)
            for first, second in pairwise(self.x)
            for segment in _between(number, series, first, second)
        )


def _between(number: int, series: Series, first: str, second: str) -> list[Segment]:
    """A result leads to the next year's result, or dashed to its target where there is no result yet."""
    left, right = (_at(series, x) for x in (first, second))
    results = [one for one in left if one.style != "target"], [one for one in right if one.style != "target"]
    plans = [one for one in left if one.style == "target"], [one for one in right if one.style == "target"]
    found = [(a, b, False) for a in results[0] for b in results[1]]
    found += [(a, b, True) for a in plans[0] for b in plans[1]]
    if not results[1] and not plans[0]:
        found += [(a, b, True) for a in results[0] for b in plans[1]]
    return [Segment(series=number, start=a, end=b, dashed=dashed) for a, b, dashed in found]


def _at(series: Series, x: str) -> list[Point]:
    """The points of a year that a line may touch: a part of a year is no year."""
    return [point for point in series.points if point.x == x and point.style != "part"]
