"""Reading and writing a library's database: each a whole transaction, several readings of one state where needed."""

from __future__ import annotations

import threading
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from sqlalchemy import Connection, Engine

from zhengwen.index.changes import changes
from zhengwen.index.database import translated, writing


class _Held(threading.local):
    """The connection of a thread's snapshot and the generation that it shows."""

    connection: Connection | None = None
    generation: int = 0


class Transactions:
    """The transactions of one library; safe to use from several threads."""

    def __init__(self, folder: Path, engine: Engine) -> None:
        self.folder = folder
        self.engine = engine
        self._held = _Held()

    def generation(self) -> int:
        """What goes up with every change of reports, sources or vectors.

        For whoever remembers something about the library between two questions.
        """
        if self._held.connection is not None:
            return self._held.generation
        with self.reading() as connection:
            return changes(connection)

    @contextmanager
    def reading(self) -> Iterator[Connection]:
        """One read transaction, inside `snapshot` that of the snapshot. Raises LibraryError when the database fails."""
        with translated(self.folder):
            if self._held.connection is not None:
                yield self._held.connection
                return
            with self.engine.connect() as connection:
                yield connection

    @contextmanager
    def snapshot(self) -> Iterator[None]:
        """Whatever this thread reads inside the block is of one state of the library, also while others write.

        Nothing derived may be brought into step inside: it would be put back to that state.
        """
        if self._held.connection is not None:
            yield
            return
        with self.reading() as connection:
            self._held.generation = changes(connection)
            self._held.connection = connection
            try:
                yield
            finally:
                self._held.connection = None

    @contextmanager
    def outside_snapshot(self) -> Iterator[None]:
        """Inside the block this thread reads the library as it is now."""
        held, self._held.connection = self._held.connection, None
        try:
            yield
        finally:
            self._held.connection = held

    @contextmanager
    def writing(self) -> Iterator[Connection]:
        """One write transaction, whole or not at all. Raises LibraryError when the database fails."""
        with translated(self.folder), writing(self.engine) as connection:
            yield connection
