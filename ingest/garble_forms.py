"""Traditional and simplified forms of single characters, as the damaged pages converted them."""

from __future__ import annotations

from functools import cache

from zhengwen.ingest.garble_bytes import is_han


@cache
def simplified(character: str) -> str:
    """The simplified form of one character; 著 counts as 着, which character-wise conversion writes so."""
    return "着" if character == "著" else _converter("t2s")(character)


@cache
def traditional(character: str) -> str:
    """The traditional form of one character."""
    return _converter("s2t")(character)


def is_traditional(character: str) -> bool:
    """True for a character that simplified text does not use."""
    return is_han(character) and character != "著" and simplified(character) != character


def is_simplified_only(character: str) -> bool:
    """True for a character that a conversion to traditional characters would have changed."""
    return is_han(character) and simplified(character) == character and traditional(character) != character


class _Converter:
    def __init__(self, name: str) -> None:
        import opencc

        self._convert = opencc.OpenCC(name).convert

    def __call__(self, text: str) -> str:
        return str(self._convert(text))


@cache
def _converter(name: str) -> _Converter:
    return _Converter(name)
