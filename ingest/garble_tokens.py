"""A line of a damaged page as the units its reader saw: characters, bracketed readings, holes, and remains of tags."""

from __future__ import annotations

import re
from dataclasses import dataclass

from zhengwen.ingest.garble_bytes import FOLDED, HOLES, MARKS
from zhengwen.ingest.garble_readings import LETTERS, Bracket, bracket_at, tail_at

_TAG = re.compile(r"/?(?:span|p|br|div|a|b|i|u|em|strong|font|img|td|tr|li|ul|h[1-6]|script|style)\b[^<>\n]{0,300}>")
_HIDDEN = re.compile(r"display\s*:\s*none|visibility\s*:\s*hidden|font-size\s*:\s*0|hidden", re.IGNORECASE)
_LETTER = re.compile(f"[{LETTERS}A-Z]")


@dataclass(frozen=True, slots=True)
class Token:
    """`kind`: "char", "bracket" (a reading), "hole" (bytes that were no character) or "tag"."""

    kind: str
    start: int
    end: int
    text: str
    bracket: Bracket | None = None

    @property
    def mark(self) -> bytes | None:
        """The bytes of one of the marks at which a page may have been cut."""
        return MARKS.get(FOLDED.get(self.text, self.text)) if len(self.text) == 1 else None


def tokens(text: str, start: int, end: int) -> list[Token]:
    """The tokens of text[start:end], which is one line."""
    found: list[Token] = []
    at = start
    while at < end:
        token = _token(text, at, found[-1] if found else None, end)
        found.append(token)
        at = token.end
    return found


def _token(text: str, at: int, before: Token | None, end: int) -> Token:
    character = text[at]
    after_hole = before is not None and before.kind == "hole"
    bracket: Bracket | None = None
    if character in "(（":
        bracket = bracket_at(text, at)
    elif _LETTER.match(character):
        if after_hole and (tag := _TAG.match(text, at)):
            return _tag(text, at, tag, end)
        if after_hole or before is None or not (_LETTER.match(before.text[-1]) or before.text[-1] in "(（"):
            bracket = tail_at(text, at, toned=not after_hole)
    elif after_hole and character == "/" and (tag := _TAG.match(text, at)):
        return _tag(text, at, tag, end)
    if bracket is not None and bracket.end <= end:
        return Token("bracket", at, bracket.end, text[at : bracket.end], bracket)
    return Token("hole" if character in HOLES else "char", at, at + 1, character)


def _tag(text: str, at: int, tag: re.Match[str], end: int) -> Token:
    stop = end if _HIDDEN.search(tag[0]) else tag.end()
    return Token("tag", at, stop, text[at:stop])
