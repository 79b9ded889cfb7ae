"""What waits for the bot: numbered updates, handed out by long polling and forgotten once confirmed."""

from __future__ import annotations

import asyncio
import itertools
import threading
import time
from collections.abc import Sequence
from random import Random
from typing import Any

from tests.telegram.emulator.errors import conflict

Json = dict[str, Any]
NOT_BY_DEFAULT = {"chat_member", "message_reaction", "message_reaction_count"}
WEBHOOK_ACTIVE = "can't use getUpdates method while webhook is active; use deleteWebhook to delete the webhook first"
OTHER_POLLER = "terminated by other getUpdates request; make sure that only one bot instance is running"


class Updates:
    """The queue. `add` may be called from any thread, `poll` from the server's loop alone."""

    def __init__(self) -> None:
        self.pending: list[Json] = []
        self.allowed: list[str] | None = None
        self.webhook_active = False
        self.handed_out: dict[int, float] = {}
        """update_id → monotonic second of its first handing out."""
        self.last_number = 0
        """The update_id given last."""
        self.redeliver = False
        """Fault: every batch begins with the updates of the batch before, though they were confirmed."""
        self.twice = False
        """Fault: every update stands in its batch twice."""
        self.shuffled: Random | None = None
        """Fault: the updates of a batch come in any order."""
        self._last_batch: list[Json] = []
        self._numbers = itertools.count(700_000_001)
        self._lock = threading.Lock()
        self._pollers = 0
        self._turn = 0
        self._loop: asyncio.AbstractEventLoop | None = None
        self._waiting: set[asyncio.Event] = set()

    def bind(self, loop: asyncio.AbstractEventLoop) -> None:
        self._loop = loop

    def add(self, kind: str, payload: Json) -> int:
        """Queue one update, unless the bot has said that it does not want the kind; its update_id or 0."""
        if kind in NOT_BY_DEFAULT if not self.allowed else kind not in self.allowed:
            return 0
        with self._lock:
            number = self.last_number = next(self._numbers)
            self.pending.append({"update_id": number, kind: payload})
        self.wake()
        return number

    def wake(self) -> None:
        if self._loop is not None and not self._loop.is_closed():
            self._loop.call_soon_threadsafe(self._ring)

    def _ring(self) -> None:
        for arrived in self._waiting:
            arrived.set()

    async def arrival(self, timeout: float) -> None:
        """Wait until something may have been added."""
        arrived = asyncio.Event()
        self._waiting.add(arrived)
        try:
            async with asyncio.timeout(timeout):
                await arrived.wait()
        except TimeoutError:
            return
        finally:
            self._waiting.discard(arrived)

    def confirm(self, offset: int) -> None:
        """Forget every update before the offset; a negative one keeps that many of the newest."""
        with self._lock:
            if offset < 0:
                self.pending = self.pending[offset:]
            elif offset > 0:
                self.pending = [one for one in self.pending if one["update_id"] >= offset]

    def drop(self, update_id: int) -> None:
        with self._lock:
            self.pending = [one for one in self.pending if one["update_id"] != update_id]

    def drop_all(self) -> None:
        with self._lock:
            self.pending = []

    def waiting(self) -> list[Json]:
        with self._lock:
            return list(self.pending)

    async def poll(self, offset: int, limit: int, timeout: float) -> list[Json]:
        """One getUpdates. Raises ApiError 409 beside a webhook, and for a poll that another one has cut short."""
        if self.webhook_active:
            raise conflict(WEBHOOK_ACTIVE)
        self._turn += 1
        mine, until = self._turn, time.monotonic() + timeout
        self.confirm(offset)
        self.wake()  # a poll that still waits finds out that it has been replaced
        while not (batch := self.waiting()[: limit or 100]):
            left = until - time.monotonic()
            if left <= 0:
                break
            await self.arrival(min(left, 0.5))
            if self._turn != mine:
                raise conflict(OTHER_POLLER)
            if self.webhook_active:
                raise conflict(WEBHOOK_ACTIVE)
        now = time.monotonic()
        for one in batch:
            self.handed_out.setdefault(one["update_id"], now)
        return self._troubled(batch)

    def _troubled(self, batch: Sequence[Json]) -> list[Json]:
        given = list(batch)
        if self.redeliver and batch:
            given = [*self._last_batch, *given]
        if self.twice:
            given = [one for update in given for one in (update, update)]
        if self.shuffled is not None:
            self.shuffled.shuffle(given)
        if batch:
            self._last_batch = list(batch)
        return given
