"""The commands that everybody may use."""

from __future__ import annotations

from collections.abc import Awaitable, Callable

from telegram import Message

from zhengwen.bot.telegram.desk_models import ListPage, Reply, SourcePage
from zhengwen.bot.telegram.gate import asker, let_through, plain
from zhengwen.bot.telegram.intake import Arrived
from zhengwen.bot.telegram.keyboards import example_keyboard, list_keyboard, source_keyboard
from zhengwen.bot.telegram.menu import menu_of
from zhengwen.bot.telegram.richtext import Block, block, to_html
from zhengwen.bot.telegram.service import Service, chat_key, in_group
from zhengwen.bot.telegram.texts import text
from zhengwen.ingest.errors import InputError

Do = Callable[[Service, Message, str], Awaitable[None]]


async def guarded(service: Service, arrived: Arrived, do: Do) -> None:
    """Run a command for a user who may, with the words behind it."""
    message = arrived.update.effective_message
    user = asker(message)
    if message is None or user is None:
        return
    words = (message.text or "").split(maxsplit=1)
    if in_group(message.chat) and "@" not in words[0] and not await service.access.lets_in(user.id):
        return  # it may be meant for another bot
    if not await let_through(service, user, message):
        return
    await do(service, message, words[1].strip() if len(words) > 1 else "")


async def start(service: Service, arrived: Arrived) -> None:
    """/start: who we are, then how to ask."""
    await guarded(service, arrived, _start)


async def help_(service: Service, arrived: Arrived) -> None:
    """/help: how to ask, with three examples that this library answers."""
    await guarded(service, arrived, _help)


async def regions(service: Service, arrived: Arrived) -> None:
    """/regions: the places held, with their years."""
    await guarded(service, arrived, lambda *call: _list("regions", *call))


async def reports(service: Service, arrived: Arrived) -> None:
    """/reports: the reports held."""
    await guarded(service, arrived, lambda *call: _list("reports", *call))


async def figures(service: Service, arrived: Arrived) -> None:
    """/figures 滨州市 2023: the figures of a place."""
    await guarded(service, arrived, _figures)


async def cite(service: Service, arrived: Arrived) -> None:
    """/cite ID: a source paragraph."""
    await guarded(service, arrived, _cite)


async def reset(service: Service, arrived: Arrived) -> None:
    """/reset: forget what was talked about."""
    await guarded(service, arrived, _reset)


async def about(service: Service, arrived: Arrived) -> None:
    """/about: what this is and what it holds."""
    await guarded(service, arrived, _about)


async def _start(service: Service, message: Message, _words: str) -> None:
    if message.from_user is not None and service.access.administers(message.from_user.id):
        await menu_of(service, message.from_user.id)
    await _introduce(service, message, [block(text("start")), *_help_blocks(service, await _examples(service))])


async def _help(service: Service, message: Message, _words: str) -> None:
    blocks = _help_blocks(service, await _examples(service))
    if message.from_user is not None and service.access.administers(message.from_user.id):
        blocks.append(block(text("help.document")))
    await _introduce(service, message, blocks)


async def _introduce(service: Service, message: Message, blocks: list[Block]) -> None:
    await service.say(message, to_html(blocks), markup=example_keyboard(await _examples(service)))


async def _examples(service: Service) -> tuple[str, ...]:
    """Asked again each time: what the library holds may have changed, and the worker remembers while it has not."""
    found: tuple[str, ...] = await service.pool.call("examples")
    return found


def _help_blocks(service: Service, examples: tuple[str, ...]) -> list[Block]:
    blocks = [block(text("help.head"), mark="b", gap=True)]
    blocks.append(block(text("help.how" if examples else "help.empty")))
    blocks += [block("· ", (one, "code")) for one in examples]
    return [*blocks, block(text("help.more", bot=service.bot.username), gap=True)]


async def show_list(service: Service, name: str, page: int) -> ListPage:
    """One page of /regions or /reports."""
    found: ListPage = await service.pool.call("listed", name, page)
    return found


async def _list(name: str, service: Service, message: Message, _words: str) -> None:
    found = await show_list(service, name, 1)
    await service.say(message, found.html, markup=list_keyboard(name, found.page, found.pages))


async def _figures(service: Service, message: Message, words: str) -> None:
    reply: Reply = await service.pool.call("figures", words)
    for page in reply.pages:
        await service.say(message, page)


async def _cite(service: Service, message: Message, words: str) -> None:
    wanted = words.split()[0] if words else ""
    try:
        page: SourcePage = await service.pool.call("source", wanted, "")
    except InputError:
        if wanted:
            await service.say(message, plain("source.unknown", id=wanted[:40]))
        else:
            await service.say(message, plain("source.usage", example=await service.pool.call("any_citation")))
        return
    for html in page.pages[:-1]:
        await service.say(message, html)
    await service.say(message, page.pages[-1], markup=source_keyboard(page, ""))


async def _reset(service: Service, message: Message, _words: str) -> None:
    held = await service.store.forget(chat_key(message))
    await service.say(message, plain("reset" if held else "reset_empty"))


async def _about(service: Service, message: Message, _words: str) -> None:
    reply: Reply = await service.pool.call("about")
    await service.say(message, reply.pages[0])
