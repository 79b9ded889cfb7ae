"""Lengths in UTF-16 code units, and the entities that Telegram finds by itself in what a person writes."""

from __future__ import annotations

import re
from typing import Any

Entity = dict[str, Any]

FOUND = (
    # A letter of any script beside a mention or a command unmakes it: `滨城区@some_bot` and `/cite滨城` are neither.
    ("mention", re.compile(r"(?<!\w)@[A-Za-z0-9_]{2,32}(?!\w)")),
    ("bot_command", re.compile(r"(?<![\w/<>])/[A-Za-z0-9_]{1,64}(?:@[A-Za-z0-9_]{3,32})?(?![\w/<>@])")),
    ("url", re.compile(r"https?://[^\s<>\"]+")),
)


def units(text: str) -> int:
    """UTF-16 code units: `units("滨") == 1`, `units("😀") == 2`."""
    return len(text) + sum(ord(one) > 0xFFFF for one in text)


def cut(text: str, offset: int, length: int) -> str:
    """The part of the text that an entity covers."""
    return text.encode("utf-16-le")[offset * 2 : (offset + length) * 2].decode("utf-16-le")


def found_entities(text: str) -> list[Entity]:
    """`found_entities("😀 /help")` → one bot_command at offset 3, length 5."""
    entities: list[Entity] = []
    taken: list[tuple[int, int]] = []
    for kind, pattern in FOUND:
        for match in pattern.finditer(text):
            if any(match.start() < end and start < match.end() for start, end in taken):
                continue
            taken.append(match.span())
            entities.append({"type": kind, "offset": units(text[: match.start()]), "length": units(match[0])})
    return sorted(entities, key=lambda one: int(one["offset"]))
