"""reply_markup, checked as the server does."""

from __future__ import annotations

from typing import Any

from tests.telegram.emulator.errors import bad
from tests.telegram.emulator.params import Params

ACTIONS = (
    "url", "callback_data", "web_app", "login_url", "switch_inline_query", "switch_inline_query_current_chat",
    "switch_inline_query_chosen_chat", "copy_text", "callback_game", "pay",
)  # fmt: skip
MAX_BUTTONS = 100
MAX_IN_ROW = 8


def read_markup(params: Params, name: str = "reply_markup") -> dict[str, Any] | None:
    """The markup as a message keeps it; None where there is none. Raises ApiError 400."""
    markup = params.tree(name)
    if markup is None:
        return None
    return check_markup(markup)


def check_markup(markup: Any) -> dict[str, Any] | None:
    if not isinstance(markup, dict):
        raise bad("object expected as reply markup")
    if "inline_keyboard" not in markup:
        if not {"keyboard", "remove_keyboard", "force_reply"} & set(markup):
            raise bad("can't parse reply keyboard markup JSON object")
        return None  # a message shows inline keyboards alone
    rows = markup["inline_keyboard"]
    if not isinstance(rows, list) or not all(isinstance(row, list) for row in rows):
        raise bad('field "inline_keyboard" of the InlineKeyboardMarkup must be an Array of Arrays')
    kept = [[_button(button) for button in row] for row in rows if row]
    if sum(len(row) for row in kept) > MAX_BUTTONS or any(len(row) > MAX_IN_ROW for row in kept):
        raise bad("reply markup is too long")
    return {"inline_keyboard": kept} if kept else None


def _button(button: Any) -> dict[str, Any]:
    if not isinstance(button, dict):
        raise bad("can't parse inline keyboard button: InlineKeyboardButton must be an Object")
    text = button.get("text")
    if not isinstance(text, str):
        raise bad("can't parse inline keyboard button: can't find field \"text\"")
    if not text.strip():
        raise bad("can't parse inline keyboard button: text is empty")
    actions = [name for name in ACTIONS if button.get(name) is not None]
    if not actions:
        raise bad("can't parse inline keyboard button: Text buttons are unallowed in the inline keyboard")
    if len(actions) > 1:
        raise bad("can't parse inline keyboard button: exactly one of the optional fields must be used")
    if actions == ["callback_data"] and not 1 <= len(str(button["callback_data"]).encode()) <= 64:
        raise bad("BUTTON_DATA_INVALID")
    if actions == ["copy_text"]:
        value = button["copy_text"].get("text") if isinstance(button["copy_text"], dict) else None
        if not isinstance(value, str) or not 1 <= len(value) <= 256:
            raise bad("BUTTON_COPY_TEXT_INVALID")
    if actions == ["url"] and not str(button["url"]).startswith(("http://", "https://", "tg://")):
        raise bad("BUTTON_URL_INVALID")
    return {"text": text, **{name: button[name] for name in actions}}
