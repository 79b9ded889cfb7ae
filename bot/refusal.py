"""What is said when the reports do not give it: what is missing, the nearest known figure, how to ask for it."""

from __future__ import annotations

from collections.abc import Sequence

from zhengwen.bot.compose import Draft
from zhengwen.bot.match import Candidate, Scored, all_scored
from zhengwen.bot.match_words import named
from zhengwen.bot.messages import say
from zhengwen.bot.models import Answer, Considered, Reason
from zhengwen.bot.query import Ask, Query
from zhengwen.bot.ranking import pick_all
from zhengwen.bot.ranking_pick import Pick
from zhengwen.bot.ranking_pool import candidates
from zhengwen.bot.ranking_standing import wanted_status
from zhengwen.bot.wording import named as named_as
from zhengwen.bot.wording import short, when
from zhengwen.index.library import Library
from zhengwen.ingest.models import Period, Region

NEAR_ENOUGH = 0.7


def refuse(
    question: str,
    text: str,
    reason: Reason,
    *,
    choices: Sequence[str] = (),
    considered: Sequence[Considered] = (),
    draft: Draft | None = None,
    understood: str = "",
) -> Answer:
    """A refusal; figures and citations of the nearest miss are in the draft."""
    return Answer(
        question=question,
        answered=False,
        text=draft.with_notes(text) if draft else text,
        figures=(),
        citations=tuple(draft.citations) if draft else (),
        reason=reason,
        choices=tuple(choices),
        considered=tuple(considered) if considered else tuple(draft.considered) if draft else (),
        understood=understood,
    )


def no_figure(library: Library, query: Query, picks: Sequence[Pick], region: Region | None, draft: Draft) -> Answer:
    """Nothing answers: say what is missing, with the nearest known figure of the same thing."""
    pick = next((one for one in picks if one.main is None), picks[0])
    for one in picks:
        draft.consider(one.considered)
    what = pick.ask.words.replace(" ", "") or query.words.replace(" ", "")
    period = query.periods[0] if query.periods else None
    place = short(region) if region else ""
    text = say("refuse.indicator", region=place, period=when(period), what=what)
    reason: Reason = "indicator"
    if pick.target_only is not None:
        line = nearest_text(draft, pick.target_only.candidate)
        if line:
            return refuse(query.text, text + say("refuse.only_target", text=line), reason, draft=draft)
    near = _grown(library, query, pick.ask, region, period) if region else None
    near = near or (nearest(library, query, pick.ask, region) if region else None)
    if near is not None:
        if period is not None and near.figure.period != period and near.figure.kind != "change":
            reason = "period"
        line = nearest_text(draft, near.candidate)
        if line:
            text += say("refuse.near", text=line)
    years = _years(library, region) if region else ""
    if period is not None and region is not None and years:
        text += say("refuse.years", region=place, years=years)
    return refuse(query.text, text, reason, draft=draft)


def _grown(library: Library, query: Query, ask: Ask, region: Region, period: Period | None) -> Scored | None:
    """Where an amount was asked and only its growth is given: the growth."""
    if ask.want != "any" or not named(ask.words):
        return None
    grown = ask.model_copy(update={"want": "growth", "units": frozenset(), "money": False})
    found = candidates(library, query, region, period)
    return pick_all(query, [grown], found, period, threshold=NEAR_ENOUGH)[0].main


def nearest(library: Library, query: Query, ask: Ask, region: Region) -> Scored | None:
    """The same thing in another year or as a plan: only where the words surely mean it."""
    open_query = query.model_copy(update={"report_years": ()})
    found = candidates(library, open_query, region, None)
    fits, _ = all_scored(ask, "", found, found.weights)
    name = named(ask.words)
    if name:
        fits = [one for one in fits if one.figure.canonical and one.figure.indicator == name]
    fits = [one for one in fits if one.score >= NEAR_ENOUGH and one.figure.period is not None]
    if query.periods:
        fits = [one for one in fits if not _inside(one.figure.period, query.periods[0])]
    if not fits:
        return None
    wanted = wanted_status(query, ask)
    year = query.periods[0].end.year if query.periods else 9999
    best = fits[0].score

    def distance(one: Scored) -> tuple[int, bool, int]:
        assert one.figure.period is not None
        planned = one.figure.status == "target"
        return (best - one.score > 0.1, planned != (wanted == "target"), abs(one.figure.period.end.year - year))

    return min(fits, key=distance)


def _inside(own: Period | None, asked: Period) -> bool:
    return own is not None and asked.contains(own)


def nearest_text(draft: Draft, candidate: Candidate) -> str:
    """The near miss in one sentence, with its own scope; empty where it does not re-read from its source."""
    number = draft.figure(candidate)
    if number is None:
        return ""
    figure = candidate.figure
    place = short(figure.region) if figure.region else ""
    label = f"{place}{when(figure.period)}{named_as(figure)}"
    status = say("figure.target") if figure.status == "target" else ""
    return f"{label}{status}{draft.amount(candidate)}[{number}]" + say("end")


def _years(library: Library, region: Region) -> str:
    years = sorted({row.year_reviewed + 1 for row in library.reports(regions=[region.code]) if row.year_reviewed})
    return "、".join(str(year) for year in years)
