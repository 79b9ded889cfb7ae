"""What a figure is called: its id and its line, both from the source alone.

So a figure keeps its id when cleaning or reading improves and when a library is rebuilt, and a correction kept beside
the file finds it again.
"""

from __future__ import annotations

import hashlib
import re
from bisect import bisect_right
from collections import Counter
from collections.abc import Iterable

from zhengwen.ingest.models import Figure
from zhengwen.ingest.textmap import TextMap

_LINE_BREAK = re.compile(r"\r\n|\n|\r")


def figure_id(sha256: str, source_start: int, source_end: int, ordinal: int) -> str:
    """ "f" and 12 hex digits from the source's hash and span.

    `ordinal` counts the figures that share one source span (存、贷款余额分别为… may give two readings of one number).
    """
    key = f"{sha256}:{source_start}:{source_end}:{ordinal}"
    return "f" + hashlib.sha256(key.encode()).hexdigest()[:12]


def figure_ids(figures: Iterable[Figure], *, sha256: str, offsets: TextMap) -> tuple[str, ...]:
    """The ids of all figures of a report, in their order; `sha256` is that of the source's bytes."""
    spans: Counter[tuple[int, int]] = Counter()
    found = []
    for figure in figures:
        span = offsets.source_span(figure.start, figure.end)
        found.append(figure_id(sha256, *span, spans[span]))
        spans[span] += 1
    return tuple(found)


def line_starts(source_text: str) -> tuple[int, ...]:
    """Offsets at which the lines of a source begin; \\r\\n, \\r and \\n end a line."""
    return (0, *(match.end() for match in _LINE_BREAK.finditer(source_text)))


def line_of(starts: tuple[int, ...], offset: int) -> int:
    """The 1-based line of a source offset."""
    return bisect_right(starts, offset)
