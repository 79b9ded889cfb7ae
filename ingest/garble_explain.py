"""What the mender says of a repair, and what it compares: texts by their simplified form, marks by the page's own."""

from __future__ import annotations

from collections.abc import Sequence

from zhengwen.ingest.garble_bytes import FOLDED, Event, pair
from zhengwen.ingest.garble_forms import simplified, traditional
from zhengwen.ingest.garble_path import Path


def narrowed(text: str) -> frozenset[str]:
    """The full-width marks that a page shows in ASCII: it shows them so, or it lacks them and shows most others so."""
    narrow = sum(map(text.count, FOLDED.values()))
    full = sum(map(text.count, FOLDED))
    return frozenset(
        wide
        for wide, mark in FOLDED.items()
        if text.count(mark) > text.count(wide) or (text.count(mark) == text.count(wide) and narrow > full)
    )


def explained(stream: bytes, events: Sequence[Event]) -> str:
    """What befell a stretch of bytes, in words."""
    parts = []
    for event in events:
        if event.kind == "insert" and event.text.startswith("<"):
            parts.append("a tag lost its < to the byte before it, and what it hid was left in the text")
        elif event.kind == "insert":
            high, low = stream[event.at - 2], stream[event.at - 1]
            parts.append(f"{event.text} was put after the bytes {high:02X} {low:02X}, which are {pair(high, low)}")
        elif event.kind == "cut":
            where = f"before {event.text}" if event.text else "at the end of the line"
            parts.append(f"the page was cut {where} and the byte {stream[event.at - 1]:02X} lost")
        elif event.kind == "vanish":
            parts.append(f"the bytes {event.text}, read as a character that shows nothing, were lost")
    return "; ".join(parts)


def in_simplified(text: str) -> str:
    """The text as a reader of simplified characters sees it, character by character."""
    return "".join(map(simplified, text))


def unusual(text: str) -> int:
    """How many characters are not the usual traditional form: 鎭 for 鎮, which are one in simplified text."""
    return sum(traditional(simplified(character)) != character for character in text)


def differing(best: Path, rival: Path | None) -> str:
    """The two readings of a place that cannot be decided."""
    return best.text if rival is None else f"{best.text} / {rival.text}"
