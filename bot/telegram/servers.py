"""The two small HTTP servers: updates by webhook, and health with counters."""

from __future__ import annotations

import hmac
import json
import logging
from collections.abc import Awaitable, Callable
from typing import Any

from tornado.httpserver import HTTPServer
from tornado.web import Application, HTTPError, RequestHandler

from zhengwen.bot.telegram.wire import is_update
from zhengwen.ingest.errors import LibraryError

log = logging.getLogger(__name__)

SECRET_HEADER = "X-Telegram-Bot-Api-Secret-Token"
_MAX_BYTES = 2_000_000
_BODY_SECONDS, _IDLE_SECONDS = 20, 120
"""How long a caller may take for a request's body, and between requests."""


class _Quiet(RequestHandler):
    """No names or versions in answers, no page for errors."""

    def set_default_headers(self) -> None:
        self.clear_header("Server")

    def write_error(self, status_code: int, **_: Any) -> None:
        self.finish(str(status_code))

    def log_exception(self, *_: Any) -> None:
        return


class _Updates(_Quiet):
    """One update a call; 200 says that it is safe on the disk."""

    def initialize(self, secret: str, put: Callable[[dict[str, Any]], Awaitable[None]]) -> None:
        self._secret = secret
        self._put = put

    async def post(self) -> None:
        given = self.request.headers.get(SECRET_HEADER, "")
        if not hmac.compare_digest(given.encode(), self._secret.encode()):
            raise HTTPError(403)
        try:
            update = json.loads(self.request.body)
        except (ValueError, RecursionError):
            raise HTTPError(400) from None
        if not is_update(update):
            raise HTTPError(400)
        try:
            await self._put(update)
        except LibraryError as error:
            log.error("an update could not be kept and will come again: %s", error)
            raise HTTPError(503) from None
        self.set_status(200)


class _Health(_Quiet):
    def initialize(self, fault: Callable[[], str]) -> None:
        self._fault = fault

    def get(self) -> None:
        fault = self._fault()
        if fault:
            self.set_status(503)
        self.set_header("Content-Type", "application/json; charset=UTF-8")
        self.finish(json.dumps({"status": fault or "ok"}))


class _Counters(_Quiet):
    def initialize(self, text: Callable[[], str]) -> None:
        self._text = text

    def get(self) -> None:
        self.set_header("Content-Type", "text/plain; version=0.0.4; charset=utf-8")
        self.finish(self._text())


class _Nothing(_Quiet):
    def prepare(self) -> None:
        raise HTTPError(404)


def webhook_server(
    *, host: str, port: int, path: str, secret: str, put: Callable[[dict[str, Any]], Awaitable[None]]
) -> HTTPServer:
    """Takes updates at /path from whoever knows the secret. Raises OSError when the port is taken."""
    return _listening([(f"/{path}", _Updates, {"secret": secret, "put": put})], host, port)


def health_server(*, host: str, port: int, fault: Callable[[], str], counters: Callable[[], str]) -> HTTPServer:
    """/healthz (200, or 503 with what is wrong) and /metrics. Raises OSError when the port is taken."""
    routes = [("/healthz", _Health, {"fault": fault}), ("/metrics", _Counters, {"text": counters})]
    return _listening(routes, host, port)


def _listening(routes: list[Any], host: str, port: int) -> HTTPServer:
    application = Application(routes, default_handler_class=_Nothing, log_function=lambda _: None)
    server = HTTPServer(
        application,
        max_body_size=_MAX_BYTES,
        max_buffer_size=_MAX_BYTES,
        body_timeout=_BODY_SECONDS,
        idle_connection_timeout=_IDLE_SECONDS,
    )
    server.listen(port, host)
    return server
