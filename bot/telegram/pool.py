"""Worker processes that answer: as many questions at once as there are workers, the next free one takes the next.

A worker that dies or takes too long is replaced; a call that met a dead one is tried once more.
"""

from __future__ import annotations

import asyncio
import logging
import pickle
import sys
from collections.abc import Awaitable, Callable
from dataclasses import replace
from typing import Any

from zhengwen.bot.telegram.worker import LENGTH, Call, Result, Start
from zhengwen.ingest.errors import LibraryError, ZhengwenError

log = logging.getLogger(__name__)

Tell = Callable[..., Awaitable[None]]


class Slow(Exception):
    """The call took longer than it may."""


class Broken(Exception):
    """The call failed inside the worker for no reason that a user can mend; holds the worker's traceback."""


class _Died(Exception):
    pass


class Worker:
    """One child process; one call at a time."""

    def __init__(self, process: asyncio.subprocess.Process) -> None:
        self._process = process
        self.examples: tuple[str, ...] = ()
        self.warm = False

    @classmethod
    async def begin(cls, start: Start) -> Worker:
        """Start the process and wait until it is warm. Raises LibraryError when it cannot open the library."""
        process = await asyncio.create_subprocess_exec(
            sys.executable,
            "-P",  # modules of the folder in which the bot happens to run are not its own
            "-c",
            "from zhengwen.bot.telegram.worker import main; main()",
            stdin=asyncio.subprocess.PIPE,
            stdout=asyncio.subprocess.PIPE,
            start_new_session=True,  # Ctrl-C in the terminal is for the parent alone
        )
        worker = cls(process)
        try:
            worker._write(start)
            worker.examples = await worker._result(None)
            worker.warm = True
        except _Died:
            raise LibraryError("a worker process ended while it opened the library; its messages stand above") from None
        finally:
            if not worker.warm:
                worker.kill()
                await process.wait()
        return worker

    async def call(self, name: str, *arguments: Any, tell: Tell | None = None) -> Any:
        """Run a method of the desk. Raises _Died, Broken, or the ZhengwenError that the method raised."""
        self._write(Call(name, arguments))
        return await self._result(tell)

    def kill(self) -> None:
        if self._process.returncode is None:
            self._process.kill()

    async def end(self) -> None:
        """Let it go when it is idle."""
        assert self._process.stdin is not None
        self._process.stdin.close()
        try:
            await asyncio.wait_for(self._process.wait(), 5)
        except TimeoutError:
            self.kill()
            await self._process.wait()

    def _write(self, frame: Start | Call) -> None:
        assert self._process.stdin is not None
        data = pickle.dumps(frame, protocol=pickle.HIGHEST_PROTOCOL)
        self._process.stdin.write(LENGTH.pack(len(data)) + data)

    async def _result(self, tell: Tell | None) -> Any:
        assert self._process.stdout is not None
        while True:
            try:
                head = await self._process.stdout.readexactly(LENGTH.size)
                data = await self._process.stdout.readexactly(LENGTH.unpack(head)[0])
            except (asyncio.IncompleteReadError, ConnectionError) as error:
                raise _Died from error
            result: Result = pickle.loads(data)
            if result.kind == "done":
                return result.value
            if result.kind == "failed":
                raise result.value
            if result.kind == "broken":
                raise Broken(result.value)
            if tell is not None:
                await tell(*result.value)


class Pool:
    """`await pool.call("ask", question, state)` runs on the next free worker."""

    def __init__(self, start: Start, *, workers: int, seconds: float) -> None:
        self._start = start
        self._count = workers
        self._seconds = seconds
        self._free: asyncio.LifoQueue[Worker] = asyncio.LifoQueue()
        self._all: set[Worker] = set()
        self._starting: set[asyncio.Task[None]] = set()
        self.examples: tuple[str, ...] = ()

    async def begin(self) -> None:
        """Start all workers; returns when each is warm."""
        begun = (Worker.begin(self._start) for _ in range(self._count))
        for worker in await asyncio.gather(*begun, return_exceptions=True):
            if isinstance(worker, BaseException):
                raise worker
            self._add(worker)

    async def call(self, name: str, *arguments: Any) -> Any:
        """Run a method of the desk. Raises Slow, Broken, or the ZhengwenError that it raised."""
        for attempt in (1, 2):
            worker = await self._free.get()
            try:
                result = await asyncio.wait_for(worker.call(name, *arguments), self._seconds)
            except TimeoutError:
                self._replace(worker)
                raise Slow(name) from None
            except _Died:
                self._replace(worker)
                if attempt == 2:
                    raise Broken(f"a worker ended during {name}, twice") from None
                log.warning("a worker ended during %s; another one takes over", name)
            except (ZhengwenError, Broken):
                self._free.put_nowait(worker)
                raise
            except BaseException:  # cancelled: its result would be taken for the next call's
                self._replace(worker)
                raise
            else:
                self._free.put_nowait(worker)
                return result
        raise AssertionError("unreachable")

    async def alone(self, name: str, *arguments: Any, tell: Tell | None = None) -> Any:
        """Run a long call on a worker of its own, which ends afterwards."""
        worker = await Worker.begin(replace(self._start, warm=False))
        try:
            return await worker.call(name, *arguments, tell=tell)
        except _Died:
            raise Broken(f"the worker ended during {name}") from None
        finally:
            worker.kill()

    async def end(self) -> None:
        """End all workers."""
        for task in self._starting:
            task.cancel()
        await asyncio.gather(*(worker.end() for worker in self._all), return_exceptions=True)

    def _add(self, worker: Worker) -> None:
        self._all.add(worker)
        self._free.put_nowait(worker)
        self.examples = worker.examples

    def _replace(self, worker: Worker) -> None:
        worker.kill()
        self._all.discard(worker)
        task = asyncio.get_running_loop().create_task(self._another())
        self._starting.add(task)
        task.add_done_callback(self._starting.discard)

    async def _another(self) -> None:
        """Until there is one: without workers nothing would ever be answered."""
        wait = 1.0
        while True:
            try:
                self._add(await Worker.begin(self._start))
                return
            except (ZhengwenError, Broken, OSError) as error:
                log.error("no new worker yet: %s", error)
                await asyncio.sleep(wait)
                wait = min(wait * 2, 60)
