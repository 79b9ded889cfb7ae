"""A library: reports go in whole, and reports, passages and texts come out.

library = Library.open(Path("library"), create=True)
library.add(read_report(Path("samples/滨城区2021.md")))
[row.title for row in library.reports()]
"""

from __future__ import annotations

import os
import threading
import zlib
from collections.abc import Iterable
from functools import lru_cache
from pathlib import Path
from types import TracebackType
from typing import TYPE_CHECKING, Literal, Self

from sqlalchemy import ColumnElement, Engine, delete, select

from zhengwen.index import schema
from zhengwen.index.adding import Added, add_report
from zhengwen.index.changes import note_change
from zhengwen.index.database import open_engine
from zhengwen.index.reading import read_passage_rows, read_reports, read_text, reports_query
from zhengwen.index.rows import ReportRow, StoredPassage, StoredText, stored_passage
from zhengwen.index.settings import EmbedderSettings, LibrarySettings, RetrievalSettings
from zhengwen.index.transactions import Transactions
from zhengwen.index.writing import Prepared, attach_source, drop_if_orphan, prepare
from zhengwen.ingest.errors import LibraryError
from zhengwen.ingest.models import Report

if TYPE_CHECKING:
    from zhengwen.index.embed import Loaded
    from zhengwen.index.keywords import KeywordIndex
    from zhengwen.index.vectors import FlatVectors

SourceState = Literal["new", "unchanged", "changed", "elsewhere"]
_TEXTS_KEPT = 512
"""Some 30 MB: a question over all reports of a province stays in memory."""


