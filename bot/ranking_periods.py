"""How well the period of a figure fits the one that is asked for."""

from __future__ import annotations

import re

from zhengwen.bot.match import Candidate
from zhengwen.bot.query import Query
from zhengwen.ingest.models import Period

OUTSIDE = 9
"""Tier of a figure whose period is not the one asked for."""
TIER_COST = {0: 0.0, 1: 0.02, 2: 0.08, 3: 0.16}


def tier(query: Query, period: Period | None, candidate: Candidate) -> int:
    """How well the figure's period fits the one asked for: 0 the same, 1 a part of it, 2 and 3 looser, 9 not."""
    own = candidate.figure.period
    if period is None:
        many = own is not None and own.whole_years and not own.is_year
        spanning = many or candidate.figure.status in ("cumulative", "average")
        spanning = spanning or candidate.stored.mode == "multi_review"
        return 0 if not query.span or spanning else 2
    if own is None:
        reviewed = candidate.stored.report.year_reviewed
        return 2 if reviewed == period.end.year and candidate.stored.mode != "plan" else OUTSIDE
    if own == period:
        return 0
    if period.is_year:
        return _tier_of_year(query, period, own, candidate)
    if period.whole_years:
        if query.open_end and own.start == period.start and own.whole_years and own.end <= period.end:
            return 0 if not own.is_year else 1
        if own.end.year == period.end.year and own.whole_years:
            if not own.is_year and abs(own.start.year - period.start.year) <= 1:
                return 0
            loose = _stock(candidate) or candidate.stored.mode == "multi_review"
            return 2 if own.is_year and loose else OUTSIDE
        return OUTSIDE
    return 1 if own.end == period.end and own.start.year == period.start.year else OUTSIDE


def _tier_of_year(query: Query, period: Period, own: Period, candidate: Candidate) -> int:
    if period.contains(own):
        return OUTSIDE if "全年" in query.text else 1  # 1—3月 is not the year as a whole
    if own.whole_years and own.end.year == period.end.year:
        if candidate.figure.status == "average" and "均" not in query.text:
            return OUTSIDE  # 2021—2025年年均增长 is no growth of 2025
        if query.basis or query.span or re.search(r"[到至]\d{4}年|年[末底]", query.text):
            return 1
        return 3 if _stock(candidate) else OUTSIDE
    return OUTSIDE


def _stock(candidate: Candidate) -> bool:
    """A value that stands at the end of the years (达到, 增至, a share, a rank), not one that adds up over them."""
    figure = candidate.figure
    if figure.kind in ("share", "rank", "ratio"):
        return True
    before = candidate.stored.sentence[: figure.start - figure.sentence_start]
    reached = re.search(r"(?:达到?|增?至|到|为|突破|超过?|共有|现有|拥有)[了约近]?$", before)
    return reached is not None and figure.kind != "change"
