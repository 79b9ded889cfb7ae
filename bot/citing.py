"""From a citation id, a figure or a quoted sentence back to the source: the paragraph, its neighbours, its file.

cite(library, "3f2a9c01d4e7")                        the passage with this id
cite(library, "f53d2b7a9c01e")                       the passage of this figure, the figure marked in it
cite_quote(library, "全年新增城镇就业七千余人")      the passages that hold the sentence, or one like it
"""

from __future__ import annotations

import datetime as dt
import re
from typing import TYPE_CHECKING, Any, Literal

from pydantic import Field

from zhengwen.bot.citing_alike import Difference
from zhengwen.bot.citing_quote import Place, find_quote
from zhengwen.bot.listing import figure_by_id, figure_json
from zhengwen.ingest.errors import InputError, LibraryError
from zhengwen.ingest.models import Record, Repair, ReportKind

if TYPE_CHECKING:
    from zhengwen.index.library import Library
    from zhengwen.index.rows import ReportRow, StoredPassage

How = Literal["id", "figure", "exact", "normalised", "elided", "source", "fuzzy"]


class Match(Record):
    """The cited span inside the passage: what was asked for and how surely this is it."""

    how: How
    score: float = 1.0
    """1.0 unless `how` is fuzzy: then twice the common characters over all characters of both."""
    query: str
    """The id or the sentence as it was given."""
    text: str
    """The span in clean text."""
    start: int
    """Half-open offsets in the report's clean text."""
    end: int
    source_text: str
    """The span as it stands in the source."""
    source_start: int
    """Half-open offsets in the decoded source."""
    source_end: int
    differences: tuple[Difference, ...] = ()


class Cited(Record):
    """One cited passage with what stands around it. Offsets are half-open character offsets."""

    id: str
    """Of the passage; empty where no passage holds a figure."""
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
    match: Match
    figure: dict[str, Any] | None = None
    """The figure that was asked for by its id, as `zhengwen figures --json` prints it."""
    corrected: tuple[str, ...] = ()
    """What corrections beside the file have changed in the passage's figures: `7198人：状态由实际改为目标：…`."""
    repairs: tuple[Repair, ...] = ()
    """The mended and the marked places of this passage, in source offsets."""
    report_id: str = ""
    kind: ReportKind = "unknown"
    url: str | None = None
    reference: str = ""
    """By GB/T 7714—2015."""
    annotation: dict[str, Any] = Field(default_factory=dict)
    """The span as a W3C Web Annotation with selectors on the clean text and on the source."""


class CitedQuote(Record):
    """What was found for a sentence, best first; `nearest` is one that is not like it enough to be its source."""

    places: tuple[Cited, ...]
    total: int
    """How many places were found; `places` holds at most as many as were asked for."""
    nearest: Cited | None = None
    more: bool = False
    """True where the words are so common that there are further places than were counted."""


def cite(library: Library, wanted: str) -> Cited:
    """The passage with this id, `[3f2a9c01d4e7]` or bare, or of this figure's id.

    Raises InputError when the library holds none, LibraryError when a figure is no longer what its text says.
    """
    bare = wanted.strip().strip("[]").strip()
    if re.fullmatch(r"f[0-9a-f]{12}", bare):
        return _cite_figure(library, bare)
    found = library.passage(bare)
    if found is None:
        raise InputError(f"no passage with the id '{bare}' in the library; ids stand beside the sources of an answer")
    return _cited(library, found, found.passage.start, found.passage.end, how="id", query=bare)


def cite_quote(library: Library, sentence: str, *, limit: int = 5) -> CitedQuote:
    """The passages that hold the sentence, at most `limit`. Raises InputError for a text too short to be looked for."""
    found = find_quote(library, sentence)
    places = tuple(_cited_place(library, place, sentence) for place in found.places[:limit])
    nearest = _cited_place(library, found.nearest, sentence) if found.nearest else None
    return CitedQuote(places=places, total=len(found.places), nearest=nearest, more=found.more)


