"""Asking for updates: one long request after another; the next one confirms what the last one brought."""

from __future__ import annotations

import asyncio
import logging
import time
import warnings
from collections.abc import Awaitable, Callable, Sequence
from typing import Any

from telegram import Bot
from telegram.error import Conflict, EndPointNotFound, InvalidToken, NetworkError, RetryAfter, TelegramError
from telegram.warnings import PTBUserWarning

from zhengwen.bot.telegram.sending import seconds_of
from zhengwen.bot.telegram.wire import ALLOWED, is_update
from zhengwen.ingest.errors import InputError, LibraryError

log = logging.getLogger(__name__)
_FIRST_WAIT, _LONGEST_WAIT = 0.5, 30.0
_PATIENCE = 10.0
"""Seconds to wait for an answer after the time for which the server holds the request."""


class Polling:
    """Calls `take` with every batch as it came over the wire; it counts as received when `take` has returned.

    Batches are not read here: one update that this version of the library does not understand must not hold the rest.
    """

    def __init__(self, bot: Bot, take: Callable[[Sequence[dict[str, Any]]], Awaitable[None]], *, seconds: int) -> None:
        self._bot = bot
        self._take = take
        self._seconds = seconds
        self.alive_at = time.monotonic()
        """When the server last answered."""

    async def run(self) -> None:
        """Until cancelled. Raises InputError when the server does not know the token any more."""
        # The library would rather read the updates itself.
        warnings.filterwarnings("ignore", message="Please use 'Bot.getUpdates'", category=PTBUserWarning)
        offset, wait = 0, _FIRST_WAIT
        while True:
            try:
                updates = await self._ask(offset)
                self.alive_at = time.monotonic()
                if updates:
                    await self._take(updates)
                    offset = max(one["update_id"] for one in updates) + 1
                wait = _FIRST_WAIT
                continue
            except RetryAfter as error:
                await asyncio.sleep(seconds_of(error))
            except (InvalidToken, EndPointNotFound):
                raise InputError("Telegram does not know this token any more; ask BotFather for a new one") from None
            except Conflict as error:
                log.error("another program asks for this bot's updates, or a webhook is set; end it: %s", error)
                await asyncio.sleep(wait)
            except (NetworkError, TelegramError, LibraryError) as error:
                log.warning("no updates for now, once more in %.1f s: %s", wait, error)
                await asyncio.sleep(wait)
            wait = min(wait * 2, _LONGEST_WAIT)

    async def _ask(self, offset: int) -> list[dict[str, Any]]:
        wanted = {"offset": offset or None, "timeout": self._seconds, "limit": 100, "allowed_updates": list(ALLOWED)}
        found = await self._bot.do_api_request(
            "getUpdates",
            {name: value for name, value in wanted.items() if value is not None},
            read_timeout=self._seconds + _PATIENCE,
        )
        return [one for one in found if is_update(one)]
