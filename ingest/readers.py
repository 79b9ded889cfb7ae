"""Formats: bytes become the source text and a body mapped onto it, one reader a format.

| format        | source text (what offsets and lines count in)              |
|---------------|------------------------------------------------------------|
| .txt .md      | the decoded file                                           |
| .html .htm    | the decoded file, tags and all                             |
| .pdf          | the text layer, one line as set, pages after one another   |
| .docx         | the paragraphs, one a line; table rows as | cell | cell |   |
"""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field

from zhengwen.ingest.decode import Decoded, declared_encoding, decode
from zhengwen.ingest.errors import InputError
from zhengwen.ingest.front_matter import split_front_matter
from zhengwen.ingest.models import Removal, Repair
from zhengwen.ingest.settings import OcrUse
from zhengwen.ingest.textmap import Edit, MappedText

MAX_CHARACTERS = 3_000_000
"""The longest report known holds 60,000 characters; beyond this a file is no report but a collection or an attack."""


@dataclass(frozen=True, slots=True)
class Extracted:
    """What a reader gives: the source text, the body as a mapped part of it, and the facts the format itself names."""

    text: str
    body: MappedText
    encoding: str
    front_matter: Mapping[str, str] = field(default_factory=dict)
    removals: tuple[Removal, ...] = ()
    warnings: tuple[str, ...] = ()
    repairs: tuple[Repair, ...] = ()
    """Places of the source text that are to be taken with care: read by OCR, or a number cut at the end of a line."""


@dataclass(frozen=True, slots=True)
class Hints:
    """What is known or wished besides the bytes: an encoding that was declared, and whether OCR may be used."""

    declared: str | None = None
    ocr: OcrUse = "auto"


def extract(data: bytes, suffix: str, *, declared: str | None = None, ocr: OcrUse = "auto") -> Extracted:
    """Read the bytes of one file of the given suffix (".pdf"); `ocr` says whether scanned pages may be read by OCR.

    Raises InputError: one line, without the file's name.
    """
    reader = READERS.get(suffix.lower())
    if reader is None:
        raise InputError(f"{suffix or 'a file without extension'} is not supported; supported are {' '.join(READERS)}")
    if not data.strip():
        raise InputError("is empty: put the report's text into it, or remove it")
    extracted = reader(data, Hints(declared, ocr))
    if len(extracted.body.text) > MAX_CHARACTERS:
        raise InputError(
            f"holds {len(extracted.body.text) / 1e6:.1f} million characters, more than the limit of "
            f"{MAX_CHARACTERS / 1e6:.0f} million: split it into single reports"
        )
    if not extracted.body.text.strip():
        raise InputError("holds no text: check that it is the report itself")
    return extracted


def _plain(decoded: Decoded) -> Extracted:
    if len(decoded.text) <= MAX_CHARACTERS and re.match(r"\s*<(?:!doctype\s+html|html)\b", decoded.text[:2000], re.I):
        return _html_text(decoded)
    return Extracted(decoded.text, MappedText.of(decoded.text), decoded.encoding, {}, (), decoded.warnings)


def _read_text(data: bytes, hints: Hints) -> Extracted:
    return _plain(decode(data, declared=hints.declared))


def _read_markdown(data: bytes, hints: Hints) -> Extracted:
    plain = _plain(decode(data, declared=hints.declared))
    front = split_front_matter(plain.text)
    body = plain.body.edit([Edit(0, front.end)]) if front.end else plain.body
    return Extracted(plain.text, body, plain.encoding, front.fields, plain.removals, plain.warnings + front.warnings)


def _read_html(data: bytes, hints: Hints) -> Extracted:
    return _html_text(decode(data, declared=hints.declared or declared_encoding(data)))


def _html_text(decoded: Decoded) -> Extracted:
    from zhengwen.ingest.readers_html import read_html

    if len(decoded.text) > 3 * MAX_CHARACTERS:
        raise InputError(f"is an HTML page of {len(decoded.text) / 1e6:.0f} million characters: save the report alone")
    page = read_html(decoded.text)
    return Extracted(
        decoded.text, page.body, decoded.encoding, page.facts, page.removals, decoded.warnings + page.warnings
    )


def _read_pdf(data: bytes, hints: Hints) -> Extracted:
    from zhengwen.ingest.readers_pdf import read_pdf

    found = read_pdf(data, use_ocr=hints.ocr)
    return Extracted(found.source, found.body, "pdf", {}, found.removals, found.warnings, found.repairs)


def _read_docx(data: bytes, _hints: Hints) -> Extracted:
    from zhengwen.ingest.readers_docx import read_docx

    text, warnings = read_docx(data)
    return Extracted(text, MappedText.of(text), "docx", {}, (), warnings)


READERS: Mapping[str, Callable[[bytes, Hints], Extracted]] = {
    ".txt": _read_text,
    ".md": _read_markdown,
    ".markdown": _read_markdown,
    ".html": _read_html,
    ".htm": _read_html,
    ".pdf": _read_pdf,
    ".docx": _read_docx,
}