def _cite_figure(library: Library, figure_id: str) -> Cited:
    row = figure_by_id(library, figure_id)
    if not row.verify():
        raise LibraryError(f"{row.report.source}: figure '{figure_id}' is not what its text says; ingest it again")
    place = Place(row.report, row.figure.start, row.figure.end, "exact", 1.0)
    made = _cited(library, _holder(library, place), place.start, place.end, how="figure", query=figure_id)
    return made.model_copy(update={"figure": figure_json(row)})


def figure_line(figure: dict[str, Any]) -> str:
    """What a figure was read as, in one line: `城镇新增就业 · 2020 · 山东省滨州市滨城区 · 7198人 · actual`."""
    name = figure["indicator"] if figure["canonical"] else figure["indicator_text"]
    place = (figure["region"] or {}).get("name", "")
    parts = (name, figure["period"], place, figure["surface"], figure["status"])
    return " · ".join(str(part) for part in parts if part)


def _cited_place(library: Library, place: Place, sentence: str) -> Cited:
    holder = _holder(library, place)
    made = _cited(library, holder, place.start, place.end, how=place.how, query=sentence)
    match = made.match.model_copy(update={"score": place.score, "differences": place.differences})
    return made.model_copy(update={"match": match})


def _holder(library: Library, place: Place) -> StoredPassage:
    """The passage with most of the span; for a heading, which belongs to none, the passage below it."""
    passages = library.passages_of(place.report)
    if not passages:
        raise LibraryError(f"{place.report.source}: holds no passages; ingest it again")

    def common(one: StoredPassage) -> int:
        return min(one.passage.end, place.end) - max(one.passage.start, place.start)

    best = max(passages, key=common)
    below = (one for one in passages if one.passage.start >= place.end)
    return best if common(best) > 0 else next(below, passages[-1])


def _cited(library: Library, found: StoredPassage, start: int, end: int, *, how: How, query: str) -> Cited:
    from zhengwen.bot.citing_reference import reference
    from zhengwen.bot.citing_selectors import annotation
    from zhengwen.index.quoting import repairs_of

    near = {stored.seq: stored.text for stored in library.neighbours(found)}
    report, passage = found.report, found.passage
    match = _match(library, report, start, end, how=how, query=query)
    here = (one for one in repairs_of(library, report) if one.start < passage.source_end)
    return Cited(
        id=found.id,
        text=found.text,
        source_text=found.source_text,
        before=near.get(found.seq - 1, ""),
        after=near.get(found.seq + 1, ""),
        headings=passage.headings,
        title=report.title,
        region=report.region_name,
        date=report.date,
        sources=tuple(source.source for source in report.sources),
        sha256=report.sha256,
        read_at=report.read_at,
        line=passage.line,
        source_start=passage.source_start,
        source_end=passage.source_end,
        start=passage.start,
        end=passage.end,
        match=match,
        corrected=corrected_in(library, found.id),
        repairs=tuple(one for one in here if one.end > passage.source_start),
        report_id=report.id,
        kind=report.kind,
        url=report.about.url,
        reference=reference(report),
        annotation=annotation(library.text(report), report, match),
    )


def corrected_in(library: Library, passage_id: str) -> tuple[str, ...]:
    """The corrected figures of a passage, the withdrawn ones too, each with what was changed and why."""
    from zhengwen.index.lookup import FigureFilter, lookup

    found = lookup(library, FigureFilter(passage_ids=(passage_id,), withdrawn=None, corrected=True))
    return tuple(f"{row.figure.surface}：{row.figure.corrected}" for row in found)


def _match(library: Library, report: ReportRow, start: int, end: int, *, how: How, query: str) -> Match:
    text = library.text(report)
    source_start, source_end = text.offsets.source_span(start, end)
    return Match(
        how=how,
        query=query,
        text=text.clean[start:end],
        start=start,
        end=end,
        source_text=text.source[source_start:source_end],
        source_start=source_start,
        source_end=source_end,
    )
