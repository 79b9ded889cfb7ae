"""The unigram tokenizer of multilingual-e5-small, without loading its 250,000 pieces into a trie.

A general tokenizer library needs about three seconds to build that trie, which a single question would pay. Here every
piece is one 64-bit hash in a sorted array (a polynomial over its code points); all substrings of a text are hashed
and looked up at once with numpy, and the best segmentation is found over the few that are pieces. It gives the same
ids as the `tokenizers` library (a test compares them).
"""

from __future__ import annotations

import re
from collections.abc import Callable
from dataclasses import dataclass

import numpy as np
import numpy.typing as npt

from zhengwen.index.e5_weights import Vocabulary

METASPACE = "▁"
_BASE = np.uint64(0x9E3779B97F4A7C15)  # odd, so that no position of a piece is lost
_SPACES = re.compile(" {2,}")

Ids = npt.NDArray[np.int64]
_PIECE = np.dtype([("hash", "<u8"), ("score", "<f4"), ("id", "<i4")])
Table = npt.NDArray[np.void]


def code_points(text: str) -> npt.NDArray[np.uint64]:
    """The code points of a text: (characters,)."""
    return np.frombuffer(text.encode("utf-32-le", "replace"), dtype=np.uint32).astype(np.uint64)


def piece_table(vocabulary: Vocabulary) -> Table:
    """All pieces but the special ones as (hash, score, id), sorted by hash, with the longest piece's length first.

    The first row is not a piece: its id is the length of the longest piece in characters.
    """
    text = vocabulary.blob.decode()
    raw = np.frombuffer(vocabulary.blob, dtype=np.uint8)
    # Byte offsets become character offsets by counting the bytes that begin a character.
    starts = np.concatenate([[0], np.cumsum((raw & 0xC0) != 0x80)])[vocabulary.offsets]
    codes = code_points(text)
    lengths = np.diff(starts)
    hashes = np.zeros(vocabulary.size, dtype=np.uint64)
    for position in range(int(lengths.max())):
        longer = np.flatnonzero(lengths > position)
        hashes[longer] = hashes[longer] * _BASE + codes[starts[longer] + position]
    special = {vocabulary.bos, vocabulary.eos, vocabulary.pad, vocabulary.unknown, vocabulary.size - 1}
    keep = np.setdiff1d(np.flatnonzero(lengths), np.array(sorted(special)))
    keep = keep[np.argsort(hashes[keep], kind="stable")]
    table = np.zeros(len(keep) + 1, dtype=_PIECE)
    table["hash"][1:], table["score"][1:], table["id"][1:] = hashes[keep], vocabulary.scores[keep], keep
    table["id"][0] = lengths.max()
    return table


def table_from_bytes(data: bytes) -> Table:
    """The inverse of `table.tobytes()`."""
    return np.frombuffer(data, dtype=_PIECE)


@dataclass(frozen=True)
class _Hits:
    """The pieces found in a text, by start."""

    starts: list[int]
    ends: list[int]
    scores: list[float]
    ids: list[int]


class Tokenizer:
    """Text → token ids, with `<s>` and `</s>` around them.

    `Tokenizer(weights.vocabulary).encode("query: 新增就业")` gives eight to ten ids from 0 to 2.
    """

    def __init__(self, vocabulary: Vocabulary, table: Table | Callable[[], Table] | None = None) -> None:
        rows = table() if callable(table) else piece_table(vocabulary) if table is None else table
        self._longest = int(rows["id"][0])
        # Separate arrays: searching a column of a structured array would copy it each time.
        self._hashes = np.ascontiguousarray(rows["hash"][1:])
        self._scores = np.ascontiguousarray(rows["score"][1:])
        self._ids = np.ascontiguousarray(rows["id"][1:])
        self._vocabulary = vocabulary
        self._unknown_score = float(vocabulary.scores.min()) - 10.0

    def normalise(self, text: str) -> str:
        """What the pieces are looked up in: the model's character map, single spaces, each written `▁`."""
        text = _SPACES.sub(" ", text.translate(self._vocabulary.replacements))
        return (text if text.startswith(" ") else " " + text).replace(" ", METASPACE)

    def encode(self, text: str) -> Ids:
        """The ids of the whole text, however long: (tokens + 2,)."""
        pieces = self._best(self.normalise(text))
        return np.array([self._vocabulary.bos, *pieces, self._vocabulary.eos], dtype=np.int64)

    def _best(self, text: str) -> list[int]:
        """Viterbi over the pieces; a character that no piece covers is unknown, and a run of them is one unknown."""
        size = len(text)
        best = [0.0] + [float("-inf")] * size
        back = [(0, 0)] * (size + 1)
        hits = self._hits(text)
        at, count = 0, len(hits.starts)
        for start in range(size):
            base = best[start]
            while at < count and hits.starts[at] == start:
                end, score = hits.ends[at], base + hits.scores[at]
                if score > best[end]:
                    best[end], back[end] = score, (start, hits.ids[at])
                at += 1
            if base + self._unknown_score > best[start + 1]:
                best[start + 1], back[start + 1] = base + self._unknown_score, (start, self._vocabulary.unknown)
        return self._trace(back)

    def _trace(self, back: list[tuple[int, int]]) -> list[int]:
        unknown = self._vocabulary.unknown
        ids: list[int] = []
        end = len(back) - 1
        while end > 0:
            end, piece = back[end]
            if piece != unknown or not ids or ids[-1] != unknown:
                ids.append(piece)
        return ids[::-1]

    def _hits(self, text: str) -> _Hits:
        codes = code_points(text)
        hashes = np.zeros(len(codes), dtype=np.uint64)
        starts, ends, rows = [], [], []
        for length in range(1, min(self._longest, len(codes)) + 1):
            hashes = hashes[: len(codes) - length + 1] * _BASE + codes[length - 1 :]
            places = np.searchsorted(self._hashes, hashes)
            places[places == len(self._hashes)] = 0
            found = np.flatnonzero(self._hashes[places] == hashes)
            starts.append(found)
            ends.append(found + length)
            rows.append(places[found])
        start, row = np.concatenate(starts), np.concatenate(rows)
        order = np.argsort(start, kind="stable")
        row = row[order]
        return _Hits(
            starts=start[order].tolist(),
            ends=np.concatenate(ends)[order].tolist(),
            scores=self._scores[row].tolist(),
            ids=self._ids[row].tolist(),
        )
