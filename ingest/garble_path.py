"""One hypothesis of what was written, and how it grows byte by byte."""

from __future__ import annotations

from functools import cache

import numpy as np
import numpy.typing as npt

from zhengwen.ingest.garble_bytes import Event, encoded, is_han, pair
from zhengwen.ingest.garble_forms import is_simplified_only, simplified
from zhengwen.ingest.garble_language import BREAK
from zhengwen.ingest.garble_page import Page

QUOTE_COST = 6.0
_SENTENCE = 10
"""Quotations shorter than this, in characters, hold a name and not a sentence with its full stop."""
_USUAL = 4.0
_AMBIGUOUS = frozenset("后里云干台系着面谷余松斗几范表制准出冲千周志注游蒙采了于")
"""Simplified forms that character-wise conversion may leave as they are."""

_MARKS = frozenset("，。、；：“”0123456789.%！？（）()《》—-/+×~·…’‘ ,:;!?[]")
"""What a report holds beside ideographs."""


class Path:
    """`text` so far, its bytes in `stream`, and the `events` that must have befallen them. Never changed once made."""

    __slots__ = ("context", "cost", "ends", "events", "guessed", "literal", "pending", "quoted", "stream", "text")

    def __init__(
        self,
        text: str = "",
        stream: bytes = b"",
        pending: int | None = None,
        context: int = 0,
        cost: float = 0.0,
        quoted: bool = False,
        events: tuple[Event, ...] = (),
        ends: tuple[tuple[int, int, int], ...] = ((0, 0, 0),),
        guessed: str = "",
        literal: bool = False,
    ) -> None:
        self.text = text
        self.stream = stream
        self.pending = pending
        """A lead byte in hand, without its trail byte: the page was being read one byte off."""
        self.context = context
        """The last three characters, as the page's language model numbers them."""
        self.cost = cost
        """Of the whole text and of all that happened to it, in nats."""
        self.quoted = quoted
        self.events = events
        self.ends = ends
        """(tokens read, text length, stream length) at each place where the reading was in step."""
        self.guessed = guessed
        """The characters of which a byte was lost and no reading tells which."""
        self.literal = literal
        """True if some reading in brackets was taken for the writer's own text."""

    @property
    def rank(self) -> float:
        """The cost less what so many characters usually cost, to compare paths of unlike length on the way."""
        return self.cost - _USUAL * len(self.text)

    @property
    def key(self) -> tuple[object, ...]:
        """What the future of a path depends on: of paths that agree in it only the cheapest few need be kept."""
        return self.pending, self.context, self.stream[-2:], self.quoted, len(self.stream) - self.last_event

    @property
    def last_event(self) -> int:
        return max(self.events[-1].at, len(self.stream) - 3) if self.events else len(self.stream) - 3

    def happened(self, event: Event, cost: float = 0.0) -> Path:
        """The path with one more event."""
        return self._with(self.cost + cost, (*self.events, event), self.ends)

    def dearer(self, cost: float) -> Path:
        if not cost:
            return self
        return self._with(self.cost + cost, self.events, self.ends)

    def in_step(self, index: int) -> Path:
        """The path that stands before token `index` with no byte in hand."""
        return self._with(self.cost, self.events, (*self.ends, (index, len(self.text), len(self.stream))))

    def guess(self, character: str) -> Path:
        path = self._with(self.cost, self.events, self.ends)
        path.guessed += character
        return path

    def taken_literally(self) -> Path:
        path = self._with(self.cost, self.events, self.ends)
        path.literal = True
        return path

    def _with(self, cost: float, events: tuple[Event, ...], ends: tuple[tuple[int, int, int], ...]) -> Path:
        return Path(
            self.text,
            self.stream,
            self.pending,
            self.context,
            cost,
            self.quoted,
            events,
            ends,
            self.guessed,
            self.literal,
        )


Choices = tuple[tuple[int, str], ...]
"""What a byte may have been, and the character that it makes. Made once and kept: they are known by identity."""


