"""What a damaged page says about its own damage: which characters it annotates, which it leaves, and its words."""

from __future__ import annotations

import csv
import re
from collections import Counter
from functools import cache
from pathlib import Path

from zhengwen.ingest.garble_bytes import HOLES, encoded, is_han
from zhengwen.ingest.garble_forms import is_simplified_only, is_traditional, simplified
from zhengwen.ingest.garble_readings import Bracket, cut_hinted, find_brackets, reads, tail_at
from zhengwen.ingest.garble_wording import Wording

_COMMON = range(0xB0, 0xD8)
"""Lead bytes of the 3,755 most common characters in GB 2312."""


_DAMAGED = re.compile(r".{0,6}[?？\ufffd].{0,12}")
"""What lies about a damaged place, whose words would teach nothing but damage."""


_SLIP = re.compile(r"[\u3400-\u9fff”、,，:：;；](?:[?？]|\ufffd[(（]?)(?=[^\W\d_]{1,6}[)）])")
"""Where a short text holds nothing else of this damage: a lost byte amid ideographs, and behind it a reading."""


class Page:
    """The evidence of one page: `inserted` characters with their reading, `bare` ones, and its language model."""

    def __init__(self, text: str) -> None:
        self.brackets = list(find_brackets(text))
        self.inserted, self._counts = self._annotated(text)
        stripped = _without(text, self.brackets)
        self._seen = Counter(stripped)
        sound = _DAMAGED.sub("\n", stripped)
        self.wording = Wording("".join(simplified(c) if is_han(c) else c for c in sound))
        self._slipped = any(tail_at(text, match.end(), toned=True) for match in _SLIP.finditer(text)) or (
            cut_hinted(text) and any(map(is_traditional, set(text)))
        )
        self.silent = not any(hole in text for hole in HOLES)
        """True for a page whose reader showed nothing for lost bytes."""

    def _annotated(self, text: str) -> tuple[dict[str, str], Counter[str]]:
        inserted: dict[str, str] = {}
        counts: Counter[str] = Counter()
        for bracket in self.brackets:
            character = text[bracket.start - 1 : bracket.start]
            if character and is_han(character) and reads(character, bracket.reading):
                inserted.setdefault(character, bracket.reading)
                counts[character] += 1
        return inserted, counts

    def explains(self, character: str, bracket: Bracket) -> bool:
        """True if the bracket is an insertion after this character and not a writer's own gloss of a rare one."""
        if not is_han(character) or not reads(character, bracket.reading):
            return False
        if is_traditional(character) or bracket.shown.count(bracket.reading) > 1:
            return True
        code = encoded(character) or b"\0"
        return code[0] in _COMMON or self._counts[character] > 1

    def gloss(self, character: str, bracket: Bracket) -> bool:
        """True if the bracket is a writer's own gloss of the character before it, such as of a rare name."""
        return bracket.opened and reads(character, bracket.reading) and not self.explains(character, bracket)

    @property
    def damaged(self) -> bool:
        """True if the page bears the mark of this damage: a reading after a traditional character, or a slip."""
        return self._slipped or any(is_traditional(character) for character in self.inserted)

    def always(self, character: str) -> bool:
        """True if the page annotates this character wherever it stands alone in the stream."""
        return self._counts[character] > 0 and self._counts[character] >= 0.9 * self._seen[character]

    def insert_cost(self, character: str) -> float:
        """How surprising it is that the page's table holds this character, in nats."""
        if character in self.inserted:
            return 0.0
        if self._seen[character] > 1:
            return 9.0
        known = _known_table().get(character)
        if known is None:
            return 2.0 if is_traditional(character) else 7.0
        return 0.5 if known else 5.0

    def character_cost(self, character: str) -> float:
        """How surprising it is that a traditional page holds this character at all, its word aside, in nats."""
        if "Ａ" <= character <= "ｚ":
            return 8.0
        return 5.0 if is_simplified_only(character) and self._seen[character] < 2 else 0.0


def _without(text: str, brackets: list[Bracket]) -> str:
    parts: list[str] = []
    at = 0
    for bracket in brackets:
        parts.append(text[at : bracket.start])
        at = bracket.end
    return "".join([*parts, text[at:]])


@cache
def _known_table() -> dict[str, bool]:
    with (Path(__file__).parent / "garble_table.csv").open(encoding="utf-8", newline="") as lines:
        rows = list(csv.DictReader(lines))
    return {character: row["inserted"] == "yes" for row in rows for character in row["characters"]}
