"""To which period a number belongs, and whether it is a result, a target, a total or an average."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass

from zhengwen.ingest.clauses import Slot, Stem
from zhengwen.ingest.cues import Cues
from zhengwen.ingest.models import About, Block, FigureKind, Period, Status
from zhengwen.ingest.periods import PeriodMention
from zhengwen.ingest.quantities import Quantity


@dataclass(frozen=True, slots=True)
class Status3:
    """What the clause says: part of a from–to pair, a flow, a total."""

    role: str
    flow: bool
    cumulative: bool
    kind: FigureKind


def when(
    text: str, slot: Slot, own: Stem, quantity: Quantity, state: Status3, block: Block, about: About,
    mentions: Sequence[PeriodMention], cues: Cues, sentence: tuple[int, int],
) -> tuple[Status, Period | None, bool]:  # fmt: skip
    """Status, period and whether the number is an estimate."""
    before = text[sentence[0] : quantity.start]
    base = block.period
    reviewed = about.year_reviewed.value
    said = _said(text, slot, quantity, mentions)
    average = bool(cues.average.search(text, slot.pre, quantity.start))
    many = base is not None and base.start.year != base.end.year
    period = said or base
    planned = block.mode == "plan" and not (said is not None and reviewed is not None and said.end.year <= reviewed)
    planned = planned and not cues.plan_actual.search(text, slot.clause, quantity.start)
    if block.mode != "plan" and (cues.target.search(before) or (said and reviewed and said.end.year > reviewed + 0 and about.kind == "work_report")):
        planned = True
    span = _span(said, base, about)
    estimated = bool(cues.estimated.search(before)) and not planned
    status: Status = "actual"
    if state.role == "from":
        return "actual", _from_period(text, slot, quantity, mentions, period), estimated
    if average:
        status, period = "average", span or period
    elif state.cumulative and state.kind not in ("rank", "share", "change_pp"):
        status, period = "cumulative", (span or period) if said is None or said.start.year == said.end.year else said
    elif many and said is None and not planned:
        if state.kind in ("change", "change_pp") and not own.basis.startswith(("同比", "比上年")):
            status = "cumulative" if state.kind == "change" else "actual"
        elif state.flow and state.kind in ("count", "level"):
            status = "cumulative"
        elif period is not None:
            period = Period.years(period.end.year)
    elif many and planned and said is None and period is not None:
        period = period if state.flow and state.kind in ("count", "level") else Period.years(period.end.year)
    elif said is not None and said.start.year != said.end.year and period is not None:
        if state.kind in ("change",) or state.flow:
            status = "cumulative"
        else:
            period = Period.years(said.end.year)
    if planned:
        status = "target"
    return status, period, estimated


def _span(said: Period | None, base: Period | None, about: About) -> Period | None:
    """The years an average or a total runs over."""
    for period in (said, base, about.covers):
        if period is not None and period.start.year != period.end.year:
            return period
    return None


def _said(text: str, slot: Slot, quantity: Quantity, mentions: Sequence[PeriodMention]) -> Period | None:
    """The period named last before the number (not one it is compared with)."""
    found: Period | None = None
    for mention in mentions:
        if mention.end > quantity.start:
            break
        if mention.role != "in" or mention.period is None:
            continue
        if re.match(r"的(?=[\d.]+倍)", text[mention.end : mention.end + 8]) or text[mention.start - 1 : mention.start] in ("是", "为"):
            continue
        if found is not None and found.start.year != found.end.year and mention.start < slot.clause:
            found = None
        found = mention.period
        if found.start.year != found.end.year and mention.end < slot.clause and not re.match(r"[，,]", text[mention.end : mention.end + 1]):
            found = None
    return found


def _from_period(
    text: str, slot: Slot, quantity: Quantity, mentions: Sequence[PeriodMention], period: Period | None
) -> Period | None:
    """The year before the span, or the year that 由2015年的 names."""
    for mention in reversed(mentions):
        if mention.role == "from" and slot.pre <= mention.start and mention.end <= quantity.start:
            return mention.period
    return None if period is None else Period.years(period.start.year - 1)
