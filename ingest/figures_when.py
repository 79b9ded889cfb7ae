"""To which period a number belongs, and whether it is a result, a target, a total or an average."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass, replace

from zhengwen.ingest.clauses import Slot, Stem
from zhengwen.ingest.cues import Cues
from zhengwen.ingest.models import About, Block, FigureKind, Mark, MarkRole, Period, Status
from zhengwen.ingest.numerals import DIGITS
from zhengwen.ingest.periods import PeriodMention
from zhengwen.ingest.quantities import Quantity

_COMPARED = re.compile(r"[与同和](?:[^，。；]{2,24})相比|[（(][^（）()]*[）)]")
_YEARS = re.compile(
    r"(?<![\d一二三四五六七八九十〇前后连续])(?:近|过去|前|这)?(?P<n>[二三四五六七八九十两]|\d{1,2})年"
    r"(?=来|间|共|中|累计|年均|分别|平均|增|减|下降|提高|接近|翻|新增|完成|投入|建成|[，,]?年均)"
)
LONG_BASIS = re.compile(
    r"(?:前|上个?)[三四五]年|“?十?[一二三四五六七八九]五”?(?:时期|期间)|“十?[一二三四五六七八九]五”$|五年前"
)
_NOT_HEAD = re.compile(r"[^\s—\-–一二三四五六七八九十是第首先到至截止在从自（）()\d.、，]")
"""A sentence's head may hold a number or a preposition before its period: 二是到2025年."""
_RELATIVE = re.compile(r"[去今上明本来]")
_AFTER = re.compile(r"继(?:\d{4}|去|上)年[^，。；]*(?:后|来)[，,]")
"""继2021年迈过4000亿元台阶后，: what follows is of the sentence's own year again."""
_KEPT = re.compile(r"始终|一直|连续|保持在|稳定在|每年")
_YEAR_ON_YEAR = re.compile(r"同比|比上年|较上年|比去年|较去年|环比")


@dataclass(frozen=True, slots=True)
class Clause:
    """What the clause says about time: a from–to part, a flow, a running total."""

    role: str
    flow: bool
    cumulative: bool
    kind: FigureKind


@dataclass(frozen=True, slots=True)
class When:
    """Status and period with the words that gave them."""

    status: Status
    period: Period | None
    estimated: bool
    marks: tuple[Mark, ...] = ()


def mark(role: MarkRole, start: int, end: int) -> Mark:
    """A mark without validation: there are three to each figure."""
    return Mark.model_construct(role=role, start=start, end=end)


