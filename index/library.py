"""A library: reports go in whole, and reports, passages and texts come out.

library = Library.open(Path("library"), create=True)
library.add(read_report(Path("samples/滨城区2021.md")))
[row.title for row in library.reports()]
"""

from __future__ import annotations

import json
from collections.abc import Iterable
from dataclasses import dataclass
from functools import lru_cache
from pathlib import Path
from types import TracebackType
from typing import Any, Literal, Self

from sqlalchemy import Connection, Engine, delete, select, update
from sqlalchemy.sql import Select

from zhengwen.index import schema
from zhengwen.index.codec import unpack
from zhengwen.index.database import open_engine, translated, writing
from zhengwen.index.rows import ReportRow, SourceRow, StoredPassage, passage_of
from zhengwen.index.scope import region_condition
from zhengwen.index.settings import EmbedderSettings, LibrarySettings, RetrievalSettings
from zhengwen.index.writing import attach_source, drop_if_orphan, insert_report
from zhengwen.ingest.models import Report
from zhengwen.ingest.textmap import TextMap

SourceState = Literal["new", "unchanged", "changed", "elsewhere"]
Added = Literal["added", "replaced", "unchanged", "attached"]
_TEXTS_KEPT = 64


@dataclass(frozen=True)
class StoredText:
    """The texts of one report and the map between them."""

    clean: str
    source: str
    offsets: TextMap


