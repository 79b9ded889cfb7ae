"""Finding passages by their words and their meaning within a scope, fused by reciprocal rank.

    hits = retrieve(library, "老旧小区改造", scope=Scope(regions=("371602",), period=Period.years(2020)))
    [(hit.text, hit.report.title, hit.found_by) for hit in hits]

Region and period become the set of reports that may answer, and both searches look inside that set alone.
"""

from __future__ import annotations

from dataclasses import dataclass

from zhengwen.index.fusion import FoundBy
from zhengwen.index.library import Library
from zhengwen.index.rows import ReportRow, StoredPassage
from zhengwen.index.scope import Scope
from zhengwen.ingest.models import Passage

__all__ = ["PassageHit", "Scope", "retrieve"]


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
    from zhengwen.index.llama import HybridRetriever

    with library.outside_snapshot():  # the indexes are brought into step with the library as it is now
        found = HybridRetriever(library, scope=scope, top=top).ranked(text)
    return [PassageHit(stored, score, found_by) for stored, score, found_by in found]
