"""Texts made comparable, with the way back: a quotation is looked for whatever script, widths and blanks it has.

fold = folded("全區 ２０２０年")
fold.text            → "全区2020年"
fold.original(2, 6)  → (3, 7): where ２０２０ stood
"""

from __future__ import annotations

import re
import unicodedata
from array import array
from dataclasses import dataclass
from functools import cache, lru_cache
from typing import Any

from zhengwen.bot.citing_data import citing_data

_SURROGATE = re.compile("[\ud800-\udfff]")


@dataclass(frozen=True, slots=True)
class Fold:
    """A folded text; `at[i]` is the offset of the original character that gave `text[i]`."""

    text: str
    at: array[int]
    length: int
    """Of the original."""

    def original(self, start: int, end: int) -> tuple[int, int]:
        """The half-open range of the original that `text[start:end]` came from."""
        if start >= end:
            place = self.at[start] if start < len(self.at) else self.length
            return place, place
        return self.at[start], self.at[end - 1] + 1


@lru_cache(maxsize=512)
def folded(text: str) -> Fold:
    """Simplified, half width, lower case, without blanks; marks that are written in several ways are one."""
    pieces = list(map(_folded_character, simplified(text)))
    at = array("L", range(len(pieces)))
    if set(map(len, pieces)) - {1}:  # characters that go, or become several
        at = array("L", (place for place, piece in enumerate(pieces) for _ in piece))
    return Fold("".join(pieces), at, len(text))


def simplified(text: str) -> str:
    """Traditional characters → simplified, one for one: `"新增就業"` → `"新增就业"`."""
    text = _SURROGATE.sub("\ufffd", text)  # the source of a damaged page may hold halves of pairs
    new: str = _converter().convert(text)
    return new if len(new) == len(text) else "".join(_one_simplified(char) for char in text)


def _one_simplified(char: str) -> str:
    new: str = _converter().convert(char)
    return new if len(new) == 1 else char


@lru_cache(maxsize=16_384)
def _folded_character(char: str) -> str:
    kept = (one for one in unicodedata.normalize("NFKC", char) if not one.isspace() and _visible(one))
    return "".join(_marks().get(one, one) for one in kept).lower()


def _visible(char: str) -> bool:
    return unicodedata.category(char) not in ("Cf", "Cc", "Mn")


@cache
def _marks() -> dict[str, str]:
    table: dict[str, str] = citing_data()["fold"]
    return {one: new for several, new in table.items() for one in several}


@cache
def _converter() -> Any:
    import opencc

    return opencc.OpenCC("t2s")
