"""The shortest path from what was seen back to what was written.

A hypothesis reads the tokens of a line from left to right as bytes. Where it has a lead byte in hand and no trail byte
(`pending`), the page was being read one byte off; lost bytes are guessed there and only there, and every guess must end
in characters that make words. Costs are nats: the language model's, plus a little for each rare turn of events.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field, replace
from functools import cache

from .garble_bytes import Event, encoded, is_han, pair, unseen
from .garble_page import Page
from .garble_readings import Bracket, reads
from .garble_tokens import Token
from .garble_words import LONGEST, symbol_cost

BEAM = 240
WINDOW = 22.0
_QUOTE_COST = 6.0
_EATEN_COST = 9.0
_VANISH_BEAM = 24
_VANISHED_FIRST = (*range(0xA1, 0xA8), *range(0xAA, 0xB0), *range(0xF8, 0xFF))


@dataclass(frozen=True, slots=True)
class Path:
    """A hypothesis: `text` so far, its bytes, and what must have happened to them."""

    text: str = ""
    stream: bytes = b""
    pending: int | None = None
    events: tuple[Event, ...] = ()
    ends: tuple[tuple[int, int], ...] = ()
    """(token index, text length) at each place where the reading was in step."""
    run: str = ""
    costs: tuple[float, ...] = (0.0,)
    """Best cost of the text before the last n characters of the run, n = len(run) … 0."""
    quoted: bool = False
    literal: bool = False
    """True if some reading in brackets was taken for the writer's own text."""
    notes: tuple[str, ...] = field(default=())

    @property
    def cost(self) -> float:
        return self.costs[-1]

    def dearer(self, cost: float) -> Path:
        return replace(self, costs=tuple(item + cost for item in self.costs))


