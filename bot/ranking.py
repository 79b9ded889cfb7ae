"""From scored candidates to the figures that answer: period, status and scope decide between equally worded ones."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import replace

from zhengwen.bot.cues import cues
from zhengwen.bot.match import Candidate, Scored, Weights, all_scored
from zhengwen.bot.match_kinds import allowed
from zhengwen.bot.query import Ask, Query
from zhengwen.bot.ranking_beside import beside, next_to
from zhengwen.bot.ranking_periods import OUTSIDE, tier
from zhengwen.bot.ranking_pick import Pick
from zhengwen.bot.ranking_pool import Pool
from zhengwen.bot.ranking_same import finer, one_meaning, own_part, printed_again, reached, revised_first, siblings
from zhengwen.bot.ranking_standing import standing, wanted_status
from zhengwen.bot.reservations import reservation
from zhengwen.ingest.models import Period

CLOSE = 0.06
"""Scores nearer than this are one meaning as far as the words tell."""


def pick_all(
    query: Query,
    asks: Sequence[Ask],
    found: Pool,
    period: Period | None,
    *,
    threshold: float,
    plans_too: bool = False,
) -> list[Pick]:
    """One Pick for each ask, later asks leaning on the figure picked first.

    `plans_too`: where no result is given, a plan answers (赤字率 is nothing but a plan).
    """
    weights = found.weights
    picks: list[Pick] = []
    for number, ask in enumerate(asks):
        first = next((pick.main for pick in picks if pick.main), None)
        if ask.elliptical and first is not None:
            picks.append(beside(query, ask, first.candidate, found))
            continue
        if ask.end == "from" and number + 1 < len(asks) and asks[number + 1].end == "to":
            to = _pick(query, asks[number + 1], None, None, found, period, weights, threshold, plans_too=plans_too)
            picks += [_from_part(ask, to, found), to]
            continue
        if len(picks) > number:
            continue
        rest = [one for one in found if not any(_same_figure(one, pick) for pick in picks)]
        following = asks[number + 1] if number + 1 < len(asks) else None
        pick = _pick(query, ask, following, first, rest, period, weights, threshold, plans_too=plans_too)
        if pick.main is None and (ask.borrowed or (ask.guessed and wanted_status(query, ask) == "target")):
            money = ask.money and not ask.guessed
            freed = ask.model_copy(update={"units": frozenset(), "money": money, "borrowed": False, "guessed": False})
            pick = _pick(query, freed, following, first, rest, period, weights, threshold, plans_too=plans_too)
        if pick.main is None and ask.want == "any" and wanted_status(query, ask) == "target":
            # Plans are set as growth: GDP目标是多少 is answered by 增长6%以上.
            grown = ask.model_copy(update={"want": "growth", "units": frozenset(), "money": False})
            pick = _pick(query, grown, following, first, rest, period, weights, threshold, plans_too=plans_too)
        if pick.main is None and first is not None:
            pick = next_to(ask, first.candidate, rest) or pick
        picks.append(pick)
    return picks


def _pick(
    query: Query,
    ask: Ask,
    following: Ask | None,
    first: Scored | None,
    found: Sequence[Candidate],
    period: Period | None,
    weights: Weights,
    threshold: float,
    *,
    plans_too: bool,
) -> Pick:
    context = " ".join(word for word in query.words.split() if word not in ask.words)
    placeable = [one for one in found if tier(query, period, one) != OUTSIDE]
    fits, out = all_scored(ask, context, placeable, weights)
    placed, plans, rejected = _sorted(query, ask, following, first, fits, period, placeable)
    good = [(worth, one) for worth, one in placed if one.score >= threshold or _leaning(first, one, threshold)]
    considered = tuple(one for _, one in placed[:8]) + tuple(replace(o, why="a target") for _, o in plans[:3])
    considered += tuple(rejected[:4]) + tuple(out[:2])
    if not good and plans_too:
        good = [(worth, one) for worth, one in plans if one.score >= threshold]
    if not good:
        plan = plans[0][1] if plans and plans[0][1].score >= threshold else None
        return Pick(ask, None, (), plan, considered)
    main = _latest(query, good) if period is None and not query.report_years else good[0][1]
    main = reached(main, [one for _, one in good])
    others = siblings(query, ask, main, [one for _, one in good], period)
    if (part := own_part(ask, main, [one for _, one in good])) is not main:
        return Pick(ask, part, (), None, considered)
    main, others = revised_first(finer(main, [one for _, one in good]), others)
    return Pick(ask, main, others, None, considered, printed_again(main, [one for _, one in good]))


def _sorted(
    query: Query,
    ask: Ask,
    following: Ask | None,
    first: Scored | None,
    fits: Sequence[Scored],
    period: Period | None,
    placeable: Sequence[Candidate],
) -> tuple[list[tuple[float, Scored]], list[tuple[float, Scored]], list[Scored]]:
    """What may answer and what is a plan though a result is asked, each with its standing, best first; and the rest."""
    placed: list[tuple[float, Scored]] = []
    plans: list[tuple[float, Scored]] = []
    rejected: list[Scored] = []
    status = wanted_status(query, ask)
    for one in fits:
        worth = standing(query, ask, period, one)
        if first is not None:
            worth += _nearness(first.candidate, one.candidate)
        elif following is not None and following.elliptical is False:
            worth += 0.03 * _serves(one.candidate, following, placeable)
        if why := reservation(query, ask, one.candidate):
            rejected.append(replace(one, why=why))
            continue
        planned = one.figure.status == "target" and not re.search(cues()["plan_by_nature"], ask.words)
        if status == "target" and one.figure.status != "target":
            rejected.append(replace(one, why="not a target"))
        elif planned and status != "target":
            plans.append((worth, one))
        else:
            placed.append((worth, one))
    placed.sort(key=lambda pair: -pair[0])
    plans.sort(key=lambda pair: -pair[0])
    return placed, plans, rejected


def _same_figure(one: Candidate, pick: Pick) -> bool:
    main = pick.main
    return main is not None and main.candidate.stored.id == one.stored.id


def _from_part(ask: Ask, to: Pick, found: Sequence[Candidate]) -> Pick:
    """由X提高到Y: the figure of the same kind and unit that stands before Y in its clause."""
    if to.main is None:
        return Pick(ask, considered=to.considered)
    main = to.main.candidate
    before = [
        one
        for one in found
        if one.stored.report.no == main.stored.report.no
        and one.figure.sentence_start == main.figure.sentence_start
        and one.figure.unit == main.figure.unit
        and 0 < main.figure.start - one.figure.end <= 16
        and one.figure.status != "target"
    ]
    if not before:
        return Pick(ask)
    return Pick(ask, Scored(max(before, key=lambda one: one.figure.start), to.main.score))


def _leaning(first: Scored | None, one: Scored, threshold: float) -> bool:
    """A later ask may match more loosely in the sentence that answered the first one."""
    if first is None:
        return False
    same = first.candidate.stored.report.no == one.candidate.stored.report.no
    same = same and first.figure.sentence_start == one.figure.sentence_start
    return same and one.score >= threshold * 0.8


def _nearness(first: Candidate, other: Candidate) -> float:
    if first.stored.report.no != other.stored.report.no:
        return 0.0
    if first.figure.start == other.figure.start:
        return -0.2
    if first.figure.clause_start == other.figure.clause_start:
        return 0.14
    if first.figure.sentence_start == other.figure.sentence_start:
        return 0.12
    return 0.06 if first.stored.passage_id == other.stored.passage_id else 0.0


def _serves(candidate: Candidate, ask: Ask, found: Sequence[Candidate]) -> bool:
    """Whether the sentence also holds a figure of the kind that is asked next."""
    return any(
        other.stored.report.no == candidate.stored.report.no
        and other.figure.sentence_start == candidate.figure.sentence_start
        and other.figure.start != candidate.figure.start
        and not allowed(ask, other.figure)
        for other in found
    )


def _latest(query: Query, good: list[tuple[float, Scored]]) -> Scored:
    """Without a year: among the candidates of the best one's meaning, that of the latest period."""
    best, top = good[0]
    same = [one for worth, one in good if best - worth <= CLOSE and one_meaning(top.figure, one.figure)]
    same = [one for one in same if one.figure.period is not None] or [top]
    latest = max(one.figure.period.end for one in same if one.figure.period) if same[0].figure.period else None
    del query
    return next((one for one in same if one.figure.period and one.figure.period.end == latest), top)
