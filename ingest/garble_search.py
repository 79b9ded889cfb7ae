"""The shortest path from what was seen back to what was written.

A path reads the tokens of a line from left to right as bytes. Where it has a lead byte in hand, the page was being read
one byte off; lost bytes are guessed there and only there, and every guess must end in characters that make words. Costs
are nats: the language model's, plus a little for each rare turn of events.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from heapq import nsmallest

from zhengwen.ingest.garble_bytes import FULL, MARKS, WIDE, Event, encoded, is_han, pair, unseen
from zhengwen.ingest.garble_choices import (
    LEADS,
    WINDOW,
    begins,
    ends,
    foreseeing,
    lost_bytes,
    pruned,
    seconds,
)
from zhengwen.ingest.garble_language import LONGEST
from zhengwen.ingest.garble_page import Page
from zhengwen.ingest.garble_path import Grower, Path
from zhengwen.ingest.garble_readings import Bracket, reads
from zhengwen.ingest.garble_tokens import Token

_LITERAL_COST, _EATEN_COST, _SILENT_COST, _VANISH_COST = 25.0, 3.0, 4.0, 2.0
_VANISH_BEAM, _LOST_BEAM, _VANISH_WINDOW, _AGAIN_WINDOW = 6, 3, 10.0, 5.0
_STRETCH_EFFORT, _PAGE_EFFORT = 4_000, 30_000
"""Paths looked at for one stretch and for a page; the rest is left and marked, so that no page takes for ever."""
_AHEAD = 12
"""A stretch goes on where the next damaged token is no farther away than this."""
_ENDS, _SECONDS = 16, 40
"""How many characters are tried for a byte that was lost, and after it."""
_ONE_MORE, _TWO_MORE = 14.0, 24.0
"""Those dearer than these, in nats, are not tried: the first, and both."""
_ONCE, _TWICE, _AFTER = 30, 8, 16
"""How many paths go on after a pair that vanished: alone, as the first of two, as the second."""
_FIRST_OF_UNSEEN = tuple(high for high in LEADS if any(unseen(high, low) for low in LEADS))
"""Lead bytes of pairs that may show nothing."""


class Search:
    """Finds what was written for the tokens of one stretch of a page."""

    def __init__(self, page: Page) -> None:
        self._page = page
        self._grow = Grower(page)
        self._effort = 0

    def paths(self, items: Sequence[Token], *, quoted: bool, seeds: frozenset[int]) -> tuple[list[Path], int]:
        """The best paths, cheapest first, and how many tokens they cover.

        `seeds`: the indexes of tokens that are out of order. Stops some tokens after the last of them, in step.
        """
        layers: dict[int, list[Path]] = {0: [Path(quoted=quoted)]}
        calm, effort = 0, self._effort
        for at in range(len(items)):
            beam = pruned(layers.pop(at, []))
            if not beam:
                continue
            self._effort += len(beam)
            if at and self._effort > min(effort + _STRETCH_EFFORT, _PAGE_EFFORT):
                return [], at
            near = any(seed in seeds for seed in range(at, at + _AHEAD))
            busy = near or any(path.pending is not None for path in beam)
            calm = 0 if busy else calm + 1
            if calm > LONGEST + 1 and not layers:
                return foreseeing(beam, items[at:]), at
            for path in self._widened(beam, items, at):
                for after, index in self._steps(path, items, at):
                    done = after.in_step(index) if after.pending is None else after
                    layers.setdefault(index, []).append(done)
        last = [self._grow.ended(path) for path in layers.get(len(items), []) if path.pending is None]
        return foreseeing(pruned(last), []), len(items)

    @property
    def exhausted(self) -> bool:
        """True where the page has cost so much that nothing more is searched for."""
        return self._effort > _PAGE_EFFORT

    def _widened(self, beam: list[Path], items: Sequence[Token], at: int) -> Iterator[Path]:
        """The beam, and what becomes of it when pairs vanished before this token."""
        yield from beam
        dearest = beam[0].rank + _VANISH_WINDOW
        off = [path for path in beam if path.pending is not None and path.rank <= dearest]
        near = [path for path in off[:_LOST_BEAM] if path.rank <= beam[0].rank + _AGAIN_WINDOW]
        token = items[at]
        first = encoded(token.text[0]) if token.kind == "char" else None
        if token.kind == "hole":
            bracket = items[at + 1].bracket if at + 1 < len(items) else None
            reading = bracket.reading if bracket is not None and not bracket.opened else ""
            for path in off[:_LOST_BEAM]:
                yield from self._vanished(path, LEADS, _ONCE if reading else 80, reading)
            for path in near:
                yield from self._vanished_again(path, LEADS)
        elif first is not None and (len(first) == 2 or first[0] >= 0x40):
            for path in off[:_VANISH_BEAM]:
                yield from self._vanished(path, (first[0],), _ONCE)
            for path in near[:2]:
                yield from self._vanished_again(path, (first[0],))

    def _vanished_again(self, path: Path, following: tuple[int, ...]) -> Iterator[Path]:
        """Two pairs vanished."""
        for between in self._vanished(path, _FIRST_OF_UNSEEN, _TWICE):
            yield from self._vanished(between, following, _AFTER)

    def _vanished(self, path: Path, following: tuple[int, ...], count: int, reading: str = "") -> list[Path]:
        """A pair of bytes was lost: the first ends a character, the second begins one that ends in `following`.

        The cheapest so many, judged with that second character, which has the `reading`, if one is given.
        """
        assert path.pending is not None
        prices: dict[tuple[int, int], tuple[float, Path]] = {}
        for cost, high, character in self._grow.cheapest(path, ends(path.pending, _FIRST_OF_UNSEEN), _ONE_MORE, _ENDS):
            begun = self._grow.pushed(path, bytes((high,)))
            assert begun is not None
            begun = begun.guess(character)
            choices = seconds(high, following, reading)
            for more, low, _ in self._grow.cheapest(begun, choices, _TWO_MORE - cost, _SECONDS):
                prices.setdefault((high, low), (begun.cost + more, begun))
        found: list[Path] = []
        for (high, low), (_, begun) in nsmallest(count, prices.items(), key=lambda item: item[1][0]):
            done = self._grow.pushed(begun, bytes((low,)))
            assert done is not None  # a lead byte alone makes no character yet
            event = Event(len(path.stream), "vanish", f"{high:02X} {low:02X}")
            found.append(done.happened(event, _VANISH_COST))
        return found

    def _steps(self, path: Path, items: Sequence[Token], at: int) -> Iterator[tuple[Path, int]]:
        token = items[at]
        if token.kind == "hole":
            yield from self._hole(path, items, at)
        elif token.bracket is not None:
            yield from ((after, at + 1) for after in self._bracket(path, token, token.bracket))
        elif token.kind == "tag":
            if path.pending is None:
                yield self._grow.written(path, token.text).dearer(_LITERAL_COST), at + 1
        elif path.pending is None:
            yield self._grow.written(path, WIDE.get(token.text, token.text)), at + 1
        else:
            if self._page.silent and token.mark is not None:  # in step a cut leaves no trace here
                for cut in self._cut(path, token):
                    yield self._grow.written(cut.dearer(_SILENT_COST), WIDE.get(token.text, token.text)), at + 1
            code = encoded(FULL.get(token.text, token.text))
            if code is not None and (after := self._grow.pushed(path, code)) is not None:
                yield after, at + 1

    def _bracket(self, path: Path, token: Token, bracket: Bracket) -> Iterator[Path]:
        if bracket.opened and (after := self._inserted(path, bracket)) is not None:
            yield after
        if path.pending is None and (not bracket.opened or self._page.silent):
            yield from (after.dearer(_SILENT_COST) for after in self._lost_before(path, bracket))
        if path.pending is None:
            literal = self._grow.written(path, token.text)
            gloss = path.text and self._page.gloss(path.text[-1], bracket)
            yield literal if gloss else literal.taken_literally().dearer(_LITERAL_COST)

    def _inserted(self, path: Path, bracket: Bracket) -> Path | None:
        """The reading was put after the last two bytes."""
        if len(path.stream) < 2 or path.stream[-2] < 0x81:
            return None
        character = pair(path.stream[-2], path.stream[-1])
        if character is None or not is_han(character) or not reads(character, bracket.reading):
            return None
        shown = bracket.shown if bracket.opened else "(" + bracket.shown
        straddles = path.pending is not None or path.text[-1:] != character
        if not straddles and self._page.gloss(character, bracket):
            return None
        cost = self._page.insert_cost(character) if straddles else 0.0
        return path.happened(Event(len(path.stream), "insert", shown), cost)

    def _hole(self, path: Path, items: Sequence[Token], at: int) -> Iterator[tuple[Path, int]]:
        following = items[at + 1] if at + 1 < len(items) else None
        if path.pending is None:
            yield self._grow.written(path, "？"), at + 1
        elif (mark := self._grow.pushed(path, b"\xa3\xbf")) is not None:
            yield mark, at + 1
        if following is not None and following.bracket is not None:
            yield from ((after, at + 2) for after in self._lost_before(path, following.bracket))
        if following is None or following.mark is not None:
            for after in self._cut(path, following):
                yield from (
                    self._cut_again(after, items, at) if following and following.kind == "hole" else [(after, at + 1)]
                )
        if path.pending is not None:
            skip = 2 if following is not None and following.kind == "tag" else 1
            yield from ((self._eaten(after, following), at + skip) for after in self._completed(path))

    def _lost_before(self, path: Path, bracket: Bracket) -> Iterator[Path]:
        """One byte was lost with the opening bracket: with the byte before it, a character that is read so."""
        if path.stream and path.stream[-1] >= 0x81:
            for lost in lost_bytes(path.stream[-1], bracket.reading):
                begun = self._grow.pushed(path, bytes((lost,)))
                after = None if begun is None else self._inserted(begun, bracket)
                if after is not None:
                    yield after

    def _cut(self, path: Path, following: Token | None) -> Iterator[Path]:
        """One byte was lost where the page was cut, before a mark or at the end of a line."""
        cut = following.text if following is not None else ""
        if path.pending is not None:
            for after in self._completed(path):
                yield after.happened(Event(len(after.stream), "cut", cut))
        elif following is not None and following.mark is not None:
            choices = begins(following.mark[0])
            for _, lost, character in self._grow.cheapest(path, choices, WINDOW, _SECONDS):
                begun = self._grow.pushed(path, bytes((lost,)))
                if begun is not None:
                    yield begun.guess(character).happened(Event(len(begun.stream), "cut", cut))

    def _cut_again(self, path: Path, items: Sequence[Token], at: int) -> Iterator[tuple[Path, int]]:
        """A hole follows the cut before it: a question mark that stands there, or the first byte of ！ before 、."""
        if (mark := self._grow.pushed(path, b"\xa3\xbf")) is not None:
            yield mark, at + 2
        after = items[at + 2] if at + 2 < len(items) else None
        if after is not None and after.mark == MARKS["、"]:
            half = self._grow.pushed(path, b"\xa3")
            if half is not None:
                yield half.happened(Event(len(half.stream), "cut", after.text)), at + 2

    def _completed(self, path: Path) -> Iterator[Path]:
        """The byte in hand with every trail byte that makes a plausible character and was a lead byte to the reader."""
        assert path.pending is not None
        for _, lost, character in self._grow.cheapest(path, ends(path.pending, LEADS), WINDOW, _SECONDS):
            after = self._grow.pushed(path, bytes((lost,)))
            if after is not None:
                yield after.guess(character)

    def _eaten(self, path: Path, following: Token | None) -> Path:
        at = len(path.stream)
        if following is not None and following.kind == "tag":
            return path.happened(Event(at, "insert", "<" + following.text))
        return self._grow.eaten(path).happened(Event(at, "eaten"), _EATEN_COST)
