"""The state of a library: what it holds, and how far the indexes derived from it have followed."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Literal

from sqlalchemy import func, select

from zhengwen.index import schema
from zhengwen.index.embed import Embedder
from zhengwen.index.embedding import load_embedder, missing, stamp, vectors_file
from zhengwen.index.keywords import KeywordIndex, KeywordIndexDamaged
from zhengwen.index.library import Library
from zhengwen.index.sync import KEYWORDS, report_numbers

DerivedState = Literal["in step", "behind", "missing", "damaged"]


@dataclass(frozen=True)
class IndexState:
    """What the library holds and how far the derived indexes have followed."""

    reports: int
    passages: int
    figures: int
    database: str
    """`sqlite` or `postgresql`."""
    keywords: DerivedState
    keywords_behind: int
    """Reports to add to or drop from the keyword index: the next question or ingest does it."""
    embedder: str
    """Identity of the embedder in use; empty without one."""
    vectors: DerivedState
    """The file of the vector index beside the vectors in the database; `in step` where there are none to hold."""
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
    without, vectors = 0, _IN_STEP
    if loaded.embedder is not None:
        without = len(missing(library, loaded.embedder))
        vectors = _vector_state(library, loaded.embedder)
        if without:
            notes.append(f"{without} passages have no vector yet; run `zhengwen ingest` on any path to embed them")
        if vectors != "in step":
            notes.append(f"the vector index is {vectors}; the next question or ingest puts it right")
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
        vectors=vectors,
        without_vector=without,
        notes=tuple(notes),
    )


_IN_STEP: DerivedState = "in step"


def _keyword_state(library: Library) -> tuple[DerivedState, int]:
    wanted, folder = report_numbers(library), library.folder / KEYWORDS
    if not folder.exists():  # opening it would make it
        return ("missing", len(wanted)) if wanted else ("in step", 0)
    if not (folder / "meta.json").is_file():
        return "damaged", len(wanted)
    try:
        index = KeywordIndex.open(folder)
        differ = wanted ^ index.held() | index.suspect()
        index.search("年", top=1)
    except KeywordIndexDamaged:
        return "damaged", len(wanted)
    return ("behind" if differ else "in step"), len(differ)


def _vector_state(library: Library, model: Embedder) -> DerivedState:
    from zhengwen.index.vectors import FlatVectors, VectorsError

    now, path = stamp(library, model), vectors_file(library, model)
    if not path.exists():
        return "in step" if now.startswith("0:") else "missing"
    try:
        held = FlatVectors.load(path, identity=model.identity, dimensions=model.dimensions)
    except VectorsError:
        return "damaged"
    return "in step" if held.stamp == now else "behind"
