"""Inline mode: @bot 滨城区2020年GDP in any chat gives answers that can be sent there."""

from __future__ import annotations

import hashlib

from telegram import InlineQueryResultArticle, InlineQueryResultsButton, InputTextMessageContent, LinkPreviewOptions
from telegram.constants import ParseMode
from telegram.error import BadRequest

from zhengwen.bot.telegram.desk_models import Reply
from zhengwen.bot.telegram.intake import Arrived
from zhengwen.bot.telegram.pool import Slow
from zhengwen.bot.telegram.service import Service, clock
from zhengwen.bot.telegram.texts import text

_SHORTEST = 4
_CACHE_SECONDS = 30
_TITLE, _DESCRIPTION = 100, 200


async def asked(service: Service, arrived: Arrived) -> None:
    """Answer an inline query with articles, each a whole cited answer; a query that is too old is let go."""
    query = arrived.update.inline_query
    assert query is not None
    words = query.query.strip()
    results: list[InlineQueryResultArticle] = []
    button = InlineQueryResultsButton(text("button.ask_here"), start_parameter="inline")
    if not await service.access.lets_in(query.from_user.id):
        service.metrics.count("strangers")
        button = InlineQueryResultsButton(text("inline.closed"), start_parameter="pair")
    elif len(words) < _SHORTEST:
        button = InlineQueryResultsButton(text("inline.short"), start_parameter="inline")
    elif query.offset:
        pass  # all there is was given at once
    elif not service.limits.check(query.from_user.id, now=clock()).allowed:
        service.metrics.count("limited")
    else:
        results = await _articles(service, words)
        service.metrics.count("inline")
    try:
        await service.sender.again(
            lambda: query.answer(results, cache_time=_CACHE_SECONDS, is_personal=True, button=button)
        )
    except BadRequest:
        return


async def _articles(service: Service, words: str) -> list[InlineQueryResultArticle]:
    try:
        found: tuple[Reply, ...] = await service.pool.call("inline", words)
    except Slow:
        service.metrics.count("slow")
        return []
    return [_article(reply) for reply in found if reply.pages]


def _article(reply: Reply) -> InlineQueryResultArticle:
    content = InputTextMessageContent(
        reply.pages[0], parse_mode=ParseMode.HTML, link_preview_options=LinkPreviewOptions(is_disabled=True)
    )
    return InlineQueryResultArticle(
        id=hashlib.sha256(reply.pages[0].encode()).hexdigest()[:32],
        title=reply.title[:_TITLE],
        description=reply.subtitle.removeprefix(reply.title)[:_DESCRIPTION].strip() or None,
        input_message_content=content,
    )
