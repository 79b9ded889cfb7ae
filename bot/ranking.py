"""From scored candidates to the figures that answer: period, status and scope decide between equally worded ones."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace

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


@dataclass(frozen=True, slots=True)
class _Search:
    """What every ask of a question is answered from, and how well it must match."""

    query: Query
    period: Period | None
    weights: Weights
    threshold: float
    plans_too: bool


@dataclass(frozen=True, slots=True)
class _Turn:
    """One ask with what stands around it: the ask that follows, and the figure that was picked first."""

    ask: Ask
    following: Ask | None = None
    first: Scored | None = None


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
    search = _Search(query, period, found.weights, threshold, plans_too)
    picks: list[Pick] = []
    for number, ask in enumerate(asks):
        first = next((pick.main for pick in picks if pick.main), None)
        following = asks[number + 1] if number + 1 < len(asks) else None
        if ask.elliptical and first is not None:
            picks.append(beside(query, ask, first.candidate, found))
        elif ask.end == "from" and following is not None and following.end == "to":
            to = _pick(search, _Turn(following), found)
            picks += [_from_part(ask, to, found), to]
        elif len(picks) <= number:  # otherwise the end of a from-to, picked with its beginning
            rest = [one for one in found if not any(_same_figure(one, pick) for pick in picks)]
            picks.append(_pick_or_near(search, _Turn(ask, following, first), rest))
    return picks


def _pick_or_near(search: _Search, turn: _Turn, found: Sequence[Candidate]) -> Pick:
    """What answers an ask as it was read, else read more freely, else what stands next to the first figure."""
    pick = _pick(search, turn, found)
    for ask in _read_freely(search.query, turn.ask):
        if pick.main is None:
            pick = _pick(search, replace(turn, ask=ask), found)
    if pick.main is None and turn.first is not None:
        return next_to(turn.ask, turn.first.candidate, found) or pick
    return pick


def _read_freely(query: Query, ask: Ask) -> Iterator[Ask]:
    """The ask without a unit that was only guessed; a target as growth: GDP目标是多少 is answered by 增长6%以上."""
    planned = wanted_status(query, ask) == "target"
    if ask.borrowed or (ask.guessed and planned):
        money = ask.money and not ask.guessed
        yield ask.model_copy(update={"units": frozenset(), "money": money, "borrowed": False, "guessed": False})
    if ask.want == "any" and planned:
        yield ask.model_copy(update={"want": "growth", "units": frozenset(), "money": False})


def _pick(search: _Search, turn: _Turn, found: Sequence[Candidate]) -> Pick:
    query, ask, period, threshold = search.query, turn.ask, search.period, search.threshold
    context = " ".join(word for word in query.words.split() if word not in ask.words)
    placeable = [one for one in found if tier(query, period, one) != OUTSIDE]
    fits, out = all_scored(ask, context, placeable, search.weights)
    placed, plans, rejected = _sorted(search, turn, fits, placeable)
    good = [(worth, one) for worth, one in placed if one.score >= threshold or _leaning(turn.first, one, threshold)]
    considered = tuple(one for _, one in placed[:8]) + tuple(replace(o, why="a target") for _, o in plans[:3])
    considered += tuple(rejected[:4]) + tuple(out[:2])
    if not good and search.plans_too:
        good = [(worth, one) for worth, one in plans if one.score >= threshold]
    if not good:
        plan = plans[0][1] if plans and plans[0][1].score >= threshold else None
        return Pick(ask, None, (), plan, considered)
    main = _latest(good) if period is None and not query.report_years else good[0][1]
    main = reached(main, [one for _, one in good])
    others = siblings(query, ask, main, [one for _, one in good], period)
    if (part := own_part(ask, main, [one for _, one in good])) is not main:
        return Pick(ask, part, (), None, considered)
    main, others = revised_first(finer(main, [one for _, one in good]), others)
    return Pick(ask, main, others, None, considered, printed_again(main, [one for _, one in good]))


def _sorted(
    search: _Search, turn: _Turn, fits: Sequence[Scored], placeable: Sequence[Candidate]
) -> tuple[list[tuple[float, Scored]], list[tuple[float, Scored]], list[Scored]]:
    """What may answer and what is a plan though a result is asked, each with its standing, best first; and the rest."""
    query, ask = search.query, turn.ask
    placed: list[tuple[float, Scored]] = []
    plans: list[tuple[float, Scored]] = []
    rejected: list[Scored] = []
    status = wanted_status(query, ask)
    for one in fits:
        if why := reservation(query, ask, one.candidate):
            rejected.append(replace(one, why=why))
            continue
        worth = standing(query, ask, search.period, one) + _company(turn, one.candidate, placeable)
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


def _company(turn: _Turn, candidate: Candidate, placeable: Sequence[Candidate]) -> float:
    """What a figure gains by the figures around it: the one picked first, or one for the ask that follows."""
    if turn.first is not None:
        return _nearness(turn.first.candidate, candidate)
    if turn.following is not None and not turn.following.elliptical:
        return 0.03 * _serves(candidate, turn.following, placeable)
    return 0.0


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


def _latest(good: list[tuple[float, Scored]]) -> Scored:
    """Without a year: among the candidates of the best one's meaning, that of the latest period."""
    best, top = good[0]
    same = [one for worth, one in good if best - worth <= CLOSE and one_meaning(top.figure, one.figure)]
    same = [one for one in same if one.figure.period is not None] or [top]
    latest = max(one.figure.period.end for one in same if one.figure.period) if same[0].figure.period else None
    return next((one for one in same if one.figure.period and one.figure.period.end == latest), top)
