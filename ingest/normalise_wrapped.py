"""Text that a program broke at a fixed width (pdftotext, mail, old editors): its lines become paragraphs again.

Without this a number cut by the width would be read in halves: `…收入512` / `.36亿元`.
"""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from itertools import pairwise
from typing import NamedTuple

from zhengwen.ingest.textmap import Edit, MappedText

_LINE = re.compile(r"[^\r\n\x0b\x0c\x85\u2028\u2029]+")
_INDENT = re.compile(r"[ \t\u00a0\u3000]*")
_LEAST_LINES = 12
_NARROW, _WIDE = 20, 170
"""Columns (a Chinese character takes two) or characters; lines that end for other reasons are of all lengths."""
_FULL = 0.85
"""A line of this share of the width was broken by it: a word or a number that did not fit went to the next line."""
_TIGHT = 0.94
_SHARE = 0.5
_STOPS = "。！？；：…!?;:.>|”）"
_STARTS = re.compile(
    r"[（(]?[一二三四五六七八九十百]{1,3}[）)、.．]|第[一二三四五六七八九十百]+[章节部条]|[|•●■◆★▲#>]|[（(]\d{1,2}[）)]|\d{1,2}、"
)


@dataclass(frozen=True, slots=True)
class _Line:
    start: int
    end: int
    indent: int
    """Columns of blanks at its head."""
    width: int
    text: str


def join_wrapped_lines(text: MappedText) -> MappedText:
    """`"　　收入完成512\\n.36亿元，…"` → one line, where most lines of the text are about as long as the longest."""
    if max((len(line) for line in text.text.split("\n")), default=0) > 2 * _WIDE:  # as in nearly every report: cheap
        return text
    columns = list(_lines(text.text, _columns))
    characters = list(_lines(text.text, len))
    width, lines = max(((_wrapped_at(lines), lines) for lines in (columns, characters)), key=lambda one: one[0])
    if not width.at:
        return text
    indented = sum(line.indent > 1 for line in lines) >= 0.05 * len(lines)
    apart = [text.text.count("\n", before.end, after.start) > 1 for before, after in pairwise(lines)]
    doubled = sum(apart) >= 0.8 * len(apart)  # an empty line below each: it parts nothing
    edits = []
    for (before, after), parted in zip(pairwise(lines), apart, strict=True):
        rest = indented and (doubled or not parted)
        if before.width >= _FULL * width.at and _goes_on(before, after, indented=indented, through_stops=rest):
            latin = re.search(r"[A-Za-z]$", before.text) and re.match(r"[A-Za-z]", after.text)
            edits.append(Edit(before.end, after.start, " " if latin else ""))
    return text.edit(edits) if edits else text


def _lines(text: str, measure: Callable[[str], int]) -> Iterator[_Line]:
    """The lines that are not empty, without the blanks around them."""
    for match in _LINE.finditer(text):
        words = match[0].strip()
        if words:
            indent = _INDENT.match(match[0])
            start = match.start() + (indent.end() if indent else 0)
            before = measure(indent[0]) if indent else 0
            yield _Line(start, start + len(words), before, before + measure(words[:400]), words)


def _columns(text: str) -> int:
    return sum(2 if unicodedata.east_asian_width(char) in "WFA" else 1 for char in text)


class _Width(NamedTuple):
    share: float
    """Of the lines, how many reach the width almost exactly: programs count columns or characters."""
    at: int


def _wrapped_at(lines: Sequence[_Line]) -> _Width:
    """The width at which the text was broken; 0 for a text with one line a paragraph."""
    widths = sorted(line.width for line in lines if not line.text.startswith("|"))
    if len(widths) < _LEAST_LINES:
        return _Width(0.0, 0)
    width = widths[int(len(widths) * 0.97)]
    full = sum(_FULL * width <= one <= width + 4 for one in widths)
    if not _NARROW <= width <= _WIDE or widths[-1] > 1.3 * width or full < _SHARE * len(widths):
        return _Width(0.0, 0)
    return _Width(sum(one >= _TIGHT * width for one in widths) / len(widths), width)


def _goes_on(before: _Line, after: _Line, *, indented: bool, through_stops: bool) -> bool:
    """`through_stops`: the indents tell paragraphs apart, so that a line may end with a full stop and go on."""
    if before.text.startswith("|") or _STARTS.match(after.text):
        return False
    if indented and after.indent:
        return False
    stopped = before.text[-1] in _STOPS and not re.search(r"\d[.:]$", before.text)
    return not stopped or through_stops
