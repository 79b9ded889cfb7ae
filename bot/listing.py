"""Stored figures as rows: chosen by region, year, indicator, status and report, and written as JSON."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, TypedDict, Unpack

from zhengwen.ingest.errors import InputError
from zhengwen.ingest.models import Period, Status

if TYPE_CHECKING:
    from zhengwen.index.library import Library
    from zhengwen.index.lookup import FigureFilter, StoredFigure
    from zhengwen.index.rows import ReportRow


class FiguresAsked(TypedDict, total=False):
    """What figures may be chosen by; a key that is left out or None asks nothing."""

    region: str | None
    """A name or a six-digit division code."""
    year: int | None
    """The year of the figure, not of its report."""
    indicator: str | None
    """A canonical name, another name of it, or words of the text."""
    status: Status | None
    report: str | None
    """An id or a part of the path."""
    withdrawn: bool
    """Nothing but the figures that a correction took back, which are left out otherwise."""


def list_figures(library: Library, **asked: Unpack[FiguresAsked]) -> list[StoredFigure]:
    """The figures that fit all that is asked: `list_figures(library, region="滨城区", year=2020)`.

    Raises InputError for a region that no gazetteer entry fits or a report that is not in the library.
    """
    from zhengwen.index.lookup import lookup

    return lookup(library, figure_filter(library, **asked))


def figure_filter(library: Library, **asked: Unpack[FiguresAsked]) -> FigureFilter:
    """What `list_figures` looks up, for callers that want a part of it. Raises as it does."""
    from zhengwen.index.lookup import FigureFilter

    region, year, indicator = asked.get("region"), asked.get("year"), asked.get("indicator")
    status, report = asked.get("status"), asked.get("report")
    return FigureFilter(
        regions=region_codes(region) if region else (),
        period=Period.years(year) if year else None,
        period_match="within",
        indicators=tuple(sorted(_names(indicator))) if indicator else (),
        words=indicator or "",
        statuses=(status,) if status else (),
        report_ids=_report_ids(library, report) if report else (),
        withdrawn=asked.get("withdrawn", False),
    )


def figure_by_id(library: Library, figure_id: str) -> StoredFigure:
    """The figure with this id, withdrawn or not. Raises InputError when the library holds none."""
    from zhengwen.index.lookup import FigureFilter, lookup

    found = lookup(library, FigureFilter(ids=(figure_id.strip(),), withdrawn=None))
    if not found:
        raise InputError(f"no figure '{figure_id}' in the library; `zhengwen figures --json` lists ids")
    return found[0]


def figure_json(row: StoredFigure) -> dict[str, Any]:
    """Every field of the record, then `id`, `source`, `line`, `sentence` and `citation` (the passage's id)."""
    figure = row.figure
    record = figure.model_dump(mode="json")
    if figure.parts:
        record["value"] = ":".join(record["parts"])
    found_in = {"report_id": row.report.id, "source": row.report.source, "line": row.line, "sentence": row.sentence}
    return record | {"id": row.id, "citation": row.passage_id, "passage_id": row.passage_id} | found_in


def report_json(row: ReportRow) -> dict[str, Any]:
    """What a report is, its counts, where it was read from, and what its reading warned of."""
    return {
        "id": row.id,
        "region": row.region_name or None,
        "year": row.year_reviewed,
        "kind": row.kind,
        "date": str(row.date) if row.date else None,
        "title": row.title,
        "passages": row.passages,
        "figures": row.figures,
        "sources": [source.source for source in row.sources],
        "sha256": row.sha256,
        "read_at": row.read_at,
        "warnings": list(row.warnings),
    }


def region_codes(region: str) -> tuple[str, ...]:
    """The division codes that a name may mean. Raises InputError for one that no gazetteer entry fits."""
    from zhengwen.ingest.regions import gazetteer

    if region.isdigit() and len(region) == 6:
        return (region,)
    codes = tuple(candidate.code for mention in gazetteer().find(region) for candidate in mention.candidates)
    if not codes:
        raise InputError(f"no region '{region}' is known; give a name such as 滨城区 or a six-digit division code")
    return codes


def _names(indicator: str) -> set[str]:
    from zhengwen.ingest.indicators import indicators

    return {mention.name for mention in indicators().find(indicator)} | {indicator}


def _report_ids(library: Library, wanted: str) -> tuple[str, ...]:
    found = tuple(
        row.id
        for row in library.reports()
        if row.id == wanted or any(wanted in source.source for source in row.sources)
    )
    if not found:
        raise InputError(f"no report '{wanted}' in the library; `zhengwen reports` lists ids and paths")
    return found
