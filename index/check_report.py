"""One stored report read again: every span, id, number and column against the stored texts."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterator, Sequence
from typing import Any

from sqlalchemy import select

from zhengwen.index import schema
from zhengwen.index.codec import read_figure, unpack_blocks, unpack_removals, unpack_repairs
from zhengwen.index.library import Library
from zhengwen.index.rows import ReportRow, StoredPassage, StoredText
from zhengwen.index.writing import figure_columns
from zhengwen.ingest.figure_ids import figure_ids, line_of, line_starts
from zhengwen.ingest.models import Block, Figure
from zhengwen.ingest.passages import citation_id

Mended = tuple[tuple[int, int], ...]
"""Half-open source spans."""
_NUMBER = re.compile(r"\d+(?:\.\d+)?")


def report_faults(library: Library, report: ReportRow) -> Iterator[str]:
    """What does not agree with itself, a sentence each; nothing for a sound report.

    Raises LibraryError, ValueError or KeyError for what cannot be read at all.
    """
    text = library.text(report)
    passages = library.passages_of(report)
    lines = line_starts(text.source)
    yield from _report_row(report, text, len(passages))
    blocks, mended = _other_texts(library, report)
    if any(not 0 <= block.start <= block.end <= report.characters for block in blocks):
        yield "its outline lies outside the text"
    yield from _map(text, mended)
    for stored in passages:
        yield from _passage(report, text, lines, stored)
    yield from _figures(library, report, text, lines, mended)


def _report_row(report: ReportRow, text: StoredText, passages: int) -> Iterator[str]:
    about = report.about
    if report.id != report.sha256[: len(report.id)]:
        yield "its id is not the beginning of its hash"
    if not report.sources:
        yield "no source is noted for it"
    if len(text.clean) != report.characters or passages != report.passages:
        yield f"holds {len(text.clean)} characters and {passages} passages, not as many as were stored"
    told = (about.region.value, about.title.value or "", about.date.value, about.year_reviewed.value)
    if told != (report.region, report.title, report.date, report.year_reviewed):
        yield "its region, title, date or year differs from what was read"


def _other_texts(library: Library, report: ReportRow) -> tuple[tuple[Block, ...], Mended]:
    """The outline, and the places of the source that were mended: there alone a digit may come from a letter."""
    table = schema.texts.c
    query = select(table.blocks, table.repairs, table.removals).where(table.report_no == report.no)
    with library.reading() as connection:
        row = connection.execute(query).one()
    unpack_removals(row.removals)
    mended = tuple((one.start, one.end) for one in unpack_repairs(row.repairs) if one.before != one.after)
    return unpack_blocks(row.blocks), mended


def _map(text: StoredText, mended: Mended) -> Iterator[str]:
    """The map covers the clean text, stays inside the source, and brings every ASCII character back to itself."""
    at = 0
    for clean_start, clean_end, source_start, source_end in text.offsets.segments:
        if clean_start != at or not 0 <= source_start <= source_end <= len(text.source):
            yield f"the map to its source is broken at character {at}"
            return
        at = clean_end
        clean, source = text.clean[clean_start:clean_end], text.source[source_start:source_end]
        if len(clean) == len(source) and clean != source and any(_changed(clean, source, source_start, mended)):
            yield f"characters {clean_start} to {clean_end} are not those of its source"
    if at != len(text.clean):
        yield f"the map to its source ends at character {at} of {len(text.clean)}"


def _changed(clean: str, source: str, start: int, mended: Mended) -> Iterator[bool]:
    """Scripts and widths may change; a digit or a letter may not become another one."""
    for at, (a, b) in enumerate(zip(clean, source, strict=True), start):
        if a != b and a.isascii() and a.isalnum() and unicodedata.normalize("NFKC", b) != a:
            yield not _touches(at, at + 1, mended)


def _touches(start: int, end: int, spans: Mended) -> bool:
    return any(first < end and start < last for first, last in spans)


def _passage(report: ReportRow, text: StoredText, lines: tuple[int, ...], stored: StoredPassage) -> Iterator[str]:
    passage = stored.passage
    if not stored.text.strip() or passage.end > len(text.clean) or passage.source_end > len(text.source):
        yield f"passage {stored.id} lies outside the text"
    if citation_id(report.sha256, passage.source_start, passage.source_end) != stored.id:
        yield f"passage {stored.id} has another source span than its id says"
    if text.offsets.source_span(passage.start, passage.end) != (passage.source_start, passage.source_end):
        yield f"passage {stored.id} and the map to its source disagree"
    if line_of(lines, passage.source_start) != passage.line:
        yield f"passage {stored.id} does not begin on line {passage.line} of its source"


def _figures(
    library: Library, report: ReportRow, text: StoredText, lines: tuple[int, ...], mended: Mended
) -> Iterator[str]:
    table = schema.figures
    query = select(table).where(table.c.report_no == report.no).order_by(table.c.no)
    with library.reading() as connection:
        rows = connection.execute(query).all()
    if len(rows) != report.figures:
        yield f"holds {len(rows)} figures, not {report.figures}"
    figures = [read_figure(row.record, report.region) for row in rows]
    ids = figure_ids(figures, sha256=report.sha256, offsets=text.offsets)
    for row, figure, identity in zip(rows, figures, ids, strict=True):
        if identity != row.id:
            yield f"figure {row.id} has another source span than its id says"
        yield from (f"figure {row.id} {what}" for what in _figure(row, figure, text, lines, mended))


def _figure(row: Any, figure: Figure, text: StoredText, lines: tuple[int, ...], mended: Mended) -> Iterator[str]:
    held = text.clean[figure.start : figure.end]
    start, end = text.offsets.source_span(figure.start, figure.end)
    if held != figure.surface:
        yield f"is {figure.surface!r}, but its text has {held!r}"
    elif _numbers(text.source[start:end]) != _numbers(held) and not _touches(start, end, mended):
        yield f"is {figure.surface!r}, but its source has {text.source[start:end]!r}"
    if not _printed(figure):
        yield f"has the value {figure.value}, which {figure.surface!r} does not say"
    sentence = text.offsets.source_span(figure.sentence_start, figure.sentence_end)[0]
    if line_of(lines, sentence) != row.line:
        yield f"does not stand on line {row.line} of its source"
    differ = [name for name, value in figure_columns(figure).items() if getattr(row, name) != value]
    if differ:
        yield f"was changed after it was read: {', '.join(differ)}"


def _numbers(text: str) -> list[str]:
    return _NUMBER.findall(re.sub(r"[,，\s]", "", unicodedata.normalize("NFKC", text)))


def _printed(figure: Figure) -> bool:
    """Whether the value's digits stand in the surface: 1.2万亿元 has those of 1200000000000. Words say no digits."""
    printed = {_digits(number) for number in _numbers(figure.surface)}
    values: Sequence[Any] = figure.parts or (figure.value,)
    fraction = "/" in figure.surface or "⁄" in unicodedata.normalize("NFKC", figure.surface)
    return not printed or fraction or any(_digits(format(abs(value), "f")) in printed for value in values)


def _digits(number: str) -> str:
    """Without point and outer noughts, which a 万 or 亿 adds or takes."""
    return number.replace(".", "").strip("0")
