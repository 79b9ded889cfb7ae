"""A message is a question: it is answered, and answered again in place when it is edited."""

from __future__ import annotations

import logging
from dataclasses import dataclass

from telegram import InlineKeyboardMarkup, Message

from zhengwen.bot.telegram.desk_models import Offers, Reply
from zhengwen.bot.telegram.intake import Arrived
from zhengwen.bot.telegram.keyboards import answer_keyboard
from zhengwen.bot.telegram.numbers import Since
from zhengwen.bot.telegram.pool import Slow
from zhengwen.bot.telegram.richtext import block, to_html
from zhengwen.bot.telegram.service import Service, chat_key, clock, in_group, thread_of
from zhengwen.bot.telegram.texts import text
from zhengwen.index.chat_store import KeptAnswer

log = logging.getLogger(__name__)


@dataclass(frozen=True)
class Question:
    """What is asked, where, and after what."""

    text: str
    asked: int
    """The number under which the answer is kept: that of the message, or for a button a negative one of its own."""
    before: str
    """The chat's state before it."""
    moves_on: bool = True
    """Whether follow-ups continue from here."""


async def answer_message(service: Service, arrived: Arrived, message: Message, question: str) -> None:
    """Answer a new message. An update that was begun before may have been answered: that is looked for first."""
    before = await service.store.state(chat_key(message))
    await answer(service, arrived, message, Question(question, message.message_id, before))


async def answer_edited(service: Service, arrived: Arrived, message: Message, question: str) -> None:
    """Answer an edited message in the place of the old answer; one that was never answered is a new one."""
    kept = await service.store.answer_to(chat_key(message), message.message_id)
    if kept is None:
        await answer_message(service, arrived, message, question)
        return
    if kept.question == question and kept.replies:
        return
    latest = await service.store.state(chat_key(message)) == kept.after
    asked = Question(question, message.message_id, kept.before, moves_on=latest)
    await answer(service, arrived, message, asked, replaces=kept.replies)


async def answer(
    service: Service, arrived: Arrived, message: Message, question: Question, *, replaces: tuple[int, ...] = ()
) -> None:
    """Ask the pool, send the answer's messages with buttons under the last, and keep what they offer."""
    service.metrics.count("questions")
    begun = await service.store.answer_to(chat_key(message), question.asked) if arrived.again else None
    if begun is not None and begun.replies and not replaces:
        if question.moves_on:
            await service.store.save_state(begun.chat, begun.after)
        return  # it was sent; only this was not yet noted
    async with service.typing(message):
        reply = await _asked(service, question)
        chat = chat_key(message)
        kept = KeptAnswer(
            chat=chat,
            asked=question.asked,
            replies=replaces,
            question=question.text,
            before=question.before,
            after=reply.state or question.before,
            offers=reply.offers.model_dump(mode="json"),
            sent_after=begun.sent_after if begun else service.sender.numbers.highest,
        )
        number = await service.store.keep(kept)
        service.metrics.latency(clock() - arrived.at)
        buttons = answer_keyboard(number, reply.offers)
        since = Since(message.message_id, begun.sent_after) if begun else None
        replies = await _deliver(service, message, reply, buttons, replaces, since=since)
    service.metrics.count("answers" if reply.outcome == "answered" else "refusals")
    moved = {"chat": chat, "state": reply.state} if question.moves_on and reply.state else {}
    await service.store.answered(number, replies, update=arrived.number, **moved)
    arrived.struck_off = True


async def _asked(service: Service, question: Question) -> Reply:
    try:
        reply: Reply = await service.pool.call("ask", question.text, question.before)
    except Slow:
        service.metrics.count("slow")
        return Reply(pages=(to_html([block(text("busy"))]),), outcome="refused", offers=Offers())
    return reply


async def _deliver(
    service: Service,
    message: Message,
    reply: Reply,
    markup: InlineKeyboardMarkup | None,
    replaces: tuple[int, ...],
    *,
    since: Since | None,
) -> tuple[int, ...]:
    """Send the pages, editing what there is; gives the numbers of the messages in order."""
    sent: list[int] = []
    waiting = list(replaces)
    last = len(reply.pages) - 1
    service.sender.numbers.note(message.chat_id, message.message_id)
    for at, page in enumerate(reply.pages):
        buttons = markup if at == last else None
        if waiting:
            old = waiting.pop(0)
            if await service.sender.edit(message.chat_id, old, page, markup=buttons):
                sent.append(old)
                continue
        number = await service.sender.send(
            message.chat_id,
            page,
            markup=buttons,
            reply_to=message.message_id if in_group(message.chat) and at == 0 else None,
            thread=thread_of(message),
            since=since,
        )
        sent.append(number)
    for old in waiting:
        await service.sender.delete(message.chat_id, old)
    return tuple(sent)
