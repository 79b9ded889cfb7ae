"""Buttons. Each carries ids that outlive a restart; one whose thing is gone says so."""

from __future__ import annotations

from collections.abc import Awaitable, Callable

from telegram import CallbackQuery, Message
from telegram.constants import ChatAction
from telegram.error import BadRequest

from zhengwen.bot.telegram import documents, objecting
from zhengwen.bot.telegram.asking import Question, answer
from zhengwen.bot.telegram.commands import show_list
from zhengwen.bot.telegram.desk_models import Offers, Picture, SourcePage
from zhengwen.bot.telegram.intake import Arrived
from zhengwen.bot.telegram.keyboards import list_keyboard, parsed, source_keyboard
from zhengwen.bot.telegram.pairing import decide
from zhengwen.bot.telegram.richtext import block, to_html
from zhengwen.bot.telegram.service import Service, chat_key, clock
from zhengwen.bot.telegram.texts import text
from zhengwen.index.chat_store import KeptAnswer
from zhengwen.ingest.errors import InputError

Press = Callable[[Service, Arrived, CallbackQuery, Message, tuple[str, ...]], Awaitable[str | None]]
"""Gives what the button tells in a small window; None where a message says it all. Raises Expired."""


class Expired(Exception):
    """What the button was for is gone."""


async def pressed(service: Service, arrived: Arrived) -> None:
    """Find the button's work and do it; the sign of waiting on the button ends in any case."""
    query = arrived.update.callback_query
    assert query is not None
    kind, *parts = parsed(query.data)
    message = query.message if isinstance(query.message, Message) else None
    if not await service.access.lets_in(query.from_user.id):
        service.metrics.count("strangers")
        await _tell(service, query, text("access.group"))
        return
    verdict = service.limits.check(query.from_user.id, now=clock())
    if not verdict.allowed:
        service.metrics.count("limited")
        await _tell(service, query, text("limit.button", seconds=verdict.seconds))
        return
    service.metrics.count("buttons", kind if kind in BUTTONS else "unknown")
    told: str | None = text("expired")
    alert = True
    if message is not None and kind in BUTTONS:
        try:
            told = await BUTTONS[kind](service, arrived, query, message, tuple(parts))
            alert = False
        except Expired:
            pass
    await _tell(service, query, told, alert=alert)


async def _tell(service: Service, query: CallbackQuery, words: str | None, *, alert: bool = True) -> None:
    """End the waiting; a query that is too old cannot be told anything."""
    try:
        await service.sender.again(lambda: query.answer(words, show_alert=alert if words else None))
    except BadRequest:
        return


async def _source(
    service: Service, _arrived: Arrived, _query: CallbackQuery, message: Message, parts: tuple[str, ...]
) -> None:
    """原文 [1]: the paragraph in a message of its own, under the answer."""
    page = await _page(service, parts)
    for html in page.pages[:-1]:
        await service.say(message, html, quote=True)
    await service.say(message, page.pages[-1], markup=source_keyboard(page, parts[1]), quote=True)


async def _turn(
    service: Service, _arrived: Arrived, _query: CallbackQuery, message: Message, parts: tuple[str, ...]
) -> None:
    """‹ 上一段 · 下一段 ›: another paragraph in the same message."""
    page = await _page(service, parts)
    await service.sender.edit(
        message.chat_id, message.message_id, page.pages[-1], markup=source_keyboard(page, parts[1])
    )


async def _page(service: Service, parts: tuple[str, ...]) -> SourcePage:
    if len(parts) != 2 or not parts[0]:
        raise Expired
    try:
        page: SourcePage = await service.pool.call("source", *parts)
    except InputError:
        raise Expired from None
    return page


async def _years(
    service: Service, arrived: Arrived, _query: CallbackQuery, message: Message, parts: tuple[str, ...]
) -> None:
    """相邻年份: the same figure from two years before to two years after."""
    _, offers = await _kept(service, message, parts)
    if not offers.years:
        raise Expired
    await answer(service, arrived, message, Question(offers.years, -arrived.number, "", moves_on=False))


