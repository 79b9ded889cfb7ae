"""Keeping what is derived from the database in step with it: the keyword index and the vectors.

A derived index notes the numbers of the reports it holds. Numbers are never given out twice, so comparing two sets
says what to add and what to drop; a missing or damaged index is simply one that holds nothing.
"""

from __future__ import annotations

import json
from collections.abc import Collection, Iterator, Sequence
from contextlib import contextmanager
from pathlib import Path
from typing import TYPE_CHECKING

from sqlalchemy import select

from zhengwen.index import schema
from zhengwen.index.keywords import KeywordIndex, KeywordIndexDamaged, KeywordText
from zhengwen.index.reading import read_text
from zhengwen.ingest.errors import LibraryError

if TYPE_CHECKING:
    from zhengwen.index.library import Library
    from zhengwen.index.rows import ReportRow

KEYWORDS = "keywords"
_LOCK = "derived.lock"
_REPORTS_AT_ONCE = 250
READER_WAITS = 2.0
WRITER_WAITS = 120.0


class Busy(Exception):
    """Another process is bringing the derived indexes into step."""


@contextmanager
def deriving(folder: Path, *, wait: float) -> Iterator[None]:
    """Hold the right to write what is derived; given back even when the process is killed. Raises Busy."""
    from filelock import FileLock, Timeout

    try:
        folder.mkdir(parents=True, exist_ok=True)
        with FileLock(folder / _LOCK, timeout=wait):
            yield
    except Timeout:
        raise Busy(f"{folder}: another process is indexing") from None
    except OSError as error:
        reason = f"cannot be written ({error.strerror}); check its permissions and the space on the disk"
        raise LibraryError(f"{folder}: {reason}") from None


def indexed_text(report: ReportRow, headings: Sequence[str], text: str) -> str:
    """What a passage is found by: its own text under its report's region, title and year, and its headings."""
    year = str(report.year_reviewed) if report.year_reviewed else ""
    return " ".join((report.region_name, report.title, year, *headings, text))


def report_numbers(library: Library) -> set[int]:
    """The numbers of all stored reports."""
    with library.reading() as connection:
        return set(connection.execute(select(schema.reports.c.no)).scalars())


def keyword_index(library: Library, *, writer: bool = False) -> KeywordIndex:
    """The keyword index, brought into step where that is possible at once.

    A reader does not wait long for another process that indexes: it takes the index as it stands. A `writer`
    (an ingest) waits. Raises LibraryError when the index can neither be read nor written.
    """
    with library.kept_lock:
        now = library.generation()
        if writer or library.kept_keywords is None or library.kept_keywords_at != now:
            library.kept_keywords_at = -1  # unless it is found or brought in step, the next question looks again
            library.kept_keywords = _current(library, library.folder / KEYWORDS, writer=writer)
            if library.kept_keywords.held() == report_numbers(library):
                library.kept_keywords_at = now
        return library.kept_keywords


def _current(library: Library, folder: Path, *, writer: bool) -> KeywordIndex:
    try:
        index = library.kept_keywords or KeywordIndex.open(folder)
        index.reload()
        if index.held() == report_numbers(library) and not index.suspect():
            return index
    except KeywordIndexDamaged:
        index = None
    try:
        with deriving(library.folder, wait=WRITER_WAITS if writer else READER_WAITS):
            return _bring_into_step(library, folder)
    except Busy as busy:
        if index is None or writer:
            raise LibraryError(f"{busy}; wait for it to end and try again") from None
        return index


def _bring_into_step(library: Library, folder: Path) -> KeywordIndex:
    """Add and drop what differs, whole reports at a time; a damaged index is made anew."""
    for attempt in ("as it is", "anew"):
        try:
            index = KeywordIndex.open(folder) if attempt == "as it is" else KeywordIndex.rebuild(folder)
            held, wanted = index.held(), report_numbers(library)
            if held - wanted or index.suspect():
                index.update(texts=(), reports=(), remove=held - wanted)
            missing = sorted(wanted - held)
            for at in range(0, len(missing), _REPORTS_AT_ONCE):
                numbers = missing[at : at + _REPORTS_AT_ONCE]
                index.update(texts=_texts(library, numbers), reports=numbers, remove=())
        except KeywordIndexDamaged:
            continue
        return index
    raise LibraryError(f"{folder}: the keyword index cannot be written; check the disk and the folder's permissions")


def _texts(library: Library, numbers: Collection[int]) -> Iterator[KeywordText]:
    """The passages of these reports; straight from the rows, because a rebuild goes through all of them."""
    table = schema.passages.c
    columns = select(table.no, table.start, table.end, table.headings).order_by(table.seq)
    for report in library.by_number(numbers).values():
        with library.reading() as connection:
            text = read_text(connection, report.no)
            rows = connection.execute(columns.where(table.report_no == report.no)).all()
        if text is not None:
            for number, start, end, headings in rows:
                whole = indexed_text(report, json.loads(headings), text.clean[start:end])
                yield KeywordText(passage_no=number, report_no=report.no, text=whole)