class Library(Transactions):
    """Reports kept in one database; open it with `Library.open`. Safe to use from several threads."""

    def __init__(
        self, folder: Path, engine: Engine, *, embedder: EmbedderSettings, retrieval: RetrievalSettings, cache: Path
    ) -> None:
        super().__init__(folder, engine)
        self.embedder_settings = embedder
        self.retrieval = retrieval
        self.cache = cache
        # Report numbers are never given out twice, so a cached text is never out of date.
        self._text = lru_cache(maxsize=_TEXTS_KEPT)(self._load_text)
        self._rows: dict[int, ReportRow] = {}
        self._rows_at = -1
        # What index.embedding and index.sync keep while the library is open; guarded by the lock.
        self.kept_lock = threading.RLock()
        self.kept_embedder: Loaded | None = None
        self.kept_vectors: FlatVectors | None = None
        self.kept_keywords: KeywordIndex | None = None
        self.kept_vectors_at = self.kept_keywords_at = -1
        """The generation at which they were in step with the database."""

    @classmethod
    def open(
        cls,
        folder: Path,
        *,
        settings: LibrarySettings | None = None,
        embedder: EmbedderSettings | None = None,
        retrieval: RetrievalSettings | None = None,
        cache: Path | None = None,
        create: bool = False,
    ) -> Self:
        """Open the library in `folder`, making it when `create` is set.

        `embedder` and `retrieval` are used by `retrieve.retrieve` and by ingesting; `cache` is where a converted
        embedding model is kept (default: the folder's `models`). Raises LibraryError, one line with what to do.
        """
        settings = settings or LibrarySettings()
        engine = open_engine(folder, database=settings.database, create=create)
        return cls(
            folder,
            engine,
            embedder=embedder or EmbedderSettings(),
            retrieval=retrieval or RetrievalSettings(),
            cache=cache or folder / "models",
        )

    def close(self) -> None:
        self.engine.dispose()

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self.close()

    # -- writing ------------------------------------------------------------------------------------------------

    def state_of(self, source: str, sha256: str, *, reading: str = "") -> SourceState:
        """What adding this source would mean, asked before the costly reading.

        "elsewhere": the same bytes are held from another path; `attach` notes this one too. `reading` is a digest of
        whatever else the reading depends on, such as a sidecar; a new one makes the source "changed".
        """
        table = schema.sources
        with self.reading() as connection:
            columns = select(table.c.sha256, table.c.reading)
            held = connection.execute(columns.where(table.c.location == location_of(source))).first()
            if held is not None:
                return "unchanged" if (held.sha256, held.reading) == (sha256, reading) else "changed"
            twin = connection.execute(columns.where(table.c.sha256 == sha256, table.c.reading == reading)).first()
            return "new" if twin is None else "elsewhere"

    def add(self, report: Report | Prepared, *, reading: str = "") -> Added:
        """Add a report in one transaction; it replaces what was read from the same source before.

        The same bytes under a second path, or the same report from another site, are "attached": one report, both
        sources named (`index.twins` says when two texts are the same).
        """
        prepared = prepare(report) if isinstance(report, Report) else report
        with self.writing() as connection:
            added = add_report(connection, prepared, location=location_of(prepared.source), reading=reading)
            if added != "unchanged":
                note_change(connection)
            return added

    def attach(self, source: str, *, sha256: str, reading: str = "") -> None:
        """Note another source of bytes that are held already. Raises LibraryError when they are not."""
        table = schema.sources.c
        where = {"location": location_of(source), "source": source, "sha256": sha256, "reading": reading}
        with self.writing() as connection:
            number = connection.execute(select(table.report_no).where(table.sha256 == sha256)).scalar()
            if number is None:
                raise LibraryError(f"{self.folder}: {source} is not held from elsewhere; ingest it")
            attach_source(connection, number, **where)
            note_change(connection)

    def remove(self, report_ids: Iterable[str] = (), *, sources: Iterable[str] = ()) -> int:
        """Remove reports by id, or what was read from the sources; gives the number of reports that are gone.

        A report read from two sources stays while one with its very bytes is left; a near-duplicate of it that was
        not kept is read again by the next ingest.
        """
        gone = 0
        with self.writing() as connection:
            for report_id in report_ids:
                gone += connection.execute(delete(schema.reports).where(schema.reports.c.id == report_id)).rowcount
            table = schema.sources
            for source in sources:
                at = table.c.location == location_of(source)
                number = connection.execute(select(table.c.report_no).where(at)).scalar()
                if number is not None:
                    connection.execute(delete(table).where(at))
                    gone += drop_if_orphan(connection, number)
            note_change(connection)
        return gone

    # -- reading ------------------------------------------------------------------------------------------------

    def reports(
        self,
        *,
        regions: Iterable[str] | None = None,
        descendants: bool = False,
        year: int | None = None,
        ids: Iterable[str] | None = None,
        source: str | None = None,
    ) -> list[ReportRow]:
        """The reports that fit all that is given, by region, year and date; `year` is the year reviewed."""
        query = reports_query(
            regions=regions,
            descendants=descendants,
            year=year,
            ids=ids,
            location=None if source is None else location_of(source),
        )
        with self.reading() as connection:
            return read_reports(connection, query)

    def by_number(self, numbers: Iterable[int]) -> dict[int, ReportRow]:
        """Reports by their internal numbers; unknown numbers are left out."""
        table = schema.reports
        wanted = set(numbers)
        with self.snapshot(), self.reading() as connection:
            now = self.generation()
            if self._rows_at != now:
                self._rows, self._rows_at = {}, now
            known = self._rows
            if missing := wanted - known.keys():
                rows = read_reports(connection, select(table).where(table.c.no.in_(missing)))
                known.update((row.no, row) for row in rows)
        return {number: known[number] for number in wanted if number in known}

    def text(self, report: ReportRow) -> StoredText:
        """The clean text and the source of a report, and the map between them."""
        return self._text(report.no)

    def _load_text(self, number: int) -> StoredText:
        try:
            with self.reading() as connection:
                text = read_text(connection, number)
        except (zlib.error, ValueError) as error:
            raise LibraryError(
                f"{self.folder}: the text of report {number} is damaged ({error}); ingest it again"
            ) from None
        if text is None:
            raise LibraryError(f"{self.folder}: a report has been removed meanwhile; ask again")
        return text

    def passage(self, passage_id: str) -> StoredPassage | None:
        """The passage with this citation id, or None."""
        found = self._passages(schema.passages.c.id == passage_id)
        return found[0] if found else None

    def passages(self, numbers: Iterable[int]) -> list[StoredPassage]:
        """Passages by their internal numbers, in the order of their reports."""
        return self._passages(schema.passages.c.no.in_(tuple(numbers)))

    def passage_numbers(self, passage_ids: Iterable[str]) -> dict[str, int]:
        """The internal numbers of passages by their citation ids; unknown ids are left out."""
        table = schema.passages.c
        with self.reading() as connection:
            rows = connection.execute(select(table.id, table.no).where(table.id.in_(tuple(passage_ids)))).all()
        return {row.id: row.no for row in rows}

    def passages_of(self, report: ReportRow) -> list[StoredPassage]:
        """All passages of a report, in order."""
        return self._passages(schema.passages.c.report_no == report.no)

    def neighbours(self, passage: StoredPassage, *, around: int = 1) -> list[StoredPassage]:
        """The passages of the same report from `around` before to `around` after, without the passage itself."""
        table = schema.passages.c
        near = table.seq.between(passage.seq - around, passage.seq + around) & (table.no != passage.no)
        return self._passages((table.report_no == passage.report.no) & near)

    def _passages(self, condition: ColumnElement[bool]) -> list[StoredPassage]:
        with self.reading() as connection:
            rows = read_passage_rows(connection, condition)
        reports = self.by_number({row.report_no for row in rows})
        return [
            stored_passage(row, reports[row.report_no], self._text(row.report_no))
            for row in rows
            if row.report_no in reports
        ]


def location_of(source: str) -> str:
    """What makes two sources the same: the absolute path, or the URL as it is."""
    return source if "://" in source else os.path.realpath(source)
