"""What tests look at in the bot's messages and calls."""

from __future__ import annotations

from typing import Any

from tests.telegram.emulator import Emulator
from tests.telegram.emulator.server import Call
from tests.telegram.emulator.text import cut

Json = dict[str, Any]

CARELESS = (
    "can't parse",
    "too long",
    "BUTTON_",
    "is empty",
    "RESULT",
    "MESSAGE_TOO",
    "TITLE_EMPTY",
    "unsupported",
    "must",
)
"""Errors that no bot should ever get, whatever people say and whatever the network does."""


def marked(message: Json, kind: str) -> list[str]:
    """The stretches of a message of one kind of entity: `marked(message, "bold")`."""
    text = str(message.get("text") or message.get("caption", ""))
    entities: list[Json] = message.get("entities") or message.get("caption_entities") or []
    return [cut(text, one["offset"], one["length"]) for one in entities if one["type"] == kind]


def quotes(message: Json) -> list[str]:
    """The numbered sources."""
    return marked(message, "expandable_blockquote")


def labels(message: Json) -> list[str]:
    rows = message.get("reply_markup", {}).get("inline_keyboard", [])
    return [button["text"] for row in rows for button in row]


def untidy(telegram: Emulator, calls: list[Call]) -> list[str]:
    """What the bot sent that Telegram would refuse or quietly mend."""
    refused = [f"{one.method}: {one.description}" for one in calls if any(x in one.description for x in CARELESS)]
    return refused + telegram.world.notes
