"""What the emulated Telegram knows: people, chats, messages, files. Every change happens under one lock."""

from __future__ import annotations

import itertools
import threading
import time
from collections.abc import Callable
from dataclasses import dataclass, field
from typing import Any

from tests.telegram.emulator.errors import ApiError, bad, forbidden
from tests.telegram.emulator.text import found_entities

Json = dict[str, Any]
UPGRADED = "Bad Request: group chat was upgraded to a supergroup chat"


@dataclass
class Chat:
    """A chat and everything said in it. Messages are replaced, never changed in place: a kept one is a snapshot."""

    info: Json
    messages: dict[int, Json] = field(default_factory=dict)
    members: set[int] = field(default_factory=set)
    started: bool = True
    """A private chat exists for a bot once its person has written first."""
    blocked: bool = False
    numbers: itertools.count[int] | None = None
    """Supergroups count their own messages; all other chats share one count."""
    topics: set[int] = field(default_factory=set)
    """The threads of a forum; nowhere else may a message name a thread."""
    fixed: set[int] = field(default_factory=set)
    """Messages that were sent with another keyboard than buttons below them: these cannot be edited."""
    moved_to: int = 0
    """The supergroup that this group has become."""

    @property
    def id(self) -> int:
        return int(self.info["id"])

    @property
    def private(self) -> bool:
        return bool(self.info["type"] == "private")


@dataclass(frozen=True)
class StoredFile:
    file_id: str
    name: str
    mime_type: str
    data: bytes
    path: str

    def info(self) -> Json:
        return {"file_id": self.file_id, "file_unique_id": "u" + self.file_id[-12:], "file_size": len(self.data)}


@dataclass
class World:
    bot: Json
    lock: threading.RLock = field(default_factory=threading.RLock)
    users: dict[int, Json] = field(default_factory=dict)
    chats: dict[int, Chat] = field(default_factory=dict)
    files: dict[str, StoredFile] = field(default_factory=dict)
    inline_messages: dict[str, tuple[int, int]] = field(default_factory=dict)
    own_numbers: bool = False
    """Every chat counts its own messages, as simple servers do it."""
    notes: list[str] = field(default_factory=list)
    """What the bot sent that Telegram takes but quietly mends; a careful bot leaves this empty."""
    changed: threading.Condition = field(init=False)
    emit: Callable[[str, Json], int] = field(init=False)
    """Gives the bot an update: `emit("message", {...})` → update_id."""

    def __post_init__(self) -> None:
        self.changed = threading.Condition(self.lock)
        self._shared_numbers = itertools.count(1)
        self._serial = itertools.count(1)

    def serial(self) -> int:
        return next(self._serial)

    def find_chat(self, chat_id: Any) -> Chat:
        """The chat that a method names, by number or @name. Raises ApiError 400 or 403 where the bot may not speak."""
        if chat_id in (None, ""):
            raise bad("chat_id is empty")
        name = str(chat_id)
        for chat in self.chats.values():
            if name == str(chat.id) or (name.startswith("@") and name[1:] == chat.info.get("username")):
                self._allowed(chat)
                return chat
        raise bad("chat not found")

    def _allowed(self, chat: Chat) -> None:
        if chat.moved_to:
            raise ApiError(400, UPGRADED, migrate_to_chat_id=chat.moved_to)
        if chat.private and chat.blocked:
            raise forbidden("bot was blocked by the user")
        if chat.private and not chat.started:
            raise forbidden("bot can't initiate conversation with a user")
        if not chat.private and self.bot["id"] not in chat.members:
            raise forbidden(f"bot was kicked from the {chat.info['type']} chat")

    def new_message(self, chat: Chat, sender: Json, content: Json) -> Json:
        """Store a message and tell those who wait for one."""
        if self.own_numbers and chat.numbers is None:
            chat.numbers = itertools.count(1)
        numbers = chat.numbers or self._shared_numbers
        message: Json = {
            "message_id": next(numbers),
            "from": sender,
            "chat": chat.info,
            "date": int(time.time()),
            **content,
        }
        with self.changed:
            chat.messages[message["message_id"]] = message
            self.changed.notify_all()
        return message

    def replace_message(self, chat: Chat, message: Json) -> Json:
        with self.changed:
            chat.messages[message["message_id"]] = message
            self.changed.notify_all()
        return message

    def keep_file(self, name: str, mime_type: str, data: bytes, folder: str) -> StoredFile:
        number = self.serial()
        suffix = name.rpartition(".")[2] if "." in name else "bin"
        kept = StoredFile(f"BQACAgUAAxkBAAI{number:012d}", name, mime_type, data, f"{folder}/file_{number}.{suffix}")
        self.files[kept.file_id] = kept
        return kept

    def said(self, chat: Chat, person: Json, text: str, **more: Any) -> Json:
        """A person's text becomes a message."""
        return self.new_message(chat, person, {**plain_content(text), **more})


def plain_content(text: str) -> Json:
    """What a person typed, with the entities in it."""
    entities = found_entities(text)
    return {"text": text, "entities": entities} if entities else {"text": text}
