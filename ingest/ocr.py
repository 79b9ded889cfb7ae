"""Scanned pages are read by rapidocr, where the extra [ocr] is installed: offline, its models lie in the package.

What OCR read is said with every line, and a number with a character that it was not sure of is marked: no figure is
stored from there.
"""

from __future__ import annotations

import functools
import importlib
import importlib.util
import re
import time
from collections.abc import Iterator, Sequence
from typing import Any

from zhengwen.ingest.errors import InputError
from zhengwen.ingest.layout import Piece, Unsure

MAX_PAGES = 40
MAX_SECONDS = 150.0
"""A page takes one to four seconds of two cores; a reader that takes over three minutes is given up."""
ADVICE = "install zhengwen[ocr], or run OCR over it yourself, for example with ocrmypdf -l chi_sim, and give the result"
_OTHER_WAY = "split it, or run OCR over it yourself"
_LONG_SIDE = 2000
"""Pixels of the page's longer side: about 170 dots an inch of an A4 page."""
_SURE = 0.9
"""A character of a number that was read with less confidence makes the number undecided."""
_NUMBER = re.compile(
    r"[\d０-９OolI〇零一二三四五六七八九十百千万亿.．,，%％‰+\-－:：]*[\d０-９][\d０-９OolI.．,，%％‰万亿]*"
)


def available() -> bool:
    """True where the extra [ocr] is installed."""
    return all(importlib.util.find_spec(name) is not None for name in ("rapidocr", "onnxruntime"))


@functools.cache
def _engine() -> Any:
    return importlib.import_module("rapidocr").RapidOCR(params={"Global.log_level": "critical"})


class Reader:
    """Reads pages of one file by OCR, within limits of pages and time."""

    def __init__(self, *, seconds: float = MAX_SECONDS, pages: int = MAX_PAGES) -> None:
        self._until = time.monotonic() + seconds
        self._seconds = seconds
        self._left = pages
        self._pages = pages

    def read(self, page: Any) -> list[Piece]:
        """The pieces of a page of pypdfium2, in points. Raises InputError when the file has taken too long."""
        self._left -= 1
        if self._left < 0:
            raise InputError(f"is a scanned PDF of more than {self._pages} pages: {_OTHER_WAY}")
        if time.monotonic() > self._until:
            raise InputError(f"is a scanned PDF that OCR could not read in {self._seconds:.0f} s: {_OTHER_WAY}")
        width, height = page.get_size()
        scale = _LONG_SIDE / max(width, height, 1.0)
        found = _engine()(page.render(scale=scale).to_numpy(), return_word_box=True, return_single_char_box=True)
        if found.txts is None:
            return []
        read = zip(found.boxes.tolist(), found.txts, found.scores, found.word_results, strict=True)
        return [_piece(box, text, score, characters, scale, height) for box, text, score, characters in read]


def _piece(box: Any, text: str, score: float, characters: Any, scale: float, height: float) -> Piece:
    xs, ys = [point[0] / scale for point in box], [height - point[1] / scale for point in box]
    text = " ".join(text.split())
    why = f"read by OCR, confidence {score:.2f}"
    return Piece(text, min(xs), min(ys), max(xs), max(ys), why, tuple(_unsure(text, characters)))


def _unsure(text: str, characters: Sequence[Sequence[Any]]) -> Iterator[Unsure]:
    """The numbers with a character of low confidence; all of them where the characters cannot be told apart."""
    scores = [(one[0], float(one[1])) for one in characters or () if one[0].strip()]
    places = [at for at, char in enumerate(text) if char != " "]
    known = len(places) == len(scores) and all(text[at] == char for at, (char, _) in zip(places, scores, strict=True))
    by_place = {at: score for at, (_, score) in zip(places, scores, strict=True)} if known else {}
    for match in _NUMBER.finditer(text):
        least = min((by_place[at] for at in range(*match.span()) if at in by_place), default=0.0)
        if least < _SURE:
            yield *match.span(), f"read by OCR, and a character only with confidence {least:.2f}: no digit is guessed"
