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
from dataclasses import dataclass
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
_SURE = 0.97
_SURE_OF_MARK = 0.98
"""A number with a digit, or a point or comma, that was read with less confidence is undecided."""
_POOR = 0.97
"""A page whose lines are read with less confidence on average gives no figures at all."""
_NUMBER = re.compile(
    r"[〇零一二三四五六七八九十百千+－-]*[0-9０-９](?:[0-9０-９OolI.．:：]|[,，](?=[0-9]{3}(?![0-9])))*[%％‰万亿]*"
)
_THOUSANDTHS = re.compile(r"[0-9][.．][0-9]{3}$")
"""26.630 is as likely 26,630: a point and a comma differ by a few dots of the picture."""


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
        letters = sum(map(len, found.txts))
        mean = sum(len(text) * score for text, score in zip(found.txts, found.scores, strict=True)) / max(letters, 1)
        read = zip(found.boxes.tolist(), found.txts, found.scores, found.word_results, strict=True)
        places = _Page(scale, height, poor=mean < _POOR)
        return [_piece(box, text, score, characters, places) for box, text, score, characters in read]


@dataclass(frozen=True, slots=True)
class _Page:
    """Pixels for a point, the height in points, and whether it was read badly as a whole."""

    scale: float
    height: float
    poor: bool


def _piece(box: Any, text: str, score: float, characters: Any, page: _Page) -> Piece:
    xs, ys = [point[0] / page.scale for point in box], [page.height - point[1] / page.scale for point in box]
    text = " ".join(text.split())
    scores = [(one[0], float(one[1])) for one in characters or () if one[0].strip()]
    unsure = tuple(unsure_numbers(text, scores, poor=page.poor))
    return Piece(text, min(xs), min(ys), max(xs), max(ys), f"read by OCR, confidence {score:.2f}", unsure)


def unsure_numbers(text: str, scores: Sequence[tuple[str, float]], *, poor: bool = False) -> Iterator[Unsure]:
    """The numbers of a line that OCR was not sure of; `scores` are its characters with their confidence.

    `"增长4.2%"` with 0.6 for the 2 → (2, 6, "read by OCR, a character with confidence 0.60 …"). All numbers, where the
    page is poor or the characters do not fit the line.
    """
    places = [at for at, char in enumerate(text) if char != " "]
    known = len(places) == len(scores) and all(text[at] == char for at, (char, _) in zip(places, scores, strict=True))
    by_place = {at: score for at, (_, score) in zip(places, scores, strict=True)} if known else {}
    for match in _NUMBER.finditer(text):
        span = match.span()
        marks = [at for at in range(*span) if text[at] in ".．,，"]
        digits = [by_place.get(at, 0.0) for at in range(*span) if at not in marks]
        least, mark = min(digits), min((by_place.get(at, 0.0) for at in marks), default=1.0)
        if poor:
            yield *span, "read by OCR from a poor picture: no digit is guessed"
        elif least < _SURE or mark < _SURE_OF_MARK:
            yield *span, f"read by OCR, a character with confidence {min(least, mark):.2f}: no digit is guessed"
        elif _THOUSANDTHS.search(match[0].rstrip("，,．.%％‰万亿")):
            yield *span, "read by OCR: its point may be the comma of thousands"
