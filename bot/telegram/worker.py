"""A worker: a child process that holds the library open and does what bot/telegram/desk.py can.

Calls come on standard input and results go to standard output, pickled, each behind its length. It ends when its
standard input closes, however its parent ends. A stop signal is the parent's business: what is under way is finished.
"""

from __future__ import annotations

import gc
import os
import pickle
import signal
import struct
import sys
import traceback
from collections.abc import Callable
from contextlib import suppress
from dataclasses import dataclass
from pathlib import Path
from typing import IO, Any, Literal

from zhengwen.bot.settings import Config, model_cache
from zhengwen.ingest.errors import ZhengwenError

LENGTH = struct.Struct("<Q")


@dataclass(frozen=True)
class Start:
    """The first frame: which library, with which settings."""

    folder: Path
    config: Config
    today: str | None
    """An ISO date, or None for the day on which a question comes."""
    warm: bool = True
    """Whether to load beforehand what a question needs."""


@dataclass(frozen=True)
class Call:
    """Any other frame: a method of the desk."""

    name: str
    arguments: tuple[Any, ...]


@dataclass(frozen=True)
class Result:
    """What comes back: any number of "told" frames, then one "done", "failed" (a ZhengwenError) or "broken"."""

    kind: Literal["told", "done", "failed", "broken"]
    value: Any


def main() -> None:
    """Serve calls until standard input closes."""
    for name in (signal.SIGTERM, signal.SIGINT):
        signal.signal(name, signal.SIG_IGN)
    out = os.fdopen(os.dup(1), "wb")
    os.dup2(2, 1)  # whatever a library prints must not come between the frames
    with suppress(BrokenPipeError), out:  # a parent that was killed waits for nothing any more
        serve(sys.stdin.buffer, out)


def serve(source: IO[bytes], out: IO[bytes]) -> None:
    """Read the start, then calls, and answer each."""
    from zhengwen.bot.telegram.desk import Desk

    start = _read(source)
    if not isinstance(start, Start):
        return
    desk: list[Desk] = []

    def opened(*_: Any) -> tuple[str, ...]:
        desk.append(_open(start))
        examples = desk[0].warm() if start.warm else ()
        gc.collect()
        gc.freeze()  # what was loaded stays: looking for garbage in it would hold up an answer
        return examples

    _answer(out, opened, ())
    while desk and isinstance(call := _read(source), Call):
        if call.name == "ingest":
            _answer(out, desk[0].ingest, (*call.arguments, lambda *told: _write(out, Result("told", told))))
        else:
            _answer(out, getattr(desk[0], call.name), call.arguments)


def _open(start: Start) -> Any:
    import datetime as dt

    from zhengwen.bot.telegram.desk import Desk
    from zhengwen.index.library import Library

    config = start.config
    library = Library.open(
        start.folder,
        settings=config.library,
        embedder=config.embedder,
        retrieval=config.retrieval,
        cache=model_cache(),
        create=True,
    )
    return Desk(library, config, today=dt.date.fromisoformat(start.today) if start.today else None)


def _answer(out: IO[bytes], work: Callable[..., Any], arguments: tuple[Any, ...]) -> None:
    try:
        result = Result("done", work(*arguments))
    except ZhengwenError as error:
        result = Result("failed", error)
    except Exception:  # noqa: BLE001 - the parent logs it under an error id
        result = Result("broken", traceback.format_exc())
    _write(out, result)


def _read(source: IO[bytes]) -> Any:
    head = source.read(LENGTH.size)
    if len(head) < LENGTH.size:
        return None
    return pickle.loads(source.read(LENGTH.unpack(head)[0]))


def _write(out: IO[bytes], frame: Result) -> None:
    data = pickle.dumps(frame, protocol=pickle.HIGHEST_PROTOCOL)
    out.write(LENGTH.pack(len(data)) + data)
    out.flush()
