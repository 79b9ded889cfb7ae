"""The text layer of a PDF page: its characters with their boxes, gathered into pieces; slanted watermarks left out."""

from __future__ import annotations

import ctypes
import math
from collections import Counter
from collections.abc import Iterator, Sequence
from statistics import median
from typing import Any, NamedTuple

from zhengwen.ingest.layout import Piece

MAX_PAGE_CHARACTERS = 100_000
"""A page of a newspaper holds some 15,000."""
_CHINESE, _LATIN = 0.7, 0.18
"""The least gap that is a blank, in heights: between Chinese characters, and beside others."""
_UNSEEN = frozenset((0xA0, 0xAD, 0x3000, 0xFEFF, 0xFFFE, 0xFFFF))


class _Glyph(NamedTuple):
    char: str
    left: float
    bottom: float
    right: float
    top: float


def page_pieces(page: Any) -> tuple[list[Piece], str]:
    """The pieces of a page and the text that stands slanted across it (a watermark), or "".

    Raises ValueError for a page of more characters than one can hold.
    """
    layer = page.get_textpage()
    try:
        if layer.count_chars() > MAX_PAGE_CHARACTERS:
            raise ValueError(f"a page of {layer.count_chars()} characters")
        turned = list(_glyphs(layer))
    finally:
        layer.close()
    quarter = Counter(angle for angle, _ in turned if angle is not None).most_common(1)
    upright = quarter[0][0] if quarter else 0
    slanted = "".join(glyph.char for angle, glyph in turned if angle != upright)
    return _pieces([_upright(glyph, upright or 0) for angle, glyph in turned if angle == upright]), slanted


def _glyphs(layer: Any) -> Iterator[tuple[int | None, _Glyph]]:
    """Each visible character with its quarter turns (None: slanted) and its box."""
    import pypdfium2.raw as pdfium  # type: ignore[import-untyped]

    box = pdfium.FS_RECTF()
    for at in range(layer.count_chars()):
        code = pdfium.FPDFText_GetUnicode(layer, at)
        if (
            code <= 32
            or code in (0xA0, 0xAD, 0x3000, 0xFEFF, 0xFFFE, 0xFFFF)
            or 0xD800 <= code < 0xE000
            or code > 0x10FFFF
        ):
            continue
        if not pdfium.FPDFText_GetLooseCharBox(layer, at, ctypes.byref(box)):
            continue
        turns = pdfium.FPDFText_GetCharAngle(layer, at) / (math.pi / 2)
        quarter = None if abs(turns - round(turns)) > 0.03 else round(turns) % 4
        yield quarter, _Glyph(chr(code), box.left, box.bottom, box.right, box.top)


def _upright(glyph: _Glyph, quarter: int) -> _Glyph:
    """The glyph with its page turned so that its text runs to the right."""
    char, left, bottom, right, top = glyph
    if quarter == 1:
        return _Glyph(char, bottom, -right, top, -left)
    if quarter == 2:
        return _Glyph(char, -right, -top, -left, -bottom)
    if quarter == 3:
        return _Glyph(char, -top, left, -bottom, right)
    return glyph


def _pieces(glyphs: Sequence[_Glyph]) -> list[Piece]:
    """Rows of characters, cut where a gap is wider than a character."""
    rows: list[list[_Glyph]] = []
    for glyph in sorted(glyphs, key=lambda one: -(one.top + one.bottom)):
        first = rows[-1][0] if rows else None
        if (
            first is not None
            and first.top + first.bottom - glyph.top - glyph.bottom
            <= max(first.top - first.bottom, glyph.top - glyph.bottom) * 0.9
        ):
            rows[-1].append(glyph)
        else:
            rows.append([glyph])
    return [piece for row in rows for piece in _cut(sorted(row, key=lambda one: one.left))]


def _cut(row: Sequence[_Glyph]) -> Iterator[Piece]:
    run: list[_Glyph] = []
    text = ""
    size = max(median([glyph.top - glyph.bottom for glyph in row]), 1.0)  # of the row: the box of 一 is a thin one
    for glyph in row:
        if run:
            last = run[-1]
            gap = glyph.left - max(one.right for one in run[-3:])
            if glyph.char == last.char and abs(glyph.left - last.left) < 0.25 * (last.right - last.left):
                continue  # drawn twice, to look bold
            if gap > size:
                yield _piece(run, text)
                run, text = [], ""
            elif gap > (_CHINESE if min(glyph.char, last.char) > "\u2e80" else _LATIN) * size:
                text += " "
        run.append(glyph)
        text += glyph.char
    if run:
        yield _piece(run, text)


def _piece(run: Sequence[_Glyph], text: str) -> Piece:
    bottom, top = min(one.bottom for one in run), max(one.top for one in run)
    return Piece(text, run[0].left, bottom, max(one.right for one in run), top)