class Search:
    """Finds what was written for the tokens of one stretch of a page."""

    def __init__(self, page: Page) -> None:
        self._page = page
        self._words = page.words

    def paths(self, items: Sequence[Token], *, quoted: bool, seeds: frozenset[int]) -> tuple[list[Path], int]:
        """The best hypotheses, cheapest first, and how many tokens they cover.

        `seeds`: the indexes of tokens that are out of order. Stops some tokens after the last of them, in step.
        """
        layers: dict[int, dict[tuple[str, tuple[Event, ...], int | None], Path]] = {0: {("", (), None): Path(quoted=quoted)}}
        calm = 0
        for at in range(len(items)):
            beam = self._pruned(layers.pop(at, {}).values())
            if not beam:
                continue
            in_step = all(path.pending is None for path in beam)
            calm = calm + 1 if in_step and not any(seed >= at for seed in seeds if seed < at + 12) else 0
            if calm > LONGEST + 1 and not layers:
                return beam, at
            for path in self._widened(beam, items, at):
                for after, nxt in self._steps(path, items, at):
                    self._keep(layers.setdefault(nxt, {}), after, nxt)
        last = self._pruned(path for path in layers.get(len(items), {}).values() if path.pending is None)
        return last, len(items)

    @staticmethod
    def _keep(layer: dict[tuple[str, tuple[Event, ...], int | None], Path], path: Path, at: int) -> None:
        if path.pending is None:
            path = replace(path, ends=(*path.ends, (at, len(path.text))))
        key = (path.text, path.events, path.pending)
        if key not in layer or layer[key].cost > path.cost:
            layer[key] = path

    @staticmethod
    def _pruned(paths: Iterator[Path] | object) -> list[Path]:
        ordered = sorted(paths, key=lambda path: path.cost)  # type: ignore[call-overload]
        return [path for path in ordered[:BEAM] if path.cost <= ordered[0].cost + WINDOW]

    def _widened(self, beam: list[Path], items: Sequence[Token], at: int) -> list[Path]:
        """The beam and what it becomes when a pair vanished before token `at`."""
        first = encoded(items[at].text[0]) if items[at].kind == "char" else None
        more: list[Path] = []
        if first is not None:
            off = [path for path in beam if path.pending is not None and path.cost <= beam[0].cost + 14][:_VANISH_BEAM]
            for path in off:
                more.extend(self._vanished(path, first[0]))
        return [*beam, *more]

    def _vanished(self, path: Path, following: int) -> Iterator[Path]:
        for high in _VANISHED_FIRST:
            if path.pending is None or not _plausible(path.pending, high):
                continue
            begun = self._pushed(path, bytes((high,)))
            if begun is None or begun.cost > path.cost + 18:
                continue
            for low in _leads(following):
                if unseen(high, low):
                    done = self._pushed(begun, bytes((low,)))
                    if done is not None:
                        yield replace(done, notes=(*done.notes, f"the pair {high:02X} {low:02X} had vanished")).dearer(1.0)

    def _steps(self, path: Path, items: Sequence[Token], at: int) -> Iterator[tuple[Path, int]]:
        token = items[at]
        if token.kind == "hole":
            yield from self._hole(path, items, at)
        elif token.bracket is not None:
            yield from self._bracket(path, token, token.bracket, at)
        elif token.kind == "tag":
            if (after := self._literal(path, token.text)) is not None:
                yield after.dearer(20.0), at + 1
        else:
            yield from ((after, at + 1) for after in self._character(path, token))

    def _character(self, path: Path, token: Token) -> Iterator[Path]:
        code = encoded(token.text)
        if path.pending is None:
            yield self._emitted(path, token.text, code or b" ", mixed=False)
        elif code is not None:
            mark = token.mark
            if len(code) == 1 and mark is not None:
                code = mark
            if (after := self._pushed(path, code)) is not None:
                yield after

    def _bracket(self, path: Path, token: Token, bracket: Bracket, at: int) -> Iterator[tuple[Path, int]]:
        if bracket.opened and (after := self._inserted(path, bracket)) is not None:
            yield after, at + 1
        if not bracket.opened and path.pending is None:
            yield from ((after, at + 1) for after in self._lost_before(path, bracket, silent=True))
        if (literal := self._literal(path, token.text)) is not None:
            yield replace(literal, literal=True).dearer(25.0), at + 1

    def _inserted(self, path: Path, bracket: Bracket) -> Path | None:
        """The reading was put after the last two bytes."""
        if len(path.stream) < 2:
            return None
        character = pair(path.stream[-2], path.stream[-1])
        if character is None or not is_han(character) or not reads(character, bracket.reading):
            return None
        shown = bracket.shown if bracket.opened else "(" + bracket.shown
        inside = path.pending is not None or path.text[-1:] != character
        event = Event(len(path.stream), "insert", shown)
        notes = (*path.notes, f"{shown} was put after {path.stream[-2]:02X} {path.stream[-1]:02X} ({character})") if inside else path.notes
        after = replace(path, events=(*path.events, event), notes=notes)
        return after.dearer(self._page.insert_cost(character)) if inside else after

    def _hole(self, path: Path, items: Sequence[Token], at: int) -> Iterator[tuple[Path, int]]:
        token = items[at]
        following = items[at + 1] if at + 1 < len(items) else None
        if (literal := self._literal(path, token.text)) is not None:
            yield literal, at + 1
        if following is not None and following.bracket is not None:
            for after in self._lost_before(path, following.bracket, silent=False):
                yield after, at + 2
        if following is None or following.mark is not None:
            yield from ((after, at + 1) for after in self._cut(path, following))
        if path.pending is not None:
            for after in self._completed(path):
                yield self._eaten(after, following), at + (2 if following and following.kind == "tag" else 1)

    def _lost_before(self, path: Path, bracket: Bracket, *, silent: bool) -> Iterator[Path]:
        """One byte was lost with the opening bracket: with the byte before it, a character that is read so."""
        if not path.stream or path.stream[-1] < 0x81:
            return
        for lost in _lost_bytes(path.stream[-1], bracket.reading):
            begun = self._pushed(path, bytes((lost,)))
            after = None if begun is None else self._inserted(begun, bracket)
            if after is not None:
                yield after.dearer(4.0) if silent else after

    def _cut(self, path: Path, following: Token | None) -> Iterator[Path]:
        """One byte was lost where the page was cut, before a mark or at the end of a line."""
        if path.pending is not None:
            for after in self._completed(path):
                yield self._noted_cut(after, following)
        elif following is not None and following.mark is not None:
            for lost in range(0x81, 0xFF):
                begun = self._pushed(path, bytes((lost,))) if _plausible(lost, following.mark[0]) else None
                if begun is not None:
                    yield self._noted_cut(begun, following)

    @staticmethod
    def _noted_cut(path: Path, following: Token | None) -> Path:
        where = f"before {following.text}" if following is not None else "at the end of the line"
        note = f"the byte {path.stream[-1]:02X} was lost where the page was cut {where}"
        return replace(path, events=(*path.events, Event(len(path.stream), "cut")), notes=(*path.notes, note))

    def _completed(self, path: Path) -> Iterator[Path]:
        """The pending byte with every trail byte that makes a plausible character and was a lead byte to the reader."""
        assert path.pending is not None
        for lost in range(0x81, 0xFF):
            if _plausible(path.pending, lost) and (after := self._pushed(path, bytes((lost,)))) is not None:
                yield after

    def _eaten(self, path: Path, following: Token | None) -> Path:
        at = len(path.stream)
        if following is not None and following.kind == "tag":
            event = Event(at, "insert", "<" + following.text)
            return replace(path, events=(*path.events, event), notes=(*path.notes, "a tag lost its < and was left in the text"))
        note = "an ASCII character was eaten, perhaps a digit: it stays unknown"
        emitted = self._emitted(path, "?", b"?", mixed=False)
        return replace(emitted, events=(*path.events, Event(at, "eaten")), notes=(*path.notes, note)).dearer(_EATEN_COST)

    def _literal(self, path: Path, text: str) -> Path | None:
        """Taken as it stands; only in step, save for a full-width mark."""
        if path.pending is not None:
            return None if len(text) > 1 else self._pushed(path, b"\xa3\xbf")
        for character in text:
            path = self._emitted(path, character, encoded(character) or b" ", mixed=False)
        return path

    def _pushed(self, path: Path, code: bytes) -> Path | None:
        """The path with more bytes, or None where they make no character."""
        for byte in code:
            if path.pending is not None:
                character = pair(path.pending, byte)
                if character is None:
                    return None
                path = self._emitted(path, character, bytes((byte,)), mixed=True)
            elif byte < 0x80:
                path = self._emitted(path, chr(byte), bytes((byte,)), mixed=False)
            elif 0x81 <= byte <= 0xFE:
                path = replace(path, pending=byte, stream=path.stream + bytes((byte,)))
            else:
                return None
        return path

    def _emitted(self, path: Path, character: str, code: bytes, *, mixed: bool) -> Path:
        """The path with one more character, its last bytes being `code`."""
        if is_han(character):
            run, costs = self._extended(path, character)
        else:
            run, costs = "", (path.cost + symbol_cost(character),)
        extra, quoted = 0.0, path.quoted
        if character in "“”":
            extra = _QUOTE_COST if quoted == (character == "“") else 0.0
            quoted = character == "“"
        if mixed:
            extra += self._page.character_cost(character)
        return replace(
            path,
            text=path.text + character,
            stream=path.stream + code,
            pending=None,
            run=run,
            costs=tuple(item + extra for item in costs) if extra else costs,
            quoted=quoted,
        )

    def _extended(self, path: Path, character: str) -> tuple[str, tuple[float, ...]]:
        run = (path.run + _simplified(character))[-LONGEST:]
        costs = path.costs[-len(run) :]
        word = self._words.cost
        best = min(costs[-length] + word(run[-length:]) for length in range(1, len(run) + 1))
        return run, (*costs, best)


@cache
def _simplified(character: str) -> str:
    from .garble_words import simplified

    return simplified(character)


@cache
def _plausible(high: int, low: int) -> bool:
    """True for characters that a report may hold: not for kana, box drawings, or ideographs outside GB 2312."""
    character = pair(high, low)
    if character is None:
        return False
    if is_han(character):
        code = encoded(_simplified(character))
        return code is not None and len(code) == 2 and 0xB0 <= code[0] <= 0xF7 and code[1] >= 0xA1
    return symbol_cost(character) <= 7.0


@cache
def _leads(following: int) -> tuple[int, ...]:
    """Lead bytes that make a plausible character with the trail byte `following`."""
    return tuple(high for high in range(0x81, 0xFF) if _plausible(high, following))


@cache
def _lost_bytes(before: int, reading: str) -> tuple[int, ...]:
    found = []
    for low in range(0x81, 0xFF):
        character = pair(before, low)
        if character is not None and is_han(character) and reads(character, reading):
            found.append(low)
    return tuple(found)
