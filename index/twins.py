"""The same report from a second site: recognised when it is added, kept once, both sources named.

A copy cut short or damaged counts (`ingest.duplicates`). Near-duplicates are merged only when nothing is lost: every
figure of the one that goes must stand in the one that stays. Two sources that print different numbers stay apart,
because sources that disagree are shown together.
"""

from __future__ import annotations

from dataclasses import dataclass

from sqlalchemy import ColumnElement, Connection, or_, select, true

from zhengwen.index import schema
from zhengwen.index.codec import CORRECTED
from zhengwen.index.writing import Prepared
from zhengwen.ingest.duplicates import similarity


@dataclass(frozen=True)
class Twins:
    """The stored reports that are the same as the one being added."""

    keeper: int | None = None
    """The one that is at least as good a text: the one being added is a further source of it."""
    lesser: tuple[int, ...] = ()
    """Those that give way, for the one being added holds figures, facts or corrections that they lack.

    Two copies that hold different parts may both be stored; the whole takes the place of both.
    """


def find_twins(connection: Connection, report: Prepared, *, apart_from: int | None) -> Twins:
    """The stored near-duplicates that can be merged with `report`; `apart_from` is about to be replaced."""
    mine = report.texts["fingerprint"]
    if not mine:
        return Twins()
    lesser: list[int] = []
    reports, texts = schema.reports.c, schema.texts.c
    query = (
        select(reports.no, reports.kind, reports.region_code, reports.date, texts.fingerprint)
        .join(schema.texts, texts.report_no == reports.no)
        .where(_same_or_unknown(reports.region_code, report.report["region_code"]))
        .where(_same_or_unknown(reports.year_reviewed, report.report["year_reviewed"]))
        .where(reports.no != (apart_from or 0))
    )
    for row in connection.execute(query).all():
        if len({row.kind, report.report["kind"]} - {"unknown"}) > 1 or not similarity(mine, row.fingerprint).same:
            continue  # news that quotes half of a report is not the report
        new, held = _numbers(report), _stored_numbers(connection, row.no)
        known = (report.report["region_code"] is not None) + (report.report["date"] is not None) + report.corrected
        held_known = (row.region_code is not None) + (row.date is not None) + has_corrections(connection, row.no)
        if new <= held and known <= held_known:
            return Twins(keeper=row.no)
        if held <= new and held_known <= known:
            lesser.append(row.no)
    return Twins(lesser=tuple(lesser))


def _same_or_unknown(
    column: ColumnElement[str | None] | ColumnElement[int | None], value: object
) -> ColumnElement[bool]:
    return true() if value is None else or_(column == value, column.is_(None))


def _numbers(report: Prepared) -> set[tuple[str, str]]:
    return {(row["value"], row["unit"]) for row in report.figures}


def _stored_numbers(connection: Connection, number: int) -> set[tuple[str, str]]:
    table = schema.figures.c
    rows = connection.execute(select(table.value, table.unit).where(table.report_no == number))
    return {(row.value, row.unit) for row in rows}


def has_corrections(connection: Connection, number: int) -> bool:
    """Whether a correction has changed a figure of the stored report."""
    table = schema.figures.c
    query = select(table.no).where(table.report_no == number, table.record.contains(CORRECTED, autoescape=True))
    return connection.execute(query.limit(1)).first() is not None
