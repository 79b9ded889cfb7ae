"""The outline of a report: headings, and for every paragraph whether it looks back or ahead, and over which period.

The mode of a section comes from its heading (2020年工作回顾, 今后五年目标任务); a paragraph that opens with its own time
(特别是刚刚过去的2020年, 五年来, 今年) switches it for itself and, where the section has both, for those that follow.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass, field

from zhengwen.ingest.models import About, Block, Mode, Period
from zhengwen.ingest.periods import chinese_number
from zhengwen.ingest.sentences import sentence_spans
from zhengwen.ingest.switches import Sense, Switches, words

_PART, _SECTION, _TOP, _INNER, _SUB, _ITEM, _SMALL, _PLAIN = 0, 10, 20, 25, 30, 40, 50, 60
_TOP_MARK = re.compile(r"^([一二三四五六七八九十]{1,3})[、.．]")
_MARKS: tuple[tuple[int, re.Pattern[str]], ...] = (
    (_PART, re.compile(r"^第[一二三四五六七八九十]+(?:部分|章|编|篇)")),
    (_TOP, _TOP_MARK),
    (_SUB, re.compile(r"^[（(][一二三四五六七八九十]{1,3}[）)]")),
    (_ITEM, re.compile(r"^\d{1,2}[.．、](?!\d)|^[①-⑳]")),
    (_SMALL, re.compile(r"^[（(]\d{1,2}[）)]")),
)
_HEADING_LENGTH = 50
_PLAIN_LENGTH = 30
_CLOSED = re.compile(r"[。！？!?；;：:，,、…”’）)]$")
_NO_HEADING = re.compile(
    r"[。！？；：:]|工作报告|统计公报|^[—\-–─]|会议上|各位代表|谢谢|^[（(]|[省市区县州盟旗]长[ 　]|人民代表大会|^\d+$|^\[\d+\]"
)
_DEFINITION = re.compile(r"^(?:[\[［【〔（(]?\d{1,3}[\]］】〕）).．、]?)?[^。，；]{2,40}(?:[：:]|——|是指|即)")
_FOOTNOTE = re.compile(r"^[\[［【〔]\d{1,3}[\]］】〕]")
# A heading and its first paragraph on one line: 一、2022年工作回顾 过去的一年…
_RUN_IN = re.compile(
    r"^((?:第[一二三四五六七八九十]+部分|[一二三四五六七八九十]{1,3}、)[^。；：]{2,32}?(?:回顾|总结|安排|任务|部署|目标|成就|打算|建议|设想|思路|工作|要求))"
    r"(?:[ 　]+|(?=过去|刚刚|20\d\d年[，是]|一年来|五年来|今年[，是]|今后))"
)


@dataclass(slots=True)
class _State:
    """Where the walk through the report stands."""

    sense: Sense
    front: bool
    fixed: bool = False
    """A heading has said what the section is; without one, the openings of paragraphs decide for good."""
    stack: list[tuple[int, str]] = field(default_factory=list)
    decided_at: int | None = None
    """The rank of the heading that decided the mode."""
    top: int = 0
    inner: int = 0
    over: bool = False
    """The closing paragraph has been read: what follows without a heading is an annex."""
    closed: bool = True
    """The line before ended a sentence or was a heading: only then can an unnumbered line be a heading."""


def outline(text: str, about: About) -> tuple[Block, ...]:
    """Every paragraph, heading and table of the clean text in order, with the headings above it, mode and period.

    `period` is None where the report's year is unknown, and in glossaries.
    """
    switches = Switches(about)
    lines = list(_lines(text))
    numbered = _sections_are_numbered(text, lines, switches)
    start = switches.review() if about.kind != "plan" else Sense("plan", None)
    state = _State(sense=start, front=about.kind == "work_report")
    if about.kind == "work_report" and about.covers is not None and about.covers.start.year < about.covers.end.year:
        state.sense = start
    front = re.compile(words_front())
    blocks: list[Block] = []
    for begin, end, is_table in lines:
        line = text[begin:end]
        if is_table:
            blocks.append(_block(begin, end, "table", state))
            continue
        for first, last in _split_run_in(line, begin):
            for part, stop in _split_at_breaks(text, first, last, state, switches):
                blocks.append(_read(text[part:stop], part, state, switches, front, numbered=numbered, about=about))
    return tuple(blocks)


def _sections_are_numbered(text: str, lines: list[tuple[int, int, bool]], switches: Switches) -> bool:
    """True where the first heading that looks back or ahead is 一、; otherwise 一、 counts within such a heading."""
    for begin, end, is_table in lines:
        line = text[begin:end].strip(" 　#")
        if is_table or len(line) > _HEADING_LENGTH or _NO_HEADING.search(line):
            continue
        if switches.heading(line) is not None:
            return _TOP_MARK.match(line) is not None
    return False


def words_front() -> str:
    """The pattern of the paragraph that ends the front matter."""
    return str(words()["front"])


def _split_run_in(line: str, begin: int) -> list[tuple[int, int]]:
    match = _RUN_IN.match(line) if len(line) > _HEADING_LENGTH else None
    if match is None:
        return [(begin, begin + len(line))]
    return [(begin, begin + match.end(1)), (begin + match.end(), begin + len(line))]


def _split_at_breaks(text: str, begin: int, end: int, state: _State, switches: Switches) -> list[tuple[int, int]]:
    """A paragraph of a review that turns from five years to one (or back) in its middle is two blocks."""
    if state.front or state.sense.mode not in ("review", "multi_review") or end - begin <= _HEADING_LENGTH:
        return [(begin, end)]
    starts = [begin]
    current: Mode | None = None
    for first, last in sentence_spans(text, begin, end):
        opening = switches.opening(text[first:last])
        if first == begin or current is None:
            current = opening[1].mode if opening else state.sense.mode
        elif opening is not None and opening[1].mode != current and switches.breaks(text[first:last]):
            starts.append(first)
            current = opening[1].mode
    stops = [*starts[1:], end]
    return [(start, start + len(text[start:stop].rstrip())) for start, stop in zip(starts, stops, strict=True)]


def _read(
    line: str, begin: int, state: _State, switches: Switches, front: re.Pattern[str], *, numbered: bool, about: About
) -> Block:
    """One line: moves the state on and gives its block."""
    end = begin + len(line)
    rank = _rank(line, state, switches, numbered=numbered)
    if rank is not None:
        sense = switches.heading(line)
        state.over = state.over and rank > _INNER and sense is None
        _enter(state, rank, line, sense, switches)
        block = _block(begin, end, "heading", state, above=tuple(title for at, title in state.stack if at < rank))
        state.closed = True
        return block
    state.closed = bool(_CLOSED.search(line)) or len(line) < _PLAIN_LENGTH
    if state.front:
        if front.search(line[:120]):
            state.front = False
            return _block(begin, end, "text", state, mode="front")
        if len(line) < 90 and not re.search(r"。.*。", line):
            return _block(begin, end, "text", state, mode="front")
        state.front = False
    if state.over and not re.match(r"各位代表|谢谢", line):
        return _block(begin, end, "text", state, mode="glossary" if _DEFINITION.match(line) else "annex")
    state.over = state.sense.mode == "plan" and len(line) > _HEADING_LENGTH and switches.closes(line)
    if _FOOTNOTE.match(line) and state.sense.mode == "plan" and about.kind != "news":
        return _block(begin, end, "text", state, mode="glossary")
    return _block(begin, end, "text", state, sense=_switch(line, state, switches))


def _rank(line: str, state: _State, switches: Switches, *, numbered: bool) -> int | None:
    """The rank of a heading (smaller is higher), or None for a paragraph."""
    bare = line.strip(" 　")
    if match := re.match(r"^(#{1,6})\s*", bare):
        bare = bare[match.end() :]
        return _by_mark(bare, state, switches) or _PLAIN + len(match[1])
    if len(bare) > _HEADING_LENGTH or re.search(r"。.", bare):
        return None
    if (rank := _by_mark(bare, state, switches)) is not None:
        return None if re.search(r"[；;：:，,]$", bare) else rank
    if len(bare) > _PLAIN_LENGTH or _NO_HEADING.search(bare) or _CLOSED.search(bare) or not state.closed:
        glossary = (
            len(bare) <= _PLAIN_LENGTH and (sense := switches.heading(bare)) and sense.mode in ("glossary", "annex")
        )
        return _SECTION if glossary and state.closed else None
    sense = switches.heading(bare)
    if sense is None:
        return None if state.front else _PLAIN
    return _INNER if numbered and sense.mode not in ("glossary", "annex") else _SECTION


def _by_mark(bare: str, state: _State, switches: Switches) -> int | None:
    for rank, pattern in _MARKS:
        if match := pattern.match(bare):
            return _top_or_inner(match, bare, state, switches) if rank == _TOP else rank
    return None


def _top_or_inner(match: re.Match[str], bare: str, state: _State, switches: Switches) -> int:
    """一、 again after 一、 counts within the section (or begins a new list), unless its words open a section."""
    number = chinese_number(match[1]) or 0
    if switches.heading(bare) is not None and number != state.inner + 1:
        state.top, state.inner = number, 0
        return _TOP
    if number == 1 and state.top >= 1 or (state.inner and number == state.inner + 1 and number != state.top + 1):
        state.inner = number
        return _INNER
    state.top, state.inner = number, 0
    return _TOP


def _enter(state: _State, rank: int, line: str, sense: Sense | None, switches: Switches) -> None:
    """Put the heading on the stack and take over what it says."""
    state.stack = [entry for entry in state.stack if entry[0] < rank]
    state.stack.append((rank, line.strip(" 　#")))
    if sense is not None and _takes_over(rank, line, sense, state, switches):
        state.sense, state.fixed, state.front = sense, True, False
        if rank <= _INNER:
            state.decided_at = rank
        return
    if rank <= _INNER:
        state.front = False
    looks_back = state.sense.mode in ("review", "multi_review")
    if state.fixed and looks_back and state.decided_at is not None and rank <= state.decided_at:
        # The section after the review, with a heading that names no time, is about the work to come.
        state.sense, state.decided_at = switches.ahead(), rank


def _takes_over(rank: int, line: str, sense: Sense, state: _State, switches: Switches) -> bool:
    """A section's heading decides; one below it, or one that looks back from a plan, only with a time of its own."""
    if sense.mode in ("glossary", "annex"):
        return True
    looked_back, looks_back = (mode in ("review", "multi_review") for mode in (state.sense.mode, sense.mode))
    below = rank > _INNER or (state.decided_at is not None and rank > state.decided_at)
    if looked_back == looks_back:
        return not below or switches.names_time(line)
    if looks_back and state.sense.mode == "plan":
        return switches.names_past(line)
    return not (below and looked_back) or switches.names_coming(line)


