"""A number in the database that goes up whenever reports, their sources or their vectors change.

Whoever keeps something of a library in memory asks for it before using what is kept: one small query instead of
counting rows.
"""

from __future__ import annotations

from sqlalchemy import Connection, Integer, Text, cast, insert, select, update

from zhengwen.index.schema import meta

_KEY = "changes"
_QUERY = select(meta.c.value).where(meta.c.key == _KEY)


def changes(connection: Connection) -> int:
    """How often the library has changed; 0 for one that never did."""
    return int(connection.execute(_QUERY).scalar() or 0)


def note_change(connection: Connection) -> None:
    """Count one change, inside the transaction that makes it."""
    more = cast(cast(meta.c.value, Integer) + 1, Text)
    if not connection.execute(update(meta).where(meta.c.key == _KEY).values(value=more)).rowcount:
        connection.execute(insert(meta), {"key": _KEY, "value": "1"})
