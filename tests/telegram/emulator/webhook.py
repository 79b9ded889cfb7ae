"""Webhooks: updates are posted to the bot's address, the same chat's one after another, until it answers 2xx."""

from __future__ import annotations

import asyncio
import contextlib
import re
import time
from collections.abc import Awaitable, Callable
from typing import Any
from urllib.parse import urlsplit

import aiohttp

from tests.telegram.emulator.errors import bad
from tests.telegram.emulator.params import Params
from tests.telegram.emulator.updates import Json, Updates

PORTS = {80, 88, 443, 8443}


class Webhook:
    """Where the bot wants its updates, and their delivery.

    `public` maps addresses that the bot names to those where it really listens, as its reverse proxy would:
    `{"https://bot.example": "http://127.0.0.1:8081"}`. `local` is the self-hosted server: http and any port will do.
    """

    def __init__(self, updates: Updates, reply: Callable[[str, Params], Awaitable[Any]], *, local: bool) -> None:
        self.updates = updates
        self.reply = reply
        self.local = local
        self.public: dict[str, str] = {}
        self.url = ""
        self.secret = ""
        self.max_connections = 40
        self.retry_seconds = 0.2
        self.parallel_chats = False
        """Fault: updates of one chat overtake each other."""
        self.again = 0
        """Fault: so many of the next updates are posted once more although the bot took them."""
        self.deliveries: list[tuple[int, int]] = []
        """(update_id, status) of every post; status 0 where no reply came."""
        self._error: tuple[int, str] | None = None
        self._busy: set[Any] = set()
        self._tasks: set[asyncio.Task[None]] = set()
        self._pump: asyncio.Task[None] | None = None
        self._session: aiohttp.ClientSession | None = None

    def set(self, params: Params) -> bool:
        url = params.text("url")
        secret = params.text("secret_token")
        if not url:
            return self.delete(params)
        parts = urlsplit(url)
        if not self.local and parts.scheme != "https":
            raise bad("bad webhook: An HTTPS URL must be provided for webhook")
        if not parts.hostname:
            raise bad("bad webhook: Failed to resolve host: Name or service not known")
        if not self.local and (parts.port or 443) not in PORTS:
            raise bad("bad webhook: Webhook can be set up only on ports 80, 88, 443 or 8443")
        if len(secret) > 256:
            raise bad("secret token is too long")
        if not re.fullmatch(r"[A-Za-z0-9_-]*", secret):
            raise bad("secret token contains unallowed characters")
        self.url, self.secret = url, secret
        self.max_connections = min(100, max(1, params.number("max_connections", 40)))
        if params.has("allowed_updates"):
            self.updates.allowed = params.tree("allowed_updates") or None
        if params.flag("drop_pending_updates"):
            self.updates.drop_all()
        self.updates.webhook_active = True
        self.updates.wake()
        if self._pump is None:
            self._pump = asyncio.get_running_loop().create_task(self._run())
        return True

    def delete(self, params: Params) -> bool:
        self.url = self.secret = ""
        self.updates.webhook_active = False
        if params.flag("drop_pending_updates"):
            self.updates.drop_all()
        return True

    def info(self) -> Json:
        info: Json = {
            "url": self.url,
            "has_custom_certificate": False,
            "pending_update_count": len(self.updates.waiting()),
        }
        if self.url:
            info |= {"max_connections": self.max_connections, "ip_address": "127.0.0.1"}
        if self.updates.allowed:
            info["allowed_updates"] = self.updates.allowed
        if self._error and self.url:
            info |= {"last_error_date": self._error[0], "last_error_message": self._error[1]}
        return info

    async def close(self) -> None:
        for task in (*self._tasks, *([self._pump] if self._pump else [])):
            task.cancel()
            with contextlib.suppress(asyncio.CancelledError):
                await task
        if self._session is not None:
            await self._session.close()

    async def _run(self) -> None:
        self._session = aiohttp.ClientSession(timeout=aiohttp.ClientTimeout(total=20))
        while True:
            for update in self.updates.waiting() if self.url else ():
                queue = _queue_of(update) if not self.parallel_chats else update["update_id"]
                if queue in self._busy or len(self._tasks) >= self.max_connections:
                    continue
                self._busy.add(queue)
                task = asyncio.get_running_loop().create_task(self._deliver(update, queue))
                self._tasks.add(task)
                task.add_done_callback(self._tasks.discard)
            await self.updates.arrival(0.5)

    async def _deliver(self, update: Json, queue: Any) -> None:
        number = update["update_id"]
        self.updates.handed_out.setdefault(number, time.monotonic())
        status = await self._post(update)
        if 200 <= status < 300:
            if self.again > 0:
                self.again -= 1
                await self._post(update)
            self.updates.drop(number)
        else:
            reason = f"Wrong response from the webhook: {status}" if status else "Connection refused"
            self._error = (int(time.time()), reason)
            await asyncio.sleep(self.retry_seconds)
        self._busy.discard(queue)
        self.updates.wake()

    async def _post(self, update: Json) -> int:
        assert self._session is not None
        url = self.url
        for public, real in self.public.items():
            if url.startswith(public):
                url = real + url.removeprefix(public)
        if urlsplit(url).hostname not in ("127.0.0.1", "localhost", "::1"):
            self.deliveries.append((update["update_id"], 0))
            return 0  # nothing here ever leaves this machine
        headers = {"X-Telegram-Bot-Api-Secret-Token": self.secret} if self.secret else {}
        status, body = 0, None
        try:
            async with self._session.post(url, json=update, headers=headers) as reply:
                status = reply.status
                if reply.content_type == "application/json" and 200 <= status < 300:
                    body = await reply.json()
        except (aiohttp.ClientError, TimeoutError, ValueError):
            status = 0
        self.deliveries.append((update["update_id"], status))
        if isinstance(body, dict) and body.get("method"):
            await self.reply(str(body["method"]), Params(body))
        return status


def _queue_of(update: Json) -> Any:
    """Updates of one chat (or one person's inline queries) keep their order."""
    payload = next(value for key, value in update.items() if key != "update_id")
    chat = payload.get("chat") or (payload.get("message") or {}).get("chat") or payload.get("from")
    return chat["id"]
