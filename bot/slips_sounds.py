"""How words sound, toneless: for telling a slip of the ear from another word."""

from __future__ import annotations

from functools import cache, lru_cache
from itertools import product
from pathlib import Path
from typing import Any

import yaml

_MOST_READINGS = 8


@cache
def slip_data(name: str) -> dict[str, Any]:
    """slips.yaml or readings.yaml, loaded once."""
    text = (Path(__file__).parent / name).read_text(encoding="utf-8")
    loaded: dict[str, Any] = yaml.load(text, Loader=getattr(yaml, "CSafeLoader", yaml.SafeLoader))
    return loaded


@cache
def _readings() -> dict[str, tuple[str, ...]]:
    """The toneless readings of a character, the usual one first."""
    found: dict[str, tuple[str, ...]] = {}
    for reading, characters in slip_data("readings.yaml").items():
        for character in characters:
            found[character] = (*found.get(character, ()), reading)
    return found


@cache
def _loose(reading: str) -> str:
    """The reading as one hears it who does not keep n and l, z and zh, in and ing apart."""
    data = slip_data("slips.yaml")
    for plain, other in data["confused_initials"]:
        if reading.startswith(other):
            reading = plain + reading.removeprefix(other)
    for plain, other in data["confused_finals"]:
        if reading.endswith(other):
            reading = reading.removesuffix(other) + plain
    return reading


@lru_cache(maxsize=1 << 15)
def sounds(word: str, *, loose: bool = False) -> frozenset[tuple[str, ...]]:
    """How a word may sound, syllable by syllable; empty where a character's reading is not known.

    `sounds("滨城")` → `{("bin", "cheng")}`
    """
    known = _readings()
    each = [known.get(character, ()) for character in word]
    count = 1
    for readings in each:
        count *= len(readings)
    if not 0 < count <= _MOST_READINGS:
        return frozenset() if not count else frozenset({tuple(readings[0] for readings in each)})
    ways = product(*each)
    return frozenset(tuple(_loose(one) for one in way) if loose else way for way in ways)
