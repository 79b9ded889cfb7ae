"""有误？: a press stores the objection at once; a reply to the question that follows adds the reader's words."""

from __future__ import annotations

import re

from telegram import CallbackQuery, ForceReply, Message, User

from zhengwen.bot.telegram.gate import plain
from zhengwen.bot.telegram.richtext import block, to_html
from zhengwen.bot.telegram.service import Service, name_of
from zhengwen.bot.telegram.texts import text
from zhengwen.ingest.errors import InputError


async def press(service: Service, query: CallbackQuery, message: Message, figure: str) -> str:
    """Store the objection and ask for words; gives what the pressed button tells."""
    try:
        surface = await service.pool.call("object", figure, text("wrong.default"), reader_of(query.from_user))
    except InputError:
        return text("wrong.gone")
    service.metrics.count("objections")
    asks = block(text("wrong.ask", surface=surface))
    mark = block(f"{text('wrong.mark')} ", (figure, "code"))
    reply = ForceReply(selective=True, input_field_placeholder=text("wrong.placeholder"))
    await service.say(message, to_html([asks, mark]), markup=reply, quote=True)
    return text("wrong.noted", surface=surface)


async def explained(service: Service, message: Message, user: User, words: str) -> bool:
    """Whether this message replies to such a question; then its words are stored."""
    to = message.reply_to_message
    if to is None or to.from_user is None or to.from_user.id != service.bot.id or not words:
        return False
    found = re.search(rf"^{re.escape(text('wrong.mark'))} (\w+)$", to.text or "", flags=re.MULTILINE)
    if found is None:
        return False
    try:
        await service.pool.call("object", found[1], words, reader_of(user))
    except InputError:
        await service.say(message, plain("wrong.gone"))
    else:
        service.metrics.count("objections")
        await service.say(message, plain("wrong.detail"))
    return True


def reader_of(user: User) -> str:
    """Who objects, as `zhengwen errors` lists them."""
    return f"telegram:{user.id} {name_of(user)}"
