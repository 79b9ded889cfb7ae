"""The figures of a chart: what is asked, of every place and every year asked, found the way every answer is found.

`figures_for_chart(library, "滨城区 GDP 2016-2020", today=today)` gives the Answer whose figures are drawn, and the
years 2016 to 2020, so that those without a figure show as gaps.
"""

from __future__ import annotations

import datetime as dt
import re
from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field, replace

from zhengwen.bot.answer import declined, understood
from zhengwen.bot.answer_compare import superlative
from zhengwen.bot.chart_scope import plain_name
from zhengwen.bot.chart_words import words
from zhengwen.bot.compose import Draft
from zhengwen.bot.held import held_regions
from zhengwen.bot.match_words import named
from zhengwen.bot.messages import say
from zhengwen.bot.models import Answer
from zhengwen.bot.query import Ask, Query
from zhengwen.bot.question import read_question
from zhengwen.bot.ranking_pick import Pick
from zhengwen.bot.refusal import no_figure, refuse
from zhengwen.bot.scope import settle_region
from zhengwen.bot.settings import AnswerSettings
from zhengwen.bot.sides import Side, gather
from zhengwen.bot.wording import short, when
from zhengwen.index.library import Library
from zhengwen.ingest.models import Figure, Period, Region
from zhengwen.ingest.regions import NATION, gazetteer

_MOST_YEARS = 40
_MOST_PLACES = 40


@dataclass(frozen=True, slots=True)
class Asked:
    """What a chart is drawn from."""

    answer: Answer
    years: tuple[int, ...]
    """The years of the axis that were asked; empty where none was named."""
    notes: tuple[str, ...] = ()
    """What was assumed, and the places without any figure; one sentence each."""
    publishers: Mapping[str, str] = field(default_factory=dict)
    """The place whose report a source is, by the source's path."""


def figures_for_chart(
    library: Library, question: str, *, today: dt.date, settings: AnswerSettings | None = None, targets: bool = False
) -> Asked:
    """The figures of a question, or of free words, year by year and place by place.

    Years without a result take the target set for them, which stays a target; with `targets` every year does, beside
    its result. 山东各市 asks for each city that the library has a report of. Raises LibraryError as `answer` does.
    """
    settings = settings or AnswerSettings()
    known = held_regions(library)
    if refused := declined(question, settings):
        return Asked(refused, ())
    if not known:
        return Asked(refuse(question, say("refuse.library_empty"), "region"), ())
    text, level = _each_place(_listed(question))
    query = read_question(text, today=today, known=known)
    if not level or not (query.regions or query.absent):
        settled = settle_region(library, query)
        if isinstance(settled, Answer):
            return Asked(settled, ())
        query = settled
    draft = Draft(library, query.text)
    if query.intent == "superlative" and not level:
        return Asked(superlative(library, query, draft, settings), ())
    regions = _places(query, known, level)
    if not query.asks or not regions:
        reason = say("refuse.region_missing") if query.asks else say("refuse.out_of_scope")
        return Asked(refuse(question, reason, "region" if query.asks else "indicator"), ())
    return _gathered(library, query, regions, draft, settings, targets=targets)


def _listed(question: str) -> str:
    """济南 青岛 GDP → 济南、青岛 GDP: place names given as separate words are a list."""
    parts = question.split()
    places = gazetteer()
    named = [any(one.text == part for one in places.find(part)) for part in parts]
    text = parts[0] if parts else ""
    for at in range(1, len(parts)):
        text += ("、" if named[at - 1] and named[at] else " ") + parts[at]
    return text


def _each_place(question: str) -> tuple[str, str]:
    """The question without 各市 or 各区县, and the level of the places meant; empty where it says no such thing."""
    for level, pattern in words()["each"].items():
        found = re.search(pattern, question)
        if found:
            return question[: found.start()] + question[found.end() :], level
    return question, ""


def _places(query: Query, known: dict[str, Region], level: str) -> list[Region]:
    if not level:
        return list(query.regions)
    above = {region.code for region in (*query.regions, *query.absent)}
    places = gazetteer()
    below = [
        region
        for region in known.values()
        if region.level == level and region.code not in above and any(places.within(region.code, one) for one in above)
    ]
    return sorted(below, key=lambda region: region.code)[:_MOST_PLACES]


def _gathered(
    library: Library, query: Query, regions: Sequence[Region], draft: Draft, settings: AnswerSettings, *, targets: bool
) -> Asked:
    asked = _asked_years(query)
    years = asked or _known_years(library, regions, one=len(regions) > 1 and not query.each_year)
    query = query.model_copy(update={"each_year": len(years) > 1})
    ask = query.asks[0]
    places = [(region, Period.years(year)) for region in regions for year in years]
    sides, others = _alike(ask, gather(library, query, ask, places, settings.threshold))
    plans = _alike(ask, _plans(library, query, ask, sides, settings, every=targets))[0]
    publishers: dict[str, str] = {}
    order: dict[tuple[Region | None, Period | None], int] = {place: at for at, place in enumerate(places)}
    for side in sorted((*sides, *plans), key=lambda side: order[side.region, side.period]):
        for one in (side.pick.main, *side.pick.others):
            if one is not None and draft.figure(one.candidate) is not None:
                report = one.candidate.stored.report
                own = report.region is not None and report.region.code != NATION
                publishers[report.source] = short(report.region) if report.region and own else ""
        draft.consider(side.pick.considered[:3], chosen=[side.pick.main] if side.pick.main else [])
    if not draft.figures:
        return Asked(no_figure(library, query, [sides[0].pick], regions[0], draft), asked)
    found = {side.region.code for side in (*sides, *plans) if side.region and side.figure}
    absent = [short(region) for region in regions if region.code not in found]
    notes = [note for note in query.notes if note]
    if absent:
        notes.append(words()["absent"].format(what=words()["join"].join(absent)))
    if others:
        notes.append(words()["strays"].format(what=words()["join"].join(_told(side) for side in others)))
    answer = draft.finish("", understood=understood(query))
    return Asked(
        answer.model_copy(update={"question": query.text}), asked if len(asked) > 1 else (), tuple(notes), publishers
    )


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


def _told(side: Side) -> str:
    """2021年地区生产总值迈上新台阶8712亿元."""
    assert side.figure is not None
    place = short(side.region) if side.region else ""
    return f"{place}{when(side.period)}{side.figure.indicator_text}{side.figure.surface}"


def _asked_years(query: Query) -> tuple[int, ...]:
    years = {
        year for period in query.periods for year in range(period.start.year, period.end.year + 1)
    }  # a part of a year stands in its year
    return tuple(sorted(years))[:_MOST_YEARS]


def _known_years(library: Library, regions: Sequence[Region], *, one: bool) -> tuple[int, ...]:
    """The years that the reports of these places look back on and the one that the last plans.

    With `one`, for a comparison: the year that most of the places report, the latest of several.
    """
    reports = library.reports(regions=[region.code for region in regions])
    places = {(row.year_reviewed, row.region.code) for row in reports if row.year_reviewed and row.region}
    if not places:
        return ()
    counts = Counter(year for year, _ in places)
    if one:
        return (max(counts, key=lambda year: (counts[year], year)),)
    return tuple(sorted({*counts, max(counts) + 1}))[-_MOST_YEARS:]


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
