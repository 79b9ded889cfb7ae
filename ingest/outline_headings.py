"""Which lines are headings, and how high each stands: told by numbering and shortness, for nothing else marks them."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from zhengwen.ingest.periods import chinese_number
from zhengwen.ingest.switches import Switches

PART, SECTION, TOP, INNER, SUB, ITEM, SMALL, PLAIN = 0, 10, 20, 25, 30, 40, 50, 60
"""Ranks, smaller is higher: 第一部分, 工作回顾, 一、 (of the report, of a section), （一）, 1., （1）, short lines."""

HEADING_LENGTH = 50
_PLAIN_LENGTH = 30
_TOP_MARK = re.compile(r"^([一二三四五六七八九十]{1,3})[、.．]")
_MARKS: tuple[tuple[int, re.Pattern[str]], ...] = (
    (PART, re.compile(r"^第[一二三四五六七八九十]+(?:部分|章|编|篇)")),
    (TOP, _TOP_MARK),
    (SUB, re.compile(r"^[（(][一二三四五六七八九十]{1,3}[）)]")),
    (ITEM, re.compile(r"^\d{1,2}[.．、](?!\d)|^[①-⑳]")),
    (SMALL, re.compile(r"^[（(]\d{1,2}[）)]")),
)
_CLOSED = re.compile(r"[。！？!?；;：:，,、…”’）)]$")
_NO_HEADING = re.compile(
    r"[。！？；：:]|工作报告|统计公报|^[—\-–─]|会议上|各位代表|谢谢|^[（(]|[省市区县州盟旗]长[ 　]|人民代表大会"
    r"|^\d+$|^\[\d+\]|\d月\s*\d+日"
)
# A heading and its first paragraph on one line: 一、2022年工作回顾 过去的一年…
_RUN_IN = re.compile(
    r"^((?:第[一二三四五六七八九十]+部分|[一二三四五六七八九十]{1,3}、)[^。；：]{2,32}?"
    r"(?:回顾|总结|安排|任务|部署|目标|成就|打算|建议|设想|思路|工作|要求))"
    r"(?:[ 　]+|(?=过去|刚刚|20\d\d年[，是]|一年来|五年来|今年[，是]|今后|“十))"
)


@dataclass(slots=True)
class Numbering:
    """The last number of 一、二、三、 at the top and within a section."""

    top: int = 0
    inner: int = 0


def physical_lines(text: str) -> Iterator[tuple[int, int, bool]]:
    """(start, end, is_table) of the lines that are not blank, without the blanks around them.

    Neighbouring table rows (they begin with | or hold two tabs) come as one.
    """
    at = 0
    rows: tuple[int, int] | None = None
    for line in text.splitlines(keepends=True):
        start = at + len(line) - len(line.lstrip())
        end = at + len(line.rstrip())
        at += len(line)
        if start >= end:
            continue
        if text[start] == "|" or text.count("\t", start, end) >= 2:
            rows = (rows[0], end) if rows else (start, end)
            continue
        if rows:
            yield (*rows, True)
            rows = None
        yield start, end, False
    if rows:
        yield (*rows, True)


def split_run_in(line: str, start: int) -> list[tuple[int, int]]:
    """The spans of a heading and the paragraph behind it where one line holds both; else the line's own."""
    match = _RUN_IN.match(line) if len(line) > HEADING_LENGTH else None
    if match is None:
        return [(start, start + len(line))]
    return [(start, start + match.end(1)), (start + match.end(), start + len(line))]


def sections_are_numbered(text: str, lines: Sequence[tuple[int, int, bool]], switches: Switches) -> bool:
    """True where the first heading that looks back or ahead is 一、; otherwise 一、 counts within such a heading."""
    for start, end, is_table in lines:
        line = text[start:end].strip(" 　#")
        if is_table or len(line) > HEADING_LENGTH or _NO_HEADING.search(line):
            continue
        if switches.heading(line) is not None:
            return _TOP_MARK.match(line) is not None
    return False


def ends_line(line: str) -> bool:
    """True where an unnumbered line behind this one may be a heading: it ends a sentence or is short itself."""
    return bool(_CLOSED.search(line)) or len(line) < _PLAIN_LENGTH


def rank_of(
    line: str, numbering: Numbering, switches: Switches, *, after_end: bool, front: bool, numbered: bool
) -> int | None:
    """The rank of a heading, or None for a paragraph; moves the numbering on.

    `after_end`: the line before ended a sentence; `front`: still before the first section; `numbered`: see
    `sections_are_numbered`.
    """
    bare = line.strip(" 　")
    if match := re.match(r"^(#{1,6})\s*", bare):
        return _by_mark(bare[match.end() :], numbering, switches) or PLAIN + len(match[1])
    if len(bare) > HEADING_LENGTH or re.search(r"。.", bare):
        return None
    if (rank := _by_mark(bare, numbering, switches)) is not None:
        return None if re.search(r"[；;：:，,]$", bare) else rank
    sense = switches.heading(bare) if len(bare) <= _PLAIN_LENGTH else None
    behind_report = sense is not None and sense.mode in ("glossary", "annex")
    if len(bare) > _PLAIN_LENGTH or _NO_HEADING.search(bare) or _CLOSED.search(bare) or not after_end:
        return SECTION if behind_report and after_end else None
    if sense is None:
        return None if front else PLAIN
    return INNER if numbered and not behind_report else SECTION


def _by_mark(bare: str, numbering: Numbering, switches: Switches) -> int | None:
    for rank, pattern in _MARKS:
        if match := pattern.match(bare):
            return _top_or_inner(match, bare, numbering, switches) if rank == TOP else rank
    return None


def _top_or_inner(match: re.Match[str], bare: str, numbering: Numbering, switches: Switches) -> int:
    """一、 again after 一、 counts within the section (or begins a new list), unless its words open a section."""
    number = chinese_number(match[1]) or 0
    opens = switches.heading(bare) is not None and number != numbering.inner + 1
    again = number == 1 and numbering.top >= 1
    goes_on = numbering.inner > 0 and number == numbering.inner + 1 and number != numbering.top + 1
    if not opens and (again or goes_on):
        numbering.inner = number
        return INNER
    numbering.top, numbering.inner = number, 0
    return TOP
