"""sendMessage, editMessage…, deleteMessage, sendChatAction and their checks."""

from __future__ import annotations

import time
from typing import Any

from tests.telegram.emulator.errors import NOT_MODIFIED, bad
from tests.telegram.emulator.keyboards import read_markup
from tests.telegram.emulator.markup import Formatted, parse_html, tidy
from tests.telegram.emulator.params import Params
from tests.telegram.emulator.text import units
from tests.telegram.emulator.world import Chat, Json, World

MAX_TEXT = 4096
MAX_CAPTION = 1024
CHAT_ACTIONS = {
    "typing", "upload_photo", "record_video", "upload_video", "record_voice", "upload_voice", "upload_document",
    "choose_sticker", "find_location", "record_video_note", "upload_video_note",
}  # fmt: skip


def read_text(world: World, params: Params, name: str = "text") -> Formatted:
    """The text as rendered, with its entities: the length that Telegram limits is this one's."""
    raw = params.text(name)
    mode = params.text("parse_mode").lower()
    if mode not in ("", "html"):
        raise bad("unsupported parse_mode" if mode not in ("markdown", "markdownv2") else "emulator: HTML alone")
    formatted = parse_html(raw) if mode == "html" else Formatted(raw, params.tree("entities", []) or [])
    tidied = tidy(formatted)
    world.notes.extend(tidied.notes)
    return tidied


def text_content(world: World, params: Params, *, too_long: str) -> Json:
    formatted = read_text(world, params)
    if not formatted.text:
        raise bad("message text is empty")
    if units(formatted.text) > MAX_TEXT:
        raise bad(too_long)
    content: Json = {"text": formatted.text}
    if formatted.entities:
        content["entities"] = formatted.entities
    options = params.tree("link_preview_options")
    if options:
        content["link_preview_options"] = options
    return content


def caption_content(world: World, params: Params) -> Json:
    if not params.has("caption"):
        return {}
    formatted = read_text(world, params, "caption")
    if units(formatted.text) > MAX_CAPTION:
        raise bad("message caption is too long")
    content: Json = {"caption": formatted.text} if formatted.text else {}
    if formatted.entities:
        content["caption_entities"] = formatted.entities
    return content


def reply_content(chat: Chat, params: Params) -> Json:
    """`reply_to_message`, from reply_parameters or the older reply_to_message_id."""
    wanted = params.tree("reply_parameters") or {}
    number = int(wanted.get("message_id") or params.number("reply_to_message_id"))
    if not number:
        return {}
    lenient = bool(wanted.get("allow_sending_without_reply")) or params.flag("allow_sending_without_reply")
    if number not in chat.messages:
        if lenient:
            return {}
        raise bad("message to be replied not found")
    original = {key: value for key, value in chat.messages[number].items() if key != "reply_to_message"}
    if wanted.get("quote") and wanted["quote"] not in original.get("text", original.get("caption", "")):
        raise bad("QUOTE_TEXT_INVALID")
    return {"reply_to_message": original}


def with_markup(content: Json, markup: Json | None) -> Json:
    return {**content, "reply_markup": markup} if markup else content


def send_message(world: World, params: Params) -> Json:
    chat = world.find_chat(params.values.get("chat_id"))
    content = text_content(world, params, too_long="message is too long")
    content |= thread_content(chat, params) | reply_content(chat, params)
    markup = read_markup(params)
    sent = world.new_message(chat, world.bot, with_markup(content, markup))
    if markup and "inline_keyboard" not in markup:
        chat.fixed.add(sent["message_id"])
    return sent


def thread_content(chat: Chat, params: Params) -> Json:
    """`message_thread_id`: a topic of a forum; the thread of a reply is none."""
    thread = params.number("message_thread_id")
    if not thread:
        return {}
    if thread not in chat.topics:
        raise bad("message thread not found")
    return {"message_thread_id": thread, "is_topic_message": True}


def _editable(world: World, params: Params) -> tuple[Chat, Json]:
    inline = params.text("inline_message_id")
    if inline:
        if inline not in world.inline_messages:
            raise bad("MESSAGE_ID_INVALID")
        chat_id, number = world.inline_messages[inline]
        chat = world.chats[chat_id]
        return chat, chat.messages[number]
    chat = world.find_chat(params.values.get("chat_id"))
    number = params.number("message_id")
    if not number:
        raise bad("message identifier is not specified")
    message = chat.messages.get(number)
    if message is None:
        raise bad("message to edit not found")
    if message["from"]["id"] != world.bot["id"] or number in chat.fixed:
        raise bad("message can't be edited")
    return chat, message


def _replace(world: World, params: Params, chat: Chat, old: Json, new: Json) -> Json | bool:
    if {**old, "edit_date": 0} == {**new, "edit_date": 0}:
        raise bad(NOT_MODIFIED)
    stored = world.replace_message(chat, {**new, "edit_date": int(time.time())})
    return True if params.has("inline_message_id") else stored


def edit_message_text(world: World, params: Params) -> Json | bool:
    chat, old = _editable(world, params)
    content = text_content(world, params, too_long="MESSAGE_TOO_LONG")
    if "text" not in old:
        raise bad("there is no text in the message to edit")
    dropped = ("text", "entities", "reply_markup", "link_preview_options")
    kept = {key: value for key, value in old.items() if key not in dropped}
    return _replace(world, params, chat, old, with_markup({**kept, **content}, read_markup(params)))


def edit_message_caption(world: World, params: Params) -> Json | bool:
    chat, old = _editable(world, params)
    content = caption_content(world, params)
    if "photo" not in old and "document" not in old:
        raise bad("there is no caption in the message to edit")
    kept = {key: value for key, value in old.items() if key not in ("caption", "caption_entities", "reply_markup")}
    return _replace(world, params, chat, old, with_markup({**kept, **content}, read_markup(params)))


def edit_message_reply_markup(world: World, params: Params) -> Json | bool:
    chat, old = _editable(world, params)
    kept = {key: value for key, value in old.items() if key != "reply_markup"}
    return _replace(world, params, chat, old, with_markup(kept, read_markup(params)))


def delete_message(world: World, params: Params) -> bool:
    chat = world.find_chat(params.values.get("chat_id"))
    number = params.number("message_id")
    message = chat.messages.get(number)
    if message is None:
        raise bad("message to delete not found")
    if not chat.private and message["from"]["id"] != world.bot["id"]:
        raise bad("message can't be deleted")
    with world.changed:
        del chat.messages[number]
        world.changed.notify_all()
    return True


def delete_messages(world: World, params: Params) -> bool:
    chat = world.find_chat(params.values.get("chat_id"))
    for number in params.tree("message_ids", []):
        chat.messages.pop(int(number), None)
    return True


def send_chat_action(world: World, params: Params) -> bool:
    thread_content(world.find_chat(params.values.get("chat_id")), params)
    if params.text("action") not in CHAT_ACTIONS:
        raise bad("wrong parameter action in request")
    return True


def set_message_reaction(world: World, params: Params) -> bool:
    chat = world.find_chat(params.values.get("chat_id"))
    if params.number("message_id") not in chat.messages:
        raise bad("message to react not found")
    return True


METHODS: dict[str, Any] = {
    "sendMessage": send_message,
    "editMessageText": edit_message_text,
    "editMessageCaption": edit_message_caption,
    "editMessageReplyMarkup": edit_message_reply_markup,
    "deleteMessage": delete_message,
    "deleteMessages": delete_messages,
    "sendChatAction": send_chat_action,
    "setMessageReaction": set_message_reaction,
}
