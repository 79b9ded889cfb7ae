"""The client of the Bot API against real sockets: what it sends, and what it makes of a server that misbehaves."""

from __future__ import annotations

import asyncio
import json
from collections.abc import Awaitable, Callable
from urllib.parse import parse_qsl

import pytest
from aiohttp import web
from hypothesis import given
from hypothesis import strategies as st
from telegram.error import NetworkError, TimedOut
from telegram.request import RequestData
from telegram.request._requestparameter import RequestParameter

from tests.telegram.bot_process import free_port
from zhengwen.bot.telegram.requests import BEFORE_SENDING, Request

Serve = Callable[[web.Request], Awaitable[web.StreamResponse]]


def parameters(**values: object) -> RequestData:
    return RequestData([RequestParameter.from_input(name, value) for name, value in values.items()])


def called(serve: Serve, data: RequestData | None, *, read: float = 5) -> tuple[int, bytes]:
    """One call of a server that answers with `serve`."""

    async def run() -> tuple[int, bytes]:
        application = web.Application()
        application.router.add_route("*", "/{path:.*}", serve)
        runner = web.AppRunner(application)
        await runner.setup()
        port = free_port()
        await web.TCPSite(runner, "127.0.0.1", port).start()
        request = Request(connect_timeout=2, read_timeout=read, write_timeout=2, media_write_timeout=2)
        await request.initialize()
        try:
            return await request.do_request(f"http://127.0.0.1:{port}/bot1:x/sendMessage", "POST", data)
        finally:
            await request.shutdown()
            await runner.cleanup()

    return asyncio.run(run())


async def echo(request: web.Request) -> web.Response:
    text = (await request.read()).decode("latin-1")
    return web.json_response({"type": request.content_type, "body": text})


@given(st.dictionaries(st.sampled_from(["text", "chat_id", "caption"]), st.text(min_size=1), min_size=1))
def test_a_form_reads_back_as_it_was(values: dict[str, str]) -> None:
    from zhengwen.bot.telegram.requests import _body

    body = _body(parameters(**values))
    assert isinstance(body, str) and body.isascii()
    assert dict(parse_qsl(body, keep_blank_values=True)) == values


def test_a_call_is_a_form_that_a_server_understands() -> None:
    status, body = called(echo, parameters(chat_id=42, text="<b>7198人</b> & 50%+1"))
    told = json.loads(body)
    assert (status, told["type"]) == (200, "application/x-www-form-urlencoded")
    assert dict(parse_qsl(told["body"])) == {"chat_id": "42", "text": "<b>7198人</b> & 50%+1"}


def test_a_redirect_is_not_followed() -> None:
    async def elsewhere(_request: web.Request) -> web.Response:
        return web.Response(status=302, headers={"Location": "/elsewhere"})

    assert called(elsewhere, None)[0] == 302


def test_a_silent_server_is_a_timeout_after_which_the_call_may_have_arrived() -> None:
    async def silent(_request: web.Request) -> web.Response:
        await asyncio.sleep(2)
        return web.Response()

    with pytest.raises(TimedOut) as caught:
        called(silent, parameters(text="x"), read=0.2)
    assert not isinstance(caught.value.__cause__, BEFORE_SENDING)


def test_a_dropped_connection_may_have_arrived() -> None:
    async def dropped(request: web.Request) -> web.Response:
        assert request.transport is not None
        request.transport.abort()
        return web.Response()

    with pytest.raises(NetworkError) as caught:
        called(dropped, parameters(text="x"))
    assert not isinstance(caught.value.__cause__, BEFORE_SENDING)


def test_nobody_listening_is_certain_not_to_have_arrived() -> None:
    async def run() -> None:
        request = Request(connect_timeout=2, read_timeout=2, write_timeout=2, media_write_timeout=2)
        await request.initialize()
        try:
            await request.do_request(f"http://127.0.0.1:{free_port()}/bot1:x/getMe", "POST")
        finally:
            await request.shutdown()

    with pytest.raises(NetworkError) as caught:
        asyncio.run(run())
    assert isinstance(caught.value.__cause__, BEFORE_SENDING)
