"""PDF files: pages become lines in reading order, page heads and numbers go aside, lines are joined into paragraphs.

A page without a text layer is a scan: read by OCR where the extra [ocr] is installed and `ingest.ocr` allows it.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from typing import Any, Literal

from zhengwen.ingest import ocr
from zhengwen.ingest.errors import InputError
from zhengwen.ingest.layout import reading_order
from zhengwen.ingest.models import Removal, Repair
from zhengwen.ingest.readers_pdf_paragraphs import Placed, joined, page_furniture
from zhengwen.ingest.readers_pdf_text import page_pieces
from zhengwen.ingest.settings import OcrUse
from zhengwen.ingest.textmap import Edit, MappedText

MAX_PAGES = 2000
MAX_CHARACTERS = 3_000_000
_BARE = 20
"""A page with fewer characters, and pictures on it, is a scan."""
_IMAGE = 3
"""FPDF_PAGEOBJ_IMAGE."""
_CUT_APART = "a line ends inside a number and it is not certain that the next one continues it"


@dataclass(frozen=True, slots=True)
class PdfText:
    """The text layer (one line as set a line), the body mapped onto it, and what is to be said about it."""

    source: str
    body: MappedText
    removals: tuple[Removal, ...]
    repairs: tuple[Repair, ...]
    warnings: tuple[str, ...]


def read_pdf(data: bytes, *, use_ocr: OcrUse = "auto") -> PdfText:
    """The text of a PDF: columns one after another, tables as rows, page heads and page numbers set aside.

    Raises InputError for a scan that cannot be read, a password, a damaged file or more than 2,000 pages.
    """
    with _opened(data) as document:
        lines, warnings = _placed(document, use_ocr)
    source = "\n".join(line.text for _, line in lines)
    starts = [0]
    for _, line in lines:
        starts.append(starts[-1] + len(line.text) + 1)
    furniture = page_furniture(lines)
    removals, edits = [], []
    for at, why in sorted(furniture.items()):
        span = starts[at], starts[at] + len(lines[at][1].text)
        removals.append(Removal(start=span[0], end=span[1], text=lines[at][1].text, why=why))
        edits.append(Edit(span[0], min(span[1] + 1, len(source))))
    glue, cut = joined(lines, [at for at in range(len(lines)) if at not in furniture])
    edits += [Edit(starts[at + 1] - 1, starts[at + 1], between) for at, between in glue.items()]
    repairs = [*_notes(lines, starts), *_cuts(source, starts, cut)]
    return PdfText(source, MappedText.of(source).edit(edits), tuple(removals), tuple(repairs), warnings)


@contextmanager
def _opened(data: bytes) -> Iterator[Any]:
    import pypdfium2  # type: ignore[import-untyped]

    try:
        document = pypdfium2.PdfDocument(data)
    except pypdfium2.PdfiumError as error:
        if "password" in str(error).lower():
            raise InputError("is a PDF with a password: save a copy without it") from None
        if re.match(rb"\s*<(?:!doctype|html|\?xml)", data[:200], re.I):
            raise InputError("is no PDF but a web page: name it .html, or fetch the PDF anew") from None
        if data.startswith(b"PK\x03\x04"):
            raise InputError("is no PDF but a Word file or an archive: name it .docx or .zip") from None
        raise InputError(f"is a damaged PDF ({error}): open it in a viewer and save it anew") from None
    try:
        yield document
    except pypdfium2.PdfiumError as error:
        raise InputError(f"is a damaged PDF ({error}): open it in a viewer and save it anew") from None
    finally:
        document.close()


def _placed(document: Any, use_ocr: OcrUse) -> tuple[list[Placed], tuple[str, ...]]:
    """The lines of all pages in reading order, and warnings."""
    count = len(document)
    if count > MAX_PAGES:
        raise InputError(f"is a PDF of {count} pages, more than {MAX_PAGES}: split it into single reports")
    pages, slanted, letters = [], 0, 0
    for number in range(count):
        pieces, across = _text_of(document, number)
        pages.append(pieces)
        slanted += bool(across)
        letters += sum(len(piece.text) for piece in pieces)
        if letters > MAX_CHARACTERS:
            raise InputError(f"is a PDF of over {MAX_CHARACTERS // 1_000_000} million characters: split it")
    bare = [at for at, pieces in enumerate(pages) if sum(len(piece.text) for piece in pieces) < _BARE]
    scans = [at for at in bare if _has_picture(document, at)]
    warnings = [f"text that stands slanted across {slanted} pages was left out"] if slanted else []
    if scans and use_ocr == "auto" and ocr.available():
        reader = ocr.Reader()
        for at in scans:
            pages[at] = _by_ocr(document, at, reader)
        warnings.append(f"{_named(scans)} read by OCR: check a figure against the picture before you rely on it")
    elif letters < _BARE * max(count, 1):
        advice = ocr.ADVICE if use_ocr == "auto" else "set ingest.ocr to auto and " + ocr.ADVICE
        raise InputError(f"is a scanned PDF ({count} pages, {letters} characters of text): {advice}")
    elif scans:
        warnings.append(f"{_named(scans)} a picture without text and not read: {ocr.ADVICE}")
    return [(at, line) for at, pieces in enumerate(pages) for line in reading_order(pieces)], tuple(warnings)


def _named(scans: Sequence[int]) -> str:
    shown = ", ".join(str(at + 1) for at in scans[:8]) + (" …" if len(scans) > 8 else "")
    return f"page {shown} is" if len(scans) == 1 else f"pages {shown} ({len(scans)}) are"


def _text_of(document: Any, number: int) -> Any:
    page = document[number]
    try:
        return page_pieces(page)
    except ValueError as error:
        raise InputError(f"is a PDF with {error}, which no report has: save it anew") from None
    finally:
        page.close()


def _has_picture(document: Any, number: int) -> bool:
    page = document[number]
    try:
        return any(True for _ in page.get_objects(filter=[_IMAGE], max_depth=3))
    finally:
        page.close()


def _by_ocr(document: Any, number: int, reader: ocr.Reader) -> Any:
    page = document[number]
    try:
        return reader.read(page)
    finally:
        page.close()


def _notes(lines: Sequence[Placed], starts: Sequence[int]) -> Iterator[Repair]:
    """One for each piece that was read by OCR, and one for each number in it that is not sure."""
    for at, (_, line) in enumerate(lines):
        cursor = 0
        for piece in line.pieces:
            cursor = line.text.index(piece.text, cursor)
            first = starts[at] + cursor
            if piece.note:
                yield _unchanged(first, piece.text, piece.note, certain=True)
            for start, end, why in piece.unsure:
                yield _unchanged(first + start, piece.text[start:end], why, certain=False)
            cursor += len(piece.text)


def _cuts(source: str, starts: Sequence[int], cut: Sequence[tuple[int, int]]) -> Iterator[Repair]:
    for before, after in cut:
        first, last = starts[before + 1] - 2, starts[after] + 1
        yield _unchanged(first, source[first:last], _CUT_APART, certain=False)


def _unchanged(start: int, text: str, why: str, *, certain: bool) -> Repair:
    certainty: Literal["likely", "undecided"] = "likely" if certain else "undecided"
    return Repair(start=start, end=start + len(text), before=text, after=text, why=why, certainty=certainty)
