"""What readers object to: one stored note about one figure, kept with the figure as it stood.

A figure's id is made from its source's bytes and span, so it outlives a rebuild; where the source itself has changed,
the objection still says which number of which place and period it meant.

number = add_objection(library, figure_id="f0c1d2e3a4b5", text="这是全市的数")
objections(library)[0].surface  →  "7198人"
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from typing import Any

from sqlalchemy import BigInteger, Column, Connection, Index, Integer, String, Table, Text, func, insert, select, update

from zhengwen.index import schema
from zhengwen.index.library import Library
from zhengwen.index.lookup import FigureFilter, StoredFigure, lookup
from zhengwen.index.state import made, make, metadata
from zhengwen.index.writing import now
from zhengwen.ingest.errors import InputError
from zhengwen.ingest.models import Period, Record

MAX_CHARACTERS = 1000
"""Of an objection; a reader's name has at most 100."""
MAX_OPEN = 10_000
"""A door that is open to everyone must not fill the disk."""
_MAX_READER = 100
_MAX_SENTENCE = 800
_CONTROL = re.compile(r"[\x00-\x1f\x7f-\x9f\u2028\u2029\u202a-\u202e\u2066-\u2069\ud800-\udfff]+")

_Number = BigInteger().with_variant(Integer(), "sqlite")

table = Table(
    "objections",
    metadata,
    Column("no", _Number, primary_key=True, autoincrement=True),
    Column("figure_id", String(16), nullable=False),
    Column("text", Text, nullable=False),
    Column("reader", Text, nullable=False),
    Column("made_at", String(32), nullable=False),
    Column("closed_at", String(32)),
    Column("closed_note", Text, nullable=False),
    Column("indicator", Text, nullable=False),  # from here on: the figure as it stood
    Column("surface", Text, nullable=False),
    Column("region", Text, nullable=False),
    Column("period", String(24), nullable=False),
    Column("status", String(16), nullable=False),
    Column("sentence", Text, nullable=False),
    Column("source", Text, nullable=False),
    Column("line", Integer, nullable=False),
    Column("sha256", String(64), nullable=False),
    Index("objections_figure", "figure_id"),
    sqlite_autoincrement=True,
)


class Objection(Record):
    """One reader's objection; what the figure was when it was made stands beside it."""

    number: int
    figure_id: str
    text: str
    reader: str
    """Who made it, as the front end names readers; may be empty."""
    made_at: str
    """ISO time in UTC."""
    closed_at: str | None
    closed_note: str
    indicator: str
    surface: str
    region: str
    """The full name; empty where it was unknown."""
    period: str
    """As periods print; empty where it was unknown."""
    status: str
    sentence: str
    source: str
    """The path as ingested."""
    line: int
    """1-based line of the source on which the sentence begins."""
    sha256: str
    """Of the source's bytes."""


def add_objection(library: Library, *, figure_id: str, text: str, reader: str = "") -> int:
    """Store an objection to a figure and give its number; the same words of the same reader are stored once.

    Raises InputError for a figure that the library does not hold, an empty or overlong text, or too many open ones.
    """
    said = _CONTROL.sub(" ", text).strip()
    if not said:
        raise InputError("the objection is empty; say what is wrong with the figure")
    if len(said) > MAX_CHARACTERS:
        raise InputError(f"the objection has {len(said)} characters; at most {MAX_CHARACTERS} are stored: shorten it")
    figure = _figure(library, figure_id)
    who = _CONTROL.sub(" ", reader).strip()[:_MAX_READER]
    with library.writing() as connection:
        make(connection, tables=(table,))
        if (known := _same(connection, figure.id, said, who)) is not None:
            return known
        waiting = connection.execute(select(func.count()).where(table.c.closed_at.is_(None))).scalar_one()
        if waiting >= MAX_OPEN:
            raise InputError(f"{waiting} objections are open; close some with `zhengwen errors --close N` first")
        values = {"figure_id": figure.id, "text": said, "reader": who, "made_at": now(), "closed_note": ""}
        key = connection.execute(insert(table), values | as_it_stands(figure)).inserted_primary_key
        assert key is not None
        return int(key[0])


