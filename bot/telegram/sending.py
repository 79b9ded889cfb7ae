"""Messages leave: in turn, again after a failure, and not twice.

A call that failed may have arrived. Edits can simply be repeated; a message that may have been sent is looked for
first: the next message numbers of the chat are edited to the very same content. "Message is not modified" means that
it is there, "message to edit not found" that it is not. Nothing else of ours can stand at those numbers, because the
messages of one chat are sent one after another, and those that are known are left out.
"""

from __future__ import annotations

import asyncio
import datetime as dt
import logging
import time
from collections.abc import AsyncIterator, Awaitable, Callable, Iterable
from contextlib import asynccontextmanager
from functools import partial
from typing import Any, TypeVar

from telegram import Bot, InlineKeyboardMarkup, LinkPreviewOptions, Message, ReplyParameters
from telegram.constants import ParseMode
from telegram.error import BadRequest, ChatMigrated, NetworkError, RetryAfter, TimedOut

from zhengwen.bot.telegram.limits import Bucket
from zhengwen.bot.telegram.metrics import Metrics
from zhengwen.bot.telegram.numbers import Numbers, Since
from zhengwen.bot.telegram.requests import BEFORE_SENDING

log = logging.getLogger(__name__)

T = TypeVar("T")
TRIES = 8
_FIRST_WAIT, _LONGEST_WAIT = 0.3, 20.0
_AFTER_TIMEOUT = 3.0
"""A slow server may still be about to do it: looked for too early, a message is sent twice."""
_PREVIEW = LinkPreviewOptions(is_disabled=True)


