"""Several rankings become one."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Literal

FoundBy = Literal["keyword", "vector"]


def fuse(rankings: Mapping[FoundBy, Sequence[int]], *, constant: int) -> list[tuple[int, float, tuple[FoundBy, ...]]]:
    """Reciprocal rank fusion (Cormack, Clarke and Büttcher 2009): the sum of 1 / (constant + rank), rank from 1.

    Equal sums are ordered by number, so that the same question always gives the same order.

    >>> fuse({"keyword": [7, 8], "vector": [8]}, constant=60)[0][0]
    8
    """
    scores: dict[int, float] = {}
    found: dict[int, list[FoundBy]] = {}
    for by, numbers in rankings.items():
        for rank, number in enumerate(numbers, start=1):
            scores[number] = scores.get(number, 0.0) + 1 / (constant + rank)
            found.setdefault(number, []).append(by)
    ordered = sorted(scores, key=lambda number: (-scores[number], number))
    return [(number, scores[number], tuple(found[number])) for number in ordered]
