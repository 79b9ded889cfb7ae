"""A conversation as a Markdown file: questions, answers, every source with its quotation and its reference."""

from __future__ import annotations

import datetime as dt
import os
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import TYPE_CHECKING

from zhengwen.bot.citing_markdown import escape, passage
from zhengwen.bot.messages import say
from zhengwen.bot.models import Answer, Citation
from zhengwen.ingest.errors import InputError

if TYPE_CHECKING:
    from zhengwen.index.library import Library


@dataclass(frozen=True)
class Saved:
    """What came of it: the message under `chat` in messages.yaml and its values."""

    path: Path
    key: str
    values: dict[str, object] = field(default_factory=dict)

    @property
    def done(self) -> bool:
        return self.key == "saved"


def save(
    library: Library, turns: Sequence[Answer], name: str, *, today: dt.date, may_replace: Path | None = None
) -> Saved:
    """Write the conversation to `name`, or to 政问对话-2026-11-22.md in this folder.

    A file that is there is left alone, unless it is `may_replace`; a free name is chosen where none was given.
    """
    path = _path(name, today, may_replace)
    if not path.parent.is_dir():
        return Saved(path, "save_folder", {"path": path.parent})
    if path.exists() and path != may_replace:
        return Saved(path, "exists", {"path": path})
    try:
        path.write_text(document(library, turns, today=today), encoding="utf-8")
    except OSError as error:
        return Saved(path, "unsaved", {"path": path, "reason": error.strerror or error})
    return Saved(path, "saved", {"path": path, "count": len(turns)})


def _path(name: str, today: dt.date, before: Path | None) -> Path:
    given = Path(os.path.expanduser(name.strip("\"' "))) if name else None  # noqa: PTH111 - Path.expanduser raises for ~nobody
    if given is not None and not given.is_dir():
        return given if given.suffix else given.with_name(given.name + ".md")
    if before is not None and given is None:
        return before
    folder, stem = given or Path(), say("chat.file_name", date=today)
    names = (folder / f"{stem}{'' if number == 1 else f'-{number}'}.md" for number in range(1, 10_000))
    return next(path for path in names if not path.exists())


def document(library: Library, turns: Sequence[Answer], *, today: dt.date) -> str:
    """The whole conversation as CommonMark; what the answers and sources say reads as itself."""
    parts = [f"# {say('chat.document.title')}", say("chat.document.about", date=today, count=len(turns))]
    for number, turn in enumerate(turns, 1):
        parts += _turn(library, number, turn)
    return "\n\n".join(parts) + "\n"


def _turn(library: Library, number: int, turn: Answer) -> Iterator[str]:
    yield f"## {number}. {escape(turn.question)}"
    refused = "" if turn.answered else say("chat.document.refused")
    yield _body(turn.text) + refused
    if turn.choices and not turn.answered:
        yield "\n".join(f"- {escape(choice)}" for choice in turn.choices)
    if turn.citations:
        yield f"### {say('chat.document.sources')}"
    for citation in turn.citations:
        yield from _source(library, turn, citation)


def _body(text: str) -> str:
    """The rows of a series stay a list, the rest reads as it is."""
    lines = [f"- {escape(line[2:])}" if line.startswith("- ") else escape(line) for line in text.split("\n")]
    return "\n".join(lines)


def _source(library: Library, turn: Answer, citation: Citation) -> Iterator[str]:
    from zhengwen.bot.citing import cite

    date = f" · {citation.date}" if citation.date else ""
    head = f"[{citation.n}] {citation.title}{date} · {citation.source} · {citation.id}"
    yield escape(head)
    surfaces = {figure.surface for figure in turn.figures if figure.citation == citation.n}
    yield passage(citation.quote, _spans(citation.quote, surfaces))
    try:
        reference = cite(library, citation.id).reference
    except InputError:  # the report was taken out of the library meanwhile
        return
    yield say("chat.document.reference") + escape(reference)


def _spans(quote: str, surfaces: set[str]) -> list[tuple[int, int]]:
    """Where the surfaces stand, in order and apart."""
    found = sorted(
        (at, at + len(surface))
        for surface in surfaces
        if surface
        for at in range(len(quote))
        if quote.startswith(surface, at)
    )
    apart: list[tuple[int, int]] = []
    for start, end in found:
        if not apart or start >= apart[-1][1]:
            apart.append((start, end))
    return apart
