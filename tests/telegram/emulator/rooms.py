"""Chats as those in them see them: messages, buttons, and what the bot answers."""

from __future__ import annotations

import time
from collections.abc import Callable
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from tests.telegram.emulator.methods_queries import Query
from tests.telegram.emulator.world import Chat, Json

if TYPE_CHECKING:
    from tests.telegram.emulator.emulator import Emulator


class Room:
    """A chat as those in it see it. `wait(2)` gives the bot's next two messages, and the two after them next time."""

    def __init__(self, emulator: Emulator, chat: Chat) -> None:
        self.emulator = emulator
        self.chat = chat
        self._seen = 0

    @property
    def id(self) -> int:
        return self.chat.id

    def messages(self) -> list[Json]:
        with self.emulator.world.lock:
            return [self.chat.messages[number] for number in sorted(self.chat.messages)]

    def from_bot(self) -> list[Json]:
        bot = self.emulator.world.bot["id"]
        return [one for one in self.messages() if one["from"]["id"] == bot and "via_bot" not in one]

    def message(self, number: int) -> Json:
        """The message as it stands now, after any edits."""
        with self.emulator.world.lock:
            return self.chat.messages[number]

    def _unseen(self) -> list[Json]:
        return [one for one in self.from_bot() if one["message_id"] > self._seen]

    def wait(self, count: int = 1, timeout: float = 20) -> list[Json]:
        """The bot's next `count` messages. Raises AssertionError with what came instead when the time is over."""
        self.emulator.wait_until(
            lambda: len(self._unseen()) >= count,
            timeout,
            lambda: f"{count} messages of the bot were waited for, these came: {[shown(x) for x in self._unseen()]}",
        )
        fresh = self._unseen()[:count]
        self._seen = max([self._seen, *(one["message_id"] for one in fresh)])
        return fresh

    def answer(self, timeout: float = 20) -> Json:
        """The bot's next message."""
        return self.wait(1, timeout)[0]

    def wait_edit(self, message: Json, timeout: float = 20) -> Json:
        """The message once it differs from this snapshot of it."""
        number = message["message_id"]
        self.emulator.wait_until(
            lambda: self.chat.messages.get(number) != message,
            timeout,
            lambda: f"message {number} was not edited: {shown(message)}",
        )
        return self.message(number)

    def stays_silent(self, seconds: float = 0.7) -> None:
        """Nothing new of the bot's within that time."""
        time.sleep(seconds)
        assert not self._unseen(), [shown(one) for one in self._unseen()]


@dataclass
class Pressed:
    """A button that was pressed, and what the bot answered to it (the small notice on top of the chat)."""

    room: Room
    message: Json
    query: Query

    def wait(self, timeout: float = 20) -> Json:
        self.room.emulator.wait_until(
            lambda: self.query.answer is not None, timeout, lambda: "the pressed button spins on: no answer came"
        )
        assert self.query.answer is not None
        return self.query.answer


@dataclass
class Typed:
    """A line typed after the bot's name, and the results that came for it."""

    emulator: Emulator
    text: str
    query: Query

    def wait(self, timeout: float = 20) -> Json:
        self.emulator.wait_until(
            lambda: self.query.answer is not None, timeout, lambda: f"no inline results came for {self.text!r}"
        )
        assert self.query.answer is not None
        return self.query.answer


def buttons(message: Json) -> list[Json]:
    """All buttons of a message, row by row."""
    rows = message.get("reply_markup", {}).get("inline_keyboard", [])
    return [button for row in rows for button in row]


def find_button(message: Json, label: str) -> Json:
    """The one button whose label is, or else contains, these words."""
    all_buttons = buttons(message)
    fits: Callable[[Json], bool]
    for fits in (lambda one: one["text"] == label, lambda one: label in one["text"]):
        found = [one for one in all_buttons if fits(one)]
        if found:
            return found[0]
    raise AssertionError(f"no button {label!r} on this message, only {[one['text'] for one in all_buttons]}")


def shown(message: Json) -> str:
    """A message in one line, for messages of failed tests."""
    content: Any = message.get("text") or message.get("caption") or sorted(message)
    return f"#{message['message_id']} {content}"[:200]
