"""Reading many files at once: each reader is a child process that turns paths into the rows of reports.

A file that crashes its reader or keeps it busy too long costs that file alone. A reader ends when its parent does,
however that ends: an idle one because its standard input closes, a busy one as index/orphans.py says. Not
`multiprocessing`: its workers outlive a killed parent, and it imports the caller's main module again.
"""

from __future__ import annotations

import os
import pickle
import struct
import subprocess
import sys
import threading
from collections import deque
from collections.abc import Callable, Iterable, Iterator, Mapping
from concurrent.futures import Future, ThreadPoolExecutor
from dataclasses import dataclass, field
from pathlib import Path
from typing import IO, Any

from zhengwen.index.orphans import end_with_parent
from zhengwen.index.writing import Prepared, prepare
from zhengwen.ingest.errors import InputError
from zhengwen.ingest.settings import IngestSettings

_LENGTH = struct.Struct("<Q")
_AHEAD = 4
"""Files read ahead of the one being stored, for each reader: keeps all busy and memory small."""
_MEMORY = 1_500_000_000
"""Bytes that one reader may hold; a report of three million characters takes 0.4e9, a scanned page less than 1e9."""


@dataclass(frozen=True)
class Job:
    """One file to read."""

    path: Path
    source: str
    sidecar: Mapping[str, str] = field(default_factory=dict)


Outcome = Prepared | InputError


def read_one(job: Job, settings: IngestSettings) -> Outcome:
    """The report as rows, or why the file gives none."""
    from zhengwen.ingest.pipeline import read_report

    try:
        return prepare(read_report(job.path, source=job.source, settings=settings, sidecar=job.sidecar))
    except InputError as error:
        return error
    except MemoryError:
        return InputError(f"{job.source}: needs more memory than there is; left out")
    except Exception as error:  # noqa: BLE001 - the last resort: one file must not end an ingest of thousands
        first = str(error).strip().splitlines()[:1]
        return InputError(f"{job.source}: internal error, {type(error).__name__}: {' '.join(first)}; left out")


def read_all(
    jobs: Iterable[Job], *, settings: IngestSettings, processes: int, seconds: float
) -> Iterator[tuple[Job, Outcome]]:
    """Every job with its outcome, in order; in this process when `processes` is 0.

    `seconds` is the longest one file may take in a reader; after that it is given up and the reader replaced.
    """
    if processes <= 0:
        yield from ((job, read_one(job, settings)) for job in jobs)
        return
    readers = _Readers(settings, seconds)
    waiting: deque[tuple[Job, Future[Outcome]]] = deque()
    pool = ThreadPoolExecutor(max_workers=processes, thread_name_prefix="reader")
    try:
        for job in jobs:
            waiting.append((job, pool.submit(readers.read, job)))
            if len(waiting) >= processes * _AHEAD:
                done, future = waiting.popleft()
                yield done, future.result()
        while waiting:
            done, future = waiting.popleft()
            yield done, future.result()
    finally:
        for _, future in waiting:
            future.cancel()
        readers.close()
        pool.shutdown(wait=True)


class _Readers:
    """One child process for each thread that asks."""

    def __init__(self, settings: IngestSettings, seconds: float) -> None:
        self._settings = settings
        self._seconds = seconds
        self._mine = threading.local()
        self._children: list[subprocess.Popen[bytes]] = []
        self._closed = False

    def read(self, job: Job) -> Outcome:
        child = getattr(self._mine, "child", None)
        if child is None:
            child = self._mine.child = self._start()
        late = threading.Event()
        timer = threading.Timer(self._seconds, _stop(child, late))
        timer.daemon = True
        timer.start()
        try:
            _send(child.stdin, job)
            outcome: Outcome = _receive(child.stdout)
        except (OSError, EOFError, struct.error):
            self._mine.child = None
            child.kill()
            why = (
                f"took longer than {self._seconds:.0f} s"
                if late.is_set()
                else f"crashed the reader (damaged, or in want of over {_MEMORY / 1e9:g} GB of memory)"
            )
            return InputError(f"{job.source}: {why}; left out")
        finally:
            timer.cancel()
        return outcome

    def _start(self) -> subprocess.Popen[bytes]:
        # The kernel takes the thread that starts a reader for its parent: those of the pool live until it is shut down.
        command = [sys.executable, "-c", f"from zhengwen.index.readers import serve; serve({os.getpid()})"]
        # In a session of its own: Ctrl-C is for the parent, which stops its readers without a word from them.
        child = subprocess.Popen(command, stdin=subprocess.PIPE, stdout=subprocess.PIPE, start_new_session=True)
        self._children.append(child)
        if self._closed:
            child.kill()
        _send(child.stdin, self._settings)
        return child

    def close(self) -> None:
        self._closed = True
        for child in self._children:
            child.kill()
            child.wait()
            for pipe in (child.stdin, child.stdout):
                if pipe is not None:
                    _close(pipe)


def _close(pipe: IO[bytes]) -> None:
    # Closing flushes what the killed reader never took.
    try:
        pipe.close()
    except OSError:
        return


def _stop(child: subprocess.Popen[bytes], late: threading.Event) -> Callable[[], None]:
    def stop() -> None:
        late.set()
        child.kill()

    return stop


def _send(pipe: IO[bytes] | None, value: object) -> None:
    assert pipe is not None
    data = pickle.dumps(value, protocol=pickle.HIGHEST_PROTOCOL)
    pipe.write(_LENGTH.pack(len(data)) + data)
    pipe.flush()


def _receive(pipe: IO[bytes] | None) -> Any:
    """One value. Raises EOFError when the other side has gone."""
    assert pipe is not None
    head = pipe.read(_LENGTH.size)
    if len(head) < _LENGTH.size:
        raise EOFError
    (length,) = _LENGTH.unpack(head)
    data = pipe.read(length)
    if len(data) < length:
        raise EOFError
    return pickle.loads(data)


def _limit_memory() -> None:
    """A file that unpacks without end ends its reader, not the machine. Where the system knows no such limit: none."""
    try:
        import resource
    except ImportError:  # Windows
        return
    hard = resource.getrlimit(resource.RLIMIT_DATA)[1]
    most = _MEMORY if hard == resource.RLIM_INFINITY else min(_MEMORY, hard)
    resource.setrlimit(resource.RLIMIT_DATA, (most, hard))


def serve(parent: int) -> None:
    """The reader's side: settings first, then one job after another until `parent` closes the pipe or is gone."""
    end_with_parent(parent)
    _limit_memory()
    incoming, outgoing = sys.stdin.buffer, sys.stdout.buffer
    sys.stdout = sys.stderr  # whatever a library prints must not get between the answers
    try:
        settings = _receive(incoming)
        while True:
            _send(outgoing, read_one(_receive(incoming), settings))
    except (EOFError, BrokenPipeError, KeyboardInterrupt):
        return
