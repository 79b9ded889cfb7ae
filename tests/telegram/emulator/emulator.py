"""The emulator as a whole: a server on 127.0.0.1 in a thread of its own."""

from __future__ import annotations

import asyncio
import itertools
import threading
import time
from collections.abc import Callable
from types import TracebackType
from typing import Self

from aiohttp import web

from tests.telegram.emulator.api import Api
from tests.telegram.emulator.faults import Faults
from tests.telegram.emulator.people import Person
from tests.telegram.emulator.rooms import Room
from tests.telegram.emulator.server import Call, Server
from tests.telegram.emulator.updates import Updates
from tests.telegram.emulator.world import Chat, World


class Emulator:
    """Telegram for one bot.

        with Emulator() as telegram:
            bot = start_a_bot(api_base=telegram.url, token=telegram.token)
            anna = telegram.person("Anna")
            reply = anna.ask("滨城区2020年新增就业多少")

    `local=True` stands for the self-hosted Bot API server: webhooks to http and to any port, downloads of any size.
    """

    def __init__(self, *, token: str = "8123456789:AAH-emulated_token_0123456789abcdefg", local: bool = False) -> None:
        self.token = token
        username = "zhengwen_test_bot"
        bot = {"id": int(token.split(":")[0]), "is_bot": True, "first_name": "政问", "username": username}
        self.world = World(bot)
        self.updates = Updates()
        self.world.emit = self.updates.add
        self.api = Api(self.world, self.updates, local=local)
        if local:
            self.api.download_limit = 2000 * 1024 * 1024
        self.faults = Faults()
        self.server = Server(token, self.api, self.faults)
        self.rooms: dict[int, Room] = {}
        self.sees_everything = False
        """Privacy mode off: the bot gets every message of its groups."""
        self.url = ""
        self._ids = itertools.count(5_100_000_001)
        self._loop = asyncio.new_event_loop()
        self._thread = threading.Thread(target=self._serve, name="emulated Telegram", daemon=True)
        self._ready = threading.Event()
        self._stop: asyncio.Event | None = None

    def start(self) -> Self:
        self._thread.start()
        assert self._ready.wait(10), "the emulator did not start"
        return self

    def stop(self) -> None:
        if self._stop is not None and self._thread.is_alive():
            self._loop.call_soon_threadsafe(self._stop.set)
            self._thread.join(10)

    def __enter__(self) -> Self:
        return self.start()

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self.stop()

    def _serve(self) -> None:
        asyncio.set_event_loop(self._loop)
        self._loop.run_until_complete(self._run())
        self._loop.close()

    async def _run(self) -> None:
        self._stop = asyncio.Event()
        self.updates.bind(self._loop)
        runner = web.AppRunner(self.server.app, access_log=None, shutdown_timeout=0.5, handler_cancellation=True)
        await runner.setup()
        site = web.TCPSite(runner, "127.0.0.1", 0)
        await site.start()
        host, port = runner.addresses[0][:2]
        self.url = f"http://{host}:{port}"
        self._ready.set()
        await self._stop.wait()
        await self.api.webhook.close()
        await runner.cleanup()

    def person(self, name: str, *, language: str = "zh-hans", username: str | None = None) -> Person:
        """Somebody with an account who has not written to the bot yet."""
        with self.world.lock:
            number = next(self._ids)
            nick = username or f"user_{number}"
            info = {"id": number, "is_bot": False, "first_name": name, "username": nick, "language_code": language}
            self.world.users[number] = info
            private = {"id": number, "first_name": name, "username": nick, "type": "private"}
            chat = Chat(private, members={number}, started=False)
            self.world.chats[number] = chat
            self.rooms[number] = Room(self, chat)
        return Person(self, info, self.rooms[number])

    def group(self, title: str, *people: Person, invited_by: Person | None = None) -> Room:
        """A supergroup with these people; the bot has been added by the first of them."""
        with self.world.lock:
            number = -1_000_000_000_000 - next(self._ids)
            info = {"id": number, "title": title, "type": "supergroup"}
            members = {one.id for one in people} | {self.world.bot["id"]}
            chat = Chat(info, members=members, numbers=itertools.count(1))
            self.world.chats[number] = chat
            room = self.rooms[number] = Room(self, chat)
            host = invited_by or people[0]
            bot = self.world.bot
            membership = {"chat": info, "from": host.info, "date": int(time.time())}
            states = {"old_chat_member": "left", "new_chat_member": "member"}
            for key, status in states.items():
                membership[key] = {"user": bot, "status": status}
            self.world.emit("my_chat_member", membership)
            joined = self.world.new_message(chat, host.info, {"new_chat_members": [bot]})
            self.world.emit("message", joined)
        return room

    def wait_until(self, true: Callable[[], bool], timeout: float, why: Callable[[], str]) -> None:
        """Wait until it is true of the world; AssertionError with the reason when the time is over."""
        with self.world.changed:
            if not self.world.changed.wait_for(true, timeout):
                raise AssertionError(why())

    def wait_call(self, fits: Callable[[Call], bool], timeout: float = 20) -> None:
        """Wait until the bot has made such a call and has had its reply."""
        until = time.monotonic() + timeout
        while not any(fits(one) for one in self.calls()):
            assert time.monotonic() < until, "no such call was made"
            time.sleep(0.02)

    def calls(self, method: str = "") -> list[Call]:
        """What the bot has asked for so far, in order."""
        return [one for one in list(self.server.calls) if not method or one.method == method]
