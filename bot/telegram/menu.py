"""Telegram's menu of commands, with Chinese descriptions: one for everybody, a longer one for each administrator."""

from __future__ import annotations

import logging
from collections.abc import Sequence

from telegram import BotCommand, BotCommandScopeChat
from telegram.error import TelegramError

from zhengwen.bot.telegram.service import Service
from zhengwen.bot.telegram.texts import table

log = logging.getLogger(__name__)


async def menus(service: Service) -> None:
    """Set all menus; one that fails is named in the log and does not hold the others."""
    await _set(service, _commands("commands"), None)
    for administrator in service.settings.administrators:
        await menu_of(service, administrator)


async def menu_of(service: Service, administrator: int) -> None:
    """Set an administrator's menu, which Telegram refuses until they have written to the bot."""
    await _set(service, [*_commands("commands"), *_commands("admin_commands")], administrator)


def _commands(key: str) -> list[BotCommand]:
    return [BotCommand(name, words) for name, words in table(key).items()]


async def _set(service: Service, commands: Sequence[BotCommand], administrator: int | None) -> None:
    scope = BotCommandScopeChat(administrator) if administrator else None
    try:
        await service.sender.again(lambda: service.bot.set_my_commands(commands, scope=scope))
    except TelegramError as error:
        whose = f"of administrator {administrator}" if administrator else "for everybody"
        log.warning("the menu of commands %s is not set: %s", whose, error)
