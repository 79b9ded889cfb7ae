"""Where to look: regions, a period, or chosen reports."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from pydantic import Field
from sqlalchemy import ColumnElement, and_, false, or_, select, true

from zhengwen.index import schema
from zhengwen.ingest.models import Period, Record

if TYPE_CHECKING:
    from zhengwen.index.library import Library

NATION = "000000"


class Scope(Record):
    """The reports a passage may come from: all that is given must fit; nothing given means everywhere.

    A report fits a period when the years it reviews or plans for touch it: a report that reviews 2020 speaks of
    2020 and of 2021's plans. A report whose years are unknown fits every period.
    """

    regions: tuple[str, ...] = ()
    """Division codes."""
    descendants: bool = False
    """Also the divisions below them."""
    period: Period | None = None
    report_ids: tuple[str, ...] = Field(default=())

    @property
    def everywhere(self) -> bool:
        return not self.regions and self.period is None and not self.report_ids


def code_range(code: str) -> tuple[str, str]:
    """The first and last code of a division and what lies below it: `370000` → (`370000`, `379999`)."""
    if code == NATION:
        return NATION, "999999"
    stem = code
    while len(stem) > 2 and stem.endswith("00"):
        stem = stem[:-2]
    return code, stem.ljust(6, "9")


def region_condition(
    column: ColumnElement[str | None], codes: tuple[str, ...], *, descendants: bool
) -> ColumnElement[bool]:
    """SQL for "this column's region is one of the codes" (or lies below one of them)."""
    if not codes:
        return false()
    if not descendants:
        return column.in_(codes)
    return or_(*(column.between(*code_range(code)) for code in codes))


def scope_condition(table: Any, scope: Scope) -> ColumnElement[bool]:
    """SQL for the reports of a scope."""
    conditions: list[ColumnElement[bool]] = [true()]
    if scope.regions:
        conditions.append(region_condition(table.c.region_code, scope.regions, descendants=scope.descendants))
    if scope.report_ids:
        conditions.append(table.c.id.in_(scope.report_ids))
    if scope.period is not None:
        touches = and_(table.c.speaks_from <= scope.period.end.year, table.c.speaks_to >= scope.period.start.year)
        conditions.append(or_(touches, table.c.speaks_from.is_(None)))
    return and_(*conditions)


def scoped_reports(library: Library, scope: Scope) -> list[int] | None:
    """The numbers of the reports in scope; None for all of them."""
    if scope.everywhere:
        return None
    table = schema.reports
    with library.reading() as connection:
        return list(connection.execute(select(table.c.no).where(scope_condition(table, scope))).scalars())