class Clock:
    """Reads status and period of the numbers of one sentence."""

    def __init__(
        self, text: str, block: Block, about: About, cues: Cues, *, sentence: tuple[int, int],
        mentions: Sequence[PeriodMention], carried: Period | None,
    ) -> None:  # fmt: skip
        self.text, self.block, self.about, self.cues, self.sentence = text, block, about, cues, sentence
        compared = [match.span() for match in _COMPARED.finditer(text, *sentence)]
        self.mentions = [
            one
            for one in mentions
            if _alone(text, one) or not any(low <= one.start and one.end <= high for low, high in compared)
        ]
        self.carried = carried
        self.reviewed = about.year_reviewed.value
        self.untold = False
        """Whether the number lies in a year that cannot be told: 去年 in a text without a date."""
        self.base = block.period
        self.plan = block.mode == "plan"
        if about.kind == "bulletin" and self.reviewed is not None:
            # A bulletin tells results only, whatever the date beneath its title says.
            self.base, self.plan = Period.years(self.reviewed), False

    def at(
        self, slot: Slot, own: Stem, quantity: Quantity, clause: Clause, *, basis: Sequence[tuple[int, int]]
    ) -> When:
        """Target, average, total or result, and the period, of one number; no period where the words cannot be told."""
        when = self._at(slot, own, quantity, clause, basis=basis)
        return replace(when, period=None) if self.untold else when

    def _at(
        self, slot: Slot, own: Stem, quantity: Quantity, clause: Clause, *, basis: Sequence[tuple[int, int]]
    ) -> When:
        said, span = self._said(slot, quantity, basis)
        planned, cue = self._planned(slot, quantity, said)
        marks = [mark("period", *span)] if span else []
        if cue:
            marks.append(mark("status", *cue))
        estimate = self.cues.estimated.search(self.text, self.sentence[0], quantity.start)
        estimated = bool(estimate) and not planned
        if clause.role == "from":
            return When("actual", self._before(slot, quantity, said), estimated, tuple(marks))
        average = self.cues.average.search(self.text, slot.pre, quantity.start)
        if average or own.has("average"):
            status: Status = "target" if planned else "average"
            if average:
                marks.append(mark("status", *average.span()))
            return When(status, self._span(said), estimated, tuple(marks))
        status, period = self._status(said, own, quantity, clause, slot)
        return When("target" if planned else status, period, estimated, tuple(marks))

    def _status(
        self, said: Period | None, own: Stem, quantity: Quantity, clause: Clause, slot: Slot
    ) -> tuple[Status, Period | None]:
        period, kind = said or self.base, clause.kind
        many = period is not None and period.start.year != period.end.year
        if clause.cumulative and kind in ("level", "count", "change", "ratio") and quantity.family != "doublings":
            wide = next((one for one in (said, self.base) if one and one.start.year != one.end.year), None)
            wide = wide if said is None or many else None
            if wide is None and self._many() and self.base and period and period.end == self.base.end:
                wide = self.base
            return ("cumulative", wide or period) if kind in ("level", "count") or many or wide else ("actual", period)
        if not many or period is None:
            return "actual", period
        if quantity.unit == "年":
            return "actual", Period.years(period.end.year)
        last = Period.years(period.end.year)
        if kind in ("change", "change_pp"):
            if _YEAR_ON_YEAR.match(own.basis):
                return "actual", last
            if said is None and self.cues.estimated.search(self.text, self.sentence[0], quantity.start):
                return "actual", last
            return ("actual" if quantity.family == "doublings" else "cumulative"), period
        if kind == "ratio" and LONG_BASIS.search(own.basis):
            return "cumulative", period
        if clause.flow and kind in ("level", "count"):
            return "cumulative", period
        if kind == "share" and _KEPT.search(self.text, slot.pre, quantity.start):
            return "actual", period
        return "actual", last

    def _planned(self, slot: Slot, quantity: Quantity, said: Period | None) -> tuple[bool, tuple[int, int] | None]:
        """Whether the number is a target, and the word that says so."""
        past = said is not None and self.reviewed is not None and said.end.year <= self.reviewed
        if self.plan:
            return not past and not self.cues.plan_actual.search(self.text, slot.clause, quantity.start), None
        if past and said is not None and self.text.find("目标", *self.sentence) < 0:
            return False, None
        if said is not None and self.reviewed is not None and said.start.year > self.reviewed + 1:
            return True, None
        low = self.sentence[0]
        if self.block.mode in ("review", "multi_review"):
            low = max(low, self.text.rfind("；", low, quantity.start), self.text.rfind(";", low, quantity.start))
        if match := self.cues.target.search(self.text, low, quantity.start):
            return True, match.span()
        future = said is not None and self.reviewed is not None and said.start.year > self.reviewed
        return future and self.about.kind == "work_report", None

    def _many(self) -> bool:
        return self.base is not None and self.base.start.year != self.base.end.year

    def _span(self, said: Period | None) -> Period | None:
        """The years an average or a total runs over; None where the report does not tell."""
        for period in (said, self.base, self.about.covers):
            if period is not None and period.start.year != period.end.year:
                return period
        return None

    def _said(
        self, slot: Slot, quantity: Quantity, basis: Sequence[tuple[int, int]]
    ) -> tuple[Period | None, tuple[int, int] | None]:
        """The period named last before the number, other than one it is compared with."""
        found, span = self.carried, None
        self.untold = False
        for mention in self.mentions:
            if mention.end > quantity.start:
                break
            if mention.role == "in" and mention.period is None and _RELATIVE.match(self.text, mention.start):
                self.untold = True
            if (since := self._since(mention)) is not None:
                found, span = since, (mention.start, mention.end)
            if mention.role != "in" or mention.period is None:
                continue
            if any(low <= mention.start < high for low, high in basis):
                continue
            if not self._reaches(mention, mention.period, slot, quantity):
                continue
            if _AFTER.search(self.text, max(0, mention.start - 1), quantity.start):
                continue
            found, span, self.untold = mention.period, (mention.start, mention.end), False
        local = None
        for match in _YEARS.finditer(self.text, slot.clause, quantity.start):
            local = match
        if local and (span is None or local.start() >= span[0]):
            found, span = self._years(local["n"]), local.span()
        if found is not None and found.start.year == found.end.year and not found.whole_years:
            begin = span[1] if span else self.sentence[0]
            if re.search(r"全年|年末|年底", self.text[begin : quantity.start]):
                found = Period.years(found.end.year)
        return found, span

    def _since(self, mention: PeriodMention) -> Period | None:
        """自2017年开展…: from that year to the one reviewed."""
        year = mention.period
        if year is None or mention.role != "from" or not year.is_year or self.plan:
            return None
        after = self.text[mention.end : mention.end + 1]
        alone = self.text.startswith("自", mention.start - 1) and after not in "的至到—"
        if not alone or self.reviewed is None or self.reviewed < year.start.year:
            return None
        return Period.years(year.start.year, self.reviewed)

    def _reaches(self, mention: PeriodMention, period: Period, slot: Slot, quantity: Quantity) -> bool:
        """Whether a period named earlier in the sentence still holds.

        A year holds to the end of the sentence, a coming one to the next ； and only where it is no part of a name;
        a span of years holds in its own clause, or from the head of the sentence on.
        """
        text = self.text
        before, after = text[mention.start - 1 : mention.start], text[mention.end : mention.end + 1]
        head = not _NOT_HEAD.search(text[self.sentence[0] : mention.start])
        many = period.start.year != period.end.year
        if not self.plan and self.reviewed is not None and period.end.year > self.reviewed:
            adverb = after in "，," or before in "，,：:到至在于、" or (head and not many)
            same = all(text.find(mark, mention.end, quantity.start) < 0 for mark in "；;")
            return adverb and same and (not many or mention.end > slot.clause)
        return not many or head or mention.end > slot.clause or before in "；;。：:"

    def _years(self, number: str) -> Period | None:
        count = int(number) if number.isdigit() else 10 if number == "十" else DIGITS[number]
        base = self.base or self.about.covers
        if base is not None and base.end.year - base.start.year + 1 == count:
            return base
        covers = self.about.covers
        if covers is not None and covers.end.year - covers.start.year + 1 == count and not self.plan:
            return covers
        end = base.end.year if base is not None else self.reviewed
        if end is None:
            return None
        if self.plan:
            first = base.start.year if base is not None else end + 1
            return Period.years(first, first + count - 1)
        return Period.years(end - count + 1, end)

    def _before(self, slot: Slot, quantity: Quantity, said: Period | None) -> Period | None:
        """The year that 由2015年的 names, else the year before the span."""
        for mention in reversed(self.mentions):
            if slot.pre <= mention.start and mention.end <= quantity.start and mention.role in ("from", "in"):
                if said is not None and said.is_year and self.text.startswith("上", mention.start):
                    # 由上年的第31位 in a sentence about 2006 is 2005, whenever the report was read out.
                    return Period.years(said.start.year - 1)
                return mention.period
        period = self.base if said is None or (self.base and said.end.year == self.base.end.year) else said
        return None if period is None else Period.years(period.start.year - 1)


def _alone(text: str, mention: PeriodMention) -> bool:
    """A bracket that holds nothing but the period: （2016-2020年）."""
    return text[mention.start - 1 : mention.start] in "（(" and text[mention.end : mention.end + 1] in "）)"
