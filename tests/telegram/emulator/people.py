"""The other side of the screen: what people in chats do. All of it may be called from a test's own thread."""

from __future__ import annotations

import copy
import time
from typing import TYPE_CHECKING, Any

from tests.telegram.emulator.rooms import Pressed, Room, Typed, find_button
from tests.telegram.emulator.world import Json, plain_content

if TYPE_CHECKING:
    from tests.telegram.emulator.emulator import Emulator


class Person:
    def __init__(self, emulator: Emulator, info: Json, room: Room) -> None:
        self.emulator = emulator
        self.info = info
        self.room = room
        """The private chat with the bot."""

    @property
    def id(self) -> int:
        return int(self.info["id"])

    def say(self, text: str, room: Room | None = None, reply_to: Json | None = None, **parts: Any) -> Json:
        """Write into the private chat, or into a group: a bot sees there what is meant for it, no more.

        `parts` are more of the message: sender_chat, message_thread_id, …; `sender` writes in this person's stead.
        """
        where = room or self.room
        with self.emulator.world.lock:
            self._open(where)
            sender = parts.pop("sender", self.info)
            more: Json = dict(parts)
            if reply_to is not None:
                more["reply_to_message"] = {k: v for k, v in reply_to.items() if k != "reply_to_message"}
            message = self.emulator.world.said(where.chat, sender, text, **more)
            if self._meant_for_bot(where, message):
                self.emulator.world.emit("message", message)
        return message

    def ask(self, text: str, room: Room | None = None, timeout: float = 20) -> Json:
        """Say something and wait for the bot's one message."""
        self.say(text, room)
        return (room or self.room).answer(timeout)

    def edit(self, message: Json, text: str) -> Json:
        with self.emulator.world.lock:
            room = self.emulator.rooms[message["chat"]["id"]]
            old = room.chat.messages[message["message_id"]]
            kept = {key: value for key, value in old.items() if key not in ("text", "entities")}
            edited = {**kept, **plain_content(text), "edit_date": int(time.time())}
            self.emulator.world.replace_message(room.chat, edited)
            if self._meant_for_bot(room, edited):
                self.emulator.world.emit("edited_message", edited)
        return edited

    def upload(self, name: str, data: bytes, *, caption: str = "", mime_type: str = "application/octet-stream") -> Json:
        """Send a document into the private chat."""
        with self.emulator.world.lock:
            self._open(self.room)
            kept = self.emulator.world.keep_file(name, mime_type, data, "documents")
            content: Json = {"document": {**kept.info(), "file_name": name, "mime_type": mime_type}}
            if caption:
                content["caption"] = caption
            message = self.emulator.world.new_message(self.room.chat, self.info, content)
            self.emulator.world.emit("message", message)
        return message

    def click(self, message: Json, label: str) -> Pressed:
        """Press the button whose label contains these words; it has to stand on the message as it is now."""
        room = self.emulator.rooms[message["chat"]["id"]]
        current = room.message(message["message_id"])
        button = find_button(current, label)
        assert "callback_data" in button, f"{button} sends nothing to the bot"
        with self.emulator.world.lock:
            query = self.emulator.api.queries.ask(self.emulator.api.queries.callbacks, self.id)
            self.emulator.world.emit(
                "callback_query",
                {
                    "id": query.id,
                    "from": self.info,
                    "message": current,
                    "chat_instance": str(room.id * 7919),
                    "data": button["callback_data"],
                },
            )
        return Pressed(room, current, query)

    def press_data(self, message: Json, data: str) -> Pressed:
        """What a forged or outdated client sends: data of a button that the message does not carry."""
        room = self.emulator.rooms[message["chat"]["id"]]
        with self.emulator.world.lock:
            query = self.emulator.api.queries.ask(self.emulator.api.queries.callbacks, self.id)
            payload = {"id": query.id, "from": self.info, "message": message, "chat_instance": "1", "data": data}
            self.emulator.world.emit("callback_query", payload)
        return Pressed(room, message, query)

    def inline(self, text: str, offset: str = "") -> Typed:
        with self.emulator.world.lock:
            query = self.emulator.api.queries.ask(self.emulator.api.queries.inline, self.id)
            payload = {"id": query.id, "from": self.info, "chat_type": "sender", "query": text, "offset": offset}
            self.emulator.world.emit("inline_query", payload)
        return Typed(self.emulator, text, query)

    def choose(self, typed: Typed, index: int, room: Room) -> Json:
        """Send one of the results into a chat, in this person's name."""
        result = typed.wait()["results"][index]
        world = self.emulator.world
        content: Json = {**copy.deepcopy(result["content"]), "via_bot": world.bot}
        if result.get("reply_markup"):
            content["reply_markup"] = result["reply_markup"]
        with world.lock:
            message = world.new_message(room.chat, self.info, content)
            chosen: Json = {"result_id": result["id"], "from": self.info, "query": typed.text}
            if result.get("reply_markup"):
                chosen["inline_message_id"] = f"inline{message['message_id']}"
                world.inline_messages[chosen["inline_message_id"]] = (room.id, message["message_id"])
            world.emit("chosen_inline_result", chosen)
            if room is self.room or room.chat.members & {world.bot["id"]}:
                world.emit("message", message)
        return message

    def block(self) -> None:
        self._membership(blocked=True)

    def unblock(self) -> None:
        self._membership(blocked=False)

    def _membership(self, *, blocked: bool) -> None:
        bot = self.emulator.world.bot
        names = ("member", "kicked") if blocked else ("kicked", "member")
        with self.emulator.world.lock:
            self.room.chat.blocked = blocked
            payload: Json = {"chat": self.room.chat.info, "from": self.info, "date": int(time.time())}
            for key, name in zip(("old_chat_member", "new_chat_member"), names, strict=True):
                payload[key] = {"user": bot, "status": name, **({"until_date": 0} if name == "kicked" else {})}
            self.emulator.world.emit("my_chat_member", payload)

    def _open(self, room: Room) -> None:
        if room.chat.private:
            room.chat.started = True
            room.chat.blocked = False

    def _meant_for_bot(self, room: Room, message: Json) -> bool:
        """Privacy mode, as a bot has it unless its owner switches it off."""
        bot = self.emulator.world.bot
        if room.chat.private or self.emulator.sees_everything:
            return room.chat.private or bot["id"] in room.chat.members
        if bot["id"] not in room.chat.members:
            return False
        if message.get("reply_to_message", {}).get("from", {}).get("id") == bot["id"]:
            return True
        text = message["text"].lower()
        named = f"@{bot['username']}".lower() in text
        return named or any(one["type"] == "bot_command" for one in message.get("entities", ()))
