"""Reading reports, texts and passages out of the tables: what `library.Library` hands on."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any

from sqlalchemy import ColumnElement, Connection, select
from sqlalchemy.sql import Select

from zhengwen.index import schema
from zhengwen.index.codec import unpack
from zhengwen.index.rows import ReportRow, SourceRow, StoredText
from zhengwen.index.scope import region_condition

_ALL_SOURCES_FROM = 200
"""With more reports than this, reading the whole table of sources is quicker than naming them."""


def reports_query(
    *,
    regions: Iterable[str] | None,
    descendants: bool,
    year: int | None,
    ids: Iterable[str] | None,
    location: str | None,
) -> Select[Any]:
    """Reports that fit all that is given, by region, year and date."""
    table = schema.reports
    query = select(table).order_by(table.c.region_code, table.c.year_reviewed, table.c.date, table.c.no)
    if regions is not None:
        query = query.where(region_condition(table.c.region_code, tuple(regions), descendants=descendants))
    if year is not None:
        query = query.where(table.c.year_reviewed == year)
    if ids is not None:
        query = query.where(table.c.id.in_(tuple(ids)))
    if location is not None:
        at = schema.sources.c.location == location
        query = query.where(table.c.no.in_(select(schema.sources.c.report_no).where(at)))
    return query


def read_reports(connection: Connection, query: Select[Any]) -> list[ReportRow]:
    """The rows of a query over the reports table, with their sources."""
    found = connection.execute(query).all()
    table = schema.sources
    wanted = select(table).order_by(table.c.read_at, table.c.location)
    if len(found) < _ALL_SOURCES_FROM:
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


def read_text(connection: Connection, number: int) -> StoredText | None:
    """The texts of a report, or None when it is gone. Raises zlib.error or ValueError for damage."""
    table = schema.texts
    query = select(table.c.clean, table.c.source, table.c.offsets).where(table.c.report_no == number)
    row = connection.execute(query).first()
    if row is None:
        return None
    return StoredText(unpack(row.clean), row.source, row.offsets)


def read_passage_rows(connection: Connection, condition: ColumnElement[bool]) -> list[Any]:
    """Rows of the passages table, in the order of their reports."""
    table = schema.passages
    return list(connection.execute(select(table).where(condition).order_by(table.c.report_no, table.c.seq)))
