"""How well a candidate stands among equally worded ones: what period, status and scope add or take."""

from __future__ import annotations

from zhengwen.bot.match import Candidate, Scored
from zhengwen.bot.query import Ask, Query, StatusAsked
from zhengwen.bot.ranking_periods import TIER_COST, tier
from zhengwen.bot.ranking_same import alike
from zhengwen.ingest.models import Figure, Period
from zhengwen.ingest.periods import Anchor, find_periods


def wanted_status(query: Query, ask: Ask) -> StatusAsked:
    return ask.status or query.status


def standing(query: Query, ask: Ask, period: Period | None, one: Scored) -> float:
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
        worth += 0.05 if is_end(one.candidate, ask) else -0.05
    if stored.mode == "multi_review" and period is not None and period.is_year:
        worth -= 0.03  # the section speaks of several years
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


def is_end(candidate: Candidate, ask: Ask) -> bool:
    """Whether the figure is the from-part or the to-part of 由X提高到Y, as asked."""
    figure = candidate.figure
    before = candidate.stored.sentence[: figure.start - figure.sentence_start]
    from_part = any(before.rstrip("约的近").endswith(word) for word in ("从", "由", "自", "将"))
    return from_part == (ask.end == "from")
