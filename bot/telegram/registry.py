"""Which handler gets which update, and what happens when one fails."""

from __future__ import annotations

import logging
import secrets
from collections.abc import Awaitable, Callable, Coroutine
from typing import Any

from telegram import Update
from telegram.error import BadRequest, Forbidden, NetworkError, RetryAfter, TelegramError
from telegram.ext import Application, CallbackQueryHandler, CommandHandler, InlineQueryHandler, MessageHandler, filters

from zhengwen.bot.telegram import commands, documents, inline, messages, pairing, pressing
from zhengwen.bot.telegram.gate import plain
from zhengwen.bot.telegram.intake import Arrived, Undelivered, current
from zhengwen.bot.telegram.service import Service
from zhengwen.bot.telegram.texts import table

log = logging.getLogger(__name__)

App = Application[Any, Any, Any, Any, Any, Any]
Handle = Callable[[Service, Arrived], Awaitable[None]]

COMMANDS: dict[str, Handle] = {
    "start": commands.start,
    "help": commands.help_,
    "regions": commands.regions,
    "reports": commands.reports,
    "figures": commands.figures,
    "cite": commands.cite,
    "reset": commands.reset,
    "about": commands.about,
    "approve": pairing.approve,
    "users": pairing.users,
    "revoke": pairing.revoke,
}

_NEW, _EDITED = filters.UpdateType.MESSAGE, filters.UpdateType.EDITED_MESSAGE
_FOR_US = filters.ChatType.PRIVATE | filters.Regex(r"^/\w+@")
"""In a group these commands count when they name the bot; those for everybody count also without its name."""
_WORDS = (filters.TEXT | filters.CAPTION) & ~filters.Document.ALL


def register(application: App, service: Service) -> None:
    """All handlers, the most particular first."""

    def bound(handle: Handle) -> Callable[[Update, Any], Coroutine[Any, Any, None]]:
        async def callback(_update: Update, _context: Any) -> None:
            await handle(service, _now())

        return callback

    async def failed(update: object, context: Any) -> None:
        await _failed(service, update, context.error)

    for name, handle in COMMANDS.items():
        where = _NEW if name in table("commands") else _NEW & _FOR_US
        application.add_handler(CommandHandler(name, bound(handle), filters=where))
    application.add_handler(MessageHandler(_NEW & filters.Document.ALL, bound(documents.received)))
    application.add_handler(MessageHandler(_NEW & _WORDS, bound(messages.asked)))
    application.add_handler(MessageHandler(_EDITED & _WORDS, bound(messages.edited)))
    application.add_handler(MessageHandler(_NEW & filters.StatusUpdate.MIGRATE, bound(messages.moved)))
    application.add_handler(MessageHandler(_NEW & ~filters.StatusUpdate.ALL, bound(messages.other)))
    application.add_handler(CallbackQueryHandler(bound(pressing.pressed)))
    application.add_handler(InlineQueryHandler(bound(inline.asked)))
    application.add_error_handler(failed)


def _now() -> Arrived:
    arrived = current.get()
    assert arrived is not None, "handlers run inside dispatch"
    return arrived


async def dispatch(application: App, service: Service, arrived: Arrived) -> None:
    """Hand one update to its handler. Raises Undelivered when its answer could not be sent."""
    token = current.set(arrived)
    arrived.undelivered, arrived.said = False, 0
    try:
        await application.process_update(arrived.update)
    finally:
        current.reset(token)
    if arrived.undelivered:
        service.metrics.count("errors", "undelivered")
        raise Undelivered


async def _failed(service: Service, update: object, error: BaseException | None) -> None:
    """A user who has blocked us is let be; what the network ate is tried again; the rest gets an error id."""
    if isinstance(error, Forbidden):
        log.info("a chat is closed to the bot: %s", error)
        return
    if isinstance(error, RetryAfter | NetworkError) and not isinstance(error, BadRequest):
        log.warning("an answer could not be sent: %s", error)
        _now().undelivered = True
        return
    service.metrics.count("errors", type(error).__name__)
    number = secrets.token_hex(4)
    log.error("error %s while handling update %s", number, _now().number, exc_info=error)
    message = update.effective_message if isinstance(update, Update) else None
    if message is None or not isinstance(update, Update) or update.inline_query is not None:
        return
    try:
        await service.say(message, plain("error", id=number))
    except TelegramError as second:
        log.warning("error %s could not be told: %s", number, second)
