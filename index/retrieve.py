"""Finding passages by their words and their meaning within a scope, fused by reciprocal rank."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Literal

from zhengwen.index.library import Library
from zhengwen.index.rows import ReportRow, StoredPassage
from zhengwen.index.scope import Scope
from zhengwen.ingest.models import Passage

FoundBy = Literal["keyword", "vector"]


@dataclass(frozen=True)
class PassageHit:
    """A passage that answers a question, best first."""

    stored: StoredPassage
    score: float
    """Reciprocal rank fusion: comparable within one result only."""
    found_by: tuple[FoundBy, ...]

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
    """The passages nearest to `text` within `scope`, best first; at most `top` (default: the settings' `top`)."""
    return []
