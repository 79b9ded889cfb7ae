"""What a library gives back: reports, passages and figures as they are stored."""

from __future__ import annotations

import datetime as dt
import json
from dataclasses import dataclass
from functools import cached_property, lru_cache
from typing import Any

from zhengwen.index.codec import parse_period, read_about, unpack
from zhengwen.ingest.models import About, IssuingLevel, Passage, Period, Region, ReportKind
from zhengwen.ingest.textmap import TextMap


@dataclass(frozen=True)
class SourceRow:
    """One file or page a report was read from."""

    source: str
    """The path as ingested."""
    location: str
    """The absolute path or URL."""
    sha256: str
    read_at: str


@dataclass(frozen=True)
class ReportRow:
    """One stored report without its text."""

    no: int
    """Internal number, never given out twice."""
    id: str
    sha256: str
    encoding: str
    region: Region | None
    kind: ReportKind
    title: str
    date: dt.date | None
    year_reviewed: int | None
    covers: Period | None
    characters: int
    passages: int
    figures: int
    read_at: str
    """When it was read, ISO time in UTC."""
    warnings: tuple[str, ...]
    sources: tuple[SourceRow, ...]
    """Where it was read from: the first is the one that was kept, the others are duplicates of it."""
    about_record: str

    @cached_property
    def about(self) -> About:
        """Every fact about the report with how it is known."""
        return read_about(self.about_record)

    @property
    def source(self) -> str:
        """The path as ingested."""
        return self.sources[0].source if self.sources else ""

    @property
    def region_name(self) -> str:
        """The full name, `山东省滨州市滨城区`; empty where it is unknown."""
        return self.region.name if self.region else ""

    @classmethod
    def of(cls, row: Any, sources: tuple[SourceRow, ...]) -> ReportRow:
        return cls(
            no=row.no,
            id=row.id,
            sha256=row.sha256,
            encoding=row.encoding,
            region=_region(row.region_code, row.region_name, row.region_level) if row.region_code else None,
            kind=row.kind,
            title=row.title,
            date=dt.date.fromisoformat(row.date) if row.date else None,
            year_reviewed=row.year_reviewed,
            covers=parse_period(row.covers) if row.covers else None,
            characters=row.characters,
            passages=row.passages,
            figures=row.figures,
            read_at=row.read_at,
            warnings=() if row.warnings == "[]" else tuple(json.loads(row.warnings)),
            sources=sources,
            about_record=row.about,
        )


@lru_cache(maxsize=4096)
def _region(code: str, name: str, level: IssuingLevel) -> Region:
    return Region(code=code, name=name, level=level)


@dataclass(frozen=True)
class StoredText:
    """The texts of one report and the map between them; source and map are unpacked when first asked for."""

    clean: str
    packed_source: bytes
    packed_offsets: bytes

    @cached_property
    def source(self) -> str:
        """The source as it was read."""
        return unpack(self.packed_source) or self.clean

    @cached_property
    def offsets(self) -> TextMap:
        return TextMap([(a, b, c, d) for a, b, c, d in json.loads(unpack(self.packed_offsets) or "[]")])


@dataclass(frozen=True)
class StoredPassage:
    """A passage with its report and its text."""

    no: int
    seq: int
    passage: Passage
    report: ReportRow
    text: str
    """The clean text of the passage."""
    source_text: str
    """The stored source from `source_start` to `source_end`, exactly as it was read."""

    @property
    def id(self) -> str:
        return self.passage.id


def stored_passage(row: Any, report: ReportRow, text: StoredText) -> StoredPassage:
    """A row of the passages table with its report and texts."""
    return StoredPassage(
        no=row.no,
        seq=row.seq,
        passage=passage_of(row),
        report=report,
        text=text.clean[row.start : row.end],
        source_text=text.source[row.source_start : row.source_end],
    )


def passage_of(row: Any) -> Passage:
    """A row of the passages table as the record that was ingested."""
    return Passage(
        id=row.id,
        start=row.start,
        end=row.end,
        source_start=row.source_start,
        source_end=row.source_end,
        line=row.line,
        headings=tuple(json.loads(row.headings)),
        mode=row.mode,
        period=parse_period(row.period) if row.period else None,
    )
