"""What stands where on a page becomes lines in reading order: columns one after another, tables as rows.

Works on pieces of text with their boxes, wherever they come from: the text layer of a PDF or OCR. Coordinates are in
points from the lower left corner of the page; heights and gaps are measured in the size of the characters.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from itertools import pairwise
from statistics import median

_GUTTER = 1.0
"""The least gap between two columns or cells, in character heights."""
_PROSE_ROWS = 3
_PROSE_CHARACTERS = 9
_EDGE_ROWS = 2
_STOPS = "。！？；：…”"
_HEADING = re.compile(r"[（(]?[一二三四五六七八九十]{1,3}[）)、.．]|第[一二三四五六七八九十]+[章节部]")


Unsure = tuple[int, int, str]
"""start, end, why: a part of a piece's text that may be wrong."""


@dataclass(frozen=True, slots=True)
class Piece:
    """A run of characters without a wide gap, and its box."""

    text: str
    left: float
    bottom: float
    right: float
    top: float
    note: str = ""
    """How it was read, where that is not the file's own text."""
    unsure: tuple[Unsure, ...] = ()

    @property
    def size(self) -> float:
        return self.top - self.bottom

    @property
    def middle(self) -> float:
        return (self.top + self.bottom) / 2


@dataclass(frozen=True, slots=True)
class Line:
    """One line as set: its text, its box, the edges of the column it stands in, and whether it is a table's row."""

    text: str
    left: float
    bottom: float
    right: float
    top: float
    column: tuple[float, float] | None = None
    """Left and right edge of a column; None outside of columns."""
    row: bool = False
    edge: bool = False
    """Among the first or last two rows of its page."""
    apart: bool = False
    """At the edge, and a wider gap than usual lies between it and the rest of the page."""
    pieces: tuple[Piece, ...] = ()

    @property
    def size(self) -> float:
        return self.top - self.bottom


def reading_order(pieces: Sequence[Piece]) -> list[Line]:
    """The lines of one page: `[左1, 右1, 左2, 右2, …]` side by side → left column, then right; cells → `| a | b |`."""
    rows = rows_of(pieces)
    outer = {id(piece) for row in (*rows[:_EDGE_ROWS], *rows[-_EDGE_ROWS:]) for piece in row}
    apart = {id(piece) for row in _apart(rows) for piece in row}

    def placed(line: Line) -> Line:
        ids = {id(piece) for piece in line.pieces}
        return replace(line, edge=bool(ids & outer), apart=bool(ids & apart))

    return [placed(line) for line in _arranged(rows, None, depth=0)]