class Sender:
    """Every message of the bot passes here."""

    def __init__(self, bot: Bot, metrics: Metrics, *, per_second: float) -> None:
        self._bot = bot
        self._metrics = metrics
        self._bucket = Bucket(rate=per_second, burst=per_second) if per_second else None
        self._locks: dict[int, tuple[asyncio.Lock, int]] = {}
        self.numbers = Numbers()
        self._moved: dict[int, int] = {}

    def moved(self, chat: int, to: int) -> None:
        """Note that a group has become a supergroup: what is for it goes there."""
        self._moved[chat] = to

    def known(self, messages: Iterable[tuple[int, int]]) -> None:
        """Note chat and number of messages that an earlier process has sent and struck off."""
        for chat, number in messages:
            self.numbers.note(chat, number)

    async def send(
        self,
        chat: int,
        html: str,
        *,
        markup: Any = None,
        reply_to: int | None = None,
        thread: int | None = None,
        since: Since | None = None,
    ) -> int:
        """Send one message of HTML; gives its number.

        `since`: it may have been sent already, by a process that was killed, after these numbers.
        """
        content: dict[str, Any] = {"text": html, "parse_mode": ParseMode.HTML, "link_preview_options": _PREVIEW}
        content["reply_markup"] = markup

        async def sent(chat: int) -> int:
            message = await self._bot.send_message(
                chat, **content, reply_parameters=_reply(reply_to), message_thread_id=thread
            )
            return message.message_id

        async def found(since: Since) -> int | None:
            return await self._look(chat, since, content)

        return await self._once(chat, sent, found, since=since)

    async def photo(
        self,
        chat: int,
        png: bytes,
        caption: str,
        *,
        reply_to: int | None,
        thread: int | None,
        since: Since | None = None,
    ) -> int:
        """Send a picture; gives the message's number."""

        async def sent(chat: int) -> int:
            message: Message = await self._bot.send_photo(
                chat, png, caption=caption or None, reply_parameters=_reply(reply_to), message_thread_id=thread
            )
            return message.message_id

        async def found(since: Since) -> int | None:
            return await self._look_caption(chat, since, caption)

        return await self._once(chat, sent, found, since=since)

    async def edit(self, chat: int, message: int, html: str, *, markup: InlineKeyboardMarkup | None = None) -> bool:
        """Edit a message of HTML; False when it is gone or may not be edited any more."""

        async def edited() -> None:
            await self._bot.edit_message_text(
                html, chat, message, parse_mode=ParseMode.HTML, link_preview_options=_PREVIEW, reply_markup=markup
            )

        return await self._allowed(edited)

    async def delete(self, chat: int, message: int) -> bool:
        """Delete a message; False when it is gone or may not be deleted any more."""

        async def deleted() -> None:
            await self._bot.delete_message(chat, message)

        return await self._allowed(deleted)

    async def again(self, call: Callable[[], Awaitable[T]]) -> T:
        """A call that may be repeated, until it succeeds or has failed too often. Raises TelegramError."""
        wait = _FIRST_WAIT
        for left in range(TRIES - 1, -1, -1):
            try:
                return await call()
            except BadRequest:
                raise
            except RetryAfter as error:
                self._metrics.count("api_errors", "retry_after")
                if not left:
                    raise
                await asyncio.sleep(seconds_of(error))
            except NetworkError as error:
                self._metrics.count("api_errors", "network")
                if not left:
                    raise
                if isinstance(error, TimedOut):
                    wait = max(wait, _AFTER_TIMEOUT)
                log.info("call failed, once more in %.1f s: %s", wait, error)
                await asyncio.sleep(wait)
                wait = min(wait * 2, _LONGEST_WAIT)
        raise AssertionError("unreachable")

    async def _once(
        self,
        chat: int,
        sent: Callable[[int], Awaitable[int]],
        found: Callable[[Since], Awaitable[int | None]],
        *,
        since: Since | None,
    ) -> int:
        doubtful = since is not None
        after = since or self.numbers.now(chat)

        async def attempt() -> int:
            nonlocal doubtful
            if doubtful and (number := await found(after)) is not None:
                return number
            await self._turn()
            try:
                return await self._where_it_is(chat, sent)
            except RetryAfter:
                doubtful = False
                raise
            except BadRequest:
                raise
            except NetworkError as error:
                doubtful = not isinstance(error.__cause__, BEFORE_SENDING)
                raise

        async with self._alone(chat):
            number = await self.again(attempt)
        self._metrics.count("sent")
        self.numbers.note(chat, number)
        return number

    async def _where_it_is(self, chat: int, sent: Callable[[int], Awaitable[int]]) -> int:
        try:
            return await sent(self._moved.get(chat, chat))
        except ChatMigrated as error:
            self.moved(chat, error.new_chat_id)
            return await sent(error.new_chat_id)

    async def _look(self, chat: int, since: Since, content: dict[str, Any]) -> int | None:
        markup = content["reply_markup"]
        editable = markup is None or isinstance(markup, InlineKeyboardMarkup)

        async def edit(number: int) -> None:
            await self._bot.edit_message_text(
                chat_id=chat, message_id=number, **(content if editable else content | {"reply_markup": None})
            )

        return await self._first(chat, since, edit, editable=editable)

    async def _look_caption(self, chat: int, since: Since, caption: str) -> int | None:
        async def edit(number: int) -> None:
            await self._bot.edit_message_caption(chat_id=chat, message_id=number, caption=caption or None)

        return await self._first(chat, since, edit)

    async def _first(
        self, chat: int, since: Since, edit: Callable[[int], Awaitable[None]], *, editable: bool = True
    ) -> int | None:
        """The first number where the edit finds itself done; what cannot be edited is there when it refuses to be."""
        for number in self.numbers.candidates(chat, since):
            try:
                await self.again(partial(edit, number))
            except BadRequest as error:
                reason = str(error).lower()
                if "not modified" in reason or (not editable and "can't be edited" in reason):
                    return number
                continue
            return number
        return None

    async def _allowed(self, call: Callable[[], Awaitable[None]]) -> bool:
        try:
            await self.again(call)
        except BadRequest as error:
            reason = str(error).lower()
            if "not modified" in reason:
                return True
            if any(part in reason for part in ("not found", "can't be", "message_id_invalid")):
                return False
            raise
        return True

    async def _turn(self) -> None:
        if self._bucket is not None and (wait := self._bucket.book(now=time.monotonic())):
            await asyncio.sleep(wait)

    @asynccontextmanager
    async def _alone(self, chat: int) -> AsyncIterator[None]:
        lock, users = self._locks.get(chat) or (asyncio.Lock(), 0)
        self._locks[chat] = (lock, users + 1)
        try:
            async with lock:
                yield
        finally:
            lock, users = self._locks.pop(chat)
            if users > 1:
                self._locks[chat] = (lock, users - 1)


def seconds_of(error: RetryAfter) -> float:
    """How long the server wants us to wait."""
    after: int | dt.timedelta = error.retry_after
    return after.total_seconds() if isinstance(after, dt.timedelta) else float(after)


def _reply(message: int | None) -> ReplyParameters | None:
    return ReplyParameters(message, allow_sending_without_reply=True) if message else None
