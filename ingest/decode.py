"""Bytes become text: which encoding it was, how sure that is, and a refusal for what is no text at all.

decode("滨城区新增就业7198人".encode("gb18030")) → Decoded(text="滨城区…", encoding="gb18030", certain=True)
"""

from __future__ import annotations

import codecs
import functools
import re
from dataclasses import dataclass
from pathlib import Path

from zhengwen.ingest.errors import InputError

_BOMS = ((codecs.BOM_UTF8, "utf-8"), (codecs.BOM_UTF16_LE, "utf-16-le"), (codecs.BOM_UTF16_BE, "utf-16-be"))
_NAMES = {
    **dict.fromkeys(("gb2312", "gbk", "gb_2312-80", "x-gbk", "cp936", "gb18030", "hz-gb-2312"), "gb18030"),
    **dict.fromkeys(("big5", "big5-hkscs", "big5hkscs", "x-x-big5", "cp950"), "big5hkscs"),
    **dict.fromkeys(("utf-8", "utf8", "u8", "unicode-1-1-utf-8"), "utf-8"),
    **dict.fromkeys(("utf-16", "utf-16le", "utf-16-le", "unicode"), "utf-16-le"),
    **dict.fromkeys(("utf-16be", "utf-16-be"), "utf-16-be"),
}
_MAGIC = {
    b"%PDF-": "a PDF: name it .pdf",
    b"PK\x03\x04": "a ZIP archive or Word file: name it .zip or .docx",
    b"\xd0\xcf\x11\xe0": "an old Office file (.doc, .xls): save it as .docx or .txt",
    b"\x89PNG": "a picture: run OCR over it first",
    b"\xff\xd8\xff": "a picture: run OCR over it first",
    b"\x1f\x8b": "a gzip archive: unpack it first",
    b"\xfd7zXZ": "an xz archive: name it .tar.xz",
    b"Rar!": "a RAR archive: unpack it first",
    b"7z\xbc\xaf": "a 7z archive: unpack it first",
}
_GUESSED = ("gb18030", "big5hkscs", "utf-16-le", "utf-16-be")
_SAMPLE = 60_000
_PLAIN = re.compile(r"[\x20-\x7e\n\r\t\u3000-\u303f\uff01-\uff5e“”‘’—…·]")


@dataclass(frozen=True, slots=True)
class Decoded:
    """Text with the encoding it was read in. `certain` is False where another encoding might also have been meant."""

    text: str
    encoding: str
    certain: bool = True
    warnings: tuple[str, ...] = ()


def decode(data: bytes, *, declared: str | None = None) -> Decoded:
    """Read bytes as text; `declared` is an encoding named by the document or the server, tried before guessing.

    `decode(b"\\xef\\xbb\\xbf2020")` → text "2020", encoding "utf-8". Raises InputError for bytes that are no text.
    """
    for magic, what in _MAGIC.items():
        if data.startswith(magic):
            raise InputError(f"is no text but {what}")
    for mark, encoding in _BOMS:
        if data.startswith(mark):
            return _checked(_lossy(data[len(mark) :], encoding))
    try:
        return _checked(Decoded(data.decode("utf-8"), "utf-8"))
    except UnicodeDecodeError:
        pass
    return _checked(_as_declared(data, declared) or _mixed(data) or _guessed(data))


def declared_encoding(head: bytes) -> str | None:
    """The charset an HTML document names in its first bytes, e.g. `<meta charset="gb2312">` → "gb2312"."""
    match = re.search(rb"""(?:charset|encoding)\s*=\s*["']?\s*([A-Za-z0-9_.:-]{2,20})""", head[:4096])
    return match[1].decode("ascii") if match else None


def _checked(decoded: Decoded) -> Decoded:
    """Refuse what decodes but is no text: NULs or many control characters."""
    sample = decoded.text[:_SAMPLE] + decoded.text[-_SAMPLE:]
    if "\x00" in decoded.text:
        raise InputError("is no text file (it holds NUL bytes): give the original, or save it as .txt in UTF-8")
    controls = len(re.findall(r"[\x00-\x08\x0e-\x1f\x7f-\x9f\ufffd]", sample))
    if controls > max(len(sample) * 0.02, 4):
        raise InputError("is no text file (binary content): give the original, or save it as .txt in UTF-8")
    return decoded


