"""What adding a report does, inside one transaction: new, replaced, unchanged, or a further source of what is held."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Literal

from sqlalchemy import Connection, delete, select, update

from zhengwen.index import schema
from zhengwen.index.carrying import carry_vectors
from zhengwen.index.twins import Twins, find_twins, has_corrections
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
    twins = find_twins(connection, report, apart_from=old) if held is None else Twins(lesser=(int(held),))
    if twins.keeper is not None:
        attach_source(connection, twins.keeper, **where)
        return "attached"
    number = _insert_for(connection, twins.lesser, report)
    attach_source(connection, number, **where)
    return "added" if before is None and (held is not None or not twins.lesser) else "replaced"


def _good_enough(connection: Connection, number: int, report: Prepared, reading: str) -> bool:
    """Whether the same bytes are stored as they should be: read alike, or with corrections that these lack."""
    query = select(schema.sources.c.reading).where(schema.sources.c.report_no == number)
    alike = reading in set(connection.execute(query).scalars())
    return alike or (has_corrections(connection, number) and not report.corrected)


def _insert_for(connection: Connection, lesser: Sequence[int], report: Prepared) -> int:
    """Insert the report; an older reading, or lesser texts, of the same hand their sources over and go."""
    reports, sources = schema.reports, schema.sources
    # Two may have one id for a moment, which must be unique.
    for number in lesser:
        connection.execute(update(reports).where(reports.c.no == number).values(id=f"-{number}"))
    new = insert_report(connection, report)
    for number in lesser:
        carry_vectors(connection, number, new)
        connection.execute(update(sources).where(sources.c.report_no == number).values(report_no=new))
        connection.execute(delete(reports).where(reports.c.no == number))
    return new
