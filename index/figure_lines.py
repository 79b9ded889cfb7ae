"""The figures of a report in short, kept in memory: what a question's first, coarse choice needs.

A question looks at every figure of a region's reports, thousands for a series over ten years, and reads a handful in
full. Report numbers are never given out twice, so what is kept is never out of date.
"""

from __future__ import annotations

from dataclasses import dataclass
from functools import lru_cache
from typing import Any

from zhengwen.index import schema
from zhengwen.index.codec import sentence_span
from zhengwen.index.library import Library
from zhengwen.index.lookup import StoredFigure, figure_rows
from zhengwen.index.rows import ReportRow

_REPORTS_KEPT = 256
"""About 0.3 MB each."""


@dataclass(frozen=True, slots=True)
class FigureLine:
    """One figure before it is read in full with `stored()`."""

    library: Library
    report: ReportRow
    row: Any
    sentence: str
    """The clean text of its sentence; one string for all figures of the sentence."""

    @property
    def region_code(self) -> str | None:
        """Of the figure's own region."""
        code: str | None = self.row.region_code
        return code

    @property
    def canonical(self) -> str:
        """Its canonical indicator; empty where the table of indicators does not hold it."""
        return self.row.indicator if self.row.canonical else ""

    @property
    def headings(self) -> str:
        """The headings above it, outermost first, as a JSON list."""
        return self.row.headings or "[]"

    def touches(self, first: int, last: int) -> bool:
        """Whether its period has a day from `first` to `last` (written 20200131), or is unknown."""
        start = self.row.period_start
        return start is None or (start <= last and self.row.period_end >= first)

    def stored(self) -> StoredFigure:
        return StoredFigure(self.library, self.report, self.row)


def figure_lines(library: Library, report: ReportRow) -> tuple[FigureLine, ...]:
    """The figures of a report, in the order of its text. Raises LibraryError when the database fails."""
    return _lines(library, report)


@lru_cache(maxsize=_REPORTS_KEPT)
def _lines(library: Library, report: ReportRow) -> tuple[FigureLine, ...]:
    with library.reading() as connection:
        rows = connection.execute(figure_rows().where(schema.figures.c.report_no == report.no)).all()
    clean = library.text(report).clean if rows else ""
    sentences: dict[tuple[int, int], str] = {}
    lines = []
    for row in rows:
        span = sentence_span(row.record)
        lines.append(FigureLine(library, report, row, sentences.setdefault(span, clean[slice(*span)])))
    return tuple(lines)
