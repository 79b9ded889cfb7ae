"""Finding passages by their words and their meaning within a scope, fused by reciprocal rank.

    hits = retrieve(library, "老旧小区改造", scope=Scope(regions=("371602",), period=Period.years(2020)))
    [(hit.text, hit.report.title, hit.found_by) for hit in hits]

Region and period become the set of reports that may answer, and both searches look inside that set alone.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Literal

from sqlalchemy import select

from zhengwen.index import schema
from zhengwen.index.library import Library
from zhengwen.index.rows import ReportRow, StoredPassage
from zhengwen.index.scope import Scope, scope_condition
from zhengwen.index.sync import keyword_index
from zhengwen.ingest.models import Passage

FoundBy = Literal["keyword", "vector"]


@dataclass(frozen=True)
class PassageHit:
    """A passage found for a text."""

    stored: StoredPassage
    score: float
    """Reciprocal rank fusion: comparable within one result only."""
    found_by: tuple[FoundBy, ...]
    """Which searches found it; `("keyword",)` for all hits where the library has no vectors."""

    @property
    def passage(self) -> Passage:
        return self.stored.passage

    @property
    def report(self) -> ReportRow:
        return self.stored.report

    @property
    def text(self) -> str:
        return self.stored.text


def retrieve(library: Library, text: str, *, scope: Scope | None = None, top: int | None = None) -> list[PassageHit]:
    """The passages nearest to `text` within `scope`, best first; at most `top` (default: the library's setting).

    Raises LibraryError when the database or the indexes fail.
    """
    settings = library.retrieval
    reports = scoped_reports(library, scope or Scope())
    if reports is not None and not reports:
        return []
    by_words = keyword_index(library).search(text, top=settings.keyword_candidates, reports=reports)
    rankings: dict[FoundBy, list[int]] = {"keyword": [number for number, _ in by_words]}
    fused = fuse(rankings, constant=settings.fusion_constant)[: top or settings.top]
    stored = {one.no: one for one in library.passages(number for number, _, _ in fused)}
    # A derived index may lag behind a removal: what the database does not hold is not shown.
    return [PassageHit(stored[number], score, by) for number, score, by in fused if number in stored]


def scoped_reports(library: Library, scope: Scope) -> list[int] | None:
    """The numbers of the reports in scope; None for all of them."""
    if scope.everywhere:
        return None
    table = schema.reports
    with library.reading() as connection:
        return list(connection.execute(select(table.c.no).where(scope_condition(table, scope))).scalars())


def fuse(
    rankings: dict[FoundBy, Sequence[int]] | dict[FoundBy, list[int]], *, constant: int
) -> list[tuple[int, float, tuple[FoundBy, ...]]]:
    """Reciprocal rank fusion (Cormack, Clarke and Büttcher 2009): the sum of 1 / (constant + rank), rank from 1.

    Equal sums are ordered by number, so that the same question always gives the same order.
    """
    scores: dict[int, float] = {}
    found: dict[int, list[FoundBy]] = {}
    for by, numbers in rankings.items():
        for rank, number in enumerate(numbers, start=1):
            scores[number] = scores.get(number, 0.0) + 1 / (constant + rank)
            found.setdefault(number, []).append(by)
    ordered = sorted(scores, key=lambda number: (-scores[number], number))
    return [(number, scores[number], tuple(found[number])) for number in ordered]
