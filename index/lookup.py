"""Finding figures by what they are: region, period, indicator, kind, status, unit.

found = lookup(library, FigureFilter(regions=("371602",), period=Period.years(2020)))
[(one.figure.indicator, one.figure.value, one.report.title) for one in found]
"""

from __future__ import annotations

import json
from functools import cached_property, lru_cache
from typing import Any, Literal

from sqlalchemy import ColumnElement, Select, func, select

from zhengwen.index import schema
from zhengwen.index.codec import CORRECTED, day, read_figure, to_json
from zhengwen.index.library import Library
from zhengwen.index.rows import ReportRow
from zhengwen.index.scope import region_condition
from zhengwen.ingest.models import Figure, FigureKind, Mode, Period, Record, Status

PeriodMatch = Literal["overlaps", "within", "covers", "exact"]


class FigureFilter(Record):
    """What a figure must be; a field left empty asks nothing. Several values of one field are alternatives."""

    regions: tuple[str, ...] = ()
    """Division codes of the figure's own region (a county's report also gives figures of its city)."""
    descendants: bool = False
    """Also the divisions below `regions`."""
    period: Period | None = None
    period_match: PeriodMatch = "overlaps"
    """How the figure's period lies to `period`: touches it, lies inside it, spans all of it, or is the same."""
    undated: bool = False
    """Also figures whose period is unknown."""
    indicators: tuple[str, ...] = ()
    """`Figure.indicator`, canonical or in the words of the text."""
    words: str = ""
    """Or, beside `indicators`: must occur in `Figure.indicator_text`."""
    canonical_only: bool = False
    kinds: tuple[FigureKind, ...] = ()
    statuses: tuple[Status, ...] = ()
    units: tuple[str, ...] = ()
    report_ids: tuple[str, ...] = ()
    passage_ids: tuple[str, ...] = ()
    ids: tuple[str, ...] = ()
    text: str = ""
    """Must occur in the figure's sentence."""
    withdrawn: bool | None = False
    """The figures that a correction took back: none of them, nothing but them, or (None) these too."""
    corrected: bool = False
    """Only figures that a correction has changed or taken back."""
    offset: int = 0
    """Skip so many, and give at most `limit`."""
    limit: int | None = None


_OPENING = 40
"""A first sentence longer than this is none that only names what follows."""


class StoredFigure:
    """One stored figure; the record and the texts around it are read when first asked for."""

    def __init__(self, library: Library, report: ReportRow, row: Any) -> None:
        self._library = library
        self._record: str = row.record
        self._headings: str = row.headings or "[]"
        self.report = report
        self.id: str = row.id
        """Stable: made from the source's hash and span."""
        self.line: int = row.line
        """1-based line of the source on which the sentence begins."""
        self.passage_id: str = row.passage_id or ""
        """The citation id; empty where no passage holds the figure."""
        self.mode: Mode = row.mode or "other"

    @cached_property
    def figure(self) -> Figure:
        return read_figure(self._record, self.report.region)

    @property
    def headings(self) -> tuple[str, ...]:
        """The headings above it, outermost first."""
        return _headings(self._headings)

    @cached_property
    def sentence(self) -> str:
        """The clean text of its sentence."""
        return self._slice(self.figure.sentence_start, self.figure.sentence_end)

    @cached_property
    def clause(self) -> str:
        """The clean text of the clause it was read from."""
        return self._slice(self.figure.clause_start, self.figure.clause_end)

    @cached_property
    def opening(self) -> str:
        """The short first sentence of its paragraph, which says like a heading what it is about; empty where none."""
        clean = self._library.text(self.report).clean
        start = clean.rfind("\n", 0, self.figure.sentence_start) + 1
        stop = clean.find("。", start, start + _OPENING)
        return clean[start:stop] if 0 <= stop < self.figure.sentence_start else ""

    @cached_property
    def before(self) -> str:
        """The short sentence before its own, which a bare 产量 or 产值 leans on; empty where there is none."""
        clean = self._library.text(self.report).clean
        end = self.figure.sentence_start - 1
        start = max(clean.rfind("。", 0, max(end, 0)), clean.rfind("\n", 0, self.figure.sentence_start)) + 1
        return clean[start:end] if 0 < end - start <= _OPENING else ""

    def _slice(self, start: int, end: int) -> str:
        return self._library.text(self.report).clean[start:end]

    def verify(self) -> bool:
        """Whether the stored text still holds the figure as printed: asked before it is shown."""
        return self._slice(self.figure.start, self.figure.end) == self.figure.surface

    def __repr__(self) -> str:
        return f"StoredFigure({self.id} {self.figure.indicator} {self.figure.surface})"


