"""A report sent by an administrator goes into the library: one status message tells how far it is, then what came out.

Nothing is ever fetched from an address that stands in a chat; the file comes from the Bot API alone.
"""

from __future__ import annotations

import logging
import re
import unicodedata
from pathlib import Path

from telegram import Document, Message
from telegram.error import BadRequest, InvalidToken

from zhengwen.bot.telegram.desk_models import Read
from zhengwen.bot.telegram.gate import asker, let_through, plain, question_in
from zhengwen.bot.telegram.intake import Arrived
from zhengwen.bot.telegram.keyboards import undo_keyboard
from zhengwen.bot.telegram.pool import Broken
from zhengwen.bot.telegram.richtext import block, to_html
from zhengwen.bot.telegram.service import Service, clock, in_group
from zhengwen.bot.telegram.texts import table, text
from zhengwen.ingest.errors import InputError

log = logging.getLogger(__name__)

_MEGABYTE = 1 << 20
_BETWEEN_EDITS = 2.0
_NAME = 80


class Status:
    """One message that is edited; at most every two seconds, and the last word always."""

    def __init__(self, service: Service, message: Message, name: str) -> None:
        self._service = service
        self._message = message
        self._name = name
        self._id = 0
        self._shown = ""
        self._at = 0.0

    async def tell(self, key: str, *, now: bool = True, **values: object) -> None:
        """Show a stage of the work."""
        html = plain(f"document.{key}", name=self._name, **values)
        if html != self._shown and (now or clock() - self._at >= _BETWEEN_EDITS):
            await self.show(html)

    async def show(self, html: str, *, markup: object = None) -> None:
        """Show this, in the same message while it is there."""
        self._shown, self._at = html, clock()
        chat = self._message.chat_id
        if self._id and await self._service.sender.edit(chat, self._id, html, markup=markup):  # type: ignore[arg-type]
            return
        self._id = await self._service.say(self._message, html, markup=markup, quote=True)


async def received(service: Service, arrived: Arrived) -> None:
    """A document: refused, or read."""
    message = arrived.update.effective_message
    user = asker(message)
    if message is None or user is None or message.document is None:
        return
    if in_group(message.chat) and question_in(service, message) is None:
        return
    if not await let_through(service, user, message):
        return
    if not service.access.administers(user.id):
        service.metrics.count("documents", "refused")
        await service.say(message, plain("document.refused"), quote=True)
        return
    await _read(service, message, message.document)


async def _read(service: Service, message: Message, document: Document) -> None:
    name = safe_name(document.file_name or "")
    status = Status(service, message, name)
    limit = service.settings.max_document_mb
    if (document.file_size or 0) > limit * _MEGABYTE:
        service.metrics.count("documents", "too_large")
        await status.tell("too_large", size=_size(document.file_size or 0), limit=f"{limit:g}")
        return
    fault: str = await service.pool.call("unreadable", name)
    if fault:
        service.metrics.count("documents", "format")
        await status.tell("format", formats=fault)
        return
    if service.reading.locked():
        await status.tell("waiting")
    async with service.reading:
        path = await _fetch(service, status, document, name)
        if path is not None:
            await _ingest(service, status, path, name)


async def _fetch(service: Service, status: Status, document: Document, name: str) -> Path | None:
    """The file in the library's folder, under the number that Telegram gives it: the same file is the same place."""
    await status.tell("fetching")
    folder = Path(service.inbox) / re.sub(r"\W", "", document.file_unique_id)[:40]
    limit = service.settings.max_document_mb * _MEGABYTE
    try:
        file = await service.sender.again(lambda: service.bot.get_file(document.file_id))
        if (file.file_size or 0) > limit:
            await status.tell("too_large", size=_size(file.file_size or 0), limit=f"{limit / _MEGABYTE:g}")
            return None
        folder.mkdir(parents=True, exist_ok=True)
        path = folder / name
        await service.sender.again(lambda: file.download_to_drive(path))
    except (BadRequest, InvalidToken) as error:  # a path that is gone is answered like a wrong token
        log.warning("a document could not be fetched: %s", error)
        if "too big" in str(error).lower():
            await status.tell("too_large_there", limit=f"{limit / _MEGABYTE:g}")
        else:
            await status.tell("fetch_failed")
        return None
    if (size := path.stat().st_size) > limit:  # more than was declared
        path.unlink()
        await status.tell("too_large", size=_size(size), limit=f"{limit / _MEGABYTE:g}")
        return None
    return path


async def _ingest(service: Service, status: Status, path: Path, name: str) -> None:
    async def tell(stage: str, done: int, total: int) -> None:
        key = {"read": "reading"}.get(stage, stage)
        await status.tell(key, now=False, done=done, total=total)

    await status.tell("reading")
    try:
        read: Read = await service.pool.alone("ingest", str(path), tell=tell)
    except Broken as error:
        log.error("a document could not be read: %s", error)
        read = Read(outcome="failed", reason="no such file")
    service.metrics.count("documents", read.outcome)
    if read.outcome == "failed":
        path.unlink(missing_ok=True)
        log.info("%s was not read: %s", name, read.reason)
        await status.tell("failed", reason=why(read.reason))
        return
    year = text("document.year", year=read.year) if read.year else text("document.year_unknown")
    title = read.title or text("document.untitled")
    facts = {"title": title, "region": read.region or text("lists.unknown"), "year": year}
    report = text("document.report", **facts, passages=read.passages, figures=read.figures)
    blocks = [block(text(f"document.{read.outcome}", name=name), mark="b"), block(report)]
    undoable = read.outcome in ("added", "attached") and read.report
    await status.show(to_html(blocks), markup=undo_keyboard(read.report) if undoable else None)


async def undo(service: Service, message: Message, report: str) -> str | None:
    """Take a read document back; gives what the button tells."""
    try:
        title: str = await service.pool.call("take_back", report)
    except InputError:
        return text("document.undo_gone")
    html = plain("document.undone", name=title)
    await service.sender.edit(message.chat_id, message.message_id, html)
    return None


def why(reason: str) -> str:
    """`is a damaged PDF (…): open it in a viewer` in the words of the chat."""
    if not reason:
        return text("document.no_report")
    told = (words for pattern, words in table("document.reasons") if re.search(pattern, reason))
    return next(told, text("document.unread"))


def safe_name(name: str) -> str:
    """A file name without folders and control characters: `../../报告.md` → `报告.md`."""
    last = re.split(r"[/\\]", unicodedata.normalize("NFC", name))[-1]
    kept = "".join(one for one in last if one.isprintable()).strip(". ")
    stem, dot, suffix = kept.rpartition(".")
    return f"{stem[:_NAME]}{dot}{suffix[:10]}" if stem else kept[:_NAME] or "report"


def _size(size: int) -> str:
    return f"{size / _MEGABYTE:.1f}".removesuffix(".0")
