"""What adding a report does, inside one transaction: new, replaced, unchanged, or a further source of what is held."""

from __future__ import annotations

from typing import Literal

from sqlalchemy import Connection, delete, select, update

from zhengwen.index import schema
from zhengwen.index.carrying import carry_vectors
from zhengwen.index.twins import find_twin, has_corrections
from zhengwen.index.writing import Prepared, attach_source, insert_report

Added = Literal["added", "replaced", "unchanged", "attached"]


def add_report(connection: Connection, report: Prepared, *, location: str, reading: str) -> Added:
    """Add a report read from `location`; see `library.Library.add`."""
    where = {"location": location, "source": report.source, "sha256": report.sha256, "reading": reading}
    known = schema.sources.c
    before = connection.execute(select(schema.sources).where(known.location == location)).first()
    if before is not None and (before.sha256, before.reading) == (report.sha256, reading):
        return "unchanged"
    held = connection.execute(select(schema.reports.c.no).where(schema.reports.c.sha256 == report.sha256)).scalar()
    if held is not None and before is None and _good_enough(connection, held, report, reading):
        attach_source(connection, held, **where)
        return "attached"
    old = None if before is None else int(before.report_no)
    twin = find_twin(connection, report, apart_from=old) if held is None else None
    if twin is not None and not twin.keep_new:
        attach_source(connection, twin.number, **where)
        return "attached"
    number = _insert_for(connection, twin.number if twin else held, report)
    attach_source(connection, number, **where)
    return "added" if before is None and twin is None else "replaced"


def _good_enough(connection: Connection, number: int, report: Prepared, reading: str) -> bool:
    """Whether the same bytes are stored as they should be: read alike, or with corrections that these lack."""
    query = select(schema.sources.c.reading).where(schema.sources.c.report_no == number)
    alike = reading in set(connection.execute(query).scalars())
    return alike or (has_corrections(connection, number) and not report.corrected)


def _insert_for(connection: Connection, held: int | None, report: Prepared) -> int:
    """Insert the report; an older reading, or a lesser text, of the same hands its sources over and goes."""
    if held is None:
        return insert_report(connection, report)
    # Both may have one id for a moment, which must be unique.
    connection.execute(update(schema.reports).where(schema.reports.c.no == held).values(id=f"-{held}"))
    number = insert_report(connection, report)
    carry_vectors(connection, held, number)
    table = schema.sources
    connection.execute(update(table).where(table.c.report_no == held).values(report_no=number))
    connection.execute(delete(schema.reports).where(schema.reports.c.no == held))
    return number
