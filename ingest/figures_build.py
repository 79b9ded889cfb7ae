"""Reads one block sentence by sentence and puts the figures together."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence

from zhengwen.ingest.clauses import Slot, Stem, slots, stem
from zhengwen.ingest.cues import Cues
from zhengwen.ingest.figures_behind import noun_behind
from zhengwen.ingest.figures_kind import kind_of, signed
from zhengwen.ingest.figures_names import named
from zhengwen.ingest.figures_scope import Scopes
from zhengwen.ingest.figures_subjects import Context, Subject, Subjects
from zhengwen.ingest.figures_when import LONG_BASIS, Clause, Clock, When, mark
from zhengwen.ingest.models import About, Block, Bound, Figure, FigureKind, Mark, Period
from zhengwen.ingest.periods import Anchor, PeriodMention, find_periods
from zhengwen.ingest.quantities import Quantity

_NEXT_ITEM = re.compile(r"[\u4e00-\u9fff（）()“”]+?(?:[、；]|和(?=[^、]{2,}$))")
"""5个县（区）、|83个行政村: the words before the mark belong to the number before."""
_MONTHS = re.compile(r"月|季度|半年|年")
_CHANGED = re.compile(r"[将把]\s?$")
"""将|63个社区调整为84个: the first number was before."""
_LIST_BOUNDS = ("at_least", "about", "at_most")


class Reader:
    """Reads the sentences of one block; keeps the subject that a sentence without one inherits."""

    def __init__(self, text: str, block: Block, about: About, *, anchor: Anchor, cues: Cues, scopes: Scopes) -> None:
        self.text, self.block, self.about = text, block, about
        self.anchor, self.cues, self.scopes = anchor, cues, scopes
        self.subjects = Subjects(text, cues)
        self.carried: Period | None = None
        self.moment: When | None = None
        """Status and period of the last level or change, for 高于全省0.3个百分点."""
        self.per = ""
        self.flow = False
        """Whether the number before was something done: 创建7个枢纽、|3个基地."""

    @property
    def context(self) -> Context:
        return self.subjects.context

    def sentence(self, start: int, end: int, quantities: Sequence[Quantity]) -> Iterator[Figure]:
        """The figures of one sentence in order."""
        if not quantities and not _MONTHS.search(self.text, start, min(end, start + 24)):
            return
        mentions = [
            PeriodMention(m.start + start, m.end + start, m.period, m.role)
            for m in find_periods(self.text[start:end], self.anchor, mode=self.block.mode)
        ]
        kept = None if any(m.role == "in" for m in mentions) else self.carried
        carried = None if mentions or re.search(r"全年|预计|年末", self.text[start:end]) else kept
        self._carry(start, mentions, kept)
        if not quantities:
            return
        clock = Clock(
            self.text, self.block, self.about, self.cues, sentence=(start, end), mentions=mentions, carried=carried
        )
        self.context.recent = []
        self._reset()
        found = slots(self.text, start, end, quantities)
        stems = [self._stem(slot, mentions) for slot in found]
        basis = [own.basis_span for own in stems if own.basis_span[0] >= 0]
        for index, (slot, own) in enumerate(zip(found, stems, strict=True)):
            if slot.fresh and self.text[slot.clause - 1 : slot.clause] in ("；", ";"):
                self._reset()
            following = stems[index + 1] if index + 1 < len(stems) else None
            yield from self._slot(slot, own, following, clock, basis)

    def _carry(self, start: int, mentions: Sequence[PeriodMention], carried: Period | None) -> None:
        """至11月份 at the head of a sentence reaches on into those that name no period."""
        self.carried = carried
        for mention in mentions:
            period = mention.period
            if mention.role == "in" and period is not None and mention.start <= start + 2:
                self.carried = None if period.whole_years else period

    def _reset(self) -> None:
        self.context.cumulative, self.context.part_of, self.context.whole, self.context.recent = False, "", "", []

    def _stem(self, slot: Slot, mentions: Sequence[PeriodMention]) -> Stem:
        first = slot.group[0]
        high = first.bound_start if slot.pre <= first.bound_start < first.start else first.start
        low = slot.pre
        if not slot.fresh and (cut := _NEXT_ITEM.match(self.text, low, high)):
            low = cut.end()
        return stem(self.text, low, high, first, cues=self.cues, mentions=mentions)

    def _slot(
        self, slot: Slot, own: Stem, following: Stem | None, clock: Clock, basis: Sequence[tuple[int, int]]
    ) -> Iterator[Figure]:
        context = self.context
        first = slot.group[0]
        if "其中" in self.text[slot.pre : first.start]:
            context.part_of = context.part_of or context.whole
        role = self._role(own, following)
        own.per = own.per or (self.per if role == "to" else "")
        self.per = own.per
        subjects = self.subjects.of(slot, own, role=role)
        head = self.text[slot.pre : own.end]
        post = not role and bool(noun_behind(self.text, slot, self.cues))
        flow = self._flow(head, subjects, own) or (self.flow and not slot.fresh and not own.words)
        self.flow = flow
        if self.cues.cumulative.search(self.text, slot.pre, first.start):
            context.cumulative = True
        elif slot.fresh and not flow and own.words and first.kind in ("count", "level") and "其中" not in head:
            context.cumulative = False
        shifts = following is not None and following.has("adjust_to", "rise_to", "fall_to")
        if shifts and _CHANGED.search(self.text, slot.pre, first.start):
            role = "from"
        for index, subject in enumerate(subjects):
            quantity = slot.group[min(index, len(slot.group) - 1)]
            kind, sign = kind_of(self.text, slot, own, quantity, subject.text, cues=self.cues, post=post)
            clause = Clause(role=role, flow=flow, cumulative=context.cumulative, kind=kind)
            moment = clock.at(slot, own, quantity, clause, basis=basis)
            if own.versus and own.start >= own.end and self.moment is not None:
                moment = self.moment
            if kind in ("change", "level", "count"):
                self.moment = moment
            if kind == "ratio" and context.cumulative and LONG_BASIS.search(own.basis) and self.moment:
                moment = self.moment
            yield self._figure(slot, own, quantity, subject, kind, sign, moment, clock.sentence)
        if first.kind in ("level", "count") and not context.part_of and not own.has("rise", "fall"):
            context.whole = subjects[-1].text

    def _flow(self, head: str, subjects: Sequence[Subject], own: Stem) -> bool:
        """Whether something was done in the period (建成学校8座), so that the number adds up over the years."""
        if own.has("rise_to", "fall_to", "adjust_to", "rise", "fall"):
            return False
        nearest = own.words[0][0] if own.words else ""
        if nearest in ("达到", "达", "为", "已达", "已达到", "有", "共有", "已有", "现有", "拥有"):
            return False
        return bool(self.cues.action.search(head) or self.cues.action.search(subjects[0].text if subjects else ""))

    def _role(self, own: Stem, following: Stem | None) -> str:
        """`from` for the first part of 由X增加到Y, `to` for the second."""
        context = self.context
        if context.from_open and own.start >= own.end:
            context.from_open = False
            return "to"
        context.from_open = own.has("from_word") and following is not None
        return "from" if context.from_open else ""

    def _figure(
        self, slot: Slot, own: Stem, quantity: Quantity, subject: Subject, kind: FigureKind, sign: int, moment: When,
        sentence: tuple[int, int],
    ) -> Figure:  # fmt: skip
        name = named(subject.text, own, quantity, kind, moment.status)
        ahead = self.text[sentence[0] : max(slot.clause, sentence[0])]
        scope, region = self.scopes.of(subject, name.text, ahead=ahead)
        top = None if quantity.value_max is None else signed(quantity.value_max, sign)
        part = self._part(sentence, quantity)
        part_of = self.context.part_of if kind in ("level", "count", "share") else ""
        return Figure.model_construct(
            indicator=name.canonical or name.text, indicator_text=name.text, canonical=name.canonical is not None,
            qualifiers=name.qualifiers, value=signed(quantity.value, sign), value_max=top, parts=quantity.parts,
            unit=quantity.unit, surface=quantity.surface, kind=kind, status=moment.status,
            estimated=moment.estimated, bound=_bound(slot, own, quantity), period=moment.period, region=region,
            scope=scope, basis=own.basis, per=own.per, among=own.among, part_of=part_of, start=quantity.start,
            end=quantity.end, sentence_start=part[0], sentence_end=part[1], clause_start=slot.clause,
            clause_end=slot.clause_end, marks=_marks(self.text, slot, subject, quantity, own) + moment.marks,
        )  # fmt: skip

    def _part(self, sentence: tuple[int, int], quantity: Quantity) -> tuple[int, int]:
        """The part of the sentence between two ；: what a reader needs to see of it."""
        low = max(sentence[0], *(self.text.rfind(one, sentence[0], quantity.start) + 1 for one in "；;"))
        ends = [at for at in (self.text.find(one, quantity.end, sentence[1]) for one in "；;") if at >= 0]
        while low < quantity.start and self.text[low].isspace():
            low += 1
        return low, min(ends) + 1 if ends else sentence[1]


def _bound(slot: Slot, own: Stem, quantity: Quantity) -> Bound:
    """A word that opens or closes a list covers all of it: 分别超过98%、95%; 3000家、300家和200家以上."""
    first, last = slot.group[0], slot.group[-1]
    if quantity.bound == "exact" and 0 <= first.bound_end <= first.start and own.has("respectively"):
        return first.bound
    if quantity.bound == "exact" and last.bound in _LIST_BOUNDS and last.bound_start >= last.end:
        return last.bound
    return quantity.bound


def _marks(text: str, slot: Slot, subject: Subject, quantity: Quantity, own: Stem) -> tuple[Mark, ...]:
    marks = [mark("value", quantity.start, quantity.end)]
    if 0 <= subject.start < subject.end:
        marks.append(mark("indicator", subject.start, subject.end))
    if quantity.bound_start >= 0:
        marks.append(mark("bound", quantity.bound_start, quantity.bound_end))
    if own.basis_span[0] >= 0:
        marks.append(mark("basis", *own.basis_span))
    if subject.scope and (at := text.rfind(subject.scope, slot.pre, quantity.start)) >= 0:
        marks.append(mark("scope", at, at + len(subject.scope)))
    return tuple(marks)