def _apart(rows: list[list[Piece]]) -> Iterator[list[Piece]]:
    """The rows at the top and bottom of a page up to a gap of 1.4 times the usual, where they are few."""
    steps = [before[0].middle - after[0].middle for before, after in pairwise(rows)]
    if len(steps) < 3:
        yield from rows[:1] + rows[-1:]
        return
    wide = 1.4 * sorted(steps)[len(steps) // 3]
    for count in range(1, _EDGE_ROWS + 1):
        if steps[count - 1] > wide:
            yield from rows[:count]
        if steps[-count] > wide:
            yield from rows[-count:]


def rows_of(pieces: Sequence[Piece]) -> list[list[Piece]]:
    """Pieces whose middles lie within half a character of each other, from top to bottom, each from left to right."""
    rows: list[list[Piece]] = []
    for piece in sorted(pieces, key=lambda one: -one.middle):
        first = rows[-1][0] if rows else None
        if first is not None and first.middle - piece.middle <= 0.45 * max(first.size, piece.size):
            rows[-1].append(piece)
        else:
            rows.append([piece])
    return [sorted(row, key=lambda one: one.left) for row in rows]


_Gutter = tuple[float, float]


def _arranged(rows: Sequence[list[Piece]], column: tuple[float, float] | None, *, depth: int) -> list[Line]:
    lines: list[Line] = []
    at = 0
    while at < len(rows):
        gutters, end = _band(rows, at)
        made = _columns(rows[at:end], gutters, depth) or _table(rows[at:end], gutters, column)
        if made:
            lines += made[0]
            at += made[1]
        else:
            lines.append(_line(rows[at], column))
            at += 1
    return lines


def _band(rows: Sequence[list[Piece]], at: int) -> tuple[list[_Gutter], int]:
    """The gaps of the row at `at` (or between it and the next) and the row at which the last of them is crossed."""
    gutters = _gaps(rows[at])
    if not gutters and at + 1 < len(rows) and len(rows[at]) == len(rows[at + 1]) == 1:
        pair = sorted((rows[at][0], rows[at + 1][0]), key=lambda one: one.left)
        gutters = _gaps(pair) if min(len(one.text) for one in pair) >= _PROSE_CHARACTERS else []
    end = at
    while gutters and end < len(rows):
        left = [cut for gutter in gutters if (cut := _uncrossed(gutter, rows[end]))]
        if not left:
            break
        gutters, end = left, end + 1
    return gutters, end


def _gaps(row: Sequence[Piece]) -> list[_Gutter]:
    gaps = []
    right = row[0].right
    for piece in row[1:]:
        if piece.left - right >= _GUTTER * max(piece.size, 1.0):
            gaps.append((right, piece.left))
        right = max(right, piece.right)
    return gaps


def _uncrossed(gutter: _Gutter, row: Sequence[Piece]) -> _Gutter | None:
    """What the pieces of a row leave of a gutter: a wide enough part of it, or None."""
    low, high = gutter
    for piece in row:
        if piece.right <= low or piece.left >= high:
            continue
        if piece.left - low >= high - piece.right:
            high = piece.left
        else:
            low = piece.right
    return (low, high) if high - low >= 0.5 * _GUTTER * row[0].size else None


def _split(row: Sequence[Piece], gutters: Sequence[_Gutter]) -> list[list[Piece]]:
    """The pieces of a row by column."""
    cells: list[list[Piece]] = [[] for _ in range(len(gutters) + 1)]
    for piece in row:
        cells[sum((piece.left + piece.right) / 2 > (low + high) / 2 for low, high in gutters)].append(piece)
    return cells


_Made = tuple[list[Line], int]
"""The lines and how many rows they took."""


def _columns(rows: Sequence[list[Piece]], gutters: Sequence[_Gutter], depth: int) -> _Made | None:
    """Columns of running text, one after another, or None where the rows are no such columns."""
    if not gutters or len(gutters) > 3 or depth > 1:
        return None
    taken = _without_what_follows([_split(row, gutters) for row in rows[: _before_a_wide_gap(rows)]])
    columns = list(zip(*(_split(row, gutters) for row in rows[:taken]), strict=True))
    edges = [_edges(column) for column in columns]
    if not all(edge and _is_prose(column, edge) for column, edge in zip(columns, edges, strict=True)):
        return None
    lines: list[Line] = []
    for column, edge in zip(columns, edges, strict=True):
        lines += _arranged([row for row in column if row], edge, depth=depth + 1)
    return lines, taken


def _before_a_wide_gap(rows: Sequence[list[Piece]]) -> int:
    """How many rows come before a gap of more than twice the usual: what follows is another block of the page."""
    steps = [before[0].middle - after[0].middle for before, after in pairwise(rows)]
    if not steps:
        return len(rows)
    usual = median(steps)
    return next((at + 1 for at, step in enumerate(steps) if step > 2.2 * usual and at + 1 >= _PROSE_ROWS), len(rows))


def _without_what_follows(rows: Sequence[list[list[Piece]]]) -> int:
    """How many rows the columns take, where rows in the first one alone stand at their end.

    A line that is indented, while the column breaks off in mid-sentence above it, is no part of the column; nor is a
    heading: the page goes on below the columns.
    """
    both = max((at for at, row in enumerate(rows) if any(row[1:])), default=-1)
    left = min((row[0][0].left for row in rows if row[0]), default=0.0)
    for at in range(max(both, 0) + 1, len(rows)):
        first, above = rows[at][0][0], rows[at - 1][0]
        broken_off = bool(above) and above[-1].text[-1] not in _STOPS
        if first.left - left > first.size and (broken_off or _HEADING.match(first.text)):
            return at
    return len(rows)


def _edges(column: Sequence[Sequence[Piece]]) -> tuple[float, float] | None:
    filled = [row for row in column if row]
    if len(filled) < _PROSE_ROWS:
        return None
    return min(row[0].left for row in filled), max(row[-1].right for row in filled)


def _is_prose(column: Sequence[Sequence[Piece]], edges: tuple[float, float]) -> bool:
    """True where most rows reach from edge to edge, an indent apart, and hold more than a cell does."""
    filled = [row for row in column if row]
    whole = 0
    for row in filled:
        size = row[0].size
        whole += row[0].left - edges[0] <= 2.6 * size and edges[1] - row[-1].right <= 2.2 * size
    return whole >= 0.5 * len(filled) and median(_length(row) for row in filled) >= _PROSE_CHARACTERS


def _length(row: Sequence[Piece]) -> int:
    return sum(len(piece.text) for piece in row)


def _table(rows: Sequence[list[Piece]], gutters: Sequence[_Gutter], column: tuple[float, float] | None) -> _Made | None:
    """Two or more rows of two or more cells: `| a | b |`; rows of one cell at the end are left to the text below."""
    cells = [_split(row, gutters) for row in rows]
    filled = [at for at, row in enumerate(cells) if sum(map(bool, row)) > 1]
    if not gutters or len(filled) < 2:
        return None
    taken = filled[-1] + 1
    lines = []
    for row, parts in zip(rows[:taken], cells[:taken], strict=True):
        words = (" ".join(piece.text for piece in part) for part in parts)
        lines.append(replace(_line(row, column), text="| " + " | ".join(words) + " |", row=True))
    return lines, taken


def _line(row: Sequence[Piece], column: tuple[float, float] | None) -> Line:
    text = " ".join(piece.text for piece in row)
    bottom, top = min(piece.bottom for piece in row), max(piece.top for piece in row)
    return Line(text, row[0].left, bottom, max(piece.right for piece in row), top, column, pieces=tuple(row))
