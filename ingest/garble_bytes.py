"""GBK as the damaged pages saw it: two bytes a character, cut in the wrong places and read back as CP936.

`read(b"\\x82\\x83\\xd4(c\\xa8\\xa8)\\xda\\xca")` gives `們?cè)谑`: the byte D4 and the bracket after it became one `?`.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from functools import cache

LOST = "?"
"""What a reader shows for bytes that are no character."""

MARKS: dict[str, bytes] = {"!": b"\xa3\xa1", "?": b"\xa3\xbf", ",": b"\xa3\xac", "、": b"\xa1\xa2"}
"""The marks at which the damaged pages were cut, by their folded form."""

HOLES = frozenset("?？\ufffd")
FOLDED = {chr(ord(c) + 0xFEE0): c for c in "!?,:;()"}
FULL = {narrow: wide for wide, narrow in FOLDED.items()}
WIDE = {narrow: wide for narrow, wide in FULL.items() if narrow not in "()"}
"""Marks that a page may have folded, as they stood before."""


@dataclass(frozen=True, slots=True)
class Event:
    """What befell the byte stream before byte `at`: an insertion, a cut, an eaten ASCII character."""

    at: int
    kind: str
    """"insert" | "cut" | "eaten" | "vanish" (the last only explains)."""
    text: str = ""


@cache
def pair(high: int, low: int) -> str | None:
    """The character of two bytes, or None where CP936 has none."""
    try:
        return bytes((high, low)).decode("gbk")
    except UnicodeDecodeError:
        return None


@cache
def encoded(character: str) -> bytes | None:
    """The bytes of a character: one for ASCII and for the euro sign, two for the rest, None where CP936 lacks it.

    Private-use characters, which browsers show as boxes, stand for the pairs that CP936 leaves to them.
    """
    if character == "€":
        return b"\x80"
    try:
        return character.encode("gb18030" if is_private(character) else "gbk")
    except UnicodeEncodeError:
        return None


@cache
def unseen(high: int, low: int) -> bool:
    """True for a pair that is read as a private-use character and shows nothing."""
    if not (0x81 <= high <= 0xFE and 0x40 <= low <= 0xFE and low != 0x7F):
        return False
    return pair(high, low) is None


def fold(text: str) -> str:
    """The text with full-width marks, brackets and replacement characters in ASCII, as the pages were folded."""
    return "".join(LOST if c in HOLES else FOLDED.get(c, c) for c in text)


def read(stream: bytes, *, keeps_ascii: bool = False, silent: bool = False) -> str:
    """Read bytes as CP936 does. A lead byte without a trail byte takes the ASCII character after it along into one `?`.

    `keeps_ascii`: the reader leaves that ASCII character standing, as browsers do. `silent`: it shows no `?` at all.
    """
    lost = "" if silent else LOST
    shown: list[str] = []
    at = 0
    while at < len(stream):
        byte = stream[at]
        if byte < 0x80:
            shown.append(chr(byte))
            at += 1
        elif byte in (0x80, 0xFF):
            shown.append("€" if byte == 0x80 else lost)
            at += 1
        elif at + 1 == len(stream):
            shown.append(lost)
            at += 1
        else:
            low = stream[at + 1]
            if low < 0x40 or low == 0x7F:
                shown.append(lost)
                at += 1 if keeps_ascii else 2
            else:
                if not unseen(byte, low):
                    shown.append(pair(byte, low) or "")
                at += 2
    return "".join(shown)


def garble_again(text: str, events: Sequence[Event], *, keeps_ascii: bool = False, silent: bool = False) -> str:
    """Write the given damage into a repaired text: what would have been seen, folded.

    Where one character was eaten the text holds a `?` for it; any digit takes its place before it is eaten again.
    """
    stream = b"".join(encoded(character) or b" " for character in text)
    pieces: list[bytes] = [b""]
    at = 0
    for event in events:
        pieces[-1] += stream[at : event.at]
        at = event.at
        if event.kind == "cut":
            pieces.append(b"")
        elif event.kind == "eaten":
            pieces[-1] += b"0"
            at += 1
        elif event.kind == "insert":
            pieces[-1] += event.text.encode("gbk", errors="replace")
    pieces[-1] += stream[at:]
    return fold("".join(read(piece, keeps_ascii=keeps_ascii, silent=silent) for piece in pieces))


def comparable(text: str) -> str:
    """A seen text as `garble_again` writes it: folded, a blank for each character that GBK lacks, no private ones."""
    return "".join(c if c == LOST or encoded(c) is not None else " " for c in fold(text) if not is_private(c))


def is_private(character: str) -> bool:
    """True for the private-use characters that have two bytes in GBK."""
    return "\ue000" <= character <= "\ue765"


def is_han(character: str) -> bool:
    """True for an ideograph."""
    return "\u3400" <= character <= "\u9fff"