async def _chart(
    service: Service, _arrived: Arrived, _query: CallbackQuery, message: Message, parts: tuple[str, ...]
) -> str | None:
    """图: the answer as a picture."""
    kept, _ = await _kept(service, message, parts)
    async with service.typing(message, ChatAction.UPLOAD_PHOTO):
        picture: Picture | None = await service.pool.call("chart", kept.question, kept.before)
        if picture is None:
            return text("chart.none")
        await service.show(message, picture.png, picture.caption)
    return None


async def _choice(
    service: Service, arrived: Arrived, _query: CallbackQuery, message: Message, parts: tuple[str, ...]
) -> None:
    """One of the places that a question may have meant."""
    kept, offers = await _kept(service, message, parts)
    at = int(parts[1]) if len(parts) == 2 and parts[1].isdecimal() else len(offers.choices)
    if at >= len(offers.choices):
        raise Expired
    await answer(service, arrived, message, Question(offers.choices[at], -arrived.number, kept.after))


async def _example(
    service: Service, arrived: Arrived, _query: CallbackQuery, message: Message, parts: tuple[str, ...]
) -> None:
    """One of the example questions, as the button's label says it."""
    examples: tuple[str, ...] = await service.pool.call("examples")
    at = int(parts[0]) if parts and parts[0].isdecimal() else len(examples)
    if at >= len(examples):
        raise Expired
    before = await service.store.state(chat_key(message))
    await answer(service, arrived, message, Question(examples[at], -arrived.number, before))


async def _kept(service: Service, message: Message, parts: tuple[str, ...]) -> tuple[KeptAnswer, Offers]:
    """The answer that the button stands under; one of another chat is none of its business."""
    number = int(parts[0]) if parts and parts[0].isdecimal() and len(parts[0]) < 16 else 0
    kept = await service.store.answer(number)
    if kept is None or kept.chat != chat_key(message):
        raise Expired
    return kept, Offers.model_validate(kept.offers)


async def _wrong(
    service: Service, _arrived: Arrived, query: CallbackQuery, message: Message, parts: tuple[str, ...]
) -> str:
    """有误？"""
    if not parts or not parts[0]:
        raise Expired
    return await objecting.press(service, query, message, parts[0])


async def _list(
    service: Service, _arrived: Arrived, _query: CallbackQuery, message: Message, parts: tuple[str, ...]
) -> None:
    """Turn the page of /regions or /reports."""
    if len(parts) != 2 or parts[0] not in ("regions", "reports") or not parts[1].isdecimal():
        raise Expired
    found = await show_list(service, parts[0], int(parts[1][:6]))
    if found.page != int(parts[1][:6]):
        raise Expired
    markup = list_keyboard(parts[0], found.page, found.pages)
    await service.sender.edit(message.chat_id, message.message_id, found.html, markup=markup)


async def _approve(
    service: Service, _arrived: Arrived, query: CallbackQuery, message: Message, parts: tuple[str, ...]
) -> str:
    return await _decided(service, query, message, parts, let_in=True)


async def _decline(
    service: Service, _arrived: Arrived, query: CallbackQuery, message: Message, parts: tuple[str, ...]
) -> str:
    return await _decided(service, query, message, parts, let_in=False)


async def _decided(
    service: Service, query: CallbackQuery, message: Message, parts: tuple[str, ...], *, let_in: bool
) -> str:
    if not service.access.administers(query.from_user.id):
        return text("access.admins_only")
    said = await decide(service, query.from_user, parts[0] if parts else "", let_in=let_in)
    await service.sender.edit(message.chat_id, message.message_id, to_html([block(said)]))
    return said


async def _undo(
    service: Service, _arrived: Arrived, query: CallbackQuery, message: Message, parts: tuple[str, ...]
) -> str | None:
    """撤销读入"""
    if not service.access.administers(query.from_user.id):
        return text("access.admins_only")
    return await documents.undo(service, message, parts[0] if parts else "")


BUTTONS: dict[str, Press] = {
    "s": _source,
    "p": _turn,
    "y": _years,
    "g": _chart,
    "c": _choice,
    "x": _example,
    "e": _wrong,
    "l": _list,
    "a": _approve,
    "d": _decline,
    "u": _undo,
}
