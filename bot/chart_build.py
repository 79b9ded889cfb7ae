"""From an answer's figures to a chart: what may stand on one axis, and what is refused or left out with its reason."""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence, Set
from decimal import Decimal, InvalidOperation
from itertools import pairwise

from zhengwen.bot.chart_axis import axis_for
from zhengwen.bot.chart_models import Chart, ChartKind, ChartSource, Point, PointStyle, Series
from zhengwen.bot.chart_scope import NothingToPlot, dated, drawable, period_name, place_names, shape, thing, year_of
from zhengwen.bot.chart_words import words
from zhengwen.bot.models import Answer, FigureShown
from zhengwen.bot.wording import when
from zhengwen.ingest.models import FigureKind

_MOST_YEARS = 60
_MOST_LINES = 8
"""As many as there are colours to tell apart."""
_WORTH_SORTING = 4


def build_chart(
    answer: Answer,
    *,
    years: Sequence[int] = (),
    notes: Sequence[str] = (),
    publishers: Mapping[str, str] | None = None,
    least: int = 2,
) -> Chart:
    """The chart of an answer. `years` are those asked for: the axis shows them all, those without a figure as gaps.

    `notes` stand below the chart; `publishers` names the place of each source by its path, for titles that do not.
    Raises NothingToPlot for a refusal, for mixed units or kinds, for fewer than `least` points and too many lines.
    """
    figures = drawable(answer)
    kind, unit = shape(figures)
    on_axis, left_out = dated(figures, by_span=not any(year_of(one) for one in figures))
    if len({(one.region, str(one.period), one.indicator, one.value, one.citation) for one in on_axis}) < least:
        raise NothingToPlot(words()["refused"]["one"])
    known = sorted({year for one in on_axis if (year := year_of(one)) is not None} | set(years))
    chart_kind: ChartKind = "line" if _in_a_row(known, years) else "bar"
    place, name = _grouping(on_axis, chart_kind)
    x = _axis_places(on_axis, place, known)
    series = _series(on_axis, place, name, x)
    if chart_kind == "line" and len(series) > _MOST_LINES:
        raise NothingToPlot(words()["refused"]["crowded"].format(count=len(series), most=_MOST_LINES))
    points = [point for one in series for point in one.points]
    return Chart(
        title=_title(on_axis, kind, dated=chart_kind == "bar"),
        kind=chart_kind,
        figures=kind,
        axis=axis_for([point.value for point in points], [point.surface for point in points], unit, kind),
        x=x,
        series=series,
        sources=_sources(answer, {point.citation for point in points} | _cited(left_out), publishers or {}),
        gaps=tuple(one for one in x if one not in {point.x for point in points}),
        notes=(*notes, *left_out),
    )


def _in_a_row(known: Sequence[int], asked: Sequence[int]) -> bool:
    """Whether the years make a line: all that were asked follow each other, or some of those that are known."""
    steps = [b - a == 1 for a, b in pairwise(sorted(asked) or known)]
    return bool(steps) and (all(steps) if asked else any(steps))


def _cited(notes: Sequence[str]) -> set[int]:
    """The citations that notes carry, as labels do."""
    return {int(number) for note in notes for number in re.findall(r"\[(\d+)\]", note)}


def _sources(answer: Answer, used: Set[int], publishers: Mapping[str, str]) -> tuple[ChartSource, ...]:
    """The citations in use; a title that names no place gets its publisher's before it."""
    found = []
    for one in answer.citations:
        title, place = one.title or one.source, publishers.get(one.source, "")
        if place and place.rstrip("市区县省") not in title:
            title = f"{place} {title}"
        if one.n in used:
            found.append(ChartSource(n=one.n, id=one.id, title=title, date=one.date, source=one.source))
    return tuple(found)


def _grouping(figures: Sequence[FigureShown], kind: ChartKind) -> tuple[str, tuple[str, ...]]:
    """Which field stands on the axis, and which fields tell the series apart."""
    several = {
        "region": len({one.region for one in figures}) > 1,
        "period": len({period_name(one) for one in figures}) > 1,
        "thing": len({thing(one) for one in figures}) > 1,
    }
    if kind == "line":
        place = "year"
    elif several["region"]:
        place = "region"
    elif several["period"] or not several["thing"]:
        place = "period"
    else:
        place = "thing"
    names = tuple(field for field in ("region", "period", "thing") if several[field] and field != place)
    return place, tuple(field for field in names if not (kind == "line" and field == "period"))


