"""The records that pass between the rooms: what a report, a passage and a figure are.

All are frozen pydantic models. Offsets are half-open character offsets; "clean" offsets count in `Report.text`,
"source" offsets count in the decoded source text, before anything was repaired or removed.
"""

from __future__ import annotations

import datetime as dt
from typing import Generic, Literal, Self, TypeVar

from pydantic import Field, model_validator

from zhengwen.ingest.models_base import Period as Period
from zhengwen.ingest.models_base import PeriodText as PeriodText
from zhengwen.ingest.models_base import PlainDecimal as PlainDecimal
from zhengwen.ingest.models_base import Record as Record

FigureKind = Literal["level", "count", "share", "change", "change_pp", "ratio", "rank", "completion"]
Status = Literal["actual", "target", "cumulative", "average"]
Bound = Literal["exact", "about", "at_least", "more_than", "at_most", "less_than", "nearly"]
ReportKind = Literal["work_report", "bulletin", "news", "plan", "unknown"]
IssuingLevel = Literal["national", "province", "city", "county", "town", "unknown"]
Mode = Literal["review", "multi_review", "plan", "glossary", "annex", "front", "other"]
How = Literal["text", "title", "path", "sidecar", "inferred", "unknown"]
MarkRole = Literal["indicator", "qualifier", "value", "bound", "status", "period", "basis", "scope", "kind"]

T = TypeVar("T")


class Span(Record):
    """A half-open character range."""

    start: int = Field(ge=0)
    end: int = Field(ge=0)


class Region(Record):
    """An administrative division: `371602`, `山东省滨州市滨城区`. The nation is `000000`, `全国`."""

    code: str = Field(pattern=r"^\d{6}$")
    name: str
    level: IssuingLevel


class Known(Record, Generic[T]):
    """A fact about a report together with how it is known; `value=None` goes with `how="unknown"`."""

    value: T | None = None
    how: How = "unknown"
    note: str = ""


class About(Record):
    """What a report is: each fact with how it is known."""

    region: Known[Region] = Known[Region]()
    level: IssuingLevel = "unknown"
    kind: ReportKind = "unknown"
    title: Known[str] = Known[str]()
    publisher: Known[str] = Known[str]()
    author: Known[str] = Known[str]()
    url: str | None = None
    date: Known[dt.date] = Known[dt.date]()
    """The day it was read out or published."""
    year_reviewed: Known[int] = Known[int]()
    """The year whose results it gives; 去年 in its text, or 今年 where it was read out in December."""
    covers: PeriodText | None = None
    """The years its review covers, e.g. 2016-2020 for a report that closes a term."""

    @property
    def year_planned(self) -> int | None:
        """The year its targets are for: the one after the year reviewed."""
        return None if self.year_reviewed.value is None else self.year_reviewed.value + 1


class Block(Record):
    """One paragraph (or table, or heading) of the clean text with what its place in the outline says."""

    start: int
    end: int
    kind: Literal["text", "heading", "table"] = "text"
    headings: tuple[str, ...] = ()
    """The headings above it, outermost first."""
    mode: Mode = "other"
    period: PeriodText | None = None
    """The period its figures have unless a sentence says otherwise."""


class Passage(Record):
    """A citable piece of the clean text: one or more whole sentences of one block, at most 800 characters."""

    id: str
    """Stable: made from the source's hash and the source span."""
    start: int
    end: int
    source_start: int
    source_end: int
    line: int
    """1-based line of the source on which it begins."""
    headings: tuple[str, ...] = ()
    mode: Mode = "other"
    period: PeriodText | None = None


class Mark(Record):
    """A part of the text that gave one field of a figure: what `figures --why` colours."""

    role: MarkRole
    start: int
    end: int


class Figure(Record):
    """One number of a report, read once: DESIGN of the record is in docs/figures.md.

    `"全年城镇新增就业7198人"` → indicator 城镇新增就业, value 7198, unit 人, kind count, status actual, bound exact.
    """

    indicator: str
    """Canonical name where known, otherwise the words of the text."""
    indicator_text: str
    canonical: bool = False
    qualifiers: tuple[str, ...] = ()
    value: PlainDecimal
    """万/亿 multiplied out; a percent stays a percent number; a change carries its sign: 下降3.9% is -3.9."""
    value_max: PlainDecimal | None = None
    parts: tuple[PlainDecimal, ...] = ()
    """For compositions and ratios: 10:48.6:41.4."""
    unit: str
    surface: str
    kind: FigureKind
    status: Status = "actual"
    estimated: bool = False
    bound: Bound = "exact"
    period: PeriodText | None = None
    region: Region | None = None
    scope: str = ""
    basis: str = ""
    per: str = ""
    among: str = ""
    part_of: str = ""
    start: int
    end: int
    """`text[start:end] == surface`, in clean offsets."""
    sentence_start: int
    sentence_end: int
    clause_start: int
    clause_end: int
    """The clause the figure was read from, without its neighbours' subjects."""
    marks: tuple[Mark, ...] = ()
    repaired: bool = False
    """Its sentence lies in part in a place that was mended or read by OCR: see `Report.repairs` for what was seen."""
    corrected: str = ""
    """What a correction kept beside the file has changed, why and by whom; one line, empty where nothing was."""
    withdrawn: bool = False
    """A correction took it back: it answers nothing and is listed with its reason (`corrected`)."""

    @model_validator(mode="after")
    def _spans_nest(self) -> Self:
        if not self.sentence_start <= self.start < self.end <= self.sentence_end:
            raise ValueError(f"figure {self.surface!r} lies outside its sentence")
        return self


class Repair(Record):
    """One mended (or merely marked) damaged place, in source offsets, able to explain itself."""

    start: int
    end: int
    before: str
    after: str
    """Equal to `before` where the place was left as it is and marked."""
    why: str
    certainty: Literal["certain", "likely", "undecided"]


class Removal(Record):
    """A piece of page furniture left out of the clean text, in source offsets."""

    start: int
    end: int
    text: str
    why: str


class Report(Record):
    """One ingested document, finished: what `index.library.Library.add` stores in one transaction."""

    id: str
    """The first 16 hex digits of the SHA-256 of the source bytes."""
    sha256: str
    source: str
    """The path as ingested."""
    encoding: str
    text: str
    """The clean text."""
    offsets: tuple[tuple[int, int, int, int], ...]
    """The map to the source, as `textmap.TextMap.segments`."""
    source_text: str = ""
    """The decoded source before anything was repaired or removed: what citations are re-read from."""
    about: About
    blocks: tuple[Block, ...]
    passages: tuple[Passage, ...]
    figures: tuple[Figure, ...]
    repairs: tuple[Repair, ...] = ()
    removals: tuple[Removal, ...] = ()
    warnings: tuple[str, ...] = ()
