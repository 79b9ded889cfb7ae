"""Vectors of the passages: kept in the database as fp16, searched in a FAISS index that is derived from it.

A report is in the library without them; they follow in batches, and an ingest that is stopped in between leaves the
rest for the next one.
"""

from __future__ import annotations

import hashlib
from collections.abc import Callable, Sequence
from pathlib import Path
from typing import TYPE_CHECKING, Any

from sqlalchemy import ColumnElement, Connection, Select, and_, func, insert, select

from zhengwen.index import schema
from zhengwen.index.carrying import vector_text
from zhengwen.index.changes import note_change
from zhengwen.index.embed import Embedder, Loaded, embedder

if TYPE_CHECKING:
    import numpy as np
    import numpy.typing as npt

    from zhengwen.index.library import Library
    from zhengwen.index.rows import StoredPassage
    from zhengwen.index.vectors import FlatVectors

VECTORS = "vectors"
_BATCH = 256
_READ_AT_ONCE = 20_000
_WORTH_SAVING = 2_000
"""A question that finds the file behind by fewer vectors leaves it: adding them is quick, writing the file is not."""


def load_embedder(library: Library) -> Loaded:
    """The embedder of the library's settings, or why there is none; loaded once for an open library."""
    with library.kept_lock:
        if library.kept_embedder is None:
            library.kept_embedder = embedder(library.embedder_settings, library.cache)
        return library.kept_embedder


def embedded_text(stored: StoredPassage) -> str:
    """What a passage's vector is made from; see `carrying.vector_text`."""
    return vector_text(stored.passage.headings, stored.text)


def embedder_number(connection: Connection, model: Embedder) -> int | None:
    """The number under which this embedder's vectors are kept; None before the first."""
    table = schema.embedders
    return connection.execute(select(table.c.no).where(table.c.identity == model.identity)).scalar()


def missing(library: Library, model: Embedder) -> list[int]:
    """The numbers of the passages that this embedder has not seen."""
    with library.reading() as connection:
        number = embedder_number(connection, model)
        return list(connection.execute(_without_vector(schema.passages.c.no, number)).scalars())


def _without_vector(columns: Any, number: int | None) -> Select[Any]:
    passages, table = schema.passages, schema.embeddings
    mine: ColumnElement[bool] = and_(table.c.passage_no == passages.c.no, table.c.embedder_no == (number or 0))
    return (
        select(columns)
        .select_from(passages)
        .join(table, mine, isouter=True)
        .where(table.c.passage_no.is_(None))
        .order_by(passages.c.no)
    )


def embed_missing(library: Library, model: Embedder, *, progress: Callable[[int, int], None] | None = None) -> int:
    """Embed what is missing, in batches that are stored as they are done; gives how many passages were embedded.

    `progress` is called with (done, all that were missing). Raises LibraryError when the database fails.
    """
    numbers = missing(library, model)
    done = 0
    for at in range(0, len(numbers), _BATCH):
        stored = library.passages(numbers[at : at + _BATCH])
        if stored:
            vectors = model.passages([embedded_text(one) for one in stored])
            _keep(library, model, [one.no for one in stored], vectors)
        done += len(stored)
        if progress is not None:
            progress(min(at + _BATCH, len(numbers)), len(numbers))
    return done


def _keep(library: Library, model: Embedder, numbers: Sequence[int], vectors: npt.NDArray[np.float32]) -> None:
    halves = vectors.astype("<f2")
    with library.writing() as connection:
        mine = embedder_number(connection, model)
        if mine is None:
            values = {"identity": model.identity, "dimensions": model.dimensions}
            key = connection.execute(insert(schema.embedders), values).inserted_primary_key
            assert key is not None
            mine = int(key[0])
        # Meanwhile a report may have gone, or another process may have embedded the same passages.
        wanted = _without_vector(schema.passages.c.no, mine).where(schema.passages.c.no.in_(numbers))
        open_numbers = set(connection.execute(wanted).scalars())
        rows = [
            {"embedder_no": mine, "passage_no": number, "vector": half.tobytes()}
            for number, half in zip(numbers, halves, strict=True)
            if number in open_numbers
        ]
        if rows:
            connection.execute(insert(schema.embeddings), rows)
            note_change(connection)


