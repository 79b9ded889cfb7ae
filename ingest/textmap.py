"""Edited text that remembers where every character came from.

`MappedText("a  b").edit([Edit(1, 3, " ")])` has the text "a b" and knows that its blank came from source[1:3].
"""

from __future__ import annotations

from bisect import bisect_right
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from itertools import pairwise

Segment = tuple[int, int, int, int]
"""(clean_start, clean_end, source_start, source_end). Equal lengths: character by character; otherwise as a whole."""


@dataclass(frozen=True, slots=True)
class Edit:
    """Replace `text[start:end]` with `new`; an empty `new` removes it."""

    start: int
    end: int
    new: str = ""


class TextMap:
    """Maps clean offsets to source offsets and back through contiguous segments that cover the whole clean text."""

    __slots__ = ("_clean", "segments")

    def __init__(self, segments: Sequence[Segment]) -> None:
        self.segments: tuple[Segment, ...] = tuple(segments)
        self._clean = [segment[0] for segment in self.segments]

    def source_span(self, start: int, end: int) -> tuple[int, int]:
        """The smallest source range that gave clean[start:end]; the source of an empty range is empty."""
        if not self.segments:
            return 0, 0
        if end <= start:
            at = self._one(start, upper=False)
            return at, at
        return self._one(start, upper=False), self._one(end, upper=True)

    def _one(self, offset: int, *, upper: bool) -> int:
        index = max(bisect_right(self._clean, offset - 1 if upper else offset) - 1, 0)
        clean_start, clean_end, source_start, source_end = self.segments[index]
        if offset >= clean_end and not upper:
            return source_end
        if clean_end - clean_start == source_end - source_start:
            return source_start + offset - clean_start
        return source_end if upper else source_start

    def inside_replacement(self, offset: int) -> bool:
        """Whether the clean offset lies inside a segment that came from its source as a whole."""
        index = bisect_right(self._clean, offset) - 1
        if index < 0:
            return False
        clean_start, clean_end, source_start, source_end = self.segments[index]
        return clean_start < offset < clean_end and clean_end - clean_start != source_end - source_start

    def clean_span(self, start: int, end: int) -> tuple[int, int] | None:
        """The clean range that came from source[start:end], or None when nothing of it is left."""
        first: int | None = None
        last = 0
        for clean_start, clean_end, source_start, source_end in self.segments:
            if source_end <= start or clean_end == clean_start:
                continue
            if source_start >= end:
                break
            if clean_end - clean_start == source_end - source_start:
                low = clean_start + max(start - source_start, 0)
                high = clean_end - max(source_end - end, 0)
            else:
                low, high = clean_start, clean_end
            first = low if first is None else first
            last = high
        return None if first is None else (first, last)


@dataclass(frozen=True, slots=True)
class MappedText:
    """A text and its map to the source. Immutable: `edit` gives a new one."""

    text: str
    map: TextMap

    @classmethod
    def of(cls, source: str) -> MappedText:
        return cls(source, TextMap([(0, len(source), 0, len(source))] if source else []))

    def edit(self, edits: Iterable[Edit]) -> MappedText:
        """Apply non-overlapping edits (in any order). Raises ValueError when two overlap or one is out of range."""
        ordered = sorted(edits, key=lambda edit: (edit.start, edit.end))
        for before, after in pairwise(ordered):
            if after.start < before.end:
                raise ValueError(f"edits overlap: {before} and {after}")
        pieces: list[str] = []
        segments: list[Segment] = []
        at = clean = 0
        for edit in ordered:
            if not 0 <= edit.start <= edit.end <= len(self.text):
                raise ValueError(f"edit out of range: {edit}")
            clean = self._keep(at, edit.start, clean, pieces, segments)
            if edit.new:
                pieces.append(edit.new)
                source = self.map.source_span(edit.start, edit.end)
                cut = self.map.inside_replacement(edit.start) or self.map.inside_replacement(edit.end)
                segments += _replaced(clean, len(edit.new), source, even=not cut)
                clean += len(edit.new)
            at = edit.end
        self._keep(at, len(self.text), clean, pieces, segments)
        return MappedText("".join(pieces), TextMap(_merged(segments)))

    def _keep(self, start: int, end: int, clean: int, pieces: list[str], segments: list[Segment]) -> int:
        """Copy text[start:end] with the parts of the old segments that cover it; gives the new clean length."""
        if start >= end:
            return clean
        pieces.append(self.text[start:end])
        index = max(bisect_right(self.map._clean, start) - 1, 0)
        while index < len(self.map.segments) and self.map.segments[index][0] < end:
            c0, c1, s0, s1 = self.map.segments[index]
            low, high = max(c0, start), min(c1, end)
            if low < high:
                even = c1 - c0 == s1 - s0
                source = (s0 + low - c0, s0 + high - c0) if even else (s0, s1)
                segments += _replaced(clean, high - low, source, even=even)
                clean += high - low
            index += 1
        return clean


def _replaced(clean: int, length: int, source: tuple[int, int], *, even: bool) -> list[Segment]:
    """A segment, cut up where equal lengths would say character by character and it came from its source as a whole."""
    if even or length != source[1] - source[0] or length < 2:
        return [(clean, clean + length, *source)]
    return [(at, at + 1, *source) for at in range(clean, clean + length)]


def _merged(segments: Sequence[Segment]) -> list[Segment]:
    """Join neighbours that both map character by character and continue each other."""
    merged: list[Segment] = []
    for segment in segments:
        if merged:
            c0, c1, s0, s1 = merged[-1]
            even = c1 - c0 == s1 - s0 and segment[1] - segment[0] == segment[3] - segment[2]
            if even and c1 == segment[0] and s1 == segment[2]:
                merged[-1] = (c0, segment[1], s0, segment[3])
                continue
        merged.append(segment)
    return merged