def _switch(line: str, state: _State, switches: Switches) -> Sense:
    """The sense of a paragraph: that of its section, or what it opens with, for good or for itself alone."""
    opening = switches.opening(line)
    if opening is None:
        return state.sense
    name, sense = opening
    mode = state.sense.mode
    if mode in ("glossary", "annex"):
        return state.sense
    if mode == "plan":
        if name.startswith("review"):
            return sense
        if name == "plan_goal":
            return state.sense
        if state.sense.other is not None or state.sense.period is None:
            state.sense = Sense("plan", sense.period, state.sense.period)
            return state.sense
        return sense
    if name.startswith("plan"):
        state.sense, state.fixed = sense, True
        return sense
    if sense.mode == mode:
        return Sense(mode, sense.period or state.sense.period) if name == "review_multi" else state.sense
    if name == "review_in_year" and state.sense.other is None:
        return sense
    if _is_shorter_than_term(sense, switches):
        return sense
    if state.sense.other is not None or mode == "multi_review" or not state.fixed:
        # The section looks back on both: what follows goes on with what was opened last.
        period = state.sense.other if state.sense.other is not None and sense.period is None else sense.period
        state.sense = Sense(sense.mode, period, state.sense.period)
        return state.sense
    return sense


def _is_shorter_than_term(sense: Sense, switches: Switches) -> bool:
    """近三年 in a review of five years holds for its own paragraph."""
    period, covers = sense.period, switches.covers
    if sense.mode != "multi_review" or period is None or covers is None:
        return False
    return period.end.year - period.start.year < covers.end.year - covers.start.year


def _block(
    begin: int,
    end: int,
    kind: str,
    state: _State,
    *,
    above: tuple[str, ...] | None = None,
    mode: Mode | None = None,
    sense: Sense | None = None,
) -> Block:
    given = sense or state.sense
    actual: Mode = mode or ("front" if state.front else "annex" if state.over and kind != "text" else given.mode)
    period: Period | None = None if actual in ("glossary", "front", "annex") else given.period
    headings = above if above is not None else tuple(title for _, title in state.stack)
    return Block(start=begin, end=end, kind=kind, headings=headings, mode=actual, period=period)  # type: ignore[arg-type]


def _lines(text: str) -> Iterator[tuple[int, int, bool]]:
    """The lines that are not blank, without the blanks around them; neighbouring table rows as one."""
    at = 0
    table: tuple[int, int] | None = None
    for line in text.splitlines(keepends=True):
        start = at + len(line) - len(line.lstrip())
        end = at + len(line.rstrip())
        at += len(line)
        if start >= end:
            continue
        if text[start] == "|" or text[start:end].count("\t") >= 2:
            table = (table[0], end) if table else (start, end)
            continue
        if table:
            yield (*table, True)
            table = None
        yield start, end, False
    if table:
        yield (*table, True)
