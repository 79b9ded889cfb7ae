"""The bot's memory, for asynchronous callers: every call is one function of an index module on the state writer."""

from __future__ import annotations

import asyncio
import datetime as dt
from collections import OrderedDict
from collections.abc import Callable, Mapping, Sequence
from functools import partial
from typing import Any, TypeVar

from zhengwen.index import access_list, chat_store, sent_messages, update_inbox
from zhengwen.index.access_list import Waiting
from zhengwen.index.chat_store import KeptAnswer
from zhengwen.index.library import Library
from zhengwen.index.state import make
from zhengwen.index.state_writer import StateWriter

T = TypeVar("T")
_STATES = 5000
"""Chats whose state is remembered here as well; older ones are read again."""


def now() -> dt.datetime:
    return dt.datetime.now(dt.UTC)


class Store:
    """What must outlive a restart. Every method raises LibraryError when the database fails."""

    def __init__(self, library: Library) -> None:
        self._writer = StateWriter(library)
        self._states: OrderedDict[str, str] = OrderedDict()

    async def begin(self) -> None:
        """Make the tables where they are missing and drop what is too old."""
        tables = (*update_inbox.tables, *chat_store.tables, *sent_messages.tables, *access_list.tables)
        await self._do(partial(make, tables=tables))
        await self.tidy()

    async def tidy(self) -> None:
        """Forget update numbers and answers that are too old."""
        await self._do(partial(update_inbox.forget, now=now()))
        await self._do(partial(chat_store.forget_answers, now=now()))
        await self._do(partial(sent_messages.forget, now=now()))

    def close(self) -> None:
        self._writer.close()

    # -- updates --------------------------------------------------------------------------------------------------

    async def take(self, bodies: Mapping[int, str], marks: Mapping[int, str] | None = None) -> set[int]:
        """Keep the updates that are new; gives their numbers."""
        return await self._do(partial(update_inbox.take, bodies=bodies, marks=marks, now=now()))

    async def unfinished(self) -> list[str]:
        return await self._do(update_inbox.unfinished)

    async def highest_update(self) -> int | None:
        return await self._do(update_inbox.highest)

    async def done(self, number: int) -> None:
        await self._do(partial(update_inbox.done, number=number, now=now()))

    # -- chats ----------------------------------------------------------------------------------------------------

    async def state(self, chat: str) -> str:
        """The chat's state, empty for a fresh one."""
        if chat not in self._states:
            self._remember(chat, await self._do(partial(chat_store.chat_state, chat=chat)))
        self._states.move_to_end(chat)
        return self._states[chat]

    async def save_state(self, chat: str, state: str) -> None:
        self._remember(chat, state)
        await self._do(partial(chat_store.save_chat, chat=chat, state=state, now=now()))

    async def forget(self, chat: str) -> bool:
        """Forget the chat; False when there was nothing to forget."""
        held = bool(await self.state(chat))
        self._remember(chat, "")
        await self._do(partial(chat_store.forget_chat, chat=chat))
        return held

    async def keep(self, answer: KeptAnswer) -> int:
        """Keep an answer; gives the number that its buttons carry."""
        return await self._do(partial(chat_store.keep_answer, answer=answer, now=now()))

    async def answered(
        self, number: int, replies: Sequence[int], *, update: int, chat: str = "", state: str = ""
    ) -> None:
        """An answer is out: note its messages, move the chat on where one is given, and strike the update off."""
        if chat:
            self._remember(chat, state)
        done = partial(chat_store.note_answered, number=number, replies=tuple(replies), update=update)
        await self._do(partial(done, chat=chat, state=state, now=now()))

    async def answer(self, number: int) -> KeptAnswer | None:
        return await self._do(partial(chat_store.answer_numbered, number=number))

    async def answer_to(self, chat: str, asked: int) -> KeptAnswer | None:
        return await self._do(partial(chat_store.answer_to, chat=chat, asked=asked))

    # -- messages -------------------------------------------------------------------------------------------------

    async def sent_for(self, update: int) -> tuple[int, ...]:
        """The numbers of the messages that were sent for an update, answers to questions not among them."""
        return await self._do(partial(sent_messages.of_update, update=update))

    async def note_sent(self, update: int, chat: int, number: int) -> None:
        await self._do(partial(sent_messages.note, update=update, chat=chat, number=number, now=now()))

    async def recent(self) -> set[tuple[int, int]]:
        """Chat and number of the newest messages of ours."""
        answers = await self._do(chat_store.recent_replies)
        others = await self._do(sent_messages.recent)
        return others | {(int(chat.split(":")[1]), number) for chat, number in answers}

    # -- access ---------------------------------------------------------------------------------------------------

    async def allowed(self) -> dict[int, str]:
        return await self._do(access_list.allowed)

    async def ask_in(self, user: int, name: str, code: str, minutes: int) -> tuple[str, bool] | None:
        """The user's pairing code and whether it is new; None when too many wait."""
        return await self._do(partial(access_list.ask_in, user=user, name=name, code=code, now=now(), minutes=minutes))

    async def approve(self, code: str, by: int) -> Waiting | None:
        return await self._do(partial(access_list.approve, code=code, by=by, now=now()))

    async def decline(self, code: str) -> Waiting | None:
        return await self._do(partial(access_list.decline, code=code, now=now()))

    async def revoke(self, user: int) -> bool:
        return await self._do(partial(access_list.revoke, user=user))

    def _remember(self, chat: str, state: str) -> None:
        self._states[chat] = state
        while len(self._states) > _STATES:
            self._states.popitem(last=False)

    async def _do(self, write: Callable[[Any], T]) -> T:
        return await asyncio.wrap_future(self._writer.submit(write))
