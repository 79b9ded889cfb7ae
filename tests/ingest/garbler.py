"""Writes into clean simplified text the damage that the repair undoes. Shares no code with it.

Simplified → traditional, character by character; for each entry of a table, one after the other, the bytes of the
character get its reading behind them wherever they stand in the GBK bytes, in step or not; a page is cut at some of the
marks that stand there out of step; each piece is read as Windows' CP936; some full-width marks are folded to ASCII.
"""

from __future__ import annotations

import random
from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from functools import cache

FOLD = str.maketrans("，！？：；（）", ",!?:;()")
CUTS = ("！", "？", "、", "，")


@cache
def _converters() -> tuple[Callable[[str], str], Callable[[str], str]]:
    import opencc

    return opencc.OpenCC("s2t").convert, opencc.OpenCC("t2s").convert


def traditional(text: str) -> str:
    """Character by character, so 后 里 云 干 follow the table's first choice."""
    convert = _converters()[0]
    keep = "后里云干着台系"
    return "".join(c if c in keep or c.isascii() else convert(c) for c in text).replace("着", "著")


@cache
def _all_entries() -> tuple[tuple[str, str], ...]:
    """Every traditional character of GBK whose simplified form is common, with its first reading, by falling code."""
    from pypinyin import Style, pinyin

    to_simple = _converters()[1]
    found = []
    for high in range(0xFE, 0x80, -1):
        for low in range(0xFE, 0x3F, -1):
            try:
                character = bytes((high, low)).decode("gbk")
                simple = to_simple(character).encode("gb2312")
            except UnicodeDecodeError:
                continue
            except UnicodeEncodeError:
                continue
            if to_simple(character) != character and 0xB0 <= simple[0] <= 0xF7 and character != "著":
                found.append((character, pinyin(character, style=Style.TONE)[0][0]))
    return tuple(found)


def table(share: float, seed: int) -> tuple[tuple[str, str], ...]:
    """A replacement table that holds a share of the traditional characters, roughly by falling code."""
    chance = random.Random(seed)
    entries = [entry for entry in _all_entries() if chance.random() < share]
    for _ in range(len(entries) // 20):
        first, second = chance.randrange(len(entries)), chance.randrange(len(entries))
        entries[first], entries[second] = entries[second], entries[first]
    return tuple(entries)


@dataclass
class Garbled:
    """`shown` is what a visitor of the damaged page sees of `written`, the traditional text."""

    written: str
    shown: str
    slips: int = 0
    eaten: str = field(default="")
    """The ASCII characters lost in it, other than the brackets of readings."""


@dataclass
class Garbler:
    """`style` writes a reading: "({})", "({} )", or a doubled toneless one."""

    entries: Sequence[tuple[str, str]]
    style: Callable[[str], str] = "({})".format
    cuts: float = 0.6
    seed: int = 0

    def garble(self, simplified: str) -> Garbled:
        """Damage one line."""
        written = traditional(simplified)
        stream = written.encode("gbk", errors="ignore")
        written = stream.decode("gbk")
        for character, reading in self.entries:
            code = character.encode("gbk")
            if code in stream:
                stream = stream.replace(code, code + self.style(reading).encode("gbk", errors="ignore"))
        reader = _Reader()
        shown = "".join(reader.read(piece) for piece in self._pieces(stream))
        return Garbled(written.translate(FOLD), shown.translate(FOLD), reader.slips, reader.eaten)

    def _pieces(self, stream: bytes) -> list[bytes]:
        """Cut before the marks, also where their bytes only meet by chance, but not at every such place."""
        chance = random.Random(self.seed ^ len(stream))
        pieces = [stream]
        for mark in CUTS:
            code = mark.encode("gbk")
            parts: list[bytes] = []
            for piece in pieces:
                at = start = 0
                while (at := piece.find(code, at)) >= 0:
                    if self.cuts and at > start and chance.random() < self.cuts:
                        parts.append(piece[start:at])
                        start = at
                    at += 2
                parts.append(piece[start:])
            pieces = parts
        return pieces


class _Reader:
    """CP936 as Windows reads it."""

    def __init__(self) -> None:
        self.slips = 0
        self.eaten = ""

    def read(self, piece: bytes) -> str:
        shown = []
        at = 0
        while at < len(piece):
            lead = piece[at]
            if lead < 0x80 or lead in (0x80, 0xFF):
                shown.append({0x80: "€", 0xFF: ""}.get(lead, chr(lead)))
                at += 1
                continue
            trail = piece[at + 1] if at + 1 < len(piece) else None
            if trail is None or trail < 0x40 or trail == 0x7F:
                shown.append("?")
                self.slips += 1
                if trail is not None and trail != ord("("):
                    self.eaten += chr(trail)
            else:
                try:
                    shown.append(bytes((lead, trail)).decode("gbk"))
                except UnicodeDecodeError:
                    self.slips += 1  # private use: nothing is shown
            at += 2
        return "".join(shown)
