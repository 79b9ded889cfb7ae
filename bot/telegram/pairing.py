"""What administrators do about users: approve, list, revoke."""

from __future__ import annotations

from telegram import Message, User

from zhengwen.bot.telegram.commands import Do, guarded
from zhengwen.bot.telegram.gate import plain, tell
from zhengwen.bot.telegram.intake import Arrived
from zhengwen.bot.telegram.richtext import block, pages
from zhengwen.bot.telegram.service import Service
from zhengwen.bot.telegram.texts import text


async def approve(service: Service, arrived: Arrived) -> None:
    """/approve CODE"""
    await guarded(service, arrived, _by_administrator(_approve))


async def users(service: Service, arrived: Arrived) -> None:
    """/users"""
    await guarded(service, arrived, _by_administrator(_users))


async def revoke(service: Service, arrived: Arrived) -> None:
    """/revoke USER"""
    await guarded(service, arrived, _by_administrator(_revoke))


async def decide(service: Service, user: User, code: str, *, let_in: bool) -> str:
    """Approve or decline a code and tell the user; gives what to tell the administrator."""
    found = await (service.access.approve(code, user.id) if let_in else service.access.decline(code))
    if found is None:
        return text("access.no_code")
    if let_in:
        await tell(service, found.user, plain("access.welcome"))
    return text("access.approved" if let_in else "access.declined", name=found.name, user=found.user)


def _by_administrator(do: Do) -> Do:
    async def checked(service: Service, message: Message, words: str) -> None:
        if message.from_user is not None and service.access.administers(message.from_user.id):
            await do(service, message, words)
        else:
            await service.say(message, plain("access.admins_only"))

    return checked


async def _approve(service: Service, message: Message, words: str) -> None:
    assert message.from_user is not None
    if not words:
        await service.say(message, plain("access.usage"))
        return
    said = await decide(service, message.from_user, words.split()[0], let_in=True)
    await service.say(message, pages([block(said)])[0])


async def _users(service: Service, message: Message, _words: str) -> None:
    held = service.access.let_in
    head = text("access.users", count=len(held)) if held else text("access.nobody")
    rows = [block((str(user), "code"), f" {name}") for user, name in held.items()]
    for page in pages([block(head, mark="b"), *rows]):
        await service.say(message, page)


async def _revoke(service: Service, message: Message, words: str) -> None:
    wanted = words.split()[0] if words else ""
    if not wanted.isdecimal():
        await service.say(message, plain("access.revoke_usage"))
        return
    gone = await service.access.revoke(int(wanted))
    await service.say(message, plain("access.revoked" if gone else "access.not_user", user=wanted))
