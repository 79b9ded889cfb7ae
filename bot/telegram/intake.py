"""Updates are taken once, kept until they are done, and handled in order within a lane.

A lane is what must stay in order: the questions of one chat, its documents, its buttons, the inline queries of one
user. Lanes run beside each other, so that one slow question holds nobody else. An update is written down before its
arrival is confirmed and struck off when its answer is out: a restart in between answers it, an update that is
delivered again is known.
"""

from __future__ import annotations

import asyncio
import heapq
import json
import logging
import time
from collections.abc import Awaitable, Callable, Iterable
from contextlib import suppress
from contextvars import ContextVar
from dataclasses import dataclass, field
from typing import Any

from telegram import Bot, Update

from zhengwen.bot.telegram.metrics import Metrics
from zhengwen.bot.telegram.store import Store
from zhengwen.bot.telegram.wire import ALLOWED, Body, mark, understood
from zhengwen.ingest.errors import LibraryError

log = logging.getLogger(__name__)

_RETRY_SECONDS = 20.0
_RETRIES = 5


class Undelivered(Exception):
    """The answer could not be sent; the update stays written down and is handled again."""


@dataclass(order=True)
class Arrived:
    """An update on its way."""

    number: int
    update: Update = field(compare=False)
    at: float = field(compare=False)
    """time.monotonic() of its arrival."""
    again: bool = field(default=False, compare=False)
    """It was begun before: by a process that was killed, or by a try that failed."""
    undelivered: bool = field(default=False, compare=False)
    """Its answer could not be sent."""
    struck_off: bool = field(default=False, compare=False)
    """It was struck off together with what its answer has changed."""
    said: int = field(default=0, compare=False)
    """How many messages its handling has said by now, answers to questions not among them."""


current: ContextVar[Arrived | None] = ContextVar("current", default=None)
"""The update that is being handled."""


Handle = Callable[[Arrived], Awaitable[None]]
Notice = Callable[[int, int], None]


class Intake:
    """Takes updates and hands each to `handle`, which raises Undelivered to see it again later.

    `notice` hears chat and number of messages as they arrive.
    """

    def __init__(self, bot: Bot, store: Store, metrics: Metrics, handle: Handle, notice: Notice) -> None:
        self._bot = bot
        self._store = store
        self._metrics = metrics
        self._handle = handle
        self._notice = notice
        self._lanes: dict[str, list[Arrived]] = {}
        self._tasks: set[asyncio.Task[None]] = set()
        self._stopping = False
        metrics.waiting = self.waiting

    def waiting(self) -> int:
        """How many lanes are busy, and what waits in them."""
        return len(self._tasks) + sum(map(len, self._lanes.values()))

    async def recover(self) -> None:
        """Take up what an earlier process left unfinished."""
        bodies = await self._store.unfinished()
        if bodies:
            log.info("taking up %d updates that were not finished", len(bodies))
        for body in map(json.loads, bodies):
            await self._begin(body, again=True)

    async def take(self, updates: Iterable[Body]) -> None:
        """Write updates down, as they came over the wire, and start on those that are new.

        Returns when they are safe on the disk.
        """
        given = {one["update_id"]: one for one in updates}
        if not given:
            return
        bodies = {number: json.dumps(one) for number, one in given.items()}
        new = await self._store.take(bodies, {number: mark(one) for number, one in given.items()})
        for _ in range(len(given) - len(new)):
            self._metrics.count("duplicates")
        for number in sorted(new):
            await self._begin(given[number])

    async def _begin(self, body: Body, *, again: bool = False) -> None:
        update = understood(body, self._bot)
        if update is not None:
            self._start(update, again=again)
            return
        log.warning("update %s is not understood and left", body["update_id"])
        await self._strike_off(body["update_id"])

    async def drain(self, seconds: float) -> int:
        """Let what is under way finish, at most so long; gives how many updates stay for the next start."""
        self._stopping = True
        left = sum(map(len, self._lanes.values()))
        if self._tasks:
            _, pending = await asyncio.wait(self._tasks, timeout=seconds)
            left += len(pending)
            for task in pending:
                task.cancel()
            await asyncio.gather(*pending, return_exceptions=True)
        return left

    def _start(self, update: Update, *, again: bool = False) -> None:
        kind = next((name for name in ALLOWED if getattr(update, name) is not None), "other")
        self._metrics.count("updates", kind)
        if (message := update.effective_message) is not None:
            self._notice(message.chat_id, message.message_id)
        arrived = Arrived(update.update_id, update, time.monotonic(), again)
        name = lane(update)
        if name in self._lanes:
            heapq.heappush(self._lanes[name], arrived)
        else:
            self._lanes[name] = [arrived]
            self._spawn(self._run(name))

    def _spawn(self, work: Any) -> None:
        task = asyncio.get_running_loop().create_task(work)
        self._tasks.add(task)
        task.add_done_callback(self._tasks.discard)

    async def _run(self, name: str) -> None:
        waiting = self._lanes[name]
        try:
            while waiting and not self._stopping:
                arrived = heapq.heappop(waiting)
                if name.startswith("inline:") and waiting:
                    await self._strike_off(arrived.number)  # the user has typed on
                else:
                    await self._one(arrived)
        finally:
            if not self._stopping:
                del self._lanes[name]

    async def _one(self, arrived: Arrived) -> None:
        for left in range(_RETRIES, -1, -1):
            try:
                await self._handle(arrived)
            except Undelivered:
                if not left:
                    log.error("update %d stays unanswered until the next start", arrived.number)
                    return
                arrived.again = True
                await asyncio.sleep(_RETRY_SECONDS)
            else:
                if not arrived.struck_off:
                    await self._strike_off(arrived.number)
                return

    async def _strike_off(self, number: int) -> None:
        try:
            await self._store.done(number)
        except LibraryError as error:
            log.error("update %d cannot be struck off: %s", number, error)


def lane(update: Update) -> str:
    """What the update must stay in order with."""
    if update.inline_query is not None:
        return f"inline:{update.inline_query.from_user.id}"
    chat = update.effective_chat
    where = chat.id if chat is not None else 0
    if update.callback_query is not None:
        return f"button:{where}"
    message = update.effective_message
    if message is not None and message.document is not None:
        return f"document:{update.update_id}"  # each tells at once that it waits; they are read in one after another
    return f"chat:{where}"


class Ordered:
    """Brings back into order what a webhook delivers out of order: a gap in the numbers is waited for, but not long."""

    def __init__(self, take: Callable[[list[Body]], Awaitable[None]], *, last: int | None) -> None:
        self._take = take
        self._last = last
        self._changed = asyncio.Condition()

    async def put(self, update: Body, *, patience: float = 0.25) -> None:
        """Hand the update on after those before it, at the latest after `patience` seconds."""
        number = update["update_id"]
        async with self._changed:
            if self._last is not None and number > self._last + 1:
                with suppress(TimeoutError):
                    await asyncio.wait_for(self._changed.wait_for(lambda: number <= (self._last or 0) + 1), patience)
            self._last = max(number, self._last if self._last is not None else number)
            self._changed.notify_all()
        await self._take([update])
