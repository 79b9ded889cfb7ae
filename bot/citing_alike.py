"""How alike a quotation and a stretch of a text are, where the stretch begins and ends, and what differs.

alike(folded("产值148亿元"), folded("实现产值约148亿元，")) → (start, end, 0.93)
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence

from zhengwen.bot.citing_fold import Fold
from zhengwen.ingest.models import Record


class Difference(Record):
    """One place where the quotation and the source differ; an empty side is what the other has in addition."""

    quote: str
    source: str


def alike(wanted: Fold, fold: Fold, margin: float) -> tuple[int, int, float] | None:
    """The stretch of `fold.text` most like the quotation, and the likeness: twice the common characters over all.

    `margin`, of the quotation's length, is how much longer than the quotation the stretch may be.
    """
    from rapidfuzz import fuzz

    if len(fold.text) <= len(wanted.text):
        start, end = 0, len(fold.text)
    else:
        found = fuzz.partial_ratio_alignment(wanted.text, fold.text)
        if found is None:
            return None
        start, end = _fitted(wanted.text, fold.text, found.dest_start, found.dest_end, margin)
        start, end = _whole_numbers(fold.text, start, end)
    if start >= end:
        return None
    return start, end, round(fuzz.ratio(wanted.text, fold.text[start:end]) / 100, 3)


def _whole_numbers(text: str, start: int, end: int) -> tuple[int, int]:
    """The stretch with the numbers whole that it would cut: 327人 in 2327人 is not alike to the end."""
    if before := re.search(r"[\d.]*\d\.?$", text[max(start - 20, 0) : start]) if text[start].isdigit() else None:
        start -= len(before[0])
    if after := re.match(r"\.?\d[\d.]*", text[end : end + 20]) if text[end - 1].isdigit() else None:
        end += len(after[0].rstrip("."))
    return start, end


def _fitted(quote: str, text: str, start: int, end: int, margin: float) -> tuple[int, int]:
    """The stretch, which is as long as the quotation, made longer or shorter where that makes it more alike."""
    from rapidfuzz import fuzz
    from rapidfuzz.distance import Indel

    room = max(int(len(quote) * margin), 4)
    low, high = max(start - room, 0), min(end + room, len(text))
    equal = [op for op in Indel.opcodes(quote, text[low:high]) if op.tag == "equal"]
    starts, ends = {start}, {end}
    for op in equal[
        :6
    ]:  # where a common piece begins, and where the quotation would begin if nothing before it differed
        starts |= {low + op.dest_start, max(low + op.dest_start - op.src_start, low)}
    for op in equal[-6:]:
        ends |= {low + op.dest_end, min(low + op.dest_end + len(quote) - op.src_end, high)}
    sensible = [(first, last) for first in starts for last in ends if last > first]
    return max(sensible, key=lambda span: (fuzz.ratio(quote, text[span[0] : span[1]]), -span[0], -span[1]))


def differences(wanted: Fold, quote: str, fold: Fold, text: str, start: int, end: int) -> Iterator[Difference]:
    """What differs between the quotation and `fold.text[start:end]`, whole numbers at a time, as both are written."""
    from rapidfuzz.distance import Levenshtein

    ours, theirs = _words(wanted.text), _words(fold.text[start:end])
    quote_at, text_at = _offsets(ours), [start + one for one in _offsets(theirs)]
    for op in Levenshtein.opcodes(ours, theirs):
        if op.tag == "equal":
            continue
        mine = wanted.original(quote_at[op.src_start], quote_at[op.src_end])
        other = fold.original(text_at[op.dest_start], text_at[op.dest_end])
        yield Difference(quote=quote[slice(*mine)], source=text[slice(*other)])


def _words(text: str) -> list[str]:
    """Numbers and Latin words whole, other characters one by one: 7198 and 7200 differ as a whole."""
    return re.findall(r"\d+(?:\.\d+)?|[a-z]+|.", text, flags=re.S)


def _offsets(words: Sequence[str]) -> list[int]:
    at = [0]
    for word in words:
        at.append(at[-1] + len(word))
    return at
