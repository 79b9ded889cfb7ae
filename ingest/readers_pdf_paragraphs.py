"""Lines of a PDF become paragraphs: page heads and numbers are found, and lines that a page's edge cut are joined."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from itertools import pairwise
from statistics import median

from zhengwen.ingest.layout import Line

Placed = tuple[int, Line]
"""A page's number, from 0, and a line on it."""

_PAGE_NUMBER = re.compile(
    r"[\s\-—–·~第]*\d{1,4}\s*(?:页)?[\s\-—–·~/|]*(?:共?\s*\d{1,4}\s*页?)?\s*|[-—–\s]*[ivxlIVXL]{1,6}[-—–\s]*"
)
_BARE_NUMBER = re.compile(r"\d{1,4}")
_HEADING = re.compile(r"[（(]?[一二三四五六七八九十]{1,3}[）)、.．]|第[一二三四五六七八九十]+[章节部]|[•●■◆▲]")
_MAY_START = re.compile(r"[（(]?\d{1,2}[）)、]|——|各位")
"""Starts a paragraph, unless the line before breaks off in mid-sentence."""
_STOPS = "。！？；：…”）"
_CUT_BEFORE = re.compile(r"\d[.,，．]?$")
_CUT_AFTER = re.compile(r"[\d.．%％‰万亿]")


def page_furniture(lines: Sequence[Placed]) -> dict[int, str]:
    """Lines at the edges of pages that are page numbers, or return at the same height on three or more pages."""
    pages = lines[-1][0] + 1 if lines else 0
    places: dict[str, list[Placed]] = {}
    for page, line in lines:
        if line.edge and not line.row:
            places.setdefault(_pattern(line), []).append((page, line))
    found: dict[int, str] = {}
    for at, (_, line) in enumerate(lines):
        if not line.edge or line.row:
            continue
        alike = places[_pattern(line)]
        same = {page: one.apart for page, one in alike if abs(one.bottom - line.bottom) <= 0.8 * max(line.size, 1.0)}
        if _PAGE_NUMBER.fullmatch(line.text) and (line.apart or not _BARE_NUMBER.fullmatch(line.text)):
            found[at] = "page number"
        elif len(line.text) < 60 and len(same) >= max(3 if any(same.values()) else 5, pages * 0.3):
            found[at] = "page head"
    return found


def _pattern(line: Line) -> str:
    return re.sub(r"[\d\s]+", "#", line.text)


@dataclass(frozen=True, slots=True)
class _Margins:
    left: float
    right: float
    size: float
    step: float
    """From one line to the next below it."""


def joined(lines: Sequence[Placed], kept: Sequence[int]) -> tuple[dict[int, str], list[tuple[int, int]]]:
    """Which kept lines continue in the next one (index → what goes between), and pairs that may cut a number apart.

    `["…收入完成36.8亿", "元，增长3.1%。"]` → {0: ""}, []
    """
    margins = _all_margins([lines[at] for at in kept])
    glue: dict[int, str] = {}
    cut: list[tuple[int, int]] = []
    for before, after in pairwise(kept):
        (page, above), (following, below) = lines[before], lines[after]
        if above.row or below.row:
            continue
        around = margins[_key(page, above)], margins[_key(following, below)]
        if _same_paragraph(above, below, *around, one_page=page == following):
            latin = re.search(r"[A-Za-z]$", above.text) and below.text[:1].isascii()
            glue[before] = " " if latin else ""
        elif _CUT_BEFORE.search(above.text) and _CUT_AFTER.match(below.text) and len(above.text) > 4:
            cut.append((before, after))
    return glue, cut


_Key = tuple[int, tuple[float, float] | None]


def _key(page: int, line: Line) -> _Key:
    return page, line.column


def _all_margins(lines: Sequence[Placed]) -> Mapping[_Key, _Margins]:
    """The edges of the text: those of its column, of its page where that has lines enough, or of the document."""
    text = [line for _, line in lines if line.column is None and not line.row]
    whole = _margins(text)
    groups: dict[_Key, list[Line]] = {}
    for page, line in lines:
        groups.setdefault(_key(page, line), []).append(line)
    found: dict[_Key, _Margins] = {}
    for key, group in groups.items():
        own = _margins([line for line in group if not line.row])
        if key[1] is not None:
            found[key] = _Margins(own.left, key[1][1], own.size, own.step)
        elif len(group) >= 8:
            shift = own.left - whole.left  # left and right pages of a book
            found[key] = _Margins(own.left, max(own.right, whole.right + shift), own.size, own.step)
        else:
            found[key] = whole
    return found


def _margins(lines: Sequence[Line]) -> _Margins:
    """The commonest left edge, the outermost right edge that many lines reach, the usual size and step."""
    lefts = Counter(round(line.left) for line in lines)
    rights = sorted(line.right for line in lines)
    reached = [right for right in rights if sum(abs(right - one) <= 12 for one in rights) >= max(2, len(rights) * 0.15)]
    right = max(reached, default=rights[int(len(rights) * 0.9)] if rights else 0.0)
    steps = [before.bottom - after.bottom for before, after in pairwise(lines) if before.bottom > after.bottom]
    size = median([line.size for line in lines] or [10.0])
    return _Margins(lefts.most_common(1)[0][0] if lefts else 0.0, right, size, median(steps or [1.5 * size]))


def _same_paragraph(before: Line, after: Line, above: _Margins, below: _Margins, *, one_page: bool) -> bool:
    """True where `after` continues the sentence set on the line before: a full line, and no indent below it."""
    if after.left > below.left + below.size * 1.2:
        return False
    beside = after.bottom >= before.bottom  # the top of the next column
    if one_page and not beside and before.bottom - after.bottom > 1.7 * above.step + 1:
        return False
    other_size = abs(before.size - after.size) > 0.25 * above.size and one_page
    if before.right < above.right - above.size * (0.5 if other_size else 2.2):
        return False
    if _HEADING.match(after.text):
        return False
    in_text = before.left <= above.left + 3 * above.size  # a centred line is a title's
    return not _MAY_START.match(after.text) or (in_text and before.text[-1:] not in _STOPS)
