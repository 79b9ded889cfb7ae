"""Readings of characters, and the brackets with readings that damaged pages are full of.

`find_brackets("會(huì)議")` finds `(huì)`; `reads("會", "huì")` is True; `reads("系", "xi")` too (toneless).
"""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterator
from dataclasses import dataclass
from functools import cache

from zhengwen.ingest.garble_bytes import is_han

LETTERS = "a-zāáǎàēéěèīíǐìōóǒòūúǔùüǖǘǚǜńňǹḿêɑɡ"
TONES = "āáǎàēéěèīíǐìōóǒòūúǔùǖǘǚǜńňǹḿ"
_WHOLE = rf"[(（][ \u00a0\u3000]?([{LETTERS}]{{1,7}})[ \u00a0\u3000]?[)）]"
_BRACKET = re.compile(rf"{_WHOLE}(?:[(（][ \u00a0\u3000]?\1[ \u00a0\u3000]?[)）])*")
_TAIL = re.compile(rf"([{LETTERS}]{{1,7}})[ \u00a0\u3000]?[)）](?:[(（][ \u00a0\u3000]?\1[ \u00a0\u3000]?[)）])*")
_HINT = re.compile(rf"[{TONES}][{LETTERS}]{{0,4}}[ \u00a0\u3000]?[)）]|[\u3400-\u9fff][(（][a-z]{{1,6}} ?[)）]")

_CUT = re.compile(r"[\u3400-\u9fff][?？\ufffd]+[?？!！、,，][?？、\u3400-\u9fff“]")
"""A lost byte before a mark: all that a short text may show of this damage."""


@dataclass(frozen=True, slots=True)
class Bracket:
    """A reading in brackets at text[start:end]; `opened` is False where the opening bracket is gone."""

    start: int
    end: int
    reading: str
    opened: bool
    shown: str


def hinted(text: str) -> bool:
    """True where a text may hold bracketed readings: one regular expression, so that clean text costs nothing."""
    return _HINT.search(text) is not None or cut_hinted(text)


def cut_hinted(text: str) -> bool:
    """True where a lost byte may stand before a mark, as it does in few sound texts."""
    return _CUT.search(text) is not None


def bracket_at(text: str, at: int) -> Bracket | None:
    """The bracketed reading that opens at `at`."""
    match = _BRACKET.match(text, at)
    if match and plain(match[1]) in _syllables():
        return Bracket(at, match.end(), match[1], True, match[0])
    return None


def tail_at(text: str, at: int, *, toned: bool) -> Bracket | None:
    """The rest `pinyin)` of a bracketed reading at `at`, its opening bracket lost; `toned`: only with a tone mark."""
    match = _TAIL.match(text, at)
    if match and plain(match[1]) in _syllables() and (not toned or plain(match[1]) != match[1]):
        return Bracket(at, match.end(), match[1], False, match[0])
    return None


def find_brackets(text: str) -> Iterator[Bracket]:
    """All whole bracketed readings."""
    for match in _BRACKET.finditer(text):
        if plain(match[1]) in _syllables():
            yield Bracket(match.start(), match.end(), match[1], True, match[0])


@cache
def plain(reading: str) -> str:
    """A reading without its tone: `plain("lǜ")` is "lü"."""
    reading = reading.replace("ɑ", "a").replace("ɡ", "g")
    parts = unicodedata.normalize("NFD", reading)
    return unicodedata.normalize("NFC", "".join(c for c in parts if not unicodedata.combining(c) or c == "\u0308"))


@cache
def readings(character: str) -> frozenset[str]:
    """All readings of a character, with their tones; empty where none is known."""
    return frozenset(_table().get(ord(character), "").split(",") if len(character) == 1 else ()) - {""}


@cache
def reads(character: str, reading: str) -> bool:
    """True if the character can be read so; a reading without a tone fits every tone."""
    known = readings(character)
    reading = reading.replace("ɑ", "a").replace("ɡ", "g")
    return reading in known or (plain(reading) == reading and any(plain(item) == reading for item in known))


@cache
def _table() -> dict[int, str]:
    from pypinyin.pinyin_dict import pinyin_dict

    return dict(pinyin_dict)


@cache
def _syllables() -> frozenset[str]:
    return frozenset(
        plain(item) for code, items in _table().items() if is_han(chr(code)) for item in items.split(",") if item
    )
