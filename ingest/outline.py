"""The outline of a report: headings, and of every paragraph whether it looks back or ahead, and how far.

The mode of a section comes from its heading (2020年工作回顾, 今后五年目标任务). A paragraph that opens with its own
time (刚刚过去的2020年, 五年来, 今年) switches it for itself and, where the section has both, for those that follow.
"""

from __future__ import annotations

import re
from dataclasses import dataclass, field
from typing import Literal

from zhengwen.ingest import outline_headings as headings
from zhengwen.ingest.models import About, Block, Mode
from zhengwen.ingest.sentences import sentence_spans
from zhengwen.ingest.switches import Sense, Switches, words

_BACK: tuple[Mode, ...] = ("review", "multi_review")
_BEHIND: tuple[Mode, ...] = ("glossary", "annex")
_FRONT_LENGTH = 90
_SPOKEN_REACH = 600
_DEFINITION = re.compile(r"^(?:[\[［【〔（(]?\d{1,3}[\]］】〕）).．、]?)?[^。，；]{2,40}(?:[：:]|——|是指|即)")
_SECTION_MARK = re.compile(r"^[一二三四五六七八九十]{1,3}、|^[（(][一二三四五六七八九十]{1,3}[）)]")
_STILL_SPEAKS = re.compile(r"各位代表|谢谢|让我们|[^。：:]{2,40}！$")
_FOOTNOTE = re.compile(r"^[\[［【〔]\d{1,3}[\]］】〕]")


@dataclass(slots=True)
class _State:
    """Where the walk through the report stands."""

    sense: Sense
    front: bool
    fixed: bool = False
    """A heading has said what the section is; without one, the openings of paragraphs decide for good."""
    decided_at: int | None = None
    """The rank of the heading that decided the mode."""
    over: bool = False
    """The closing paragraph has been read: what follows without a heading is an annex."""
    after_end: bool = True
    stack: list[tuple[int, str]] = field(default_factory=list)
    numbering: headings.Numbering = field(default_factory=headings.Numbering)


