"""What a bot says about itself: commands, name, descriptions; and what it may ask about chats."""

from __future__ import annotations

import json
import re
from collections.abc import Callable
from typing import Any

from tests.telegram.emulator.errors import bad
from tests.telegram.emulator.params import Params
from tests.telegram.emulator.world import Json, World

TEXTS = {"Name": ("name", 64), "Description": ("description", 512), "ShortDescription": ("short_description", 120)}
SCOPES = {
    "default", "all_private_chats", "all_group_chats", "all_chat_administrators", "chat", "chat_administrators",
    "chat_member",
}  # fmt: skip


class BotSettings:
    """Kept for each scope and language code."""

    def __init__(self, world: World) -> None:
        self.world = world
        self.commands: dict[str, list[Json]] = {}
        self.texts: dict[tuple[str, str], str] = {}
        self.menu_button: Json = {"type": "commands"}

    def _scope(self, params: Params) -> str:
        scope = params.tree("scope") or {"type": "default"}
        if not isinstance(scope, dict) or scope.get("type") not in SCOPES:
            raise bad("can't parse BotCommandScope: Unsupported type specified")
        return json.dumps([scope, params.text("language_code")], sort_keys=True)

    def set_my_commands(self, params: Params) -> bool:
        commands = params.tree("commands")
        if not isinstance(commands, list):
            raise bad("expected an Array of BotCommand")
        if len(commands) > 100:
            raise bad("BOT_COMMANDS_TOO_MUCH")
        for one in commands:
            if not re.fullmatch(r"[a-z0-9_]{1,32}", str(one.get("command", ""))):
                raise bad("BOT_COMMAND_INVALID")
            if not 1 <= len(str(one.get("description", ""))) <= 256:
                raise bad("BOT_COMMAND_DESCRIPTION_INVALID")
        self.commands[self._scope(params)] = commands
        return True

    def get_my_commands(self, params: Params) -> list[Json]:
        return self.commands.get(self._scope(params), [])

    def delete_my_commands(self, params: Params) -> bool:
        self.commands.pop(self._scope(params), None)
        return True

    def set_chat_menu_button(self, params: Params) -> bool:
        self.menu_button = params.tree("menu_button") or {"type": "default"}
        return True

    def _setter(self, kind: str) -> Callable[[Params], bool]:
        name, limit = TEXTS[kind]

        def set_text(params: Params) -> bool:
            text = params.text(name)
            if len(text) > limit:
                raise bad(f"bot {name.replace('_', ' ')} is too long")
            self.texts[kind, params.text("language_code")] = text
            return True

        return set_text

    def _getter(self, kind: str) -> Callable[[Params], Json]:
        name = TEXTS[kind][0]
        return lambda params: {name: self.texts.get((kind, params.text("language_code")), "")}

    def get_chat(self, params: Params) -> Json:
        return {**self.world.find_chat(params.values.get("chat_id")).info, "accent_color_id": 0}

    def get_chat_member(self, params: Params) -> Json:
        chat = self.world.find_chat(params.values.get("chat_id"))
        user = self.world.users.get(params.number("user_id"))
        if user is None:
            raise bad("user not found")
        return {"user": user, "status": "member" if user["id"] in chat.members else "left"}

    def leave_chat(self, params: Params) -> bool:
        self.world.find_chat(params.values.get("chat_id")).members.discard(self.world.bot["id"])
        return True

    def methods(self) -> dict[str, Callable[[Params], Any]]:
        table: dict[str, Callable[[Params], Any]] = {
            "setMyCommands": self.set_my_commands,
            "getMyCommands": self.get_my_commands,
            "deleteMyCommands": self.delete_my_commands,
            "setChatMenuButton": self.set_chat_menu_button,
            "getChatMenuButton": lambda _params: self.menu_button,
            "getChat": self.get_chat,
            "getChatMember": self.get_chat_member,
            "leaveChat": self.leave_chat,
        }
        for kind in TEXTS:
            table[f"setMy{kind}"] = self._setter(kind)
            table[f"getMy{kind}"] = self._getter(kind)
        return table
