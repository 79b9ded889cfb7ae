"""Updates as they come over the wire: what is one, which one it is, and what python-telegram-bot makes of it."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Mapping
from contextlib import suppress
from typing import Any, TypeGuard

from telegram import Bot, Update

ALLOWED = ("message", "edited_message", "callback_query", "inline_query")
_NEEDED = frozenset({"chat", "from", "sender_chat", "via_bot", "entities", "caption_entities", "document"})
"""The parts of a message with parts of their own that handlers look at."""

Body = Mapping[str, Any]
"""An update as it comes over the wire."""


def is_update(data: object) -> TypeGuard[dict[str, Any]]:
    """Whether it has an update's number, one that a database holds."""
    number = data.get("update_id") if isinstance(data, dict) else None
    return isinstance(number, int) and not isinstance(number, bool) and 0 <= number < 1 << 63


def mark(body: Body) -> str:
    """16 hex digits of what stays the same however often an update is delivered: which message or query it brings."""
    kind = next((name for name in ALLOWED if isinstance(body.get(name), dict)), "")
    part = body[kind] if kind else {}
    if kind in ("callback_query", "inline_query"):
        which = [part.get("id")]
    else:
        chat = part.get("chat")
        which = [chat.get("id") if isinstance(chat, dict) else "", part.get("message_id"), part.get("date")]
        which += [part.get("edit_date")] if kind == "edited_message" else []
    return hashlib.sha256(json.dumps([kind, *which]).encode()).hexdigest()[:16]


def understood(body: Body, bot: Bot) -> Update | None:
    """The update; where a newer or older server writes parts in another way, what we need of it; else None.

    `understood({"update_id": 5, "message": {…, "text": "…", "poll": {"options": [{}]}}}, bot)` still has its text.
    """
    for data in (dict(body), {name: _needed(value) for name, value in body.items()}):
        with suppress(TypeError, ValueError, KeyError, AttributeError):
            return Update.de_json(data, bot)
    return None


def _needed(part: Any, *, outer: bool = True) -> Any:
    """A message, or the message of a press, without what no handler looks at."""
    if not isinstance(part, dict):
        return part
    if isinstance(part.get("message"), dict):
        return {**part, "message": _needed(part["message"])}
    if "message_id" not in part:
        return part
    kept = {name: value for name, value in part.items() if name in _NEEDED or not isinstance(value, dict | list)}
    if outer and isinstance(part.get("reply_to_message"), dict):
        kept["reply_to_message"] = _needed(part["reply_to_message"], outer=False)
    return kept
