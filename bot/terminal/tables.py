"""Rows for a person: a table where it fits the width, two lines a row where it does not, no blanks at line ends."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass

from rich.cells import cell_len
from rich.console import Console
from rich.text import Text

GAP = "  "
INDENT = "    "
UNKNOWN = "?"
_CONTROL = re.compile(r"[\x00-\x1f\x7f-\x9f\u2028\u2029\u202a-\u202e\u2066-\u2069]")


@dataclass(frozen=True)
class Column:
    """One column of a table. `unit` is the word beside a number where there is no heading above it."""

    title: str
    right: bool = False
    lead: bool = False
    """Stands on the first line of a row that takes two."""
    unit: str = ""


@dataclass(frozen=True)
class Row:
    """The cells of one row, in the order of the columns, and a rich style; control characters are replaced."""

    cells: Sequence[str]
    style: str = ""

    def __post_init__(self) -> None:
        object.__setattr__(self, "cells", tuple(visible(cell).plain for cell in self.cells))


def print_rows(console: Console, columns: Sequence[Column], rows: Sequence[Row]) -> None:
    """`region  period  figure` under their titles; in a narrow terminal the lead columns, then the rest below them."""
    widths = [
        max(cell_len(column.title), *(cell_len(row.cells[at]) for row in rows), 0) if rows else cell_len(column.title)
        for at, column in enumerate(columns)
    ]
    if sum(widths) + len(GAP) * (len(columns) - 1) > console.width:
        for row in rows:
            _print_record(console, columns, row)
        return
    _print_line(console, columns, Row([column.title for column in columns], "dim"), widths)
    for row in rows:
        _print_line(console, columns, row, widths)


def _print_line(console: Console, columns: Sequence[Column], row: Row, widths: Sequence[int]) -> None:
    cells = []
    for column, cell, width in zip(columns, row.cells, widths, strict=True):
        blanks = " " * (width - cell_len(cell))
        cells.append(blanks + cell if column.right else cell + blanks)
    console.print(Text(GAP.join(cells).rstrip(), style=row.style), no_wrap=True, overflow="ignore", crop=False)


def _print_record(console: Console, columns: Sequence[Column], row: Row) -> None:
    cells = [(column, cell) for column, cell in zip(columns, row.cells, strict=True) if cell]
    console.print(Text(GAP.join(cell for column, cell in cells if column.lead), style=row.style or "bold"))
    line = ""
    for word in (_named(column, cell) for column, cell in cells if not column.lead):
        longer = f"{line} · {word}" if line else word
        if line and cell_len(longer) + len(INDENT) > console.width:
            console.print(Text(INDENT + line, style="dim"))
            longer = word
        line = longer
    console.print(Text(INDENT + line, style="dim"))


def _named(column: Column, cell: str) -> str:
    """A cell without its heading: `17 passages`, `date unknown`."""
    if cell in (UNKNOWN, "unknown"):
        return f"{column.title} unknown"
    return f"{cell} {column.unit}".rstrip()


def visible(text: str) -> Text:
    """A text from outside, such as a file's name, that cannot steer the terminal: `a\x1b[2J.txt` → `a�[2J.txt`."""
    return Text(_CONTROL.sub("\ufffd", text))


def counted(count: int, noun: str) -> str:
    """`1 report`, `2,216 reports`."""
    return f"{count:,} {noun}" + ("" if count == 1 else "s")
