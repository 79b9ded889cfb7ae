"""Is the library sound? What `zhengwen doctor` asks: the state of the indexes, and every stored span read again."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Literal

from sqlalchemy import func, select

from zhengwen.index import schema
from zhengwen.index.embedding import load_embedder, missing
from zhengwen.index.keywords import KeywordIndex, KeywordIndexDamaged
from zhengwen.index.library import Library
from zhengwen.index.sync import KEYWORDS, report_numbers

KeywordState = Literal["in step", "behind", "damaged"]


@dataclass(frozen=True)
class IndexState:
    """What the library holds and how far the derived indexes have followed."""

    reports: int
    passages: int
    figures: int
    database: str
    """`sqlite` or `postgresql`."""
    keywords: KeywordState
    keywords_behind: int
    """Reports to add to or drop from the keyword index: the next question or ingest does it."""
    embedder: str
    """Identity of the embedder in use; empty without one."""
    without_vector: int
    """Passages that the embedder in use has not seen: the next ingest embeds them."""
    notes: tuple[str, ...]
    """One line each for the user."""


def index_state(library: Library) -> IndexState:
    """Look, change nothing. Raises LibraryError when the database fails."""
    with library.reading() as connection:
        counts = {
            table.name: connection.execute(select(func.count()).select_from(table)).scalar() or 0
            for table in (schema.reports, schema.passages, schema.figures)
        }
    keywords, behind = _keyword_state(library)
    loaded = load_embedder(library)
    notes = [loaded.reason] if loaded.reason else []
    without = 0
    if loaded.embedder is not None:
        without = len(missing(library, loaded.embedder))
        if without:
            notes.append(f"{without} passages have no vector yet; run `zhengwen ingest` on any path to embed them")
    if keywords != "in step":
        notes.append(f"the keyword index is {keywords}; the next question or ingest puts it right")
    return IndexState(
        reports=counts["reports"],
        passages=counts["passages"],
        figures=counts["figures"],
        database=library.engine.dialect.name,
        keywords=keywords,
        keywords_behind=behind,
        embedder=loaded.embedder.identity if loaded.embedder else "",
        without_vector=without,
        notes=tuple(notes),
    )


def _keyword_state(library: Library) -> tuple[KeywordState, int]:
    wanted = report_numbers(library)
    try:
        index = KeywordIndex.open(library.folder / KEYWORDS)
        differ = wanted ^ index.held() | index.suspect()
    except KeywordIndexDamaged:
        return "damaged", len(wanted)
    return ("behind" if differ else "in step"), len(differ)