def stamp(library: Library, model: Embedder) -> str:
    """Changes whenever the stored vectors of this embedder do; cheap enough to ask before every search."""
    table = schema.embeddings.c
    query = select(func.count(), func.max(table.passage_no), func.sum(table.passage_no))
    with library.reading() as connection:
        number = embedder_number(connection, model) or 0
        count, last, total = connection.execute(query.where(table.embedder_no == number)).one()
    return f"{count}:{last or 0}:{total or 0}"


def has_vectors(library: Library, model: Embedder) -> bool:
    """Whether any passage has a vector: if not, a question need not load the model."""
    table = schema.embeddings.c
    with library.reading() as connection:
        mine = table.embedder_no == (embedder_number(connection, model) or 0)
        return connection.execute(select(table.passage_no).where(mine).limit(1)).first() is not None


def vectors_file(library: Library, model: Embedder) -> Path:
    """Each embedder has its own file, so that switching back and forth costs nothing."""
    name = hashlib.sha256(model.identity.encode()).hexdigest()[:12]
    return library.folder / VECTORS / f"{name}.faiss"


def bring_into_step(library: Library, model: Embedder, vectors: FlatVectors) -> int:
    """Add and remove what differs from the database; gives how many vectors that were."""
    import numpy as np

    now = stamp(library, model)
    if vectors.stamp == now:
        return 0
    table = schema.embeddings.c
    with library.reading() as connection:
        mine = table.embedder_no == (embedder_number(connection, model) or 0)
        wanted = np.fromiter(connection.execute(select(table.passage_no).where(mine)).scalars(), dtype=np.int64)
        held = vectors.numbers
        changed = vectors.remove(np.setdiff1d(held, wanted).tolist())
        fresh = np.setdiff1d(wanted, held).tolist()
        for at in range(0, len(fresh), _READ_AT_ONCE):
            some = fresh[at : at + _READ_AT_ONCE]
            within = table.passage_no.between(some[0], some[-1])
            query = select(table.passage_no, table.vector).where(mine, within).order_by(table.passage_no)
            chosen = set(some)
            rows = [(row.passage_no, row.vector) for row in connection.execute(query) if row.passage_no in chosen]
            matrix = np.frombuffer(b"".join(vector for _, vector in rows), dtype="<f2")
            vectors.add([number for number, _ in rows], matrix.reshape(-1, model.dimensions).astype(np.float32))
    vectors.stamp = now
    return changed + len(fresh)


def nearest(
    library: Library, model: Embedder, vector: npt.NDArray[np.float32], *, top: int, among: Sequence[int] | None
) -> list[tuple[int, float]]:
    """(passage number, cosine) of the nearest passages, best first; only `among` these numbers unless that is None."""
    with library.kept_lock:
        return _current(library, model, writer=False).search(vector, top, among=among)


def save_vectors(library: Library, model: Embedder) -> None:
    """Bring the index into step and write its file: the end of an ingest."""
    with library.kept_lock:
        _current(library, model, writer=True)


def _current(library: Library, model: Embedder, *, writer: bool) -> FlatVectors:
    """The vectors in step with the database. The caller holds the library's lock, and searches under it."""
    vectors, now = library.kept_vectors, library.generation()
    if vectors is None or vectors.identity != model.identity or writer:
        vectors = library.kept_vectors = open_vectors(library, model, writer=writer)
    elif library.kept_vectors_at != now:
        bring_into_step(library, model, vectors)
    library.kept_vectors_at = now
    return vectors


def open_vectors(library: Library, model: Embedder, *, writer: bool = False) -> FlatVectors:
    """The vectors of this embedder in step with the database; the file is renewed where that is possible.

    A missing or damaged file costs a rebuild from the database (seconds), never an embedding.
    """
    from zhengwen.index.sync import READER_WAITS, WRITER_WAITS, Busy, deriving
    from zhengwen.index.vectors import FlatVectors, VectorsError

    path = vectors_file(library, model)
    try:
        vectors = FlatVectors.load(path, identity=model.identity, dimensions=model.dimensions)
    except VectorsError:
        vectors = FlatVectors(identity=model.identity, dimensions=model.dimensions)
    changed = bring_into_step(library, model, vectors)
    if changed and (writer or changed > _WORTH_SAVING):
        try:
            with deriving(library.folder, wait=WRITER_WAITS if writer else READER_WAITS):
                vectors.save(path)
        except (Busy, OSError):
            # The file is a convenience: what is in memory is in step, and the next one to open tries again.
            return vectors
    return vectors
