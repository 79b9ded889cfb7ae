"""From a citation id back to the source: the paragraph, its neighbours, the file it stands in."""

from __future__ import annotations

import datetime as dt
from typing import TYPE_CHECKING

from zhengwen.ingest.errors import InputError
from zhengwen.ingest.models import Record

if TYPE_CHECKING:
    from zhengwen.index.library import Library


class Cited(Record):
    """One cited passage with what stands around it. Offsets are half-open character offsets."""

    id: str
    text: str
    """The passage in clean text."""
    source_text: str
    """The same place in the file as it was read."""
    before: str
    """The passage before it in the same report, empty at the beginning."""
    after: str
    headings: tuple[str, ...]
    title: str
    region: str
    date: dt.date | None
    sources: tuple[str, ...]
    """Every path it was read from, the kept one first."""
    sha256: str
    read_at: str
    line: int
    """1-based line of the source."""
    source_start: int
    source_end: int
    start: int
    end: int


def cite(library: Library, passage_id: str) -> Cited:
    """The passage with this id, `[3f2a9c01d4e7]` or bare. Raises InputError when the library holds none."""
    wanted = passage_id.strip().strip("[]")
    found = library.passage(wanted)
    if found is None:
        raise InputError(f"no passage with the id '{wanted}' in the library; ids stand beside the sources of an answer")
    near = {stored.seq: stored.text for stored in library.neighbours(found)}
    report = found.report
    return Cited(
        id=found.id,
        text=found.text,
        source_text=found.source_text,
        before=near.get(found.seq - 1, ""),
        after=near.get(found.seq + 1, ""),
        headings=found.passage.headings,
        title=report.title,
        region=report.region_name,
        date=report.date,
        sources=tuple(source.source for source in report.sources),
        sha256=report.sha256,
        read_at=report.read_at,
        line=found.passage.line,
        source_start=found.passage.source_start,
        source_end=found.passage.source_end,
        start=found.passage.start,
        end=found.passage.end,
    )
