"""The figures of a chart: what is asked, of every place and every year asked, found the way every answer is found.

`figures_for_chart(library, "滨城区 GDP 2016-2020", today=today)` gives the Answer whose figures are drawn, and the
years 2016 to 2020, so that those without a figure show as gaps.
"""

from __future__ import annotations

import datetime as dt
from collections import Counter
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field

from zhengwen.bot.answer import answer, declined, understood
from zhengwen.bot.answer_compare import superlative
from zhengwen.bot.chart_gather import Spot, row_of, told
from zhengwen.bot.chart_question import asks_of, each_place, listed
from zhengwen.bot.chart_words import words
from zhengwen.bot.compose import Draft
from zhengwen.bot.held import held_regions
from zhengwen.bot.messages import say
from zhengwen.bot.models import Answer
from zhengwen.bot.query import Query
from zhengwen.bot.question import read_question
from zhengwen.bot.refusal import no_figure, refuse
from zhengwen.bot.scope import settle_region
from zhengwen.bot.settings import AnswerSettings
from zhengwen.bot.sides import Side
from zhengwen.bot.wording import short
from zhengwen.index.library import Library
from zhengwen.ingest.models import Period, Region
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
    text, level = each_place(listed(question))
    query = read_question(text, today=today, known=known)
    if not level or not (query.regions or query.absent):
        settled = settle_region(library, query)
        if isinstance(settled, Answer):
            return Asked(settled, ())
        query = settled
    query = query.model_copy(update={"asks": asks_of(question, query.asks)})
    draft = Draft(library, query.text)
    if query.intent == "superlative" and not level:
        return Asked(superlative(library, query, draft, settings), ())
    if query.span and not query.periods and not query.each_year:
        return Asked(answer(library, question, today=today, settings=settings), ())  # one value for all the years
    regions = _places(query, known, level)
    if not query.asks or not regions:
        reason = say("refuse.region_missing") if query.asks else say("refuse.out_of_scope")
        return Asked(refuse(question, reason, "region" if query.asks else "indicator"), ())
    return _gathered(library, query, regions, draft, settings, targets=targets)


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
    spots: list[Spot] = [(region, Period.years(year)) for region in regions for year in years]
    rows = [row_of(library, query, ask, spots, settings, targets=targets) for ask in query.asks]
    sides = [side for row, _ in rows for side in row]
    publishers = dict(publisher for side in sides for publisher in _drawn(side, draft))
    if not draft.figures:
        return Asked(no_figure(library, query, [sides[0].pick] if sides else [], regions[0], draft), asked)
    notes = [note for note in query.notes if note]
    found = {side.region.code for side in sides if side.region and side.figure}
    if absent := [short(region) for region in regions if region.code not in found]:
        notes.append(words()["absent"].format(what=words()["join"].join(absent)))
    unknown = [ask.words for ask, (row, _) in zip(query.asks, rows, strict=True) if not any(one.figure for one in row)]
    notes += [words()["absent"].format(what=what) for what in unknown]
    if others := [told(side) for _, left in rows for side in left]:
        notes.append(words()["strays"].format(what=words()["join"].join(others)))
    given = draft.finish("", understood=understood(query)).model_copy(update={"question": query.text})
    return Asked(given, asked if len(asked) > 1 else (), tuple(notes), publishers)


def _drawn(side: Side, draft: Draft) -> Iterator[tuple[str, str]]:
    """Put the figures of a side into the answer; gives each source's path with the place whose report it is."""
    for one in (side.pick.main, *side.pick.others):
        if one is not None and draft.figure(one.candidate) is not None:
            region = one.candidate.stored.report.region
            home = region is not None and region.code != NATION
            yield one.candidate.stored.report.source, short(region) if region and home else ""
    draft.consider(side.pick.considered[:3], chosen=[side.pick.main] if side.pick.main else [])


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
