"""The HTTP side: /bot<token>/<method> and /file/bot<token>/<path>, with faults on the way."""

from __future__ import annotations

import asyncio
import re
import time
from dataclasses import dataclass
from typing import Any

from aiohttp import web

from tests.telegram.emulator.api import Api
from tests.telegram.emulator.errors import ApiError
from tests.telegram.emulator.faults import Fault, Faults
from tests.telegram.emulator.params import Params, read_params

MAX_BODY = 60 * 1024 * 1024


@dataclass
class Call:
    """One request of the bot's, kept for those who look at what it did."""

    method: str
    params: Params
    at: float
    """Monotonic second at which its body was read."""
    done_at: float = 0
    code: int = 0
    """HTTP status of the reply; 0 where none was sent."""
    description: str = ""


class Server:
    def __init__(self, token: str, api: Api, faults: Faults) -> None:
        self.token = token
        self.api = api
        self.faults = faults
        self.calls: list[Call] = []
        self.app = web.Application(client_max_size=MAX_BODY)
        self.app.router.add_route("*", "/bot{token}/{method}", self._method)
        self.app.router.add_get("/file/bot{token}/{path:.+}", self._download)
        self.app.router.add_route("*", "/{anything:.*}", self._unknown)

    def _check_token(self, token: str) -> None:
        if not re.fullmatch(r"\d+:[A-Za-z0-9_-]{5,}", token):
            raise ApiError(404, "Not Found")
        if token != self.token:
            raise ApiError(401, "Unauthorized")

    async def _unknown(self, _request: web.Request) -> web.Response:
        return _reply(ApiError(404, "Not Found"))

    async def _method(self, request: web.Request) -> web.StreamResponse:
        call = Call(request.match_info["method"], Params(), time.monotonic())
        try:
            self._check_token(request.match_info["token"])
            call.params = await read_params(request)
            call.method = self.api.name(call.method)
            call.at = time.monotonic()
            self.calls.append(call)
            response = await self._answer(request, call)
        except web.HTTPRequestEntityTooLarge:
            response = _reply(ApiError(413, "Request Entity Too Large"))
        except ApiError as error:
            call.description = error.description
            response = _reply(error)
        call.done_at = time.monotonic()
        call.code = response.status if request.transport and not request.transport.is_closing() else 0
        return response

    async def _answer(self, request: web.Request, call: Call) -> web.Response:
        """Carried out unless a fault stands before it; a fault after it costs the bot the reply alone."""
        fault = self.faults.take(call.method, call.params.values.get("chat_id"))
        if fault is None:
            return web.json_response({"ok": True, "result": await self.api.call(call.method, call.params)})
        error = fault.error()
        if error is not None:
            raise error
        if fault.kind == "delay":
            await asyncio.sleep(fault.seconds)
        if fault.kind in ("drop_before", "hang_before"):
            return await self._leave(request, fault)
        result = await self.api.call(call.method, call.params)
        if fault.kind in ("drop_after", "hang_after"):
            return await self._leave(request, fault)
        if fault.kind == "garbage":
            return web.Response(text="<html>please wait</html>", content_type="text/html")
        return web.json_response({"ok": True, "result": result})

    async def _leave(self, request: web.Request, fault: Fault) -> web.Response:
        if fault.kind.startswith("hang"):
            await asyncio.sleep(fault.seconds)
        if request.transport is not None:
            request.transport.abort()
        return web.Response(status=500)

    async def _download(self, request: web.Request) -> web.StreamResponse:
        call = Call("file", Params(), time.monotonic())
        self.calls.append(call)
        try:
            self._check_token(request.match_info["token"])
            fault = self.faults.take("file")
            error = fault.error() if fault else None
            if error is not None:
                raise error
            if fault is not None and fault.kind != "delay":
                return await self._leave(request, fault)
            if fault is not None:
                await asyncio.sleep(fault.seconds)
            path = request.match_info["path"]
            for kept in self.api.world.files.values():
                if kept.path == path:
                    call.code = 200
                    return web.Response(body=kept.data, content_type="application/octet-stream")
            raise ApiError(404, "Not Found")
        except ApiError as error:
            call.code = error.code
            return _reply(error)


def _reply(error: ApiError) -> web.Response:
    headers: dict[str, Any] = {}
    if "retry_after" in error.parameters:
        headers["Retry-After"] = str(error.parameters["retry_after"])
    return web.json_response(error.body(), status=error.code, headers=headers)
