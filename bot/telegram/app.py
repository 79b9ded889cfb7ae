"""The bot is put together, started, and stopped in good order."""

from __future__ import annotations

import asyncio
import contextlib
import logging
import os
import signal
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import dataclass
from typing import Any

from telegram import Bot
from telegram.error import InvalidToken, RetryAfter, TelegramError
from telegram.ext import Application, ApplicationBuilder
from tornado.httpserver import HTTPServer

from zhengwen.bot.settings import Config
from zhengwen.bot.telegram.access import Access
from zhengwen.bot.telegram.desk_models import FOLDER
from zhengwen.bot.telegram.intake import Arrived, Intake, Ordered
from zhengwen.bot.telegram.limits import Limits
from zhengwen.bot.telegram.menu import menus
from zhengwen.bot.telegram.metrics import Metrics
from zhengwen.bot.telegram.polling import Polling
from zhengwen.bot.telegram.pool import Pool
from zhengwen.bot.telegram.registry import dispatch, register
from zhengwen.bot.telegram.requests import Request
from zhengwen.bot.telegram.secrets import derived
from zhengwen.bot.telegram.sending import Sender, seconds_of
from zhengwen.bot.telegram.servers import health_server, webhook_server
from zhengwen.bot.telegram.service import Service
from zhengwen.bot.telegram.settings import TelegramSettings
from zhengwen.bot.telegram.store import Store
from zhengwen.bot.telegram.wire import ALLOWED
from zhengwen.bot.telegram.worker import Start
from zhengwen.index.library import Library
from zhengwen.ingest.errors import InputError, UsageError

log = logging.getLogger(__name__)

App = Application[Any, Any, Any, Any, Any, Any]
_QUESTION_SECONDS = 60.0
_TIDY_SECONDS = 6 * 3600.0
_DEAD_AFTER = 3
"""Polls without an answer until the health endpoint says so."""


@dataclass(frozen=True)
class Options:
    """What `zhengwen telegram` was called with."""

    library: Library
    config: Config
    token: str
    today: str | None
    """An ISO date that fixes what 今年 means; None: the day on which a question comes."""


def run(options: Options) -> None:
    """Run the bot until SIGTERM or SIGINT. Raises ZhengwenError, one line without the token."""
    asyncio.run(_run(options))


async def _run(options: Options) -> None:
    stop = asyncio.Event()
    loop = asyncio.get_running_loop()
    for name in (signal.SIGTERM, signal.SIGINT):
        loop.add_signal_handler(name, stop.set)
    settings = options.config.telegram
    if settings.mode == "webhook" and not settings.webhook.url:
        raise UsageError("telegram.webhook.url: needed in webhook mode, the public https address of the bot")
    store = Store(options.library)
    pool = _pool(options)
    application = _application(options)
    metrics = Metrics()
    try:
        await store.begin()
        await asyncio.gather(pool.begin(), _connect(application, settings))
        service = await _service(options, application, store, pool, metrics)
        await _serve(service, application, options, stop)
    finally:
        await pool.end()
        with contextlib.suppress(TelegramError, RuntimeError):
            await application.shutdown()
        await application.bot.request.shutdown()  # it is open also where the application never began
        store.close()


async def _serve(service: Service, application: App, options: Options, stop: asyncio.Event) -> None:
    """Take updates until the stop, then finish what is under way."""
    register(application, service)

    async def handle(arrived: Arrived) -> None:
        await dispatch(application, service, arrived)

    intake = Intake(service.bot, service.store, service.metrics, handle, service.sender.numbers.note)
    await menus(service)
    await intake.recover()
    async with _taking(service, intake, options.token) as (task, fault), _health(service, fault):
        log.info("@%s answers, %s, %d workers", service.bot.username, service.settings.mode, _workers(service.config))
        waits = [asyncio.create_task(stop.wait()), asyncio.create_task(_tidy(service.store)), *([task] if task else [])]
        ended, _ = await asyncio.wait([waits[0], *waits[2:]], return_when=asyncio.FIRST_COMPLETED)
        for wait in waits:
            wait.cancel()
        await asyncio.gather(*waits[:2], return_exceptions=True)
    log.info("stopping; what is under way is finished")
    left = await intake.drain(service.settings.stop_seconds)
    if left:
        log.warning("%d updates stay for the next start", left)
    for one in ended:
        if one is task and not one.cancelled() and (error := one.exception()) is not None:
            raise error


def _pool(options: Options) -> Pool:
    config = options.config
    # One thread each: the workers share the processors among themselves.
    single = config.model_copy(update={"embedder": config.embedder.model_copy(update={"threads": 1})})
    start = Start(options.library.folder.resolve(), single, options.today)
    return Pool(start, workers=_workers(config), seconds=_QUESTION_SECONDS)


