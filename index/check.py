"""Every stored span of a library read again: what `zhengwen check` does, and what its tests call.

    for problem in check(library):
        print(problem.place, problem.what)

Nothing is changed. What a newer file on the disk says is no damage: `stale_sources` tells of it.
"""

from __future__ import annotations

import hashlib
import zlib
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Literal

from sqlalchemy import func, select

from zhengwen.index import schema
from zhengwen.index.check_report import report_faults
from zhengwen.index.library import Library
from zhengwen.index.rows import ReportRow
from zhengwen.ingest.errors import LibraryError

Progress = Callable[[int, int, str], None]
LIBRARY = "library"
"""The place of what belongs to no single report."""
_BATCH = 8192


@dataclass(frozen=True)
class Problem:
    """Something stored that does not agree with itself."""

    report: ReportRow | None
    """None for what belongs to no single report."""
    what: str

    @property
    def place(self) -> str:
        """The report's source; LIBRARY for what belongs to none."""
        return (self.report.source or self.report.id) if self.report else LIBRARY


@dataclass(frozen=True)
class Stale:
    """A file that is no longer what the library has read."""

    source: str
    state: Literal["changed", "gone"]


def check(library: Library, *, progress: Progress | None = None) -> Iterator[Problem]:
    """Read every stored span again: passages and figures in the clean text and through the map in the source, their
    ids, numbers and columns, and the stored vectors.

    Yields what does not agree; nothing for a sound library. Reads about a hundred reports a second; `progress` is
    called with (reports done, reports, source). Raises LibraryError where the database cannot be read at all.
    """
    yield from (Problem(None, what) for what in _database(library))
    reports = library.reports()
    for done, report in enumerate(reports, 1):
        try:
            yield from (Problem(report, what) for what in report_faults(library, report))
        except (LibraryError, zlib.error, ValueError, KeyError, TypeError) as error:
            yield Problem(report, f"cannot be read: {error}")
        if progress is not None:
            progress(done, len(reports), report.source)
    yield from (Problem(None, what) for what in _vectors(library))


def _database(library: Library) -> Iterator[str]:
    """What SQLite itself finds wrong with its pages and references."""
    if library.engine.dialect.name != "sqlite":
        return
    with library.reading() as connection:
        for (line,) in connection.exec_driver_sql("PRAGMA quick_check(20)"):
            if line != "ok":
                yield f"SQLite: {line}"
        broken = connection.exec_driver_sql("PRAGMA foreign_key_check").fetchmany(20)
    yield from (f"a row of {row[0]} belongs to a missing row of {row[2]}" for row in broken)


def _vectors(library: Library) -> Iterator[str]:
    """Vectors of the wrong length, or with values that are no numbers."""
    import numpy as np

    table, models = schema.embeddings.c, schema.embedders.c
    with library.reading() as connection:
        for model in connection.execute(select(models.no, models.identity, models.dimensions)).all():
            mine = table.embedder_no == model.no
            size = model.dimensions * 2
            cut = connection.execute(select(func.count()).where(mine, func.length(table.vector) != size)).scalar()
            if cut:
                yield f"{cut} vectors of {model.identity} do not have {model.dimensions} dimensions"
            whole = select(table.vector).where(mine, func.length(table.vector) == size)
            broken = 0
            for rows in connection.execution_options(yield_per=_BATCH).execute(whole).scalars().partitions():
                matrix = np.frombuffer(b"".join(rows), dtype="<f2").reshape(-1, model.dimensions)
                broken += int((~np.isfinite(matrix)).any(axis=1).sum())
            if broken:
                yield f"{broken} vectors of {model.identity} hold values that are no numbers"


def stale_sources(library: Library) -> Iterator[Stale]:
    """Files on this disk that have changed since they were read, or that are gone; web pages are not asked."""
    for report in library.reports():
        for source in report.sources:
            if "://" in source.location:
                continue
            state = _state(Path(source.location), source.sha256)
            if state is not None:
                yield Stale(source.source, state)


def _state(path: Path, sha256: str) -> Literal["changed", "gone"] | None:
    try:
        with path.open("rb") as file:
            same = hashlib.file_digest(file, "sha256").hexdigest() == sha256
    except OSError:
        return None if _in_archive(path) else "gone"
    return None if same else "changed"


def _in_archive(path: Path) -> bool:
    """A member of an archive, reports.zip/滨城区.txt: the archive is a file where a folder should be."""
    return any(parent.is_file() for parent in path.parents)
