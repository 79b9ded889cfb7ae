"""What has come in from a chat service and is not finished: kept until answered, so that a restart loses nothing.

A number is taken once: an update that is delivered again, before or after a restart, is known. Its text is dropped
when it is done; the bare number, with its mark, stays for some days.
"""

from __future__ import annotations

import datetime as dt
import re
from collections.abc import Mapping, Sequence

from sqlalchemy import BigInteger, Column, Connection, Index, String, Table, Text, delete, func, insert, select, update

from zhengwen.index.state import metadata

KEPT_DAYS = 7
_MARK = 16
_MARKED = re.compile(r"([0-9a-f]{16}| {16}) ")
"""What stands before the JSON in a body, and alone in that of an update that is done."""

table = Table(
    "update_inbox",
    metadata,
    Column("number", BigInteger, primary_key=True, autoincrement=False),
    Column("body", Text, nullable=False),
    Column("taken_at", String(32), nullable=False),
    Column("done_at", String(32)),
    Index("update_inbox_done", "done_at"),
)


def take(
    connection: Connection, *, bodies: Mapping[int, str], now: dt.datetime, marks: Mapping[int, str] | None = None
) -> set[int]:
    """Keep the updates that are new; gives their numbers. `bodies` maps an update's number to its JSON.

    `marks` tells apart what has the same number by chance, as when the library serves another bot or server: 16 hex
    digits made from what stays the same however often an update is delivered. Without a mark the number decides.
    """
    marks = marks or {}
    held = select(table.c.number, table.c.body).where(table.c.number.in_(tuple(bodies)))
    known = {row.number: _MARKED.match(row.body) for row in connection.execute(held)}
    other = {
        number for number, mark in known.items() if mark and mark[1].strip() and marks.get(number, mark[1]) != mark[1]
    }
    connection.execute(delete(table).where(table.c.number.in_(tuple(other))))
    new = set(bodies) - set(known) | other
    if new:
        stamp = _text(now)
        whole = {number: f"{marks.get(number, ''):{_MARK}} {bodies[number]}" for number in new}
        rows = [{"number": number, "body": whole[number], "taken_at": stamp} for number in sorted(new)]
        connection.execute(insert(table), rows)
    return new


def done(connection: Connection, *, number: int, now: dt.datetime) -> None:
    """The update is answered: its text goes, its number stays known."""
    mark = func.substr(table.c.body, 1, _MARK + 1)
    connection.execute(update(table).where(table.c.number == number).values(body=mark, done_at=_text(now)))


def unfinished(connection: Connection) -> list[str]:
    """The bodies of what was taken and not answered, in order."""
    waiting = select(table.c.body).where(table.c.done_at.is_(None)).order_by(table.c.number)
    return [_MARKED.sub("", body) for body in connection.execute(waiting).scalars()]


def highest(connection: Connection) -> int | None:
    """The highest number ever taken."""
    number = connection.execute(select(func.max(table.c.number))).scalar()
    return None if number is None else int(number)


def forget(connection: Connection, *, now: dt.datetime) -> int:
    """Drop the numbers of updates that were done some days ago; gives how many."""
    limit = _text(now - dt.timedelta(days=KEPT_DAYS))
    last = select(func.max(table.c.number)).scalar_subquery()
    return connection.execute(delete(table).where(table.c.done_at < limit, table.c.number < last)).rowcount


def _text(moment: dt.datetime) -> str:
    return moment.astimezone(dt.UTC).isoformat(timespec="seconds")


tables: Sequence[Table] = (table,)
