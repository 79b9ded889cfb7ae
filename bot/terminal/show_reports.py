"""What `ingest`, `reports` and `clean` print for a person."""

from __future__ import annotations

import sys
from collections.abc import Iterable, Sequence
from typing import TYPE_CHECKING

from rich.console import Console
from rich.text import Text

from zhengwen.bot.jsonl import json_line
from zhengwen.bot.listing import report_json
from zhengwen.bot.terminal.tables import UNKNOWN, Column, Row, counted, print_rows, visible

if TYPE_CHECKING:
    from zhengwen.index.ingesting import Summary
    from zhengwen.index.rows import ReportRow
    from zhengwen.ingest.models import Report

REPORTS = (
    Column("id"),
    Column("region"),
    Column("year", unit="reviewed"),
    Column("kind"),
    Column("date"),
    Column("passages", right=True, unit="passages"),
    Column("figures", right=True, unit="figures"),
    Column("title", lead=True),
)


def show_reports(console: Console, rows: Sequence[ReportRow]) -> None:
    """One report a row."""
    table = [
        Row(
            (
                row.id,
                row.region_name or UNKNOWN,
                str(row.year_reviewed or UNKNOWN),
                row.kind,
                str(row.date or UNKNOWN),
                f"{row.passages:,}",
                f"{row.figures:,}",
                row.title or (row.sources[0].source if row.sources else UNKNOWN),
            )
        )
        for row in rows
    ]
    if table:
        print_rows(console, REPORTS, table)
    console.print(Text(counted(len(rows), "report"), style="dim"))


def print_reports(rows: Iterable[ReportRow]) -> None:
    """One JSON object a line."""
    for row in rows:
        sys.stdout.write(json_line(report_json(row)) + "\n")


def show_changes(console: Console, report: Report) -> None:
    """What was repaired and what was removed, with the reasons."""
    for warning in report.warnings:
        console.print(Text(f"warning: {warning}", style="yellow"))
    for repair in report.repairs:
        left = repair.before == repair.after
        what, changed = ("marked", repair.before) if left else ("repaired", f"{repair.before} → {repair.after}")
        place = _line(report, repair.start)
        console.print(Text(f"{what}, line {place} ({repair.certainty}): {changed}: {repair.why}"))
    for removal in report.removals:
        place = _line(report, removal.start)
        console.print(Text(f"removed, line {place} ({removal.why}): {removal.text.strip()[:80]!r}"))
    marked = sum(repair.before == repair.after for repair in report.repairs)
    counts = f"{len(report.repairs) - marked} repairs, {marked} marked places, {len(report.removals)} removals"
    console.print(Text(counts, style="dim"))


def _line(report: Report, offset: int) -> int:
    """1-based line of the source."""
    return report.source_text.count("\n", 0, offset) + 1


def show_summary(console: Console, summary: Summary, *, quiet: bool) -> None:
    """The table at the end of an ingest, and every skipped file with its reason."""
    for skip in summary.skipped:
        console.print(visible(f"skipped {skip.path}: {skip.reason}"), style="yellow")
    for note in summary.notes:
        console.print(Text(note, style="yellow"))
    if quiet:
        return
    counts = {name: f"{count:,}" for name, count in summary.counts().items()}
    names, numbers = max(map(len, counts)), max(map(len, counts.values()))
    for name, count in counts.items():
        console.print(Text.assemble((f"{name:<{names}}", "dim"), f"  {count:>{numbers}}"))
