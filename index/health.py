"""Is the library sound? What `zhengwen doctor` asks: the state of the indexes, and every stored span read again."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Literal

from sqlalchemy import func, select

from zhengwen.index import schema
from zhengwen.index.codec import read_figure
from zhengwen.index.embedding import load_embedder, missing
from zhengwen.index.keywords import KeywordIndex, KeywordIndexDamaged
from zhengwen.index.library import Library
from zhengwen.index.rows import ReportRow
from zhengwen.index.sync import KEYWORDS, report_numbers
from zhengwen.ingest.errors import LibraryError
from zhengwen.ingest.figure_ids import figure_id
from zhengwen.ingest.passages import citation_id

KeywordState = Literal["in step", "behind", "damaged"]


@dataclass(frozen=True)
class IndexState:
    """What the library holds and how far the derived indexes have followed."""

    reports: int
    passages: int
    figures: int
    database: str
    """`sqlite` or `postgresql`."""
    keywords: KeywordState
    keywords_behind: int
    """Reports to add to or drop from the keyword index: the next question or ingest does it."""
    embedder: str
    """Identity of the embedder in use; empty without one."""
    without_vector: int
    """Passages that the embedder in use has not seen: the next ingest embeds them."""
    notes: tuple[str, ...]
    """One line each for the user."""


def index_state(library: Library) -> IndexState:
    """Look, change nothing. Raises LibraryError when the database fails."""
    with library.reading() as connection:
        counts = {
            table.name: connection.execute(select(func.count()).select_from(table)).scalar() or 0
            for table in (schema.reports, schema.passages, schema.figures)
        }
    keywords, behind = _keyword_state(library)
    loaded = load_embedder(library)
    notes = [loaded.reason] if loaded.reason else []
    without = 0
    if loaded.embedder is not None:
        without = len(missing(library, loaded.embedder))
        if without:
            notes.append(f"{without} passages have no vector yet; run `zhengwen ingest` on any path to embed them")
    if keywords != "in step":
        notes.append(f"the keyword index is {keywords}; the next question or ingest puts it right")
    return IndexState(
        reports=counts["reports"],
        passages=counts["passages"],
        figures=counts["figures"],
        database=library.engine.dialect.name,
        keywords=keywords,
        keywords_behind=behind,
        embedder=loaded.embedder.identity if loaded.embedder else "",
        without_vector=without,
        notes=tuple(notes),
    )


def _keyword_state(library: Library) -> tuple[KeywordState, int]:
    wanted = report_numbers(library)
    try:
        index = KeywordIndex.open(library.folder / KEYWORDS)
        differ = wanted ^ index.held() | index.suspect()
    except KeywordIndexDamaged:
        return "damaged", len(wanted)
    return ("behind" if differ else "in step"), len(differ)


@dataclass(frozen=True)
class Problem:
    """Something stored that does not agree with itself."""

    report: ReportRow
    what: str


def check(library: Library) -> Iterator[Problem]:
    """Read every stored span again from the stored texts: passages, figures, ids and counts.

    Yields what does not agree; nothing for a sound library. Reads about a hundred reports a second.
    """
    for report in library.reports():
        try:
            yield from (Problem(report, what) for what in _check_report(library, report))
        except (LibraryError, ValueError, KeyError) as error:
            yield Problem(report, f"cannot be read: {error}")


def _check_report(library: Library, report: ReportRow) -> Iterator[str]:
    text = library.text(report)
    passages = library.passages_of(report)
    if not report.sources:
        yield "no source is noted for it"
    if len(text.clean) != report.characters or len(passages) != report.passages:
        yield f"holds {len(text.clean)} characters and {len(passages)} passages, not as many as were stored"
    for stored in passages:
        passage = stored.passage
        if not stored.text.strip() or passage.end > len(text.clean) or passage.source_end > len(text.source):
            yield f"passage {stored.id} lies outside the text"
        if citation_id(report.sha256, passage.source_start, passage.source_end) != stored.id:
            yield f"passage {stored.id} has another source span than its id says"
        if text.offsets.source_span(passage.start, passage.end) != (passage.source_start, passage.source_end):
            yield f"passage {stored.id} and the map to its source disagree"
    yield from _check_figures(library, report)


def _check_figures(library: Library, report: ReportRow) -> Iterator[str]:
    text = library.text(report)
    table = schema.figures
    query = select(table.c.id, table.c.record).where(table.c.report_no == report.no).order_by(table.c.no)
    with library.reading() as connection:
        rows = connection.execute(query).all()
    if len(rows) != report.figures:
        yield f"holds {len(rows)} figures, not {report.figures}"
    seen: dict[tuple[int, int], int] = {}
    for row in rows:
        figure = read_figure(row.record, report.region)
        span = text.offsets.source_span(figure.start, figure.end)
        ordinal = seen[span] = seen.get(span, -1) + 1
        if text.clean[figure.start : figure.end] != figure.surface:
            yield f"figure {row.id} is {figure.surface!r}, but its text has {text.clean[figure.start : figure.end]!r}"
        if figure_id(report.sha256, *span, ordinal) != row.id:
            yield f"figure {row.id} has another source span than its id says"
