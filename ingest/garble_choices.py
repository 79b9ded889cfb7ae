"""What the search for a damaged stretch may choose from, and which of its paths it keeps."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Sequence
from functools import cache

from zhengwen.ingest.garble_bytes import is_han, pair, unseen
from zhengwen.ingest.garble_path import QUOTE_COST, Choices, Path, plausible
from zhengwen.ingest.garble_readings import reads
from zhengwen.ingest.garble_tokens import Token

_BEAM = 32
"""How many paths of one length are kept."""
_LENGTHS = 4
"""How many lengths are kept: the cheapest ones, and the cheapest for their length."""
_USUAL = 2.0
"""What a byte usually costs, in nats."""
WINDOW = 14.0
"""Paths dearer than the cheapest of their length by more nats are dropped."""
_ALIKE = 3
"""How many paths with the same future are kept, so that a rival is known."""
LEADS = tuple(range(0x81, 0xFF))


def pruned(paths: Iterable[Path]) -> list[Path]:
    """The cheapest paths of each length; of those with the same future only a few, and no text twice.

    Lengths are kept apart, because a longer text is dearer although it may be the one that was written.
    """
    ordered = sorted(paths, key=lambda path: path.cost)
    cheapest: dict[int, float] = {}
    for path in ordered:
        cheapest.setdefault(len(path.stream), path.cost)
    ranks = {length: cost - _USUAL * length for length, cost in cheapest.items()}
    lengths = set(sorted(ranks, key=lambda length: ranks[length])[:_LENGTHS]) | set(list(cheapest)[:_LENGTHS])
    alike: Counter[object] = Counter()
    counts: Counter[int] = Counter()
    seen: set[object] = set()
    kept: list[Path] = []
    for path in ordered:
        length = len(path.stream)
        if length not in lengths or counts[length] >= _BEAM or path.cost > cheapest[length] + WINDOW:
            continue
        key, same = path.key, (path.text, path.pending, path.events)
        if alike[key] < _ALIKE and same not in seen:
            alike[key] += 1
            counts[length] += 1
            seen.add(same)
            kept.append(path)
    return kept


def foreseeing(paths: list[Path], rest: Sequence[Token]) -> list[Path]:
    """The paths at the price of the next quotation mark after them, which closes a quotation or opens one."""
    following = next((token for token in rest if token.kind == "hole" or token.text in "“”"), None)
    if following is not None and following.kind == "hole":
        return paths
    open_after = following is not None and following.text == "”"
    judged = [path.dearer(QUOTE_COST) if path.quoted != open_after else path for path in paths]
    return sorted(judged, key=lambda path: path.cost)


@cache
def ends(high: int, lows: tuple[int, ...]) -> Choices:
    """The bytes that make a plausible character after the byte `high`, and that character."""
    return tuple((low, pair(high, low) or "") for low in lows if plausible(high, low))


@cache
def begins(low: int) -> Choices:
    """The bytes that make a plausible character before the byte `low`, and that character."""
    return tuple((high, pair(high, low) or "") for high in LEADS if plausible(high, low))


@cache
def seconds(high: int, following: tuple[int, ...], reading: str = "") -> Choices:
    """Bytes unseen after `high` that lead a plausible character, and which; its trail byte is one of `following`.

    `reading`: only characters that are read so.
    """
    found = (
        (low, pair(low, trail) or "")
        for low in range(0x81, 0xFF)
        if unseen(high, low)
        for trail in following
        if plausible(low, trail)
    )
    return tuple((low, character) for low, character in found if not reading or reads(character, reading))


@cache
def lost_bytes(before: int, reading: str) -> tuple[int, ...]:
    """Bytes that make, after the byte `before`, a character with that reading."""
    pairs = ((low, pair(before, low)) for low in range(0x81, 0xFF))
    return tuple(low for low, character in pairs if character and is_han(character) and reads(character, reading))
