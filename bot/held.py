"""What the library holds, remembered until it changes: asked for with every question."""

from __future__ import annotations

from functools import lru_cache

from zhengwen.index.library import Library
from zhengwen.index.rows import ReportRow
from zhengwen.ingest.models import Region


@lru_cache(maxsize=8)
def _all(library: Library, stamp: object) -> tuple[dict[str, Region], dict[str, tuple[ReportRow, ...]]]:
    del stamp
    regions: dict[str, Region] = {}
    reports: dict[str, list[ReportRow]] = {}
    for row in library.reports():
        if row.region is not None:
            regions.setdefault(row.region.code, row.region)
            reports.setdefault(row.region.code, []).append(row)
    return regions, {code: tuple(rows) for code, rows in reports.items()}


def held_regions(library: Library) -> dict[str, Region]:
    """The regions that have a report, by code."""
    return _all(library, library.generation())[0]


def reports_of(library: Library, code: str) -> tuple[ReportRow, ...]:
    """The reports of one region, by year and date."""
    return _all(library, library.generation())[1].get(code, ())
