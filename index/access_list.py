"""Who may use a bot that is closed: users that were let in, and codes of those who ask to be."""

from __future__ import annotations

import datetime as dt
from collections.abc import Sequence
from typing import Any

from sqlalchemy import BigInteger, Column, Connection, String, Table, Text, delete, insert, select

from zhengwen.index.state import metadata
from zhengwen.ingest.models import Record

MAX_WAITING = 500
"""Strangers who may wait at once: a door that anyone can knock at must not fill the disk."""

users = Table(
    "access_users",
    metadata,
    Column("user", BigInteger, primary_key=True, autoincrement=False),
    Column("name", Text, nullable=False),
    Column("approved_by", BigInteger, nullable=False),
    Column("approved_at", String(32), nullable=False),
)
codes = Table(
    "access_codes",
    metadata,
    Column("user", BigInteger, primary_key=True, autoincrement=False),
    Column("code", String(16), nullable=False, unique=True),
    Column("name", Text, nullable=False),
    Column("until", String(32), nullable=False),
)


class Waiting(Record):
    """A user who asks to be let in."""

    user: int
    name: str
    code: str


def allowed(connection: Connection) -> dict[int, str]:
    """The users that were let in, with their names."""
    return {row.user: row.name for row in connection.execute(select(users.c.user, users.c.name).order_by(users.c.user))}


def ask_in(
    connection: Connection, *, user: int, name: str, code: str, now: dt.datetime, minutes: int
) -> tuple[str, bool] | None:
    """The user's code and whether it is new: the one that still holds, else `code`. None when too many wait."""
    connection.execute(delete(codes).where(codes.c.until < _text(now)))
    held = connection.execute(select(codes.c.code).where(codes.c.user == user)).scalar()
    if held is not None:
        return str(held), False
    if len(connection.execute(select(codes.c.user).limit(MAX_WAITING)).all()) >= MAX_WAITING:
        return None
    until = _text(now + dt.timedelta(minutes=minutes))
    connection.execute(insert(codes).values(user=user, code=code, name=name, until=until))
    return code, True


def approve(connection: Connection, *, code: str, by: int, now: dt.datetime) -> Waiting | None:
    """Let in the user who holds the code; None when no code like it holds any more."""
    found = _waiting(connection, code, now)
    if found is not None:
        connection.execute(delete(codes).where(codes.c.user == found.user))
        connection.execute(delete(users).where(users.c.user == found.user))
        values: dict[str, Any] = {"user": found.user, "name": found.name, "approved_by": by, "approved_at": _text(now)}
        connection.execute(insert(users).values(**values))
    return found


def decline(connection: Connection, *, code: str, now: dt.datetime) -> Waiting | None:
    """Drop the code; the user may ask again. None when no code like it holds any more."""
    found = _waiting(connection, code, now)
    if found is not None:
        connection.execute(delete(codes).where(codes.c.user == found.user))
    return found


def revoke(connection: Connection, *, user: int) -> bool:
    """Shut a user out; False when they were not let in here."""
    return connection.execute(delete(users).where(users.c.user == user)).rowcount > 0


def _waiting(connection: Connection, code: str, now: dt.datetime) -> Waiting | None:
    wanted = code.strip().upper()
    row = connection.execute(select(codes).where(codes.c.code == wanted, codes.c.until >= _text(now))).first()
    return None if row is None else Waiting(user=row.user, name=row.name, code=row.code)


def _text(moment: dt.datetime) -> str:
    return moment.astimezone(dt.UTC).isoformat(timespec="seconds")


tables: Sequence[Table] = (users, codes)
