"""The bot as Telegram calls it: secret header, redelivery, order, and what comes from elsewhere."""

from __future__ import annotations

import json
import os
import shutil
import signal
import time
from collections.abc import Iterator
from pathlib import Path
from typing import NamedTuple
from urllib.parse import urlsplit

import httpx
import pytest

from tests.telegram.asking import Crowd
from tests.telegram.bot_process import BotProcess, free_port
from tests.telegram.emulator import Emulator

SECRET = "X-Telegram-Bot-Api-Secret-Token"


class Hooked(NamedTuple):
    bot: BotProcess
    telegram: Emulator
    port: int

    @property
    def path(self) -> str:
        return urlsplit(self.telegram.api.webhook.url).path

    def post(self, path: str, body: object, **headers: str) -> int:
        url = f"http://127.0.0.1:{self.port}{path}"
        given = body if isinstance(body, bytes) else json.dumps(body).encode()
        kind = {"Content-Type": "application/json"}
        return httpx.post(url, content=given, headers={**kind, **headers}, timeout=5, trust_env=False).status_code


@pytest.fixture(scope="module")
def hooked(built_library: Path, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Hooked]:
    folder = tmp_path_factory.mktemp("hooked")
    copy = shutil.copytree(built_library, folder / "library")
    port = free_port()
    with Emulator() as telegram:
        telegram.api.webhook.public["https://bot.example.org"] = f"http://127.0.0.1:{port}"
        webhook = {"url": "https://bot.example.org", "port": port}
        with BotProcess(telegram, copy, folder, mode="webhook", webhook=webhook, workers=1) as bot:
            yield Hooked(bot, telegram, port)


def test_answers_come_by_webhook(hooked: Hooked) -> None:
    reader = hooked.telegram.person("读者")
    assert reader.ask("桓台县2022年GDP")["text"].startswith("368.3亿元")
    reader.click(reader.room.from_bot()[-1], "原文 [1]").wait()
    assert hooked.telegram.calls("getUpdates") == []
    info = hooked.telegram.api.webhook.info()
    assert info["url"].startswith("https://bot.example.org/")


def test_the_address_cannot_be_guessed(hooked: Hooked) -> None:
    path = hooked.path.strip("/")
    assert len(path) >= 16
    for part in hooked.telegram.token.split(":"):
        assert part not in path and part not in hooked.telegram.api.webhook.secret
    assert len(hooked.telegram.api.webhook.secret) >= 16
    assert hooked.telegram.api.webhook.secret not in path


def test_what_telegram_did_not_send_is_refused(hooked: Hooked) -> None:
    reader = hooked.telegram.person("读者")
    chat = {"id": reader.id, "type": "private", "first_name": "x"}
    message = {"message_id": 1, "date": 1, "chat": chat, "from": reader.info, "text": "桓台县2022年GDP"}
    update = {"update_id": 1, "message": message}
    secret = hooked.telegram.api.webhook.secret
    assert hooked.post(hooked.path, update) in (401, 403)
    assert hooked.post(hooked.path, update, **{SECRET: "wrong"}) in (401, 403)
    assert hooked.post(hooked.path, update, **{SECRET: ""}) in (401, 403)
    assert hooked.post("/", update, **{SECRET: secret}) == 404
    assert hooked.post(f"/{hooked.telegram.token}", update, **{SECRET: secret}) == 404
    assert hooked.post(hooked.path, b"{", **{SECRET: secret}) == 400
    assert hooked.post(hooked.path, [], **{SECRET: secret}) == 400
    assert hooked.post(hooked.path, {"update_id": "x"}, **{SECRET: secret}) == 400
    url = f"http://127.0.0.1:{hooked.port}{hooked.path}"
    assert httpx.get(url, trust_env=False).status_code in (404, 405)
    reader.room.stays_silent(0.5)
    assert reader.ask("桓台县2022年GDP")["text"]


def test_posts_that_come_twice_or_overtake(hooked: Hooked) -> None:
    hook = hooked.telegram.api.webhook
    crowd = Crowd(hooked.telegram, 10, 3)
    hook.again, hook.parallel_chats = 10, True
    try:
        crowd.ask()
        crowd.wait(timeout=60)
        crowd.people[0].room.wait(3)
        crowd.people[0].room.stays_silent(0.5)
        assert crowd.faults() == []
    finally:
        hook.again, hook.parallel_chats = 0, False


def test_a_kill_in_the_middle_is_made_good(hooked: Hooked) -> None:
    crowd = Crowd(hooked.telegram, 30, 2)
    crowd.ask()
    crowd.wait(12)
    assert hooked.bot.process is not None
    os.kill(hooked.bot.process.pid, signal.SIGKILL)
    hooked.bot.process.wait(10)
    late = hooked.telegram.person("晚来的")
    late.say("桓台县2023年GDP")
    hooked.bot.start()
    crowd.wait(timeout=60)
    assert late.room.answer()["text"].startswith("392.7亿元")
    time.sleep(0.4)
    assert crowd.faults() == []
    assert any(status == 0 for _, status in hooked.telegram.api.webhook.deliveries), "posts met a closed door meanwhile"


@pytest.mark.parametrize(
    "body",
    [
        b'{"update_id": true}',
        b'{"update_id": -1}',
        b'{"update_id": 1%s}' % (b"0" * 30),
        b"[" * 100_000,
        b'{"a": "\xff"}',
    ],
    ids=["true", "negative", "huge", "deep", "not utf-8"],
)
def test_impossible_updates_are_refused(hooked: Hooked, body: bytes) -> None:
    assert hooked.post(hooked.path, body, **{SECRET: hooked.telegram.api.webhook.secret}) == 400
