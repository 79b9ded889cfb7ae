"""Tables that hold what readers and chats have left, apart from the reports' tables.

They are made when something is first written into them, so that a library of any age takes them; a rebuild of the
reports leaves them alone. The modules that use them declare their tables on `metadata` (index/schema.py knows nothing
of them).
"""

from __future__ import annotations

from collections.abc import Sequence

from sqlalchemy import Connection, MetaData, Table, inspect

metadata = MetaData()


def made(connection: Connection, table: Table) -> bool:
    """Whether the table exists yet; a reader takes False for "empty"."""
    return inspect(connection).has_table(table.name)


def make(connection: Connection, *, tables: Sequence[Table]) -> None:
    """Create those of the tables that are missing, inside the caller's write transaction."""
    metadata.create_all(connection, tables=list(tables))
