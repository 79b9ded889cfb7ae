"""How likely a run of simplified characters is: dictionary words, words of the field, and the page's own words.

Costs are negative logarithms of probabilities in nats, so that costs of independent parts add up.
"""

from __future__ import annotations

import csv
import math
import re
from collections import Counter
from functools import cache, lru_cache
from pathlib import Path

from zhengwen.ingest.garble_bytes import encoded, is_han, odd

LONGEST = 5
"""The longest word looked up, in characters."""
_ALONE = 0.03
"""Characters that the table of the field does not list stand alone less often than in a general dictionary's texts."""
_TOTAL = math.log(6.0e7)
_OWN_COUNT = 250.0
"""What one occurrence in the page weighs against the dictionary's counts."""
_SYMBOLS = {
    "，,": 3.0,
    "。、": 4.5,
    "；;：:“”": 5.5,
    "0123456789.%": 4.0,
    "！？!?（）()《》—-/+×~ \n[]": 7.0,
    "·…’‘": 10.0,
}
"""Costs of marks and digits, by how often reports hold them."""
_RUNS = re.compile(r"[\u3400-\u9fff]+")


@cache
def simplified(character: str) -> str:
    """The simplified form of one character; 著 counts as 着, which character-wise conversion writes so."""
    return "着" if character == "著" else _converter("t2s")(character)


@cache
def traditional(character: str) -> str:
    """The traditional form of one character."""
    return _converter("s2t")(character)


def is_traditional(character: str) -> bool:
    """True for a character that simplified text does not use."""
    return is_han(character) and character != "著" and simplified(character) != character


def is_simplified_only(character: str) -> bool:
    """True for a character that a conversion to traditional characters would have changed."""
    return is_han(character) and simplified(character) == character and traditional(character) != character


class _Converter:
    def __init__(self, name: str) -> None:
        import opencc

        self._convert = opencc.OpenCC(name).convert

    def __call__(self, text: str) -> str:
        return str(self._convert(text))


@cache
def _converter(name: str) -> _Converter:
    return _Converter(name)


class Words:
    """A language model for one page: `Words(page).cost("市委")` is small, `.cost("谑形")` large."""

    def __init__(self, page: str) -> None:
        """`page`: the page's text in simplified characters, readings removed; damaged runs do little harm."""
        import rjieba

        self._has, self._frequency = rjieba.has_word, rjieba.suggest_freq
        self._field = _field_words()
        self._own = _own_words(page)
        self.cost = lru_cache(maxsize=1 << 18)(self._cost)
        """Of one word of 1 to `LONGEST` characters; infinite where it is none."""

    def _cost(self, word: str) -> float:
        count = float(self._frequency(word)) if self._has(word) else 0.0
        known = self._field.get(word)
        if len(word) == 1:
            count = known if known is not None else max(count * _ALONE, _floor(word))
        elif known is not None:
            count = max(count, known)
        own = self._own.get(word, 0)
        if len(word) == 1:
            count += 10.0 * own
        elif own > 1 or (own and count):
            count += _OWN_COUNT * own
        return _TOTAL - math.log(count) if count else math.inf


@cache
def symbol_cost(character: str) -> float:
    """Of one character that is no ideograph, as its own word."""
    for characters, cost in _SYMBOLS.items():
        if character in characters:
            return cost
    if character.isascii():
        return 9.0 if character.isalpha() else 13.0
    return 19.0 if odd(character) else 13.0


@cache
def _floor(character: str) -> float:
    """The count taken for a character alone: common ones are words of names, rare ones hardly occur."""
    code = encoded(traditional(character)) or b""
    simple = encoded(character) or b""
    if len(simple) == 2 and simple[1] >= 0xA1:
        if 0xB0 <= simple[0] <= 0xD7:
            return 30.0
        if 0xD8 <= simple[0] <= 0xF7:
            return 3.0
    return 0.3 if code else 0.1


def _own_words(page: str) -> Counter[str]:
    own: Counter[str] = Counter()
    for run in _RUNS.findall(page):
        for length in range(1, LONGEST):
            own.update(run[at : at + length] for at in range(len(run) - length + 1))
    return own


@cache
def _field_words() -> dict[str, float]:
    with (Path(__file__).parent / "garble_words.csv").open(encoding="utf-8", newline="") as lines:
        return {row["word"]: float(row["count"]) for row in csv.DictReader(lines)}