def _lossy(data: bytes, encoding: str) -> Decoded:
    text = data.decode(encoding, errors="replace")
    lost = text.count("\ufffd")
    return Decoded(text, encoding, lost == 0, (f"{lost} unreadable places marked with �",) if lost else ())


def _as_declared(data: bytes, declared: str | None) -> Decoded | None:
    name = _NAMES.get((declared or "").strip().lower())
    if name is None or name == "utf-8":
        return None
    try:
        decoded = Decoded(data.decode(name), name)
    except UnicodeDecodeError:
        return None
    score, likest = _chineseness(data, name), max(_GUESSED, key=lambda other: _chineseness(data, other))
    best = _chineseness(data, likest)
    if score < 0.4 and best > 2 * score and best > 0.4 and likest != name:
        note = f"declared as {name}, but it reads as {likest}: check a few words, or name the encoding in a sidecar"
        return Decoded(_lossy(data, likest).text, likest, False, (note,))
    return decoded


def _mixed(data: bytes) -> Decoded | None:
    """UTF-8 with a few foreign or broken lines: each line by itself, GB18030 where it is no UTF-8."""
    if b"\x00" in data:
        return None
    lines = data.split(b"\n")
    pieces: list[str] = []
    good = foreign = lost = 0
    for line in lines:
        try:
            pieces.append(line.decode("utf-8"))
            good += not line.isascii()
            continue
        except UnicodeDecodeError:
            pass
        text = line.decode("utf-8", errors="replace")
        if text.count("\ufffd") <= max(len(text) // 20, 1):
            lost += text.count("\ufffd")
        else:
            foreign += 1
            text = line.decode("gb18030", errors="replace")
        pieces.append(text)
    if good <= foreign // 10 and good + bool(lost) <= foreign:
        return None
    found = ((foreign, "lines are in another encoding, read as GB18030"), (lost, "unreadable places marked with �"))
    return Decoded("\n".join(pieces), "utf-8", False, tuple(f"{count} {what}" for count, what in found if count))


def _guessed(data: bytes) -> Decoded:
    """The encoding in which the text looks most like Chinese; warns when the choice is not clear."""
    scores = sorted(((_chineseness(data, name), -at, name) for at, name in enumerate(_GUESSED)), reverse=True)
    (best, _, name), (second, _, other) = scores[0], scores[1]
    if best < 0.2:
        raise InputError("is in no known encoding or no text at all: save it as UTF-8")
    decoded = _lossy(data, name)
    if second > best * 0.6:
        note = f"encoding guessed as {name} (it might be {other}): check a few words, or save it as UTF-8"
        return Decoded(decoded.text, name, False, (note, *decoded.warnings))
    return decoded


def _chineseness(data: bytes, encoding: str) -> float:
    """0 to 1: the share of frequent characters among the non-ASCII ones, less what cannot be decoded or is odd."""
    if encoding.startswith("utf-16") and len(data) % 2:
        data = data[:-1]
    text = data[:_SAMPLE].decode(encoding, errors="replace")
    if not text:
        return 0.0
    frequent = _frequent()
    wide = [one for one in text if one > "\x7f"]
    odd = sum(one == "\ufffd" or "\ue000" <= one <= "\uf8ff" or one < "\t" for one in text)
    if not wide or odd > len(text) * 0.05:
        return 0.0
    good = sum(one in frequent or _PLAIN.match(one) is not None for one in wide)
    return max(good / len(wide) - 5 * odd / len(text), 0.0)


@functools.cache
def _frequent() -> frozenset[str]:
    import yaml

    data: dict[str, list[str]] = yaml.safe_load(Path(__file__).with_suffix(".yaml").read_text("utf-8"))
    return frozenset("".join(data["simplified"] + data["traditional"]))
