"""PDF files by their text layer: lines as set, page heads and numbers aside, lines joined into paragraphs."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass
from itertools import pairwise
from statistics import median
from typing import Any

from zhengwen.ingest.errors import InputError
from zhengwen.ingest.models import Removal
from zhengwen.ingest.textmap import Edit, MappedText

MAX_PAGES = 2000
_PAGE_NUMBER = re.compile(r"[\s\-—–·~第]*\d{1,4}\s*(?:页)?[\s\-—–·~/]*(?:共?\s*\d{1,4}\s*页?)?\s*")
_STARTS_NEW = re.compile(
    r"[（(]?[一二三四五六七八九十]{1,3}[）)、.．]|[（(]?\d{1,2}[）)、]|第[一二三四五六七八九十]+[章节部]|——|[•●■◆▲]|各位"
)


@dataclass(frozen=True, slots=True)
class _SetLine:
    """One line as set on its page: the text, the left and right edge and the height of its characters in points."""

    text: str
    page: int
    left: float
    right: float
    size: float
    edge: bool
    """Among the first or last two lines of its page."""


def read_pdf(data: bytes) -> tuple[str, MappedText, tuple[Removal, ...]]:
    """The text layer (one line as set a line), the body mapped onto it, and page heads and numbers.

    Raises InputError for a scan without text, a password, a damaged file or more than 2,000 pages.
    """
    lines = _set_lines(data)
    source = "\n".join(line.text for line in lines)
    furniture = _page_furniture(lines)
    starts = [0]
    for line in lines:
        starts.append(starts[-1] + len(line.text) + 1)
    removals, edits = [], []
    kept = [at for at in range(len(lines)) if at not in furniture]
    for at in sorted(furniture):
        span = starts[at], starts[at] + len(lines[at].text)
        removals.append(Removal(start=span[0], end=span[1], text=lines[at].text, why=furniture[at]))
        edits.append(Edit(span[0], min(span[1] + 1, len(source))))
    margins = _margins([lines[at] for at in kept])
    for before, after in pairwise(kept):
        if _same_paragraph(lines[before], lines[after], margins):
            at = starts[before] + len(lines[before].text)
            glue = " " if re.search(r"[A-Za-z]$", lines[before].text) and lines[after].text[:1].isascii() else ""
            edits.append(Edit(at, at + 1, glue))
    return source, MappedText.of(source).edit(edits), tuple(removals)


def _set_lines(data: bytes) -> list[_SetLine]:
    import pypdfium2  # type: ignore[import-untyped]

    try:
        document = pypdfium2.PdfDocument(data)
    except pypdfium2.PdfiumError as error:
        if "password" in str(error).lower():
            raise InputError("is a PDF with a password: save a copy without it") from None
        raise InputError(f"is a damaged PDF ({error}): open it in a viewer and save it anew") from None
    try:
        pages = len(document)
        if pages > MAX_PAGES:
            raise InputError(f"is a PDF of {pages} pages, more than {MAX_PAGES}: split it into single reports")
        lines: list[_SetLine] = []
        for number in range(pages):
            lines += _page_lines(document, number)
    except pypdfium2.PdfiumError as error:
        raise InputError(f"is a damaged PDF ({error}): open it in a viewer and save it anew") from None
    finally:
        document.close()
    letters = sum(len(line.text) for line in lines)
    if letters < 20 * max(pages, 1):
        raise InputError(
            f"is a scanned PDF ({pages} pages, {letters} characters of text): run OCR over it, for example with "
            "ocrmypdf -l chi_sim, and give the result"
        )
    return lines


def _page_lines(document: Any, number: int) -> list[_SetLine]:
    page = document[number]
    layer = page.get_textpage()
    try:
        text = layer.get_text_range()
        found: list[_SetLine] = []
        spans = [match.span() for match in re.finditer(r"[^\r\n]+", text) if match[0].strip()]
        for order, (start, end) in enumerate(spans):
            boxes = [layer.get_charbox(at) for at in _ends(text, start, end, layer.count_chars())]
            left, right = (boxes[0][0], boxes[-1][2]) if boxes else (0.0, 0.0)
            size = boxes[0][3] - boxes[0][1] if boxes else 0.0
            line = re.sub(r"[\x00-\x08\x0e-\x1f\ufffe\uffff]", "", text[start:end]).strip()
            edge = order < 2 or order >= len(spans) - 2
            if line:
                found.append(_SetLine(line, number, left, right, size, edge))
        return found
    finally:
        layer.close()
        page.close()


def _ends(text: str, start: int, end: int, count: int) -> list[int]:
    """The first and the last visible character of a line, as far as the page numbers its characters so."""
    visible = [at for at in range(start, end) if not text[at].isspace() and at < count]
    return [visible[0], visible[-1]] if visible else []


def _page_furniture(lines: Sequence[_SetLine]) -> dict[int, str]:
    """Lines at the edges of pages that are page numbers, or return with other digits on three or more pages."""
    pages = lines[-1].page + 1 if lines else 0
    often = Counter(key for key, _ in {(re.sub(r"[\d\s]+", "#", line.text), line.page) for line in lines if line.edge})
    found: dict[int, str] = {}
    for at, line in enumerate(lines):
        if not line.edge:
            continue
        if _PAGE_NUMBER.fullmatch(line.text):
            found[at] = "page number"
        elif len(line.text) < 60 and often[re.sub(r"[\d\s]+", "#", line.text)] >= max(3, pages * 0.4):
            found[at] = "page head"
    return found


@dataclass(frozen=True, slots=True)
class _Margins:
    left: float
    right: float
    size: float


def _margins(lines: Sequence[_SetLine]) -> _Margins:
    """The text block's edges: the commonest left edge, and the right edge that most long lines reach."""
    lefts = Counter(round(line.left) for line in lines)
    rights = sorted(line.right for line in lines)
    right = rights[int(len(rights) * 0.9)] if rights else 0.0
    return _Margins(lefts.most_common(1)[0][0] if lefts else 0.0, right, median([one.size for one in lines] or [10.0]))


def _same_paragraph(before: _SetLine, after: _SetLine, margins: _Margins) -> bool:
    """True where `after` continues the sentence set on the line before: a full line, and no indent below it."""
    if _STARTS_NEW.match(after.text) or after.left > margins.left + margins.size * 1.2:
        return False
    if abs(before.size - after.size) > 0.25 * margins.size and before.page == after.page:
        full = before.right >= margins.right - margins.size * 0.5
    else:
        full = before.right >= margins.right - margins.size * 2.2
    return full