class Library:
    """Reports kept in one database; open it with `Library.open`. Safe to use from several threads."""

    def __init__(
        self, folder: Path, engine: Engine, *, embedder: EmbedderSettings, retrieval: RetrievalSettings, cache: Path
    ) -> None:
        self.folder = folder
        self.engine = engine
        self.embedder_settings = embedder
        self.retrieval = retrieval
        self.cache = cache
        # Report numbers are never given out twice, so a cached text is never out of date.
        self._text = lru_cache(maxsize=_TEXTS_KEPT)(self._load_text)

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
        with translated(self.folder), self.engine.connect() as connection:
            columns = select(table.c.sha256, table.c.reading)
            held = connection.execute(columns.where(table.c.location == location_of(source))).first()
            if held is not None:
                return "unchanged" if (held.sha256, held.reading) == (sha256, reading) else "changed"
            twin = connection.execute(columns.where(table.c.sha256 == sha256, table.c.reading == reading)).first()
            return "new" if twin is None else "elsewhere"

    def add(self, report: Report, *, reading: str = "") -> Added:
        """Add a report in one transaction; it replaces what was read from the same source before.

        The same bytes under a second path are "attached": one report, both sources named.
        """
        location = location_of(report.source)
        where = {"location": location, "source": report.source, "sha256": report.sha256, "reading": reading}
        with translated(self.folder), writing(self.engine) as connection:
            known = schema.sources.c
            before = connection.execute(select(schema.sources).where(known.location == location)).first()
            if before is not None and (before.sha256, before.reading) == (report.sha256, reading):
                return "unchanged"
            held = connection.execute(
                select(schema.reports.c.no).where(schema.reports.c.sha256 == report.sha256)
            ).scalar()
            if held is not None and before is None and self._same_reading(connection, held, reading):
                attach_source(connection, held, **where)
                return "attached"
            number = self._replace(connection, held, report)
            attach_source(connection, number, **where)
            return "added" if before is None else "replaced"

    def _same_reading(self, connection: Connection, number: int, reading: str) -> bool:
        query = select(schema.sources.c.reading).where(schema.sources.c.report_no == number)
        return reading in set(connection.execute(query).scalars())

    def _replace(self, connection: Connection, held: int | None, report: Report) -> int:
        """Insert the report; an older reading of the same bytes hands its sources over and goes."""
        if held is None:
            return insert_report(connection, report)
        connection.execute(update(schema.reports).where(schema.reports.c.no == held).values(id=f"-{held}"))
        number = insert_report(connection, report)
        table = schema.sources
        connection.execute(update(table).where(table.c.report_no == held).values(report_no=number))
        drop_if_orphan(connection, held)
        return number

    def attach(self, source: str, *, sha256: str, report_id: str, reading: str = "") -> None:
        """Note a second source of a report that is held already (the same bytes, or a near-duplicate).

        Raises LibraryError when no such report is held.
        """
        row = self._known(report_id)
        with translated(self.folder), writing(self.engine) as connection:
            attach_source(
                connection, row.no, location=location_of(source), source=source, sha256=sha256, reading=reading
            )

    def remove(self, report_ids: Iterable[str] = (), *, sources: Iterable[str] = ()) -> int:
        """Remove reports by id, or what was read from the sources; gives the number of reports that are gone.

        A report read from two sources stays while one of them is left.
        """
        gone = 0
        with translated(self.folder), writing(self.engine) as connection:
            for report_id in report_ids:
                gone += connection.execute(delete(schema.reports).where(schema.reports.c.id == report_id)).rowcount
            table = schema.sources
            for source in sources:
                at = table.c.location == location_of(source)
                number = connection.execute(select(table.c.report_no).where(at)).scalar()
                if number is not None:
                    connection.execute(delete(table).where(at))
                    gone += drop_if_orphan(connection, number)
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
        table = schema.reports
        query = select(table).order_by(table.c.region_code, table.c.year_reviewed, table.c.date, table.c.no)
        if regions is not None:
            query = query.where(region_condition(table.c.region_code, tuple(regions), descendants=descendants))
        if year is not None:
            query = query.where(table.c.year_reviewed == year)
        if ids is not None:
            query = query.where(table.c.id.in_(tuple(ids)))
        if source is not None:
            at = schema.sources.c.location == location_of(source)
            query = query.where(table.c.no.in_(select(schema.sources.c.report_no).where(at)))
        with translated(self.folder), self.engine.connect() as connection:
            return self._rows(connection, query)

    def _rows(self, connection: Connection, query: Select[Any]) -> list[ReportRow]:
        found = connection.execute(query).all()
        table = schema.sources
        wanted = select(table).order_by(table.c.read_at, table.c.location)
        if len(found) < 200:
            wanted = wanted.where(table.c.report_no.in_([row.no for row in found]))
        sources: dict[int, list[SourceRow]] = {}
        for row in connection.execute(wanted):
            sources.setdefault(row.report_no, []).append(
                SourceRow(source=row.source, location=row.location, sha256=row.sha256, read_at=row.read_at)
            )
        # The source whose bytes were kept comes first; the order of reading decides among the others.
        return [
            ReportRow.of(row, tuple(sorted(sources.get(row.no, ()), key=lambda one: one.sha256 != row.sha256)))
            for row in found
        ]

    def by_number(self, numbers: Iterable[int]) -> dict[int, ReportRow]:
        """Reports by their internal numbers."""
        table = schema.reports
        with translated(self.folder), self.engine.connect() as connection:
            return {row.no: row for row in self._rows(connection, select(table).where(table.c.no.in_(tuple(numbers))))}

    def _known(self, report_id: str) -> ReportRow:
        from zhengwen.ingest.errors import LibraryError

        found = self.reports(ids=[report_id])
        if not found:
            raise LibraryError(f"no report {report_id} in {self.folder}; `zhengwen reports` lists them")
        return found[0]

    def text(self, report: ReportRow) -> StoredText:
        """The clean text and the source of a report, and the map between them."""
        return self._text(report.no)

    def _load_text(self, number: int) -> StoredText:
        from zhengwen.ingest.errors import LibraryError

        table = schema.texts
        query = select(table.c.clean, table.c.source, table.c.offsets).where(table.c.report_no == number)
        with translated(self.folder), self.engine.connect() as connection:
            row = connection.execute(query).first()
        if row is None:
            raise LibraryError(f"{self.folder}: the report has been removed meanwhile; ask again")
        clean = unpack(row.clean)
        return StoredText(clean, unpack(row.source) or clean, TextMap(json.loads(unpack(row.offsets) or "[]")))

    def passage(self, passage_id: str) -> StoredPassage | None:
        """The passage with this citation id, or None."""
        found = self._passages(schema.passages.c.id == passage_id)
        return found[0] if found else None

    def passages(self, numbers: Iterable[int]) -> list[StoredPassage]:
        """Passages by their internal numbers, in no particular order."""
        return self._passages(schema.passages.c.no.in_(tuple(numbers)))

    def neighbours(self, passage: StoredPassage, *, around: int = 1) -> list[StoredPassage]:
        """The passages of the same report from `around` before to `around` after, without the passage itself."""
        table = schema.passages.c
        near = table.seq.between(passage.seq - around, passage.seq + around) & (table.no != passage.no)
        return self._passages((table.report_no == passage.report.no) & near)

    def _passages(self, condition: Any) -> list[StoredPassage]:
        table = schema.passages
        with translated(self.folder), self.engine.connect() as connection:
            rows = connection.execute(select(table).where(condition).order_by(table.c.report_no, table.c.seq)).all()
        reports = self.by_number({row.report_no for row in rows})
        found = []
        for row in rows:
            text = self._text(row.report_no)
            found.append(
                StoredPassage(
                    no=row.no,
                    seq=row.seq,
                    passage=passage_of(row),
                    report=reports[row.report_no],
                    text=text.clean[row.start : row.end],
                    source_text=text.source[row.source_start : row.source_end],
                )
            )
        return found


def location_of(source: str) -> str:
    """What makes two sources the same: the absolute path, or the URL as it is."""
    return source if "://" in source else str(Path(source).resolve())
