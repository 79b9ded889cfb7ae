"""answerCallbackQuery and answerInlineQuery, and the queries that wait for them."""

from __future__ import annotations

import time
from dataclasses import dataclass, field
from typing import Any

from tests.telegram.emulator.errors import STALE_QUERY, bad
from tests.telegram.emulator.keyboards import check_markup
from tests.telegram.emulator.methods_messages import text_content
from tests.telegram.emulator.params import Params
from tests.telegram.emulator.world import Json, World

MAX_RESULTS = 50
RESULT_KINDS = {"article", "photo", "gif", "mpeg4_gif", "video", "audio", "voice", "document", "location", "venue"}


@dataclass
class Query:
    """A pressed button or a line typed after the bot's name, until it is answered or too old."""

    id: str
    person: int
    expires: float
    answers: list[Json] = field(default_factory=list)

    @property
    def answer(self) -> Json | None:
        return self.answers[-1] if self.answers else None


class Queries:
    """The open queries; `lifetime` is how long Telegram takes an answer, in seconds."""

    def __init__(self, world: World) -> None:
        self.world = world
        self.lifetime = 30.0
        self.callbacks: dict[str, Query] = {}
        self.inline: dict[str, Query] = {}

    def ask(self, kind: dict[str, Query], person: int) -> Query:
        query = Query(f"{4_000_000_000_000 + self.world.serial()}", person, time.monotonic() + self.lifetime)
        kind[query.id] = query
        return query

    def _open(self, kind: dict[str, Query], params: Params, name: str) -> Query:
        query = kind.get(params.text(name))
        if query is None or time.monotonic() > query.expires:
            raise bad(STALE_QUERY)
        return query

    def answer_callback_query(self, params: Params) -> bool:
        query = self._open(self.callbacks, params, "callback_query_id")
        if len(params.text("text")) > 200:
            raise bad("MESSAGE_TOO_LONG")
        url = params.text("url")
        if url and not url.startswith(("https://t.me/", "tg://")):
            raise bad("URL_INVALID")
        with self.world.changed:
            query.answers.append({"text": params.text("text"), "show_alert": params.flag("show_alert"), "url": url})
            self.world.changed.notify_all()
        return True

    def answer_inline_query(self, params: Params) -> bool:
        query = self._open(self.inline, params, "inline_query_id")
        results = params.tree("results")
        if not isinstance(results, list):
            raise bad("can't parse results: expected an array")
        if len(results) > MAX_RESULTS:
            raise bad("RESULTS_TOO_MUCH")
        if len(params.text("next_offset").encode()) > 64:
            raise bad("NEXT_OFFSET_INVALID")
        checked = [self._result(one) for one in results]
        if len({one["id"] for one in checked}) < len(checked):
            raise bad("RESULT_ID_DUPLICATE")
        answer = {
            "results": checked,
            "cache_time": params.number("cache_time", 300),
            "is_personal": params.flag("is_personal"),
            "next_offset": params.text("next_offset"),
            "button": params.tree("button"),
        }
        if answer["button"]:
            _check_start_parameter(answer["button"])
        with self.world.changed:
            query.answers.append(answer)
            self.world.changed.notify_all()
        return True

    def _result(self, result: Any) -> Json:
        """One result, with `content` as the message that choosing it would send."""
        if not isinstance(result, dict) or result.get("type") not in RESULT_KINDS:
            raise bad("can't parse inline query result: unsupported inline query result type")
        if not 1 <= len(str(result.get("id", "")).encode()) <= 64:
            raise bad("RESULT_ID_INVALID")
        checked = dict(result)
        if result["type"] == "article":
            if not str(result.get("title", "")).strip():
                raise bad("ARTICLE_TITLE_EMPTY")
            if not isinstance(result.get("input_message_content"), dict):
                raise bad("can't parse inline query result: can't find field \"input_message_content\"")
        given = result.get("input_message_content")
        if given is not None:
            if not given.get("message_text"):
                raise bad("message text is empty")
            inner = Params({**given, "text": given["message_text"]})
            checked["content"] = text_content(self.world, inner, too_long="MESSAGE_TOO_LONG")
        if result.get("reply_markup") is not None:
            checked["reply_markup"] = check_markup(result["reply_markup"])
        return checked


def _check_start_parameter(button: Json) -> None:
    parameter = str(button.get("start_parameter", ""))
    allowed = all(one.isascii() and (one.isalnum() or one in "_-") for one in parameter)
    if not button.get("text") or not allowed or not (1 <= len(parameter) <= 64 or button.get("web_app")):
        raise bad("START_PARAM_INVALID")
