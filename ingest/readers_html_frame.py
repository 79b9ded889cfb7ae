"""The frame of a page: which element holds the report, and which lines are links, comments or lists beside it."""

from __future__ import annotations

import re
from bisect import bisect_left
from collections import Counter
from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from zhengwen.ingest.furniture import rules

Span = tuple[int, int]
_BOX = re.compile(r"<(/?)(div|td|article|section|main|aside|footer|header|nav|ul|form|dl)\b([^<>]{0,500})", re.I)
_LINK = re.compile(r"<(/?)a\b", re.I)
_NAME = re.compile(r"""\b(?:class|id)\s*=\s*(?:"([^"]*)"|'([^']*)'|([^\s"'>]+))""", re.I)
_HELD = 0.8
"""The main element holds this share of what is the main text."""


@dataclass(frozen=True, slots=True)
class Box:
    """One element of the page: its place in the source, and its class and id."""

    start: int
    end: int
    names: str


def boxes(source: str) -> list[Box]:
    """The elements that frame text; one that is never closed ends with the page."""
    found: list[Box] = []
    stack: list[tuple[str, int, str]] = []
    opened: Counter[str] = Counter()
    for match in _BOX.finditer(source):
        tag = match[2].lower()
        if not match[1]:
            names = " ".join(one[0] or one[1] or one[2] for one in _NAME.findall(match[3]))
            stack.append((tag, match.start(), names))
            opened[tag] += 1
            continue
        while opened[tag]:
            name, start, names = stack.pop()
            opened[name] -= 1
            found.append(Box(start, match.start(), names))
            if name == tag:
                break
    return found + [Box(start, len(source), names) for _, start, names in stack]


def main_box(frame: Sequence[Box], hits: Sequence[tuple[int, int]]) -> Box | None:
    """The smallest element that holds most of the main text; `hits` are (place in the source, characters), in order."""
    places = [place for place, _ in hits]
    sums = [0]
    for _, size in hits:
        sums.append(sums[-1] + size)
    holding = [
        box
        for box in frame
        if sums[bisect_left(places, box.end)] - sums[bisect_left(places, box.start)] >= _HELD * sums[-1]
    ]
    return min(holding, key=lambda box: box.end - box.start, default=None)


def asides(frame: Sequence[Box], hits: Sequence[tuple[int, int]], pattern: str) -> Iterator[Box]:
    """Elements whose class or id says comments, share buttons or related pages, and that hold no main text."""
    places = [place for place, _ in hits]
    named = re.compile(pattern, re.I)
    for box in frame:
        if named.search(box.names) and bisect_left(places, box.start) == bisect_left(places, box.end):
            yield box


def is_frame(line: str, span: Span, source: str, links: Sequence[Span]) -> bool:
    """True for a line that is mostly links, or one that the furniture rules know."""
    if any(rule.pattern.fullmatch(line) for group in ("lines", "tails") for rule in rules(group)):
        return True
    linked = sum(_letters(source[max(start, span[0]) : min(end, span[1])]) for start, end in _within(links, span))
    return linked > 0.6 * max(_letters(source[slice(*span)]), 1)


def link_spans(source: str) -> list[Span]:
    """Where the text of links stands: each up to its end, or to the next one."""
    found: list[Span] = []
    start = -1
    for match in _LINK.finditer(source):
        if start >= 0:
            found.append((start, match.start()))
        start = -1 if match[1] else match.start()
    return found


def _within(links: Sequence[Span], span: Span) -> Iterator[Span]:
    at = bisect_left(links, (span[0], 0))
    for start, end in links[max(at - 1, 0) :]:
        if start >= span[1]:
            return
        if end > span[0]:
            yield start, end


def _letters(markup: str) -> int:
    return len(re.sub(r"<[^<>]*>?|\s", "", markup))
