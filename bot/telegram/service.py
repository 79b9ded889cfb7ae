"""What every handler works with: put together once in app.py, handed to each."""

from __future__ import annotations

import asyncio
import logging
import time
from collections.abc import AsyncIterator, Awaitable, Callable
from contextlib import asynccontextmanager, suppress
from dataclasses import dataclass, field
from pathlib import Path

from telegram import Bot, Chat, Message, User
from telegram.constants import ChatAction
from telegram.error import TelegramError

from zhengwen.bot.settings import Config
from zhengwen.bot.telegram.access import Access
from zhengwen.bot.telegram.intake import current
from zhengwen.bot.telegram.limits import Limits
from zhengwen.bot.telegram.metrics import Metrics
from zhengwen.bot.telegram.numbers import Since
from zhengwen.bot.telegram.pool import Pool
from zhengwen.bot.telegram.sending import Sender
from zhengwen.bot.telegram.settings import TelegramSettings
from zhengwen.bot.telegram.store import Store

log = logging.getLogger(__name__)
_TYPING_SECONDS = 4.5
"""Telegram shows the sign of typing for five."""
_SIGNS = 8
_CROWD = 20
"""With more updates on their way the sign is not renewed: that would cost more calls than the answers do."""


@dataclass(frozen=True)
class Service:
    """The parts of the bot."""

    config: Config
    bot: Bot
    store: Store
    pool: Pool
    sender: Sender
    access: Access
    limits: Limits
    metrics: Metrics
    inbox: Path
    """The folder where documents are put."""
    signs: asyncio.Semaphore = field(default_factory=lambda: asyncio.Semaphore(_SIGNS))
    """Signs of typing that may be on their way at once."""
    reading: asyncio.Lock = field(default_factory=asyncio.Lock)
    """Held while a document is read in: one after another."""

    @property
    def settings(self) -> TelegramSettings:
        return self.config.telegram

    async def say(self, message: Message, html: str, *, markup: object = None, quote: bool = False) -> int:
        """One message into the chat of `message`; in groups it answers that message."""
        reply_to = message.message_id if quote or in_group(message.chat) else None

        async def send(since: Since | None) -> int:
            return await self.sender.send(
                message.chat_id, html, markup=markup, reply_to=reply_to, thread=thread_of(message), since=since
            )

        return await self._once(message, send)

    async def show(self, message: Message, png: bytes, caption: str) -> int:
        """One picture under `message`."""

        async def send(since: Since | None) -> int:
            return await self.sender.photo(
                message.chat_id, png, caption, reply_to=message.message_id, thread=thread_of(message), since=since
            )

        return await self._once(message, send)

    async def _once(self, message: Message, send: Callable[[Since | None], Awaitable[int]]) -> int:
        """Handled again, an update says only what it has not said yet."""
        arrived = current.get()
        if arrived is None:
            return await send(None)
        turn, arrived.said = arrived.said, arrived.said + 1
        since = None
        if arrived.again:
            sent = await self.store.sent_for(arrived.number)
            if turn < len(sent):
                return sent[turn]
            since = Since(message.message_id, message.message_id)
        number = await send(since)
        await self.store.note_sent(arrived.number, message.chat_id, number)
        return number

    @asynccontextmanager
    async def typing(self, message: Message, action: str = ChatAction.TYPING) -> AsyncIterator[None]:
        """Show that an answer is on its way, as long as the block takes; a failure to show it is nothing."""

        async def show() -> None:
            while True:
                if not self.signs.locked():  # in a crowd the answers themselves come first
                    async with self.signs:
                        with suppress(TelegramError):
                            thread = thread_of(message)
                            await self.bot.send_chat_action(message.chat_id, action, message_thread_id=thread)
                await asyncio.sleep(_TYPING_SECONDS)

        task = asyncio.get_running_loop().create_task(show())
        await asyncio.sleep(0)  # so that it goes out before the answer
        try:
            yield
        finally:
            task.cancel()


def in_group(chat: Chat) -> bool:
    return chat.type != Chat.PRIVATE


def thread_of(message: Message) -> int | None:
    """The topic of a forum; None elsewhere."""
    return message.message_thread_id if message.is_topic_message else None


def chat_key(message: Message) -> str:
    """What follow-ups are kept under: the chat, in a forum the topic."""
    thread = thread_of(message)
    return f"telegram:{message.chat_id}" + (f":{thread}" if thread else "")


def name_of(user: User) -> str:
    """How a user is shown to administrators."""
    return f"{user.full_name} @{user.username}" if user.username else user.full_name


def clock() -> float:
    return time.monotonic()