def _field(figure: FigureShown, field: str, places: dict[str, str]) -> str:
    if field == "year":
        return str(year_of(figure))
    if field == "region":
        return places.get(figure.region, figure.region)
    return period_name(figure) if field == "period" else thing(figure)


def _axis_places(figures: Sequence[FigureShown], place: str, years: Sequence[int]) -> tuple[str, ...]:
    if place == "year":
        last = min(years[-1], years[0] + _MOST_YEARS)
        return tuple(str(year) for year in range(years[0], last + 1))
    names = place_names(figures)
    found = dict.fromkeys(_field(one, place, names) for one in figures)
    if place == "region" and len(found) >= _WORTH_SORTING and len(found) == len(figures):
        values = {_field(one, place, names): Decimal(one.value) for one in figures}
        planned = {_field(one, place, names) for one in figures if one.status == "target"}
        down = -1 if figures[0].kind != "rank" else 1
        return tuple(sorted(found, key=lambda name: (name in planned, down * values[name])))
    if place == "period":
        return tuple(sorted({*found, *(words()["year"].format(year=year) for year in years)}))
    return tuple(found)


def _series(
    figures: Sequence[FigureShown], place: str, name: tuple[str, ...], x: tuple[str, ...]
) -> tuple[Series, ...]:
    places = place_names(figures)
    grouped: dict[str, list[Point]] = {}
    for one in figures:
        key = " ".join(_field(one, field, places) for field in name)
        point = _point(one, _field(one, place, places))
        if point.x in x and point not in grouped.setdefault(key, []):
            grouped[key].append(point)
    return tuple(
        Series(name=key, points=tuple(sorted(points, key=lambda point: x.index(point.x))))
        for key, points in grouped.items()
        if points
    )


def _point(figure: FigureShown, x: str) -> Point:
    try:
        value = Decimal(figure.value)
    except InvalidOperation as error:
        raise NothingToPlot(words()["refused"]["composition"].format(what=figure.surface)) from error
    return Point(
        x=x,
        value=value,
        value_max=None if figure.value_max is None else Decimal(figure.value_max),
        surface=figure.surface,
        label=_label(figure, value),
        style=_style(figure),
        bound=figure.bound,
        period=figure.period,
        citation=figure.citation,
    )


def _style(figure: FigureShown) -> PointStyle:
    if figure.status == "target":
        return "target"
    if figure.period is not None and not figure.period.whole_years:
        return "part"
    return "estimated" if figure.estimated else "actual"


def _label(figure: FigureShown, value: Decimal) -> str:
    """The figure as printed, its bound and its direction where the digits alone do not say them."""
    table = words()
    text = figure.surface
    if value < 0 and not re.match(r"[-−－负]", text):
        text = table["fall"] + text
    if figure.bound != "exact" and not re.search(table["bound_said"], figure.surface):
        text = table["bound"][figure.bound] + text
    if _style(figure) == "part":
        text = f"{_months(figure)} {text}"
    return f"{text}[{figure.citation}]"


def _months(figure: FigureShown) -> str:
    """1—11月: which part of its year."""
    return when(figure.period).partition(words()["year"].format(year=""))[2] or when(figure.period)


def _title(figures: Sequence[FigureShown], kind: FigureKind, *, dated: bool) -> str:
    """滨城区地区生产总值; under bars with the year where all are of one."""
    join = words()["join"]
    places = list(dict.fromkeys(place_names(figures).values()))
    where = join.join(places) if len(places) <= 3 else ""
    times = list(dict.fromkeys(period_name(one) for one in figures))
    things = list(dict.fromkeys(thing(one) for one in figures))
    shown = join.join(things[:3]) + (words()["more"] if len(things) > 3 else "")
    return str(
        words()["title"][kind].format(where=where + (times[0] if dated and len(times) == 1 else ""), indicator=shown)
    )
