"""The figures of a report in short, kept in memory: what a question's first, coarse choice needs.

A question looks at every figure of a region's reports, thousands for a series over ten years, and reads a handful in
full. Report numbers are never given out twice, so what is kept is never out of date.
"""

from __future__ import annotations

from functools import lru_cache
from typing import Any

from zhengwen.index import schema
from zhengwen.index.codec import sentence_span
from zhengwen.index.library import Library
from zhengwen.index.lookup import StoredFigure, figure_rows
from zhengwen.index.rows import ReportRow

REPORTS_KEPT = 256
"""About 0.3 MB each."""
_EVER = 99991231


class FigureLine:
    """One figure before it is read in full with `stored()`."""

    __slots__ = (
        "_library", "_row", "canonical", "first", "headings", "id", "last", "named", "region_code", "report",
        "sentence",
    )  # fmt: skip

    def __init__(self, library: Library, report: ReportRow, row: Any, sentence: str) -> None:
        self._library = library
        self._row = row
        self.report = report
        self.id: str = row.id
        self.sentence = sentence
        """The clean text of its sentence; one string for all figures of the sentence."""
        self.named: str = row.indicator
        """Its indicator, whose words may be put together from those of the sentence: 存款余额 of 存贷款余额."""
        self.headings: str = row.headings or "[]"
        """The headings above it, outermost first, as a JSON list."""
        self.region_code: str | None = row.region_code
        """Of the figure's own region."""
        self.canonical: str = row.indicator if row.canonical else ""
        """Its canonical indicator; empty where the table of indicators does not hold it."""
        self.first: int = row.period_start or 0
        """The first day of its period, written 20200101; 0 where the period is unknown."""
        self.last: int = row.period_end or _EVER
        """The last day of its period; a day beyond all others where the period is unknown."""

    def stored(self) -> StoredFigure:
        return StoredFigure(self._library, self.report, self._row)


def figure_lines(library: Library, report: ReportRow) -> tuple[FigureLine, ...]:
    """The figures of a report, in the order of its text. Raises LibraryError when the database fails."""
    return _lines(library, report)


@lru_cache(maxsize=REPORTS_KEPT)
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
