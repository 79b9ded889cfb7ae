"""Which figures of an answer may stand on one chart; the others are refused or left out, with the reason."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Sequence

from zhengwen.bot.chart_words import words
from zhengwen.bot.models import Answer, FigureShown
from zhengwen.bot.ranking_standing import DEFAULT_SCOPES
from zhengwen.bot.wording import short, when
from zhengwen.ingest.errors import InputError
from zhengwen.ingest.models import FigureKind
from zhengwen.ingest.regions import gazetteer

_MOST_OF_A_YEAR = 9
_LAST_YEAR = re.compile("上年|去年|同比|同期")


class NothingToPlot(InputError):
    """The answer cannot be drawn; the message says why, in Chinese."""


def drawable(answer: Answer) -> list[FigureShown]:
    refused = words()["refused"]
    if not answer.figures:
        raise NothingToPlot(refused["no_figures"] if answer.answered else refused["unanswered"])
    for one in answer.figures:
        if ":" in one.value:
            raise NothingToPlot(refused["composition"].format(what=one.surface))
    return list(answer.figures)


def shape(figures: Sequence[FigureShown]) -> tuple[FigureKind, str]:
    """The one kind and unit of all figures: growth does not stand beside levels, nor % beside 元."""
    refused, names = words()["refused"], words()["kind"]
    kinds = list(dict.fromkeys("level" if one.kind == "count" else one.kind for one in figures))
    if len(kinds) > 1:
        raise NothingToPlot(refused["kinds"].format(what=words()["join"].join(names[kind] for kind in kinds)))
    units = list(dict.fromkeys(one.unit for one in figures))
    if len(units) > 1:
        raise NothingToPlot(refused["units"].format(what=words()["join"].join(units)))
    return figures[0].kind, units[0]


def dated(figures: Sequence[FigureShown], *, by_span: bool) -> tuple[list[FigureShown], tuple[str, ...]]:
    """The figures with a place on the axis, and what is said about the others."""
    undated = [one for one in figures if one.period is None]
    spans = [one for one in figures if one.period is not None and year_of(one) is None]
    kept = [one for one in figures if one not in undated and (by_span or one not in spans)]
    if not kept:
        raise NothingToPlot(words()["refused"]["undated"])
    parts = [one for one in kept if _mere_part(one, kept)]
    kept = [one for one in kept if one not in parts]
    strays = _strays(kept)
    kept = [one for one in kept if one not in strays]
    notes = []
    if strays:
        places = place_names(figures)
        several = len(places) > 1
        what = words()["join"].join(
            f"{places[one.region] if several else ''}{when(one.period)}{thing(one)}{one.surface}[{one.citation}]"
            for one in strays
        )
        notes.append(words()["strays"].format(what=what))
    if parts:
        notes.append(words()["parts"].format(count=len(parts)))
    if undated:
        notes.append(words()["no_year"].format(count=len(undated)))
    if spans and not by_span:
        what = words()["join"].join(f"{when(one.period)}{one.surface}[{one.citation}]" for one in spans)
        notes.append(words()["spans"].format(what=what))
    return kept, tuple(notes)


def _strays(figures: Sequence[FigureShown]) -> list[FigureShown]:
    """Single figures of another thing in a row of one thing: they would look like its values."""
    counts = Counter(thing(one) for one in figures)
    main, count = counts.most_common(1)[0]
    return [one for one in figures if thing(one) != main] if 3 * count >= 2 * len(figures) and count > 2 else []


def _mere_part(figure: FigureShown, figures: Sequence[FigureShown]) -> bool:
    """A quarter beside its year; 1—11月 stays, for it may be all that another source knew of the year."""
    period = figure.period
    if period is None or period.whole_years or (period.start.month == 1 and period.end.month >= _MOST_OF_A_YEAR):
        return False
    return any(
        other.period is not None and other.period.is_year and other.period.contains(period)
        for other in figures
        if (other.region, thing(other)) == (figure.region, thing(figure)) and other.status != "target"
    )


def plain_name(indicator: str) -> str:
    """The indicator without what its sentence hung on it: 地区生产总值跨过两个千亿台阶 → 地区生产总值."""
    return re.sub(words()["after_name"], "", indicator) or indicator


def thing(figure: FigureShown) -> str:
    """What is measured, with what keeps it from standing for the whole: 地区生产总值（市区，年均）."""
    marks = []
    if figure.scope and figure.scope not in DEFAULT_SCOPES and figure.scope not in figure.indicator:
        marks.append(figure.scope)
    if figure.kind in ("change", "change_pp") and figure.basis and not _LAST_YEAR.search(figure.basis):
        marks.append(figure.basis)
    if figure.status in ("cumulative", "average"):
        marks.append(words()["status"][figure.status])
    return plain_name(figure.indicator) + (f"（{'，'.join(marks)}）" if marks else "")


def year_of(figure: FigureShown) -> int | None:
    """The year it belongs to; None for several years or none."""
    period = figure.period
    return period.start.year if period is not None and period.start.year == period.end.year else None


def period_name(figure: FigureShown) -> str:
    """The year, with a part of a year under its year; a span of years as it is."""
    year = year_of(figure)
    return words()["year"].format(year=year) if year is not None else when(figure.period)


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
