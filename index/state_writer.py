"""Many small writes of readers' state, put together into few transactions.

writer = StateWriter(library)
writer.submit(partial(save_chat, chat="42", state="{…}")).result()

A function gets the connection of an open write transaction and must fail as a whole: one that raises leaves nothing,
and the others of its transaction are done. A thread of its own keeps the caller from waiting for the disk.
"""

from __future__ import annotations

import queue
import threading
from collections.abc import Callable
from concurrent.futures import Future
from typing import Any, TypeVar

from sqlalchemy import Connection

from zhengwen.index.library import Library
from zhengwen.ingest.errors import LibraryError

T = TypeVar("T")
_TOGETHER = 200
"""At most so many writes in one transaction, so that readers of the results do not wait for a crowd."""


class StateWriter:
    """Runs functions `(connection) -> T` in order, as many as are waiting in one transaction."""

    def __init__(self, library: Library) -> None:
        self._library = library
        self._waiting: queue.SimpleQueue[_Write | None] = queue.SimpleQueue()
        self._thread = threading.Thread(target=self._run, name="state-writer", daemon=True)
        self._thread.start()

    def submit(self, write: Callable[[Connection], T]) -> Future[T]:
        """The future of what the function gives; LibraryError in it when the database fails."""
        future: Future[T] = Future()
        self._waiting.put((write, future))
        return future

    def close(self) -> None:
        """Finish what is waiting, then stop."""
        self._waiting.put(None)
        self._thread.join()

    def _run(self) -> None:
        while (first := self._waiting.get()) is not None:
            batch, ended = [first], False
            while len(batch) < _TOGETHER and not self._waiting.empty():
                more = self._waiting.get()
                if more is None:
                    ended = True
                    break
                batch.append(more)
            if len(batch) > 1:
                self._commit(batch)
            else:
                self._commit_one(*first)
            if ended:
                return

    def _commit_one(self, write: Callable[[Connection], Any], future: Future[Any]) -> None:
        """Most come alone, and need no savepoint beside their transaction."""
        try:
            with self._library.writing() as connection:
                value = write(connection)
        except Exception as error:  # noqa: BLE001 - handed to whoever waits for this write
            future.set_exception(error)
        else:
            future.set_result(value)

    def _commit(self, batch: list[_Write]) -> None:
        """Results are handed out after the commit: what a caller was told is on the disk."""
        done: list[tuple[Future[Any], Any]] = []
        failed: list[tuple[Future[Any], Exception]] = []
        try:
            with self._library.writing() as connection:
                for write, future in batch:
                    try:
                        with connection.begin_nested():
                            done.append((future, write(connection)))
                    except Exception as error:  # noqa: BLE001 - handed to whoever waits for this one write
                        failed.append((future, error))
        except LibraryError as error:
            failed = [(future, error) for _, future in batch]
            done = []
        for future, value in done:
            future.set_result(value)
        for future, problem in failed:
            future.set_exception(problem)


_Write = tuple[Callable[[Connection], Any], "Future[Any]"]
