"""Data tables of a page: where they stand, and the bars between their cells, merged cells counted in."""

from __future__ import annotations

import re

_SPAN = re.compile(r"\b(colspan|rowspan)\s*=\s*[\"']?\s*(\d{1,3})", re.I)
_MOST = 60
"""Columns; a page that claims more is not believed."""


class DataTable:
    """Writes `| a | b |` tag by tag: each call gives what stands in the tag's place.

    `<td rowspan=2>` leaves an empty cell in the next row, so that columns stay below their headings; closing tags,
    which HTML lets one leave out, are supplied.
    """

    def __init__(self) -> None:
        self._below: dict[int, int] = {}
        self._column = 0
        self._span = (0, 0)
        self._in_row = self._in_cell = False

    def open_row(self) -> str:
        before = self.close_row()
        self._in_row, self._column = True, 0
        return f"{before}\n| "

    def close_row(self) -> str:
        if not self._in_row:
            return ""
        text = self.close_cell() + self._covered()
        self._in_row = False
        return f"{text}\n"

    def open_cell(self, attributes: str) -> str:
        before = self.close_cell() if self._in_row else self.open_row()
        spans = {name.lower(): min(max(int(number), 1), _MOST) for name, number in _SPAN.findall(attributes)}
        before += self._covered()
        self._span = spans.get("colspan", 1), spans.get("rowspan", 1)
        self._in_cell = True
        return before

    def close_cell(self) -> str:
        if not self._in_cell:
            return ""
        self._in_cell = False
        columns, rows = self._span
        for column in range(self._column, min(self._column + columns, _MOST)):
            self._below[column] = rows - 1
        self._column += columns
        return " | " * columns

    def _covered(self) -> str:
        """Bars for the cells of earlier rows that reach into this place."""
        bars = ""
        while self._column < _MOST and self._below.get(self._column, 0) > 0:
            self._below[self._column] -= 1
            self._column += 1
            bars += " | "
        return bars


def data_tables(source: str) -> frozenset[int]:
    """Where tables start that hold data and not the page's layout: no table inside, two rows of two short cells."""
    found: set[int] = set()
    stack: list[list[int]] = []  # start, rows, cells, nested, cells that are merged
    pattern = re.compile(r"<(/?)(table|tr|td|th)\b([^<>]{0,300})", re.I)
    for match in pattern.finditer(source):
        name, close = match[2].lower(), bool(match[1])
        if name == "table" and not close:
            if stack:
                stack[-1][3] += 1
            stack.append([match.start(), 0, 0, 0])
        elif name == "table" and stack:
            start, rows, cells, nested = stack.pop()
            letters = len(re.sub(r"<[^<>]*>|\s", "", source[start : match.start()])) if not nested else 0
            if not nested and rows >= 2 and cells >= 2 * rows - 1 and letters <= 150 * cells:
                found.add(start)
        elif stack and not close:
            spans = 1 if name == "tr" else sum(int(number) for _, number in _SPAN.findall(match[3])[:2])
            stack[-1][1 if name == "tr" else 2] += max(spans, 1)
    return frozenset(found)
