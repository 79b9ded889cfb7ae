"""Messages that are no commands: questions, edited questions, and what is no text."""

from __future__ import annotations

import re

from telegram import Message

from zhengwen.bot.telegram.asking import answer_edited, answer_message
from zhengwen.bot.telegram.gate import asker, let_through, plain, question_in
from zhengwen.bot.telegram.intake import Arrived
from zhengwen.bot.telegram.objecting import explained
from zhengwen.bot.telegram.service import Service, chat_key, in_group
from zhengwen.bot.telegram.texts import text

_COMMAND = re.compile(r"/\w+(@\w+)?(\s|$)")


async def asked(service: Service, arrived: Arrived) -> None:
    """A text or caption: a question, unless it explains an objection or is a command that there is not."""
    message = arrived.update.effective_message
    user = asker(message)
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
    message = arrived.update.effective_message
    user = asker(message)
    question = question_in(service, message) if message else None
    if not question or message is None or user is None or _COMMAND.match(question):
        return
    if await let_through(service, user, message):
        await answer_edited(service, arrived, message, question)


async def other(service: Service, arrived: Arrived) -> None:
    """Pictures, stickers, voices: a kind word, in private only."""
    message = arrived.update.effective_message
    user = asker(message)
    if message is None or user is None or in_group(message.chat):
        return
    if await let_through(service, user, message):
        example = next(iter(service.pool.examples), text("examples.fallback"))
        await service.say(message, plain("unsupported", example=example))


async def moved(service: Service, arrived: Arrived) -> None:
    """A group has become a supergroup, with another number: follow-ups go on there."""
    message = arrived.update.effective_message
    if message is None or message.migrate_to_chat_id is None:
        return
    service.sender.moved(message.chat_id, message.migrate_to_chat_id)
    state = await service.store.state(chat_key(message))
    if state:
        await service.store.save_state(f"telegram:{message.migrate_to_chat_id}", state)


def _own(service: Service, message: Message) -> bool:
    """An answer of ours that somebody has sent by inline mode."""
    return message.via_bot is not None and message.via_bot.id == service.bot.id
