"""From an answer's figures to a chart: what may stand on one axis, and what is refused or left out with its reason."""

from __future__ import annotations

import re
from collections.abc import Sequence
from decimal import Decimal, InvalidOperation
from functools import cache
from itertools import pairwise
from pathlib import Path
from typing import Any

import yaml

from zhengwen.bot.chart_axis import axis_for
from zhengwen.bot.chart_models import Chart, ChartKind, ChartSource, Point, PointStyle, Series
from zhengwen.bot.models import Answer, FigureShown
from zhengwen.bot.ranking import DEFAULT_SCOPES
from zhengwen.bot.wording import short, when
from zhengwen.ingest.errors import InputError
from zhengwen.ingest.models import FigureKind
from zhengwen.ingest.regions import gazetteer

_MOST_YEARS = 60
_LAST_YEAR = re.compile("上年|去年|同比|同期")


class NothingToPlot(InputError):
    """The answer cannot be drawn; the message says why, in Chinese."""


@cache
def words() -> dict[str, Any]:
    """The texts of chart.yaml."""
    text = (Path(__file__).parent / "chart.yaml").read_text(encoding="utf-8")
    loaded: dict[str, Any] = yaml.safe_load(text)
    return loaded


def build_chart(answer: Answer, *, years: Sequence[int] = (), notes: Sequence[str] = (), least: int = 2) -> Chart:
    """The chart of an answer. `years` are those asked for: the axis shows them all, those without a figure as gaps.
    `notes` stand below the chart.

    Raises NothingToPlot for a refusal, for mixed units or kinds, and for fewer than `least` points.
    """
    figures = _drawable(answer)
    kind, unit = _shape(figures)
    on_axis, left_out = _dated(figures, by_span=not any(_year(one) for one in figures))
    if len({(one.region, str(one.period), one.indicator, one.value, one.citation) for one in on_axis}) < least:
        raise NothingToPlot(words()["refused"]["one"])
    known = sorted({year for one in on_axis if (year := _year(one)) is not None} | set(years))
    line = bool(known) and (bool(years) or any(b - a == 1 for a, b in pairwise(known)))
    chart_kind: ChartKind = "line" if line and len(known) > 1 else "bar"
    place, name = _grouping(on_axis, chart_kind)
    x = _axis_places(on_axis, place, known if chart_kind == "line" else [])
    series = _series(on_axis, place, name, x)
    taken = {point.x for one in series for point in one.points}
    used = {point.citation for one in series for point in one.points}
    return Chart(
        title=_title(on_axis, kind),
        kind=chart_kind,
        figures=kind,
        axis=axis_for((point.value for one in series for point in one.points), unit, kind),
        x=x,
        series=series,
        sources=tuple(
            ChartSource(n=one.n, id=one.id, title=one.title or one.source, date=one.date)
            for one in answer.citations
            if one.n in used
        ),
        gaps=tuple(one for one in x if one not in taken),
        notes=(*notes, *left_out),
    )


def _drawable(answer: Answer) -> list[FigureShown]:
    refused = words()["refused"]
    if not answer.figures:
        raise NothingToPlot(refused["no_figures"] if answer.answered else refused["unanswered"])
    for one in answer.figures:
        if ":" in one.value:
            raise NothingToPlot(refused["composition"].format(what=one.surface))
    return list(answer.figures)


def _shape(figures: Sequence[FigureShown]) -> tuple[FigureKind, str]:
    """The one kind and unit of all figures: growth does not stand beside levels, nor % beside 元."""
    refused, names = words()["refused"], words()["kind"]
    kinds = list(dict.fromkeys("level" if one.kind == "count" else one.kind for one in figures))
    if len(kinds) > 1:
        raise NothingToPlot(refused["kinds"].format(what=words()["join"].join(names[kind] for kind in kinds)))
    units = list(dict.fromkeys(one.unit for one in figures))
    if len(units) > 1:
        raise NothingToPlot(refused["units"].format(what=words()["join"].join(units)))
    return figures[0].kind, units[0]