class _Walk:
    """One pass over a report's lines."""

    def __init__(self, text: str, about: About) -> None:
        self.text = text
        self.switches = Switches(about)
        self.lines = list(headings.physical_lines(text))
        self.numbered = headings.sections_are_numbered(text, self.lines, self.switches)
        self.front = re.compile(str(words()["front"]))
        # A plan that is read out to a congress begins like a report; one that is a document does not.
        spoken = about.kind == "work_report" or (
            about.kind == "plan" and self.front.search(text[:_SPOKEN_REACH]) is not None
        )
        start = Sense("plan", None) if about.kind == "plan" and not spoken else self.switches.review()
        self.state = _State(sense=start, front=spoken)
        self.is_news, self.is_bulletin = about.kind == "news", about.kind == "bulletin"
        self.closing = self._closing()

    def _closing(self) -> int | None:
        """Where the last paragraph of the report (让我们…！) begins, if no section follows; behind it are annexes."""
        for start, end, _ in reversed(self.lines):
            line = self.text[start:end]
            if _SECTION_MARK.match(line) and not _DEFINITION.match(line):
                return None
            if len(line) > headings.HEADING_LENGTH and self.switches.closes(line):
                return start
        return None

    def blocks(self) -> list[Block]:
        found: list[Block] = []
        for start, end, is_table in self.lines:
            if is_table:
                found.append(self._block(start, end, "table", self._now()))
                continue
            for first, last in headings.split_run_in(self.text[start:end], start):
                found.extend(self._read(part, stop) for part, stop in self._split_at_breaks(first, last))
        return found

    def _read(self, start: int, end: int) -> Block:
        """One line: moves the state on and gives its block."""
        state, line = self.state, self.text[start:end]
        rank = headings.rank_of(
            line, state.numbering, self.switches, after_end=state.after_end, front=state.front, numbered=self.numbered
        )
        if rank is not None and rank > headings.INNER and state.sense.mode == "glossary" and _DEFINITION.match(line):
            rank = None
        if rank is not None:
            self._enter(rank, line)
            state.after_end = True
            return self._block(start, end, "heading", self._now(), below=rank)
        state.after_end = headings.ends_line(line)
        return self._block(start, end, "text", self._sense_of(start, line))

    def _now(self) -> Sense:
        if self.state.front:
            return Sense("front", None)
        return Sense("annex", None) if self.state.over else self.state.sense

    def _sense_of(self, start: int, line: str) -> Sense:
        """What a paragraph is: front matter, annex, or as its section and its own opening say."""
        state = self.state
        if state.front:
            if self.front.search(line[:120]):
                state.front = False
                return Sense("front", None)
            if len(line) < _FRONT_LENGTH and not re.search(r"。.*。", line):
                return Sense("front", None)
            state.front = False
        if state.over and not _STILL_SPEAKS.match(line):
            return Sense("glossary" if _DEFINITION.match(line) else "annex", None)
        state.over = start == self.closing
        if state.sense.mode == "plan" and not self.is_news and _FOOTNOTE.match(line):
            return Sense("glossary", None)
        return self._switched(line)

    def _split_at_breaks(self, start: int, end: int) -> list[tuple[int, int]]:
        """A paragraph of a review that turns from five years to one (or back) in its middle is two blocks."""
        state, text = self.state, self.text
        if state.front or self.is_bulletin or state.sense.mode not in _BACK or end - start <= headings.HEADING_LENGTH:
            return [(start, end)]
        of_two = state.sense.other is not None or state.sense.mode == "multi_review"
        starts = [start]
        current: Mode | None = None
        for first, last in sentence_spans(text, start, end):
            # A salutation, or a sentence that only names the year, opens with what follows it.
            opening = self.switches.opening(text[first : end if current is None else last])
            if current is None:
                current = opening[1].mode if opening else state.sense.mode
            elif opening and opening[1].mode != current and self.switches.breaks(text[first:last], of_two=of_two):
                starts.append(first)
                current = opening[1].mode
        stops = [*starts[1:], end]
        return [(first, first + len(text[first:stop].rstrip())) for first, stop in zip(starts, stops, strict=True)]

    def _enter(self, rank: int, line: str) -> None:
        """Put the heading on the stack and take over what it says."""
        state, sense = self.state, self.switches.heading(line)
        state.over = state.over and rank > headings.INNER and sense is None
        state.stack = [*(entry for entry in state.stack if entry[0] < rank), (rank, line.strip(" 　#"))]
        if sense is not None and self._takes_over(rank, line, sense):
            state.sense, state.fixed, state.front = sense, True, False
            told = self.switches.names_past(line) or self.switches.names_time(line)
            if rank <= headings.INNER and (told or sense.mode not in _BACK):
                state.decided_at = rank
            return
        if rank <= headings.INNER:
            state.front = False
        decided = state.decided_at is not None and rank <= state.decided_at
        if state.fixed and decided and state.sense.mode in _BACK:
            # The section after the review, with a heading that names no time, is about the work to come.
            state.sense, state.decided_at = self.switches.ahead(), rank

    def _takes_over(self, rank: int, line: str, sense: Sense) -> bool:
        """A section's heading decides; one below it, or one looking back from a plan, only with a time of its own."""
        state = self.state
        if sense.mode in _BEHIND or self.is_bulletin:
            return sense.mode in _BEHIND
        looked_back, looks_back = state.sense.mode in _BACK, sense.mode in _BACK
        below = rank > headings.INNER or (state.decided_at is not None and rank > state.decided_at)
        if looked_back == looks_back:
            return not below or self.switches.names_time(line)
        if looks_back and state.sense.mode == "plan":
            return self.switches.names_past(line)
        return not (below and looked_back) or self.switches.names_coming(line)

    def _switched(self, line: str) -> Sense:
        """The sense of a paragraph: that of its section, or what it opens with, for good or for itself alone."""
        state = self.state
        if state.sense.mode == "plan" and not self.is_bulletin and self.switches.tells_problems(line):
            return self.switches.review()
        opening = None if self.is_bulletin else self.switches.opening(line)
        if opening is None and not self.is_bulletin and state.sense.mode in _BACK:
            opening = self.switches.behind_title(line)
        if opening is None or state.sense.mode in _BEHIND:
            return state.sense
        name, sense = opening
        if state.sense.mode == "plan":
            return self._switched_plan(name, sense)
        if name.startswith("plan"):
            # A plan of five years that a paragraph opens gives way to the first that speaks of the coming year.
            coming = self.switches.ahead().period
            state.sense, state.fixed = Sense("plan", sense.period, None if sense.period == coming else coming), True
            return sense
        if sense.mode == state.sense.mode:
            named = name == "review_multi" and sense.period is not None
            return Sense(sense.mode, sense.period) if named else state.sense
        local = name == "review_in_year" and state.sense.other is None
        if local or self._is_shorter_than_term(sense):
            return sense
        if state.sense.other is not None or state.sense.mode == "multi_review" or not state.fixed:
            # The section looks back on both: what follows goes on with what was opened last.
            state.sense = Sense(sense.mode, sense.period or state.sense.other, state.sense.period)
            return state.sense
        return sense

    def _switched_plan(self, name: str, sense: Sense) -> Sense:
        state = self.state
        if name == "plan_goal":
            return state.sense
        if name.startswith("review"):
            return sense
        if state.sense.other is not None or state.sense.period is None:
            state.sense = Sense("plan", sense.period, state.sense.period)
            return state.sense
        return sense

    def _is_shorter_than_term(self, sense: Sense) -> bool:
        """近三年 in a review of five years holds for its own paragraph."""
        period, covers = sense.period, self.switches.covers
        if sense.mode != "multi_review" or period is None or covers is None:
            return False
        return period.end.year - period.start.year < covers.end.year - covers.start.year

    def _block(
        self, start: int, end: int, kind: Literal["text", "heading", "table"], sense: Sense, *, below: int = 100
    ) -> Block:
        above = tuple(title for rank, title in self.state.stack if rank < below)
        return Block(start=start, end=end, kind=kind, headings=above, mode=sense.mode, period=sense.period)


def outline(text: str, about: About) -> tuple[Block, ...]:
    """Every paragraph, heading and table of the clean text in order, with the headings above it, mode and period.

    `period` is None where the report's year is unknown, and in front matter, annexes and glossaries. A paragraph that
    turns from one period to another in its middle gives two blocks.
    """
    return tuple(_Walk(text, about).blocks())
