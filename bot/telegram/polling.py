"""Asking for updates: one long request after another; the next one confirms what the last one brought."""

from __future__ import annotations

import asyncio
import logging
import time
from collections.abc import Awaitable, Callable, Sequence

from telegram import Bot, Update
from telegram.error import Conflict, InvalidToken, NetworkError, RetryAfter, TelegramError

from zhengwen.bot.telegram.intake import ALLOWED
from zhengwen.bot.telegram.sending import seconds_of
from zhengwen.ingest.errors import InputError, LibraryError

log = logging.getLogger(__name__)
_FIRST_WAIT, _LONGEST_WAIT = 0.5, 30.0
_PATIENCE = 10.0
"""Seconds to wait for an answer after the time for which the server holds the request."""


class Polling:
    """Calls `take` with every batch; a batch counts as received when `take` has returned."""

    def __init__(self, bot: Bot, take: Callable[[Sequence[Update]], Awaitable[None]], *, seconds: int) -> None:
        self._bot = bot
        self._take = take
        self._seconds = seconds
        self.alive_at = time.monotonic()
        """When the server last answered."""

    async def run(self) -> None:
        """Until cancelled. Raises InputError when the server does not know the token any more."""
        offset, wait = 0, _FIRST_WAIT
        while True:
            try:
                updates = await self._ask(offset)
                self.alive_at = time.monotonic()
                if updates:
                    await self._take(updates)
                    offset = max(one.update_id for one in updates) + 1
                wait = _FIRST_WAIT
                continue
            except RetryAfter as error:
                await asyncio.sleep(seconds_of(error))
            except InvalidToken:
                raise InputError("Telegram does not know this token any more; ask BotFather for a new one") from None
            except Conflict as error:
                log.error("another program asks for this bot's updates, or a webhook is set; end it: %s", error)
                await asyncio.sleep(wait)
            except (NetworkError, TelegramError, LibraryError) as error:
                log.warning("no updates for now, once more in %.1f s: %s", wait, error)
                await asyncio.sleep(wait)
            wait = min(wait * 2, _LONGEST_WAIT)

    async def _ask(self, offset: int) -> tuple[Update, ...]:
        return await self._bot.get_updates(
            offset=offset or None, timeout=self._seconds, limit=100, allowed_updates=ALLOWED, read_timeout=_PATIENCE
        )