@lru_cache(maxsize=8192)
def _headings(text: str) -> tuple[str, ...]:
    return tuple(json.loads(text))


def figure_rows(*, withdrawn: bool | None = False) -> Select[Any]:
    """The rows that a StoredFigure is made from, in the order of their reports and texts; see `FigureFilter`."""
    figures, passages = schema.figures.c, schema.passages.c
    own = (figures.report_no, figures.id, figures.line, figures.record, figures.region_code)
    facts = (figures.period_start, figures.period_end, figures.indicator, figures.canonical)
    place = (passages.id.label("passage_id"), passages.headings, passages.mode)
    joined = select(*own, *facts, *place).join_from(
        schema.figures, schema.passages, figures.passage_no == passages.no, isouter=True
    )
    if withdrawn is not None:
        taken_back = figures.status == schema.WITHDRAWN
        joined = joined.where(taken_back if withdrawn else ~taken_back)
    return joined.order_by(figures.no)


def lookup(library: Library, wanted: FigureFilter) -> list[StoredFigure]:
    """The figures that fit, in the order of their reports and texts. Raises LibraryError when the database fails."""
    query = figure_rows(withdrawn=wanted.withdrawn).where(*_conditions(wanted))
    exact = _exact(wanted)
    if exact:
        query = query.limit(wanted.limit).offset(wanted.offset or None)
    with library.reading() as connection:
        rows = connection.execute(query).all()
    reports = library.by_number({row.report_no for row in rows})
    found = [
        StoredFigure(library, reports[row.report_no], row)
        for row in rows
        if row.report_no in reports  # a report removed between the two queries takes its figures along
    ]
    if exact:
        return found
    return [one for one in found if _fits(one, wanted)][wanted.offset :][: wanted.limit]


def count(library: Library, wanted: FigureFilter) -> int:
    """How many figures fit, whatever `offset` and `limit` say."""
    if not _exact(wanted):
        return len(lookup(library, wanted.model_copy(update={"offset": 0, "limit": None})))
    query = figure_rows(withdrawn=wanted.withdrawn).where(*_conditions(wanted)).order_by(None)
    with library.reading() as connection:
        return int(connection.execute(query.with_only_columns(func.count(), maintain_column_froms=True)).scalar_one())


def _exact(wanted: FigureFilter) -> bool:
    """Whether the database alone decides; otherwise it makes a coarse choice and `_fits` reads the records."""
    return not (wanted.text or wanted.words or (wanted.statuses and wanted.withdrawn is not False))


def _fits(one: StoredFigure, wanted: FigureFilter) -> bool:
    figure = one.figure
    named = figure.indicator in wanted.indicators or wanted.words in figure.indicator_text
    return named and wanted.text in one.sentence and figure.status in (wanted.statuses or (figure.status,))


def _conditions(wanted: FigureFilter) -> list[ColumnElement[bool]]:
    table = schema.figures.c
    found: list[ColumnElement[bool]] = []
    if wanted.regions:
        found.append(region_condition(table.region_code, wanted.regions, descendants=wanted.descendants))
    if wanted.period is not None:
        fits = _period_condition(wanted.period, wanted.period_match)
        found.append(fits | table.period_start.is_(None) if wanted.undated else fits)
    choices = (
        (table.kind, wanted.kinds),
        (table.status, wanted.statuses if wanted.withdrawn is False else ()),
        (table.unit, wanted.units),
        (table.id, wanted.ids),
        (schema.passages.c.id, wanted.passage_ids),
    )
    found += [column.in_(values) for column, values in choices if values]
    if wanted.indicators or wanted.words:
        found.append(_called(wanted))
    if wanted.corrected:
        found.append(table.record.contains(CORRECTED, autoescape=True))
    if wanted.canonical_only:
        found.append(table.canonical == 1)
    if wanted.report_ids:
        held = select(schema.reports.c.no).where(schema.reports.c.id.in_(wanted.report_ids))
        found.append(table.report_no.in_(held))
    return found


def _called(wanted: FigureFilter) -> ColumnElement[bool]:
    """By the indicator; the words are looked for in the whole record here, and in their field by `_named`."""
    table = schema.figures.c
    called = table.indicator.in_(wanted.indicators)
    return called | table.record.contains(to_json(wanted.words)[1:-1], autoescape=True) if wanted.words else called


def _period_condition(period: Period, match: PeriodMatch) -> ColumnElement[bool]:
    table = schema.figures.c
    first, last = day(period.start), day(period.end)
    if match == "exact":
        return (table.period_start == first) & (table.period_end == last)
    if match == "within":
        return (table.period_start >= first) & (table.period_end <= last)
    if match == "covers":
        return (table.period_start <= first) & (table.period_end >= last)
    return (table.period_start <= last) & (table.period_end >= first)
