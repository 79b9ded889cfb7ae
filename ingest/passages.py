"""Cuts the blocks of a report into citable passages: whole sentences, at most 800 characters."""

from __future__ import annotations

import hashlib
import re
from bisect import bisect_right
from collections.abc import Iterator, Sequence

from zhengwen.ingest.models import Block, Passage
from zhengwen.ingest.sentences import sentence_spans
from zhengwen.ingest.textmap import TextMap

HARD_LIMIT = 800
"""No passage is longer: a longer quotation would be a page."""

# Where a sentence beyond the hard limit may be cut, best first.
_SOFT_CUTS = ("；", ";", "，", ",", "、", "：", " ")
_LINE_BREAK = re.compile(r"\r\n|\n|\r")
_SHORT_HEADING = 12


def citation_id(sha256: str, source_start: int, source_end: int) -> str:
    """12 hex digits made from the source's hash and the source span alone: stable when cleaning improves.

    >>> citation_id("ab" * 32, 10, 50)
    '4c51c2872a0b'
    """
    return hashlib.sha256(f"{sha256}:{source_start}:{source_end}".encode()).hexdigest()[:12]


def cut(
    text: str, blocks: Sequence[Block], *, sha256: str, offsets: TextMap, source_text: str, limit: int = 400
) -> tuple[Passage, ...]:
    """The passages of all blocks, in order; never across two blocks.

    `limit` (characters) is where a passage ends at the sentence before; a longer sentence stays whole up to
    `HARD_LIMIT` and is cut at ； or ， beyond it. Tables are cut between rows. A short heading without a number is
    context of the passages below it and no passage of its own.
    """
    line_starts = [0, *(match.end() for match in _LINE_BREAK.finditer(source_text))]
    passages: list[Passage] = []
    for block in blocks:
        if block.kind == "heading" and _is_bare(text[block.start : block.end]):
            continue
        for start, end in _pieces(text, block, min(limit, HARD_LIMIT)):
            source_start, source_end = offsets.source_span(start, end)
            passages.append(
                Passage(
                    id=citation_id(sha256, source_start, source_end),
                    start=start,
                    end=end,
                    source_start=source_start,
                    source_end=source_end,
                    line=bisect_right(line_starts, source_start),
                    headings=block.headings,
                    mode=block.mode,
                    period=block.period,
                )
            )
    return tuple(passages)


def _is_bare(heading: str) -> bool:
    return len(heading) <= _SHORT_HEADING and not any(character.isdigit() for character in heading)


def _pieces(text: str, block: Block, limit: int) -> Iterator[tuple[int, int]]:
    """Runs of whole sentences (rows in a table) up to the limit; a unit longer than the limit stands alone."""
    if block.kind == "table":
        units = _rows(text, block.start, block.end)
        limit = HARD_LIMIT
    else:
        units = sentence_spans(text, block.start, block.end)
    open_start: int | None = None
    open_end = 0
    for unit_start, unit_end in units:
        for start, end in _within_hard_limit(text, unit_start, unit_end):
            if open_start is not None and end - open_start > limit:
                yield open_start, open_end
                open_start = None
            open_start = start if open_start is None else open_start
            open_end = end
    if open_start is not None:
        yield open_start, open_end


def _rows(text: str, start: int, end: int) -> list[tuple[int, int]]:
    rows: list[tuple[int, int]] = []
    at = start
    for line in text[start:end].splitlines(keepends=True):
        if line.strip():
            lead = len(line) - len(line.lstrip())
            rows.append((at + lead, at + len(line.rstrip())))
        at += len(line)
    return rows


def _within_hard_limit(text: str, start: int, end: int) -> Iterator[tuple[int, int]]:
    """The span itself, or its parts where it is longer than the hard limit, cut after the last ； (or ，) that fits."""
    while end - start > HARD_LIMIT:
        stop = start + HARD_LIMIT
        # A cut in the first half would leave crumbs; take a weaker mark further on instead.
        cuts = (text.rfind(mark, start + HARD_LIMIT // 2, stop) for mark in _SOFT_CUTS)
        at = next((position + 1 for position in cuts if position >= 0), stop)
        yield start, at
        start = at
        while start < end and text[start].isspace():
            start += 1
    if start < end:
        yield start, end