def _year(figure: FigureShown) -> int | None:
    """The year it belongs to; None for several years or none."""
    period = figure.period
    return period.start.year if period is not None and period.start.year == period.end.year else None


def _dated(figures: Sequence[FigureShown], *, by_span: bool) -> tuple[list[FigureShown], tuple[str, ...]]:
    """The figures with a place on the axis, and what is said about the others."""
    undated = [one for one in figures if one.period is None]
    spans = [one for one in figures if one.period is not None and _year(one) is None]
    kept = [one for one in figures if one not in undated and (by_span or one not in spans)]
    if not kept:
        raise NothingToPlot(words()["refused"]["undated"])
    notes = []
    if undated:
        notes.append(words()["no_year"].format(count=len(undated)))
    if spans and not by_span:
        what = words()["join"].join(f"{when(one.period)}{one.surface}[{one.citation}]" for one in spans)
        notes.append(words()["spans"].format(what=what))
    return kept, tuple(notes)


def _grouping(figures: Sequence[FigureShown], kind: ChartKind) -> tuple[str, tuple[str, ...]]:
    """Which field stands on the axis, and which fields tell the series apart."""
    several = {
        "region": len({one.region for one in figures}) > 1,
        "period": len({_period_name(one) for one in figures}) > 1,
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


def thing(figure: FigureShown) -> str:
    """What is measured, with what keeps it from standing for the whole: 地区生产总值（市区，年均）."""
    marks = []
    if figure.scope and figure.scope not in DEFAULT_SCOPES and figure.scope not in figure.indicator:
        marks.append(figure.scope)
    if figure.kind in ("change", "change_pp") and figure.basis and not _LAST_YEAR.search(figure.basis):
        marks.append(figure.basis)
    if figure.status in ("cumulative", "average"):
        marks.append(words()["status"][figure.status])
    return figure.indicator + (f"（{'，'.join(marks)}）" if marks else "")


def _period_name(figure: FigureShown) -> str:
    """The year, with a part of a year under its year; a span of years as it is."""
    year = _year(figure)
    return words()["year"].format(year=year) if year is not None else when(figure.period)


def _field(figure: FigureShown, field: str, places: dict[str, str]) -> str:
    if field == "year":
        return str(_year(figure))
    if field == "region":
        return places.get(figure.region, figure.region)
    return _period_name(figure) if field == "period" else thing(figure)


def _axis_places(figures: Sequence[FigureShown], place: str, years: Sequence[int]) -> tuple[str, ...]:
    if place == "year":
        last = min(years[-1], years[0] + _MOST_YEARS)
        return tuple(str(year) for year in range(years[0], last + 1))
    names = place_names(figures)
    found = dict.fromkeys(_field(one, place, names) for one in figures)
    return tuple(sorted(found) if place == "period" else found)


def place_names(figures: Sequence[FigureShown]) -> dict[str, str]:
    """Full region names to short ones, 滨城区; full where two places share the short one (和平区)."""
    shorts = {one.region: _short(one.region) for one in figures}
    counts = list(shorts.values())
    return {full: name if counts.count(name) == 1 else full for full, name in shorts.items()}


def _short(full: str) -> str:
    for mention in gazetteer().find(full):
        for region in mention.candidates:
            if region.name == full:
                return short(region)
    return full


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
    return f"{text}[{figure.citation}]"


def _title(figures: Sequence[FigureShown], kind: FigureKind) -> str:
    """滨城区地区生产总值; with its year where all are of one."""
    join = words()["join"]
    places = list(dict.fromkeys(place_names(figures).values()))
    where = join.join(places) if len(places) <= 3 else ""
    times = list(dict.fromkeys(_period_name(one) for one in figures))
    things = list(dict.fromkeys(thing(one) for one in figures))
    shown = join.join(things[:3]) + (words()["more"] if len(things) > 3 else "")
    return str(words()["title"][kind].format(where=where + (times[0] if len(times) == 1 else ""), indicator=shown))
