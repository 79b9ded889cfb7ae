"""Messages as blocks of marked text, written as Telegram's HTML and cut to its lengths.

A message holds at most 4,096 UTF-16 units, counted after the tags are read, and at most 100 marked stretches are
shown. Cuts fall between blocks, in a long block between lines or sentences; a tag is always closed where it was opened.

pages([block("7198人", mark="b"), quote("新增城镇就业", ("7198人", "b"))])
  →  ["<b>7198人</b>\\n<blockquote expandable>新增城镇就业<b>7198人</b></blockquote>"]
"""

from __future__ import annotations

import html
import re
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from typing import Literal

LIMIT = 4096
"""UTF-16 units of one message after its tags are read."""
CAPTION_LIMIT = 1024
MARKS_LIMIT = 95
"""Telegram shows the first hundred."""

Mark = Literal["", "b", "i", "u", "code"]
_CONTROL = re.compile(r"[\x00-\x08\x0b-\x1f\x7f-\x9f\u2028\u2029\u202a-\u202e\u2066-\u2069\ud800-\udfff]")
_BORDERS = (re.compile(r"\n"), re.compile(r"[。！？；]"), re.compile(r"[，、,; ]"))


@dataclass(frozen=True)
class Piece:
    """Text with one mark; never HTML."""

    text: str
    mark: Mark = ""


@dataclass(frozen=True)
class Block:
    """A paragraph, or an expandable quotation."""

    pieces: tuple[Piece, ...]
    quoted: bool = False
    gap: bool = False
    """An empty line before it."""

    @property
    def text(self) -> str:
        return "".join(piece.text for piece in self.pieces)

    @property
    def marks(self) -> int:
        return sum(bool(piece.mark) for piece in self.pieces) + self.quoted


def units(text: str) -> int:
    """The length as Telegram counts it: a character outside the basic plane is two."""
    return len(text) + sum(one > "\uffff" for one in text)


def clean(text: str) -> str:
    """Without control characters and direction overrides; a source may hold them, a message may not."""
    return _CONTROL.sub("", text.replace("\r\n", "\n").replace("\r", "\n"))


def block(*parts: str | tuple[str, Mark], mark: Mark = "", gap: bool = False) -> Block:
    """A paragraph from texts and marked texts."""
    return Block(_pieces(parts, mark), gap=gap)


def quote(*parts: str | tuple[str, Mark], gap: bool = False) -> Block:
    """An expandable quotation from texts and marked texts."""
    return Block(_pieces(parts, ""), quoted=True, gap=gap)


def _pieces(parts: Sequence[str | tuple[str, Mark]], mark: Mark) -> tuple[Piece, ...]:
    pieces = [Piece(clean(part), mark) if isinstance(part, str) else Piece(clean(part[0]), part[1]) for part in parts]
    return tuple(piece for piece in pieces if piece.text)


def marked(text: str, spans: Iterable[tuple[int, int]], mark: Mark = "b") -> list[str | tuple[str, Mark]]:
    """The text in parts, the half-open spans marked; overlapping spans are one."""
    parts: list[str | tuple[str, Mark]] = []
    at = 0
    for start, end in sorted(spans):
        start = max(start, at)
        if start >= end:
            continue
        parts += [text[at:start], (text[start:end], mark)]
        at = end
    return [*parts, text[at:]]


def to_html(blocks: Sequence[Block]) -> str:
    """One message; the caller has seen to its length."""
    lines: list[str] = []
    for number, one in enumerate(blocks):
        if number:
            lines.append("\n\n" if one.gap else "\n")
        body = "".join(_piece_html(piece) for piece in one.pieces)
        lines.append(f"<blockquote expandable>{body}</blockquote>" if one.quoted else body)
    return "".join(lines)


def _piece_html(piece: Piece) -> str:
    escaped = html.escape(piece.text, quote=False)
    return f"<{piece.mark}>{escaped}</{piece.mark}>" if piece.mark else escaped


def pages(blocks: Iterable[Block], *, limit: int = LIMIT) -> list[str]:
    """The blocks as one or more messages, each within the limits."""
    found: list[str] = []
    current: list[Block] = []
    length = marks = 0
    for one in _small(blocks, limit):
        more = units(one.text) + (2 if one.gap else 1) * bool(current)
        if current and (length + more > limit or marks + one.marks > MARKS_LIMIT):
            found.append(to_html(current))
            current, length, marks = [], 0, 0
            more = units(one.text)
        current.append(one)
        length += more
        marks += one.marks
    if current:
        found.append(to_html(current))
    return found


def _small(blocks: Iterable[Block], limit: int) -> Iterator[Block]:
    for one in blocks:
        rest: Block | None = one if one.text.strip() else None
        while rest is not None and (units(rest.text) > limit or rest.marks > MARKS_LIMIT):
            head, rest = _cut(rest, _border(rest, limit))
            yield head
        if rest is not None:
            yield rest


def _border(one: Block, limit: int) -> int:
    """Where to cut: the last line, sentence or comma that fits into the second half of a message, else the limit."""
    furthest = _fitting(one, limit)
    for border in _BORDERS:
        last = max((found.end() for found in border.finditer(one.text, 0, furthest)), default=0)
        if last > furthest // 2:
            return last
    return furthest


def _fitting(one: Block, limit: int) -> int:
    """How many characters fit, by units and by marks; never half of a joined character."""
    taken = count = 0
    for at, character in enumerate(one.text):
        taken += 2 if character > "\uffff" else 1
        if taken > limit:
            count = at
            break
    else:
        count = len(one.text)
    at = marks = 0
    for piece in one.pieces:
        marks += bool(piece.mark)
        if marks > MARKS_LIMIT - 1:
            return max(1, min(count, at))
        at += len(piece.text)
    return max(1, count)


def _cut(one: Block, at: int) -> tuple[Block, Block | None]:
    head: list[Piece] = []
    tail: list[Piece] = []
    passed = 0
    for piece in one.pieces:
        here = min(max(at - passed, 0), len(piece.text))
        head.append(Piece(piece.text[:here], piece.mark))
        tail.append(Piece(piece.text[here:], piece.mark))
        passed += len(piece.text)
    first = Block(tuple(piece for piece in head if piece.text), one.quoted, one.gap)
    rest = tuple(piece for piece in tail if piece.text)
    return first, Block(rest, one.quoted) if rest and "".join(piece.text for piece in rest).strip() else None