def _workers(config: Config) -> int:
    """At least two, so that a slow question leaves one for the others."""
    return config.telegram.workers or max(2, min(os.cpu_count() or 2, 4))


def _application(options: Options) -> App:
    settings = options.config.telegram
    request = Request(
        connect_timeout=min(10.0, settings.request_seconds),
        read_timeout=settings.request_seconds,
        write_timeout=settings.request_seconds,
        media_write_timeout=max(60.0, settings.request_seconds),
    )
    builder = ApplicationBuilder().token(options.token).request(request).get_updates_request(request)
    builder = builder.updater(None).concurrent_updates(True)
    base = settings.api_base
    return builder.base_url(f"{base}/bot").base_file_url(f"{base}/file/bot").local_mode(settings.local_mode).build()


async def _connect(application: App, settings: TelegramSettings) -> None:
    """Say hello until the server answers: a bot that starts before its network has one waits."""
    wait = 1.0
    while True:
        try:
            await application.initialize()
            return
        except InvalidToken:
            raise InputError("Telegram does not know this token; check it, or ask BotFather for a new one") from None
        except RetryAfter as error:
            await asyncio.sleep(seconds_of(error))
        except TelegramError as error:
            log.warning("%s does not answer, once more in %.0f s: %s", settings.api_base, wait, error)
            await asyncio.sleep(wait)
            wait = min(wait * 2, 30)


async def _service(options: Options, application: App, store: Store, pool: Pool, metrics: Metrics) -> Service:
    settings = options.config.telegram
    access = Access(settings, store)
    await access.begin()
    sender = Sender(application.bot, metrics, per_second=settings.limits.send_per_second)
    sender.known(await store.recent())
    return Service(
        config=options.config,
        bot=application.bot,
        store=store,
        pool=pool,
        sender=sender,
        access=access,
        limits=Limits(settings.limits),
        metrics=metrics,
        inbox=options.library.folder.resolve() / FOLDER,
    )


@asynccontextmanager
async def _taking(service: Service, intake: Intake, token: str) -> AsyncIterator[tuple[asyncio.Task[None] | None, Any]]:
    """Polling, or the webhook's server; with a function that says what is wrong."""
    settings = service.settings
    if settings.mode == "webhook":
        server = await _webhook(service, intake, token)
        try:
            yield None, lambda: ""
        finally:
            server.stop()
            await server.close_all_connections()
        return
    await service.sender.again(lambda: service.bot.delete_webhook(drop_pending_updates=False))
    polling = Polling(service.bot, intake.take, seconds=settings.poll_seconds)
    task = asyncio.create_task(polling.run())
    limit = _DEAD_AFTER * (settings.poll_seconds + 10)

    def fault() -> str:
        silent = asyncio.get_running_loop().time() - polling.alive_at
        return f"no answer from the Bot API for {silent:.0f} s" if silent > limit else ""

    try:
        yield task, fault
    finally:
        task.cancel()
        await asyncio.gather(task, return_exceptions=True)


async def _webhook(service: Service, intake: Intake, token: str) -> HTTPServer:
    wanted = service.settings.webhook
    path = wanted.path or derived(token, "webhook path")
    secret = wanted.secret_token or derived(token, "webhook secret")
    ordered = Ordered(intake.take, last=await service.store.highest_update())
    try:
        server = webhook_server(host=wanted.listen, port=wanted.port, path=path, secret=secret, put=ordered.put)
    except OSError as error:
        raise UsageError(
            f"telegram.webhook: cannot listen on {wanted.listen}:{wanted.port} ({error.strerror})"
        ) from None
    certificate = wanted.certificate.read_bytes() if wanted.certificate else None
    address = f"{(wanted.url or '').rstrip('/')}/{path}"
    await service.sender.again(
        lambda: service.bot.set_webhook(
            address, secret_token=secret, allowed_updates=list(ALLOWED), certificate=certificate, max_connections=40
        )
    )
    return server


@asynccontextmanager
async def _health(service: Service, fault: Any) -> AsyncIterator[None]:
    wanted = service.settings.health
    server = None
    if wanted.port is not None:
        try:
            server = health_server(host=wanted.host, port=wanted.port, fault=fault, counters=service.metrics.text)
        except OSError as error:
            log.warning("no health endpoint: %s:%d is taken (%s)", wanted.host, wanted.port, error.strerror)
    try:
        yield
    finally:
        if server is not None:
            server.stop()
            await server.close_all_connections()


async def _tidy(store: Store) -> None:
    while True:
        await asyncio.sleep(_TIDY_SECONDS)
        await store.tidy()


__all__ = ["Bot", "Options", "run"]
