"""From scored candidates to the figures that answer: period, status and scope decide between equally worded ones."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass, field, replace

from zhengwen.bot.match import Candidate, Scored, Weights, all_scored, allowed
from zhengwen.bot.match_words import features, mentioned
from zhengwen.bot.query import Ask, Query, StatusAsked
from zhengwen.bot.question import cues
from zhengwen.bot.ranking_periods import OUTSIDE, TIER_COST, tier
from zhengwen.bot.ranking_pool import Pool
from zhengwen.bot.ranking_same import (
    alike,
    finer,
    one_meaning,
    own_part,
    revised_first,
    siblings,
)
from zhengwen.bot.reservations import reservation
from zhengwen.ingest.models import Figure, Period
from zhengwen.ingest.periods import Anchor, find_periods

CLOSE = 0.06
"""Scores nearer than this are one meaning as far as the words tell."""


@dataclass(frozen=True, slots=True)
class Pick:
    """What answers one ask: the main figure, others of the same meaning with other values, or nothing."""

    ask: Ask
    main: Scored | None = None
    others: tuple[Scored, ...] = ()
    target_only: Scored | None = None
    """Only a plan was found although a result was asked."""
    considered: tuple[Scored, ...] = field(default=())


def wanted_status(query: Query, ask: Ask) -> StatusAsked:
    return ask.status or query.status


def _standing(query: Query, ask: Ask, period: Period | None, one: Scored) -> float:
    """The score with what period, status and scope add or take: for choosing between figures, not for abstaining."""
    figure, stored = one.figure, one.candidate.stored
    worth = one.score - TIER_COST.get(tier(query, period, one.candidate), 1.0)
    average = "年均" in query.text
    if figure.status == "average":
        worth += 0.08 if average else -0.1
    elif average and "年均浓度" not in query.text:
        worth -= 0.1
    if figure.status == "cumulative" and not query.span and period is not None and period.is_year:
        worth -= 0.06
    if other_scope(figure) and figure.scope not in query.text:
        worth -= 0.05
    if query.basis:
        years = {str(period.end.year) for period in query.basis}
        compared = figure.basis + one.candidate.clause
        worth += 0.15 if any(year in compared for year in years) or _plan_end(compared, years) else -0.05
    home, own = stored.report.region, figure.region
    if home is not None and own is not None and home.code == own.code:
        worth += 0.03
    if figure.period is not None and stored.report.year_reviewed is not None:
        worth += 0.02 if stored.report.year_reviewed == figure.period.end.year else 0.0
    worth += 0.04 * alike(ask.words.replace(" ", ""), figure.indicator_text)
    if figure.region is None:
        worth -= 0.04  # a port's or a park's, not the region's own
    if ask.end:
        worth += 0.05 if _is_end(one.candidate, ask) else -0.05
    if stored.mode == "glossary":
        worth -= 0.1
    return worth


def _plan_end(basis: str, years: set[str]) -> bool:
    """比“十二五”末: compared with 2015."""
    periods = [mention.period for mention in find_periods(basis, Anchor())]
    return any(period is not None and str(period.end.year) in years for period in periods)


DEFAULT_SCOPES = frozenset({"全市", "全省", "全国", "全区", "全县", "全州", "全盟", "全旗", "全域", "全自治区"})


def other_scope(figure: Figure) -> bool:
    """Whether the figure is of something else than the whole region."""
    return bool(figure.scope) and figure.scope not in DEFAULT_SCOPES and figure.scope not in figure.indicator_text


def _is_end(candidate: Candidate, ask: Ask) -> bool:
    """Whether the figure is the from-part or the to-part of 由X提高到Y, as asked."""
    figure = candidate.figure
    before = candidate.stored.sentence[: figure.start - figure.sentence_start]
    from_part = any(before.rstrip("约的近").endswith(word) for word in ("从", "由", "自", "将"))
    return from_part == (ask.end == "from")


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
    weights = Weights(found.texts)
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
        if pick.main is None and ask.borrowed:
            freed = ask.model_copy(update={"units": frozenset(), "borrowed": False})
            pick = _pick(query, freed, following, first, rest, period, weights, threshold, plans_too=plans_too)
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
    placed: list[tuple[float, Scored]] = []
    plans: list[tuple[float, Scored]] = []
    rejected: list[Scored] = []
    status = wanted_status(query, ask)
    for one in fits:
        worth = _standing(query, ask, period, one)
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
    good = [(worth, one) for worth, one in placed if one.score >= threshold or _leaning(first, one, threshold)]
    considered = tuple(one for _, one in placed[:8]) + tuple(replace(o, why="a target") for _, o in plans[:3])
    considered += tuple(rejected[:4]) + tuple(out[:2])
    if not good and plans_too:
        good = [(worth, one) for worth, one in plans if one.score >= threshold]
    if not good:
        plan = plans[0][1] if plans and plans[0][1].score >= threshold else None
        return Pick(ask, None, (), plan, considered)
    main = _latest(query, good) if period is None and not query.report_years else good[0][1]
    others = siblings(query, ask, main, [one for _, one in good], period)
    if (part := own_part(ask, main, [one for _, one in good])) is not main:
        return Pick(ask, part, (), None, considered)
    main, others = revised_first(finer(main, [one for _, one in good]), others)
    return Pick(ask, main, others, None, considered)


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


def beside(query: Query, ask: Ask, main: Candidate, found: Sequence[Candidate]) -> Pick:
    """增速呢？排第几？: the figure of that kind which the report ties to the one picked before."""
    rows: list[tuple[float, Scored]] = []
    for candidate in found:
        figure = candidate.figure
        if figure.start == main.figure.start and candidate.stored.report.no == main.stored.report.no:
            continue
        if ask.words and not _speaks_of(candidate, ask.words):
            continue
        if allowed(ask, figure) or (figure.status == "target" and wanted_status(query, ask) != "target"):
            continue
        if wanted_status(query, ask) == "target" and figure.status != "target":
            continue
        rows.append((_tie(main, candidate), Scored(candidate, 0.0)))
    rows.sort(key=lambda pair: -pair[0])
    if not rows or rows[0][0] < 0.5:
        return Pick(ask, None)
    score, best = rows[0]
    return Pick(ask, Scored(best.candidate, score), (), None, tuple(Scored(o.candidate, s) for s, o in rows[:5]))


def _speaks_of(candidate: Candidate, words: str) -> bool:
    """占全国多少, 占GDP多少: the clause names what it is a part of."""
    if {name for name, _ in mentioned(words)} & {name for name, _ in mentioned(candidate.stored.clause)}:
        return True
    generic = ("比重", "比例", "份额", "占比")
    pairs = [pair for pair, weight in features(words) if weight == 1.0 and pair not in generic]
    return bool(pairs) and all(pair in candidate.clause for pair in pairs)


def _tie(main: Candidate, other: Candidate) -> float:
    """How surely `other` speaks of what `main` counts."""
    a, b = main.figure, other.figure
    same_report = main.stored.report.no == other.stored.report.no
    one = a.indicator == b.indicator or a.indicator_text == b.indicator_text
    if same_report and a.sentence_start == b.sentence_start:
        gap = b.start - a.end
        if one:
            return 1.0 - min(abs(gap), 100) / 1000
        return (0.8 if gap >= 0 else 0.45) - min(abs(gap), 200) / 500
    if one and a.canonical and a.period is not None and b.period is not None and a.period == b.period:
        return 0.7
    if one and same_report and a.period == b.period and a.status == b.status:
        return 0.65
    return 0.0
