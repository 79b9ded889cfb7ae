"""Long work that Ctrl-C can leave: done in a thread of its own, because an import or an index cut short breaks more."""

from __future__ import annotations

import signal
import threading
from collections.abc import Callable
from concurrent.futures import Future
from typing import TypeVar

T = TypeVar("T")
_LOOK = 0.05
"""Seconds between two looks for Ctrl-C; an answer that is there is not waited for."""


def interruptible(call: Callable[[], T]) -> T:
    """What the call gives, or raises. After Ctrl-C a KeyboardInterrupt; the call then ends unheard in its thread.

    While it waits, Ctrl-C only sets a mark, so that nothing is cut short at any odd place. The interpreter waits for
    the thread before it ends.
    """
    done: Future[T] = Future()
    marks: list[int] = []

    def work() -> None:
        try:
            done.set_result(call())
        except BaseException as error:  # noqa: BLE001 - raised again where it is waited for
            done.set_exception(error)

    before = signal.signal(signal.SIGINT, lambda number, _: marks.append(number))
    try:
        thread = threading.Thread(target=work)
        thread.start()
        while thread.is_alive() and not marks:
            thread.join(_LOOK)
    finally:
        signal.signal(signal.SIGINT, before)
    if marks and not done.done():
        raise KeyboardInterrupt
    return done.result()
