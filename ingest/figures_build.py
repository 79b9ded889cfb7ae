"""Reads one block sentence by sentence: subjects, kinds, status and periods of its numbers."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field

from zhengwen.ingest.clauses import Slot, Stem, slots, split_subjects, stem, trim_lead
from zhengwen.ingest.cues import Cues
from zhengwen.ingest.figures_kind import kind_of
from zhengwen.ingest.figures_when import Status3, when
from zhengwen.ingest.models import About, Block, Figure, Mark, Period
from zhengwen.ingest.periods import Anchor, PeriodMention, find_periods
from zhengwen.ingest.quantities import Quantity


@dataclass(slots=True)
class Subject:
    """The words an indicator is read from, with their span."""

    text: str
    start: int = -1
    end: int = -1
    qualifier: str = ""


@dataclass(slots=True)
class Context:
    """What a sentence has said so far."""

    last: Subject | None = None
    raw: Subject | None = None
    """The last explicit subject, before a list was split."""
    recent: list[Subject] = field(default_factory=list)
    verb: str = ""
    cumulative: bool = False
    part_of: str = ""
    whole: str = ""
    from_open: bool = False


class Reader:
    """Reads the sentences of one block; keeps the subject that a sentence without one inherits."""

    def __init__(self, text: str, block: Block, about: About, anchor: Anchor, cues: Cues) -> None:
        self.text, self.block, self.about, self.anchor, self.cues = text, block, about, anchor, cues
        self.context = Context()

    def sentence(self, start: int, end: int, quantities: Sequence[Quantity]) -> Iterator[Figure]:
        """The figures of one sentence in order."""
        if not quantities:
            return
        mentions = [
            PeriodMention(m.start + start, m.end + start, m.period, m.role)
            for m in find_periods(self.text[start:end], self.anchor, mode=self.block.mode)
        ]
        context = Context(last=self.context.last, raw=self.context.raw)
        context.recent = []
        self.context = context
        found = slots(self.text, start, end, quantities)
        stems = [self._stem(slot, mentions) for slot in found]
        for index, slot in enumerate(found):
            following = stems[index + 1] if index + 1 < len(found) else None
            yield from self._slot(slot, stems[index], following, mentions, (start, end))

    def _stem(self, slot: Slot, mentions: Sequence[PeriodMention]) -> Stem:
        first = slot.group[0]
        high = first.bound_start if slot.pre <= first.bound_start < first.start else first.start
        spans = [(m.start, m.end) for m in mentions]
        found = stem(self.text, slot.pre, high, self.cues, spans, rank=first.family == "rank")
        begin = trim_lead(self.text, found.start, found.end, self.cues, spans)
        return Stem(begin, found.end, found.words, found.basis, found.basis_span, found.per, found.among)

    def _slot(
        self, slot: Slot, own: Stem, following: Stem | None, mentions: Sequence[PeriodMention], sentence: tuple[int, int]
    ) -> Iterator[Figure]:
        text, context = self.text, self.context
        if ";" in text[slot.pre - 1 : slot.pre] or text[slot.pre - 1 : slot.pre] == "；":
            context.cumulative, context.part_of, context.recent = False, "", []
        head = text[slot.pre : own.end]
        if "其中" in text[slot.pre : slot.group[0].start]:
            context.part_of = context.whole
        role = self._role(own, following)
        subjects = self._subjects(slot, own)
        flow = bool(self.cues.action.search(head)) and not own.has("rise_to", "fall_to", "adjust_to") and not (own.words and own.words[0][0] in ("达到", "达", "为"))
        if self.cues.cumulative.search(text, slot.pre, slot.group[0].start):
            context.cumulative = True
        last_bound = slot.group[-1]
        for index, subject in enumerate(subjects):
            quantity = slot.group[min(index, len(slot.group) - 1)]
            kind, value, value_max = kind_of(text, slot, own, quantity, subject.text, self.cues)
            state = Status3(role=role, flow=flow, cumulative=context.cumulative, kind=kind)
            status, period, estimated = when(
                text, slot, own, quantity, state, self.block, self.about, mentions, self.cues, sentence
            )
            bound = quantity.bound
            if bound == "exact" and last_bound.bound in ("at_least", "about", "at_most") and last_bound.bound_end > last_bound.end:
                bound = last_bound.bound
            name = subject.text
            marks = self._marks(subject, quantity, own)
            qualifiers = (subject.qualifier,) if subject.qualifier else ()
            yield Figure(
                indicator=name, indicator_text=name, qualifiers=qualifiers, value=value, value_max=value_max,
                parts=quantity.parts, unit=quantity.unit, surface=quantity.surface, kind=kind, status=status,
                estimated=estimated, bound=bound, period=period, region=self.about.region.value,
                basis=own.basis, per=own.per, among=own.among, part_of=context.part_of,
                start=quantity.start, end=quantity.end, sentence_start=sentence[0], sentence_end=sentence[1],
                clause_start=slot.clause, clause_end=slot.clause_end, marks=marks,
            )  # fmt: skip
            if kind in ("level", "count") and not context.part_of:
                context.whole = quantity.surface

    def _role(self, own: Stem, following: Stem | None) -> str:
        """`from` for the first part of 由X增加到Y, `to` for the second."""
        context = self.context
        if context.from_open and own.start >= own.end:
            context.from_open = False
            return "to"
        context.from_open = False
        if own.has("from_word") and following is not None:
            context.from_open = True
            return "from"
        return ""

    def _subjects(self, slot: Slot, own: Stem) -> list[Subject]:
        """One subject for each number of the slot; several for a shared one (均)."""
        text, context, count = self.text, self.context, len(slot.group)
        core = text[own.start : own.end].strip(" 　、，,的“\"")
        post = self._post(slot)
        explicit = bool(core)
        shared = own.has("shared_number") and count == 1
        if explicit and self.cues.attribute.match(core) and context.last is not None and not (slot.fresh and len(core) > 14 and core[0] not in "占对相"):
            base = self._inherited(count, shared=shared)
            return self._keep([Subject(one.text + core, own.start, own.end, one.qualifier) for one in base], remember=False)
        if not explicit and post and not own.words:
            core, explicit = post, True
            return self._keep([Subject(core, slot.group[-1].end, slot.post_end)] * count, raw=True)
        if not explicit:
            if post and slot.group[0].kind in ("count",):
                return self._keep([Subject(post, slot.group[-1].end, slot.post_end)] * count, raw=True)
            return self._inherited(count, shared=shared)
        if post and slot.group[0].kind in ("count", "level") or (post and slot.group[0].family == "percent" and not own.has("rise", "fall", "rise_to", "fall_to")):
            core = core + post
        if "分别" in core:
            head, _, verb = core.partition("分别")
            members = split_subjects(head, count, self.cues) if count > 1 else None
            if members:
                return self._keep([self._named(member + verb, own) for member in members], raw=True)
        if count > 1 and (members := split_subjects(core, count, self.cues)):
            context.raw = Subject(core, own.start, own.end)
            return self._keep([self._named(member, own) for member in members])
        if shared and re.search(r"[、和及与]", core):
            pieces = [piece for piece in re.split(r"、|和|及|与", core) if piece]
            members = split_subjects(core, len(pieces), self.cues) or pieces
            return self._keep([self._named(member, own) for member in members])
        context.raw = Subject(core, own.start, own.end)
        return self._keep([self._named(core, own)] * count)

    def _named(self, words: str, own: Stem) -> Subject:
        qualifier = "城镇" if re.match(r"城(?!乡|镇|市)", words) else "农村" if re.match(r"乡(?!镇|村)", words) else ""
        return Subject(words, own.start, own.end, qualifier)

    def _post(self, slot: Slot) -> str:
        """The noun behind the number: 25个|医保服务事项."""
        last = slot.group[-1]
        begin = max(last.end, last.bound_end)
        words = self.text[begin : slot.post_end]
        if not words or not re.match(r"[的]?[\u4e00-\u9fffA-Za-z“\"]", words) or re.match(r"[、和及与]", words):
            return ""
        words = words.lstrip("的")
        if re.match(r"(?:占|增长|提高|同比|比上年|较|居|位居|列|完成|下降|上升|增加|以上|左右|达|为|，)", words):
            return ""
        return words.rstrip(" 　、“和及与")

    def _inherited(self, count: int, *, shared: bool = False) -> list[Subject]:
        context = self.context
        if shared and len(context.recent) > 1:
            return context.recent[-6:]
        if count > 1:
            if len(context.recent) >= count:
                return context.recent[-count:]
            if context.raw and (members := split_subjects(context.raw.text, count, self.cues)):
                return [Subject(member, context.raw.start, context.raw.end) for member in members]
        return [context.last or Subject("")] * count

    def _keep(self, subjects: list[Subject], *, raw: bool = False, remember: bool = True) -> list[Subject]:
        context = self.context
        if remember:
            if raw:
                context.raw = subjects[-1]
            context.last = subjects[-1]
            for subject in subjects:
                if subject not in context.recent:
                    context.recent.append(subject)
        return subjects

    def _marks(self, subject: Subject, quantity: Quantity, own: Stem) -> tuple[Mark, ...]:
        marks = [Mark(role="value", start=quantity.start, end=quantity.end)]
        if 0 <= subject.start < subject.end:
            marks.append(Mark(role="indicator", start=subject.start, end=subject.end))
        if quantity.bound_start >= 0:
            marks.append(Mark(role="bound", start=quantity.bound_start, end=quantity.bound_end))
        if own.basis_span[0] >= 0:
            marks.append(Mark(role="basis", start=own.basis_span[0], end=own.basis_span[1]))
        return tuple(marks)
