"""Which messages were sent for which update: handled again after a crash, an update says nothing twice.

Answers to questions are kept with what they offer (index/chat_store.py); these are all the others.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Sequence

from sqlalchemy import BigInteger, Column, Connection, Index, String, Table, delete, insert, select

from zhengwen.index.state import metadata

KEPT_DAYS = 7
_RECENT = 1000

table = Table(
    "sent_messages",
    metadata,
    Column("chat", BigInteger, primary_key=True, autoincrement=False),
    Column("number", BigInteger, primary_key=True, autoincrement=False),
    Column("update_no", BigInteger, nullable=False),
    Column("sent_at", String(32), nullable=False),
    Index("sent_messages_update", "update_no"),
    Index("sent_messages_age", "sent_at"),
)


def note(connection: Connection, *, update: int, chat: int, number: int, now: dt.datetime) -> None:
    """This message was sent for that update."""
    connection.execute(delete(table).where(table.c.chat == chat, table.c.number == number))
    connection.execute(insert(table).values(chat=chat, number=number, update_no=update, sent_at=_text(now)))


def of_update(connection: Connection, *, update: int) -> tuple[int, ...]:
    """The numbers of the messages sent for an update, in order."""
    wanted = select(table.c.number).where(table.c.update_no == update).order_by(table.c.number)
    return tuple(connection.execute(wanted).scalars())


def recent(connection: Connection) -> set[tuple[int, int]]:
    """Chat and number of the newest messages."""
    newest = select(table.c.chat, table.c.number).order_by(table.c.sent_at.desc()).limit(_RECENT)
    return {(row.chat, row.number) for row in connection.execute(newest)}


def forget(connection: Connection, *, now: dt.datetime) -> int:
    """Drop what is some days old; gives how many."""
    limit = _text(now - dt.timedelta(days=KEPT_DAYS))
    return connection.execute(delete(table).where(table.c.sent_at < limit)).rowcount


def _text(moment: dt.datetime) -> str:
    return moment.astimezone(dt.UTC).isoformat(timespec="seconds")


tables: Sequence[Table] = (table,)
