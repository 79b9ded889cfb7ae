"""Bytes become text: which encoding it was, how sure that is, and a refusal for what is no text at all.

    decode("滨城区".encode("gb18030")) → Decoded(text="滨城区", encoding="gb18030", certain=False, …)
"""

from __future__ import annotations

import codecs
import re
from dataclasses import dataclass

from zhengwen.ingest.errors import InputError

_BOMS = ((codecs.BOM_UTF8, "utf-8"), (codecs.BOM_UTF16_LE, "utf-16-le"), (codecs.BOM_UTF16_BE, "utf-16-be"))
_ALIASES = {"gb2312": "gb18030", "gbk": "gb18030", "gb_2312-80": "gb18030", "x-gbk": "gb18030", "utf8": "utf-8"}
_ALIASES |= {"big5": "big5hkscs", "big5-hkscs": "big5hkscs", "utf-16": "utf-16-le"}


@dataclass(frozen=True, slots=True)
class Decoded:
    """Text with the encoding it was read in. `certain` is False where another encoding would also have fitted."""

    text: str
    encoding: str
    certain: bool = True
    warnings: tuple[str, ...] = ()


def decode(data: bytes, *, declared: str | None = None) -> Decoded:
    """Read bytes as text; `declared` is an encoding named by the document or the server, tried before guessing.

    `decode(b"\\xef\\xbb\\xbf2020")` → text "2020", encoding "utf-8". Raises InputError for bytes that are no text.
    """
    for mark, encoding in _BOMS:
        if data.startswith(mark):
            return Decoded(data[len(mark) :].decode(encoding, errors="replace"), encoding)
    if b"\x00" in data:
        raise InputError("is not a text file (it holds NUL bytes): save it as .txt in UTF-8, or give the original")
    try:
        return Decoded(data.decode("utf-8"), "utf-8")
    except UnicodeDecodeError:
        pass
    name = _ALIASES.get((declared or "gb18030").strip().lower(), declared or "gb18030")
    try:
        return Decoded(data.decode(name), name, certain=declared is not None)
    except (UnicodeDecodeError, LookupError):
        raise InputError("is in no known encoding: save it as UTF-8") from None


def declared_encoding(head: bytes) -> str | None:
    """The charset an HTML document names in its first bytes, e.g. `<meta charset="gb2312">` → "gb2312"."""
    match = re.search(rb"""charset\s*=\s*["']?\s*([A-Za-z0-9_.:-]+)""", head[:4096])
    return match[1].decode("ascii") if match else None