def objections(library: Library, *, closed: bool = False, figure_id: str | None = None) -> list[Objection]:
    """The open objections in the order in which they were made; the closed ones too when `closed` is set."""
    query = select(table).order_by(table.c.no)
    if not closed:
        query = query.where(table.c.closed_at.is_(None))
    if figure_id is not None:
        query = query.where(table.c.figure_id == _bare(figure_id))
    with library.reading() as connection:
        rows = connection.execute(query).mappings().all() if made(connection, table) else []
    return [_objection(dict(row)) for row in rows]


def objection(library: Library, number: int) -> Objection:
    """The objection with this number, open or closed. Raises InputError when there is none."""
    found = [one for one in objections(library, closed=True) if one.number == number]
    if not found:
        raise InputError(f"no objection {number}; `zhengwen errors` lists them")
    return found[0]


def close_objection(library: Library, number: int, *, note: str = "") -> None:
    """Close an objection, with what was done about it. Raises InputError for one that is not there or closed."""
    if (at := objection(library, number).closed_at) is not None:
        raise InputError(f"objection {number} was closed on {at[:10]}")
    said = _CONTROL.sub(" ", note).strip()[:MAX_CHARACTERS]
    with library.writing() as connection:
        connection.execute(update(table).where(table.c.no == number).values(closed_at=now(), closed_note=said))


def as_they_are(library: Library, found: Sequence[Objection]) -> dict[str, StoredFigure]:
    """The figures that objections are about, as the library holds them now; those that are gone are left out."""
    ids = tuple({one.figure_id for one in found})
    return {one.id: one for one in lookup(library, FigureFilter(ids=ids, withdrawn=None))} if ids else {}


def alike(library: Library, one: Objection) -> list[StoredFigure]:
    """Where the figure is gone: those of the same file printed as it was, in its sentence or with its indicator."""
    reports = tuple(row.id for row in library.reports(source=one.source))
    found = lookup(library, FigureFilter(report_ids=reports, withdrawn=None)) if reports else []
    printed = [row for row in found if row.figure.surface == one.surface]
    same = [row for row in printed if row.sentence[:_MAX_SENTENCE] == one.sentence]
    return same or [row for row in printed if row.figure.indicator == one.indicator]


def changes(one: Objection, figure: StoredFigure) -> dict[str, tuple[str, str]]:
    """What has changed since: `{"period": ("2020", "2021")}`; empty when it stands as it stood."""
    is_now = as_it_stands(figure)
    names = ("indicator", "surface", "region", "period", "status", "sentence")
    was = {name: str(getattr(one, name)) for name in names}
    return {name: (was[name], is_now[name]) for name in names if was[name] != is_now[name]}


def as_it_stands(figure: StoredFigure) -> dict[str, Any]:
    """The columns that describe a figure."""
    record = figure.figure
    return {
        "indicator": record.indicator,
        "surface": record.surface,
        "region": record.region.name if record.region else "",
        "period": _printed(record.period),
        "status": schema.WITHDRAWN if record.withdrawn else record.status,
        "sentence": figure.sentence[:_MAX_SENTENCE],
        "source": figure.report.source,
        "line": figure.line,
        "sha256": figure.report.sha256,
    }


def _printed(period: Period | None) -> str:
    return "" if period is None else str(period)


def _figure(library: Library, figure_id: str) -> StoredFigure:
    wanted = _bare(figure_id)
    found = lookup(library, FigureFilter(ids=(wanted,), withdrawn=None)) if wanted else []
    if not found:
        raise InputError(f"no figure '{wanted[:40]}' in the library; `zhengwen figures --json` lists ids")
    return found[0]


def _bare(figure_id: str) -> str:
    return _CONTROL.sub("", figure_id).strip().strip("[]")


def _same(connection: Connection, figure_id: str, text: str, reader: str) -> int | None:
    """The number of an open objection in the same words: a message that arrives twice counts once."""
    mine = (table.c.figure_id == figure_id, table.c.text == text, table.c.reader == reader)
    number = connection.execute(select(table.c.no).where(*mine, table.c.closed_at.is_(None))).scalar()
    return None if number is None else int(number)


def _objection(row: dict[str, Any]) -> Objection:
    return Objection(number=row.pop("no"), **row)
