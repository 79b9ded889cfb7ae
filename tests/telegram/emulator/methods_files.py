"""sendPhoto, sendDocument, editMessageMedia, getFile; what is uploaded is looked at, as Telegram does."""

from __future__ import annotations

import json
import struct
from typing import Any

from tests.telegram.emulator.errors import ApiError, bad
from tests.telegram.emulator.keyboards import read_markup
from tests.telegram.emulator.methods_messages import (
    _editable,
    _replace,
    caption_content,
    reply_content,
    thread_content,
    with_markup,
)
from tests.telegram.emulator.params import Params, Upload
from tests.telegram.emulator.world import Json, StoredFile, World

MEGABYTE = 1024 * 1024
MAX_PHOTO = 10 * MEGABYTE
MAX_UPLOAD = 50 * MEGABYTE
MAX_DOWNLOAD = 20 * MEGABYTE
"""Telegram's own server; a self-hosted one has no such limit."""


def stored(world: World, given: Upload | str, *, folder: str, missing: str) -> StoredFile:
    """The file behind an upload or a file_id."""
    if isinstance(given, Upload):
        if not given.data:
            raise bad("file must be non-empty")
        if len(given.data) > MAX_UPLOAD:
            raise ApiError(413, "Request Entity Too Large")
        return world.keep_file(given.name, given.mime_type, given.data, folder)
    if not given:
        raise bad(missing)
    if given not in world.files:
        raise bad("wrong remote file identifier specified: can't unserialize it. Wrong last symbol")
    return world.files[given]


def image_size(data: bytes) -> tuple[int, int]:
    """Width and height of a PNG or JPEG. Raises ApiError 400 for anything else."""
    if data[:8] == b"\x89PNG\r\n\x1a\n" and data[12:16] == b"IHDR":
        width, height = struct.unpack(">II", data[16:24])
        return int(width), int(height)
    if data[:2] == b"\xff\xd8":
        at = 2
        while at + 9 < len(data):
            marker, length = data[at + 1], int.from_bytes(data[at + 2 : at + 4], "big")
            if 0xC0 <= marker <= 0xCF and marker not in (0xC4, 0xC8, 0xCC):
                return int.from_bytes(data[at + 7 : at + 9], "big"), int.from_bytes(data[at + 5 : at + 7], "big")
            at += 2 + length
    raise bad("IMAGE_PROCESS_FAILED")


def photo_content(world: World, given: Upload | str) -> Json:
    kept = stored(world, given, folder="photos", missing="there is no photo in the request")
    if len(kept.data) > MAX_PHOTO:
        raise bad(f"file of size {len(kept.data)} bytes is too big for a photo; the maximum size is {MAX_PHOTO} bytes")
    width, height = image_size(kept.data)
    if width + height > 10_000 or max(width, height) > 20 * min(width, height):
        raise bad("PHOTO_INVALID_DIMENSIONS")
    return {"photo": [{**kept.info(), "width": width, "height": height}]}


def document_content(world: World, given: Upload | str) -> Json:
    kept = stored(world, given, folder="documents", missing="there is no document in the request")
    return {"document": {**kept.info(), "file_name": kept.name, "mime_type": kept.mime_type}}


def send_photo(world: World, params: Params) -> Json:
    chat = world.find_chat(params.values.get("chat_id"))
    content = photo_content(world, params.file("photo")) | caption_content(world, params)
    content |= thread_content(chat, params) | reply_content(chat, params)
    return world.new_message(chat, world.bot, with_markup(content, read_markup(params)))


def send_document(world: World, params: Params) -> Json:
    chat = world.find_chat(params.values.get("chat_id"))
    content = document_content(world, params.file("document"))
    content |= caption_content(world, params) | thread_content(chat, params) | reply_content(chat, params)
    return world.new_message(chat, world.bot, with_markup(content, read_markup(params)))


def edit_message_media(world: World, params: Params) -> Json | bool:
    chat, old = _editable(world, params)
    media = params.tree("media")
    if not isinstance(media, dict) or media.get("type") not in ("photo", "document"):
        raise bad("can't parse InputMedia: Type must be specified")
    inner = Params({key: json.dumps(v) if isinstance(v, list) else v for key, v in media.items()}, params.uploads)
    make = photo_content if media["type"] == "photo" else document_content
    content = make(world, inner.file("media")) | caption_content(world, inner)
    identity = ("message_id", "from", "chat", "date", "reply_to_message")
    kept = {key: value for key, value in old.items() if key in identity}
    return _replace(world, params, chat, old, with_markup({**kept, **content}, read_markup(params)))


def get_file(world: World, params: Params, limit: int = MAX_DOWNLOAD) -> Json:
    file_id = params.text("file_id")
    if not file_id:
        raise bad("file_id not specified")
    if file_id not in world.files:
        raise bad("invalid file_id")
    kept = world.files[file_id]
    if len(kept.data) > limit:
        raise bad("file is too big")
    return {**kept.info(), "file_path": kept.path}


METHODS: dict[str, Any] = {
    "sendPhoto": send_photo,
    "sendDocument": send_document,
    "editMessageMedia": edit_message_media,
    "getFile": get_file,
}
