"""How likely the next character of a report is, given the four before it: a table of runs of characters.

Costs are negative logarithms of probabilities in nats, so that costs of parts add up. The table is made by
benchmarks/build_characters.py, which tells how; it holds runs of up to five characters, and no sentence.
"""

from __future__ import annotations

import json
import lzma
import re
from array import array
from bisect import bisect_left
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from functools import cache, lru_cache
from pathlib import Path

import numpy as np
import numpy.typing as npt

BITS = 12
"""Bits of a character's number: 4,096 characters."""
LONGEST = 5
STEP = 1 / 16
"""Nats of one step of a stored cost."""
OUT, BREAK = "*", "\n"
"""Stand for every character that the table lacks, and for the edge of a line."""
DIGITS, LATIN = "0", "a"
"""Stand for a run of digits, and for a run of Latin letters."""
TABLE = Path(__file__).parent / "garble_characters.bin"
_RUN = re.compile(r"[0-9]+(?:[.,，．][0-9]+)*|[A-Za-z]+")
_WIDE = {code: code - 0xFEE0 for code in (*range(0xFF10, 0xFF1A), *range(0xFF21, 0xFF3B), *range(0xFF41, 0xFF5B))}
_MARKS = {ord(narrow): wide for narrow, wide in zip(",!?:;()", "，！？：；（）", strict=True)}
_BLANKS = re.compile(r"[^\S\n]+")
_LINES = re.compile(r"\s*\n\s*")


def normal(text: str) -> str:
    """A text as the table counts it: runs of digits and of letters as one character each, marks wide, no blanks."""
    text = _RUN.sub(lambda run: DIGITS if run[0][0].isdigit() else LATIN, text.translate(_WIDE))
    return _LINES.sub(BREAK, _BLANKS.sub("", text.translate(_MARKS)))


def coded(text: str, index: Mapping[str, int]) -> list[int]:
    """The numbers of a text's characters, with a line's edge before and after."""
    return [1, *(index.get(character, 0) for character in normal(text).strip()), 1]


@dataclass(frozen=True, slots=True)
class Table:
    """Runs of one length: `keys` ascending; `costs` of the last character, and of what follows none of these runs."""

    keys: Sequence[int]
    costs: bytes
    left: bytes


def saved(letters: str, tables: Sequence[Table]) -> bytes:
    """A language as bytes: a line of JSON, then for each length the packed steps between keys, the costs, the rest."""
    parts: list[bytes] = []
    for table in tables:
        parts += [_packed(table.keys), table.costs, table.left]
    packed = [lzma.compress(part, preset=9 | lzma.PRESET_EXTREME) for part in parts]
    head = json.dumps({"letters": letters, "sizes": [len(part) for part in packed]}).encode()
    return b"".join([head, b"\n", *packed])


def _packed(keys: Sequence[int]) -> bytes:
    packed = bytearray()
    last = 0
    for key in keys:
        step, last = key - last, key
        while step >= 0x80:
            packed.append(step & 0x7F | 0x80)
            step >>= 7
        packed.append(step)
    return bytes(packed)


def _unpacked(packed: bytes) -> array[int]:
    data = np.frombuffer(packed, dtype=np.uint8)
    ends = np.flatnonzero(data < 0x80)
    starts = np.concatenate([[0], ends[:-1] + 1])
    place = np.arange(len(data)) - np.repeat(starts, ends - starts + 1)
    parts = (data & 0x7F).astype(np.uint64) << (7 * place).astype(np.uint64)
    keys = np.cumsum(np.add.reduceat(parts, starts), dtype=np.uint64)
    return array("Q", keys.tobytes())


_UNKNOWN, _RARE = 18.0, 15.0
"""Costs of a character that the table lacks, and of one that it lists without ever having seen it."""


class Language:
    """The table. `cost(context, character)` with numbers of characters, the context packed into one number."""

    def __init__(self, data: bytes) -> None:
        head, _, body = data.partition(b"\n")
        made = json.loads(head)
        self.index: dict[str, int] = {letter: at for at, letter in enumerate(made["letters"])}
        parts: list[bytes] = []
        at = 0
        for size in made["sizes"]:
            parts.append(lzma.decompress(body[at : at + size]))
            at += size
        self._tables = [(_unpacked(parts[i]), parts[i + 1], parts[i + 2]) for i in range(0, len(parts), 3)]
        self._views = [np.frombuffer(keys, dtype=np.uint64) for keys, _, _ in self._tables]
        self._values = [np.frombuffer(costs, dtype=np.uint8).astype(np.float32) * STEP for _, costs, _ in self._tables]
        self._alone = np.full(len(self.index), _RARE, dtype=np.float32)
        self._alone[self._views[0].astype(np.int64)] = self._values[0]
        self._alone[0] = _UNKNOWN
        self.cost = lru_cache(maxsize=1 << 17)(self._cost)
        """Of a character after up to four others, the nearest in the lowest bits; 0 for none."""

    def _cost(self, context: int, character: int) -> float:
        if not character:
            return _UNKNOWN
        steps = 0
        length = (context.bit_length() + BITS - 1) // BITS
        while length:
            keys, costs, _ = self._tables[length]
            key = context << BITS | character
            at = bisect_left(keys, key)
            if at < len(keys) and keys[at] == key:
                return (steps + costs[at]) * STEP
            keys, _, left = self._tables[length - 1]
            at = bisect_left(keys, context)
            if at < len(keys) and keys[at] == context:
                steps += left[at]
            length -= 1
            context &= (1 << length * BITS) - 1
        keys, costs, _ = self._tables[0]
        at = bisect_left(keys, character)
        known = at < len(keys) and keys[at] == character
        return (steps + costs[at]) * STEP if known else steps * STEP + _RARE

    def costs(self, context: int) -> npt.NDArray[np.float32]:
        """Of every character after a context, by its number: what `cost` gives, at once."""
        costs = self._alone.copy()
        for length in range(1, LONGEST):
            near = context & ((1 << length * BITS) - 1)
            if near >> (length - 1) * BITS == 0:
                break
            keys, _, left = self._tables[length - 1]
            at = bisect_left(keys, near)
            if at < len(keys) and keys[at] == near:
                costs[1:] += left[at] * STEP
                keys = self._tables[length][0]
                low, high = bisect_left(keys, near << BITS), bisect_left(keys, near + 1 << BITS)
                costs[self._views[length][low:high] & np.uint64((1 << BITS) - 1)] = self._values[length][low:high]
        return costs


@cache
def language() -> Language:
    """The language of reports, as it is shipped."""
    return Language(TABLE.read_bytes())
