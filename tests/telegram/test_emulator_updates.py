"""How the emulator's updates reach a bot: long polling, webhooks, groups; and the faults on the way."""

from __future__ import annotations

import json
import threading
import time
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Any

import httpx
import pytest

from tests.telegram.emulator import Emulator, Fault, Flood
from tests.telegram.emulator.people import Person
from tests.telegram.plain_client import Client


def test_long_polling_hands_out_confirms_and_waits(anna: Person, bot: Client) -> None:
    first = bot("getUpdates")["result"]
    assert [one["message"]["text"] for one in first] == ["/start"]
    assert bot("getUpdates")["result"] == first
    after = first[0]["update_id"] + 1
    threading.Timer(0.2, lambda: anna.say("问")).start()
    begun = time.monotonic()
    second = bot("getUpdates", offset=after, timeout=5)["result"]
    assert [one["message"]["text"] for one in second] == ["问"]
    assert 0.1 < time.monotonic() - begun < 3
    for text in "甲乙丙":
        anna.say(text)
    assert len(bot("getUpdates", offset=second[0]["update_id"] + 1, limit=2)["result"]) == 2
    assert [one["message"]["text"] for one in bot("getUpdates", offset=-1)["result"]] == ["丙"]
    assert len(bot("getUpdates")["result"]) == 1


def test_kinds_of_updates_are_chosen(anna: Person, bot: Client) -> None:
    bot("getUpdates", offset=-1, allowed_updates=["callback_query"])
    bot("getUpdates", offset=2**40)
    anna.say("不要")
    assert bot("getUpdates")["result"] == []
    bot("getUpdates", allowed_updates=[])
    anna.say("要")
    assert len(bot("getUpdates")["result"]) == 1


def test_two_pollers_and_a_webhook_conflict(telegram: Emulator, anna: Person, bot: Client) -> None:
    assert anna.room.messages()
    offset = bot("getUpdates")["result"][-1]["update_id"] + 1
    replies: list[Any] = []
    waiting = threading.Thread(target=lambda: replies.append(bot("getUpdates", offset=offset, timeout=5)))
    waiting.start()
    time.sleep(0.3)
    assert Client(telegram)("getUpdates", offset=offset, timeout=0)["ok"]
    waiting.join(5)
    assert replies[0]["error_code"] == 409
    assert replies[0]["description"].startswith("Conflict: terminated by other getUpdates request")
    assert bot("setWebhook", url="https://bot.example/x")["ok"]
    assert bot("getUpdates")["error_code"] == 409
    assert bot("deleteWebhook")["ok"]
    assert bot("getUpdates")["ok"]


def test_webhook_addresses_are_checked(bot: Client) -> None:
    assert "HTTPS URL must be provided" in bot.error("setWebhook", url="http://bot.example/x")
    assert "only on ports 80, 88, 443 or 8443" in bot.error("setWebhook", url="https://bot.example:8081/x")
    assert bot.error("setWebhook", url="https://bot.example/x", secret_token="ä") == (
        "400 secret token contains unallowed characters"
    )
    assert bot("getWebhookInfo")["result"]["url"] == ""


class Hook(BaseHTTPRequestHandler):
    def do_POST(self) -> None:
        body = json.loads(self.rfile.read(int(self.headers["Content-Length"])))
        seen: list[Any] = self.server.seen  # type: ignore[attr-defined]
        seen.append((self.path, self.headers.get("X-Telegram-Bot-Api-Secret-Token"), body))
        self.send_response(500 if len(seen) == 1 else 200)
        self.end_headers()

    def log_message(self, format: str, *args: Any) -> None:
        """Silent."""


def test_webhook_posts_with_the_secret_until_it_is_taken(telegram: Emulator, anna: Person, bot: Client) -> None:
    server = ThreadingHTTPServer(("127.0.0.1", 0), Hook)
    server.seen = []  # type: ignore[attr-defined]
    threading.Thread(target=server.serve_forever, daemon=True).start()
    telegram.api.webhook.public["https://bot.example"] = f"http://127.0.0.1:{server.server_port}"
    assert bot("setWebhook", url="https://bot.example/hidden", secret_token="s-3_X", max_connections=3)["ok"]
    anna.say("再来")
    until = time.monotonic() + 5
    while bot("getWebhookInfo")["result"]["pending_update_count"] and time.monotonic() < until:
        time.sleep(0.05)
    server.shutdown()
    server.server_close()
    seen: list[Any] = server.seen  # type: ignore[attr-defined]
    assert {(path, secret) for path, secret, _ in seen} == {("/hidden", "s-3_X")}
    assert [body["message"]["text"] for _, _, body in seen] == ["/start", "/start", "再来"]
    assert "500" in bot("getWebhookInfo")["result"]["last_error_message"]


def test_groups_show_the_bot_what_is_meant_for_it(telegram: Emulator, anna: Person, bot: Client) -> None:
    group = telegram.group("县情", anna)
    bot("getUpdates", offset=2**40)
    anna.say("大家好", group)
    anna.say("@zhengwen_test_bot 问", group)
    anna.say("/help", group)
    said = bot("sendMessage", chat_id=group.id, text="答")["result"]
    anna.say("接着问", group, reply_to=said)
    texts = [one["message"]["text"] for one in bot("getUpdates")["result"]]
    assert texts == ["@zhengwen_test_bot 问", "/help", "接着问"]


def test_faults_strike_before_and_after(telegram: Emulator, anna: Person, bot: Client) -> None:
    telegram.faults.add(Fault("sendMessage", "too_many", seconds=3), Fault("sendMessage", "server_error", code=502))
    refused = bot("sendMessage", chat_id=anna.id, text="x")
    assert (refused["error_code"], refused["parameters"]) == (429, {"retry_after": 3})
    assert bot("sendMessage", chat_id=anna.id, text="x")["error_code"] == 502
    for kind, kept in (("drop_before", 0), ("drop_after", 1)):
        telegram.faults.add(Fault("send*", kind))  # type: ignore[arg-type]
        with pytest.raises(httpx.TransportError):
            bot("sendMessage", chat_id=anna.id, text="x")
        assert len(anna.room.from_bot()) == kept
    telegram.faults.add(Fault("sendMessage", "hang_after", seconds=0.5))
    with pytest.raises(httpx.ReadTimeout):
        httpx.post(f"{bot.base}/sendMessage", json={"chat_id": anna.id, "text": "y"}, timeout=0.2, trust_env=False)
    assert len(anna.room.from_bot()) == 2
    assert telegram.faults.left() == 0


def test_flood_and_repeated_updates(telegram: Emulator, anna: Person, bot: Client) -> None:
    telegram.api.flood = Flood(2)
    codes = [bot("sendMessage", chat_id=anna.id, text="x").get("error_code", 200) for _ in range(3)]
    assert codes == [200, 200, 429]
    telegram.updates.twice = True
    assert len(bot("getUpdates")["result"]) == 2
    telegram.updates.twice, telegram.updates.redeliver = False, True
    anna.say("又")
    again = bot("getUpdates", offset=telegram.updates.waiting()[-1]["update_id"])["result"]
    assert [one["message"]["text"] for one in again] == ["/start", "又"]
