"""Messages that are no commands: questions, edited questions, and what is no text."""

from __future__ import annotations

import re

from telegram import Message, User

from zhengwen.bot.telegram.asking import answer_edited, answer_message
from zhengwen.bot.telegram.gate import let_through, plain, question_in
from zhengwen.bot.telegram.intake import Arrived
from zhengwen.bot.telegram.objecting import explained
from zhengwen.bot.telegram.service import Service, in_group
from zhengwen.bot.telegram.texts import text

_COMMAND = re.compile(r"/\w+(@\w+)?(\s|$)")


async def asked(service: Service, arrived: Arrived) -> None:
    """A text: a question, unless it explains an objection or is a command that there is not."""
    message, user = _from(arrived)
    question = question_in(service, message) if message else None
    if message is None or user is None or question is None or _own(service, message):
        return
    if not await let_through(service, user, message):
        return
    if await explained(service, message, user, question):
        return
    if _COMMAND.match(question):
        if not in_group(message.chat):
            await service.say(message, plain("unknown_command"))
    elif not question:
        await service.say(message, plain("group_how"))
    else:
        await answer_message(service, arrived, message, question)


async def edited(service: Service, arrived: Arrived) -> None:
    """A question that was changed is answered again where its answer stands."""
    message, user = _from(arrived)
    question = question_in(service, message) if message else None
    if not question or message is None or user is None or _COMMAND.match(question):
        return
    if await let_through(service, user, message):
        await answer_edited(service, arrived, message, question)


async def other(service: Service, arrived: Arrived) -> None:
    """Pictures, stickers, voices: a kind word, in private only."""
    message, user = _from(arrived)
    if message is None or user is None or in_group(message.chat):
        return
    if await let_through(service, user, message):
        example = next(iter(service.pool.examples), text("examples.fallback"))
        await service.say(message, plain("unsupported", example=example))


def _own(service: Service, message: Message) -> bool:
    """An answer of ours that somebody has sent by inline mode."""
    return message.via_bot is not None and message.via_bot.id == service.bot.id


def _from(arrived: Arrived) -> tuple[Message | None, User | None]:
    """The message and who wrote it; other bots and channels are nobody."""
    message = arrived.update.effective_message
    user = message.from_user if message is not None else None
    return message, None if user is None or user.is_bot else user
