"""Before anything is handled: is it for us, may this user, not too fast?"""

from __future__ import annotations

import re

from telegram import Message, MessageEntity, User

from zhengwen.bot.telegram.keyboards import pairing_keyboard
from zhengwen.bot.telegram.richtext import block, to_html
from zhengwen.bot.telegram.service import Service, clock, in_group, name_of
from zhengwen.bot.telegram.texts import text


def plain(key: str, **values: object) -> str:
    """One of the bot's own sentences as HTML."""
    return to_html([block(text(key, **values))])


def question_in(service: Service, message: Message) -> str | None:
    """The question in a message, without the mention of the bot; None when the message is not for the bot.

    In a group only a message that mentions the bot or replies to it is for it.
    """
    words = message.text or message.caption or ""
    if not in_group(message.chat):
        return words.strip()
    mentions = [one for one in (*message.entities, *message.caption_entities) if _is_me(service, message, one)]
    replied = message.reply_to_message
    to_me = replied is not None and replied.from_user is not None and replied.from_user.id == service.bot.id
    if not mentions and not to_me:
        return None
    return re.sub(rf"@{re.escape(service.bot.username)}\b", " ", words, flags=re.IGNORECASE).strip()


def _is_me(service: Service, message: Message, entity: MessageEntity) -> bool:
    if entity.type == MessageEntity.TEXT_MENTION:
        return entity.user is not None and entity.user.id == service.bot.id
    if entity.type != MessageEntity.MENTION:
        return False
    named = message.parse_entity(entity) if message.text else message.parse_caption_entity(entity)
    return named.lower() == f"@{service.bot.username}".lower()


def asker(message: Message | None) -> User | None:
    """Who speaks: a person, or the group or channel in whose name somebody writes; None for another bot."""
    if message is None:
        return None
    behind = message.sender_chat
    if behind is not None:
        return User(behind.id, behind.effective_name or "", is_bot=False)
    user = message.from_user
    return None if user is None or user.is_bot else user


async def let_through(service: Service, user: User, message: Message) -> bool:
    """Whether the user may go on; says why not."""
    if not await service.access.lets_in(user.id):
        service.metrics.count("strangers")
        if service.limits.check(user.id, now=clock()).allowed:
            await _pair(service, message, user)
        return False
    verdict = service.limits.check(user.id, now=clock())
    if not verdict.allowed:
        service.metrics.count("limited")
        if verdict.say:
            await service.say(message, plain(f"limit.{verdict.say}", seconds=verdict.seconds))
    return verdict.allowed


async def _pair(service: Service, message: Message, user: User) -> None:
    """Give a stranger a code, and tell the administrators once."""
    if in_group(message.chat):
        await service.say(message, plain("access.group"))
        return
    held = await service.access.knock(user.id, name_of(user))
    if held is None:
        await service.say(message, plain("access.full"))
        return
    code, new = held
    if not new:
        await service.say(message, _code("access.waiting", code))
        return
    await service.say(message, _code("access.stranger", code, minutes=service.settings.pairing_minutes))
    for administrator in service.settings.administrators:
        asks = plain("access.asks", name=name_of(user), user=user.id, code=code)
        await tell(service, administrator, asks, markup=pairing_keyboard(code))


def _code(key: str, code: str, **values: object) -> str:
    """A sentence with the code in it, which a tap copies."""
    before, after = text(key, code="\0", **values).split("\0")
    return to_html([block(before, (code, "code"), after)])


async def tell(service: Service, user: int, html: str, *, markup: object = None) -> bool:
    """A message to a user who has not just written; False when they have never started the bot or blocked it."""
    from telegram.error import BadRequest, Forbidden

    try:
        await service.sender.send(user, html, markup=markup)
    except (BadRequest, Forbidden):
        return False
    return True