class Grower:
    """Adds bytes and characters to paths at the price that the page's language model asks."""

    def __init__(self, page: Page) -> None:
        self._page = page
        self._after = page.wording.after
        self._costs = page.wording.costs
        self._known: dict[int, npt.NDArray[np.int64]] = {}
        self._number = page.wording.number

    def pushed(self, path: Path, code: bytes) -> Path | None:
        """The path with more bytes, or None where they make no character."""
        for byte in code:
            if path.pending is not None:
                character = pair(path.pending, byte)
                if character is None:
                    return None
                path = self.emitted(path, character, bytes((byte,)), mixed=True)
            elif byte < 0x80:
                path = self.emitted(path, chr(byte), bytes((byte,)))
            elif 0x81 <= byte <= 0xFE:
                path = Path(
                    path.text, path.stream + bytes((byte,)), byte, path.context, path.cost, path.quoted,
                    path.events, path.ends, path.guessed, path.literal,
                )  # fmt: skip
            else:
                return None
        return path

    def written(self, path: Path, text: str) -> Path:
        """The path with a text taken as it stands."""
        for character in text:
            path = self.emitted(path, character, encoded(character) or b" ")
        return path

    def emitted(self, path: Path, character: str, code: bytes, *, mixed: bool = False) -> Path:
        """The path with one more character, ending with the bytes `code`; `mixed`: of bytes read apart."""
        context, cost = self._after(path.context, character)
        extra, quoted = 0.0, path.quoted
        if character in "“”":
            extra = QUOTE_COST if quoted == (character == "“") else 0.0
            if character == "”" and path.text.endswith("。") and "“" in path.text[-_SENTENCE:]:
                extra += QUOTE_COST
            quoted = character == "“"
        if mixed:
            extra += self._page.character_cost(character)
        return Path(
            path.text + character, path.stream + code, None, context, path.cost + cost + extra, quoted,
            path.events, path.ends, path.guessed, path.literal,
        )  # fmt: skip

    def eaten(self, path: Path) -> Path:
        """The path with a `?` for an ASCII character that was lost, at the price of the digit that it probably was."""
        context, cost = self._after(path.context, "0")
        return Path(
            path.text + "?", path.stream + b"?", None, context, path.cost + cost, path.quoted,
            path.events, path.ends, path.guessed, path.literal,
        )  # fmt: skip

    def ended(self, path: Path) -> Path:
        """The path at the price of a line that ends here."""
        return path.dearer(self._after(path.context, BREAK)[1])

    def price(self, path: Path, character: str) -> float:
        """What the path would cost with one more character, without making it."""
        return path.cost + self._after(path.context, character)[1]

    def cheapest(self, path: Path, choices: Choices, limit: float, count: int) -> list[tuple[float, int, str]]:
        """Of the choices the `count` that cost least after the path, none above `limit`, with the cost."""
        costs = self._costs(path.context)[self._numbers(choices)]
        near = np.flatnonzero(costs <= limit)
        if len(near) > count:
            near = near[np.argpartition(costs[near], count)[:count]]
        return sorted((float(costs[at]), *choices[at]) for at in near.tolist())

    def _numbers(self, choices: Choices) -> npt.NDArray[np.int64]:
        known = self._known.get(id(choices))
        if known is None:
            known = np.array([self._number(character) for _, character in choices], dtype=np.int64)
            self._known[id(choices)] = known
        return known


@cache
def plausible(high: int, low: int) -> bool:
    """True for characters that a report may hold: not for kana, box drawings, or ideographs outside GB 2312."""
    character = pair(high, low)
    if character is None:
        return False
    if is_han(character):
        if is_simplified_only(character) and character not in _AMBIGUOUS:
            return False
        code = encoded(simplified(character))
        return code is not None and len(code) == 2 and 0xB0 <= code[0] <= 0xF7 and code[1] >= 0xA1
    return character in _MARKS
