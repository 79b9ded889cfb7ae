"""The same report from two sites: recognised by the runs of characters they share.

A fingerprint is a sample of the hashes of all runs of eight characters (those below a threshold), so that two
fingerprints of texts of any length compare: how much is shared, and whether one is a part of the other.

    similarity(fingerprint(page_of_site_a), fingerprint(page_of_site_b))  →  Similarity(jaccard=0.97, of_shorter=0.99)
"""

from __future__ import annotations

import re
from dataclasses import dataclass

RUN = 8
"""Characters in a run: long enough that two reports of one city in two years share few."""
SAMPLE = 16
"""One run in so many is kept: 1,250 hashes (10 kB) for a report of 20,000 characters."""
SAME = 0.8
PART = 0.9
CONSIDERABLE = 0.3
"""A copy that was cut short, or a damaged one that keeps its annotations, shares this much of both; a few quoted
paragraphs share less and are no copy."""
LEAST = 20
"""Fewer sampled runs (about 320 characters) say nothing."""


@dataclass(frozen=True, slots=True)
class Similarity:
    """Shares from 0 to 1: of all runs together, and of the runs of the shorter text."""

    jaccard: float
    of_shorter: float

    @property
    def same(self) -> bool:
        """The same report: in another page, cut short, or damaged."""
        return self.jaccard >= SAME or (self.part and self.jaccard >= CONSIDERABLE)

    @property
    def part(self) -> bool:
        """The shorter is an excerpt of the longer."""
        return self.of_shorter >= PART


def fingerprint(text: str) -> bytes:
    """The sorted 64-bit hashes (little-endian) of the sampled runs of a report's clean text; b"" for a short text.

    Marks, blanks and line breaks do not count: `fingerprint("全年，新增…") == fingerprint("全年 新增…")`.
    """
    import numpy as np

    letters = "".join(re.findall(r"\w", text))
    codes = np.frombuffer(letters.encode("utf-32-le"), dtype=np.uint32).astype(np.uint64)
    if len(codes) < RUN:
        return b""
    hashes = np.zeros(len(codes) - RUN + 1, dtype=np.uint64)
    with np.errstate(over="ignore"):
        for at in range(RUN):
            hashes = hashes * np.uint64(0x100000001B3) + codes[at : len(codes) - RUN + 1 + at]
        for shift, factor in ((33, 0xFF51AFD7ED558CCD), (33, 0xC4CEB9FE1A85EC53), (33, 1)):
            hashes = (hashes ^ (hashes >> np.uint64(shift))) * np.uint64(factor)
    kept = np.unique(hashes[hashes < np.uint64(2**64 // SAMPLE)])
    return kept.astype("<u8").tobytes() if len(kept) >= LEAST else b""


def similarity(one: bytes, other: bytes) -> Similarity:
    """Compare two fingerprints; an empty one is like nothing."""
    import numpy as np

    a, b = np.frombuffer(one, dtype="<u8"), np.frombuffer(other, dtype="<u8")
    if not len(a) or not len(b):
        return Similarity(0.0, 0.0)
    shared = len(np.intersect1d(a, b, assume_unique=True))
    return Similarity(shared / (len(a) + len(b) - shared), shared / min(len(a), len(b)))
