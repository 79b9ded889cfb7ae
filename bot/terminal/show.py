"""What the commands print, for a person: answers, citations, tables."""

from __future__ import annotations

import json
import sys
from collections.abc import Iterable, Sequence
from typing import TYPE_CHECKING

from rich.console import Console
from rich.padding import Padding
from rich.table import Table
from rich.text import Text

if TYPE_CHECKING:
    from zhengwen.bot.citing import Cited
    from zhengwen.bot.models import Answer
    from zhengwen.index.ingesting import Summary
    from zhengwen.index.library import Library
    from zhengwen.index.lookup import StoredFigure
    from zhengwen.index.rows import ReportRow
    from zhengwen.ingest.models import Report

BAR = "│ "


def show_answer(console: Console, answer: Answer) -> None:
    """The answer's text, then each source with the shown figures highlighted."""
    console.print(Text(answer.text, style="bold" if answer.answered else "yellow"))
    if not answer.answered:
        for choice in answer.choices:
            console.print(Text(f"  · {choice}"))
    for citation in answer.citations:
        date = f" · {citation.date}" if citation.date else ""
        console.print()
        console.print(Text.assemble((f"[{citation.n}] ", "cyan"), (citation.title, "bold"), date))
        console.print(Text(f"    {citation.source} · {citation.id}", style="dim"))
        shown = [figure.surface for figure in answer.figures if figure.citation == citation.n]
        console.print(quoted(citation.quote, shown))


def quoted(text: str, surfaces: Iterable[str]) -> Padding:
    """A quotation behind a bar, the surfaces in it highlighted."""
    body = Text(text)
    for surface in surfaces:
        at = text.find(surface)
        while at >= 0:
            body.stylize("bold green", at, at + len(surface))
            at = text.find(surface, at + len(surface))
    grid = Table.grid(padding=0)
    grid.add_column(width=len(BAR), style="dim")
    grid.add_column(overflow="fold")
    grid.add_row(Text(BAR), body)
    return Padding(grid, (0, 0, 0, 4))


def show_considered(console: Console, answer: Answer) -> None:
    """How the question was read, and the candidates with why they lost."""
    console.print()
    console.print(Text(answer.understood, style="cyan"))
    table = Table(box=None, header_style="dim")
    for title in ("score", "figure", "indicator", "region", "period", "status", "why not", "source"):
        table.add_column(title, overflow="fold")
    for row in answer.considered:
        cells = (row.surface, row.indicator, row.region, row.period, row.status, row.why, f"{row.source}:{row.line}")
        table.add_row(f"{row.score:.2f}", *map(Text, cells), style=None if row.why else "bold")
    console.print(table)


def show_cited(console: Console, cited: Cited) -> None:
    """The paragraph between its neighbours, then where it stands."""
    if cited.headings:
        console.print(Text(" › ".join(cited.headings), style="dim"))
    if cited.before:
        console.print(Text(cited.before, style="dim"))
    console.print(Text(cited.text, style="bold"))
    if cited.after:
        console.print(Text(cited.after, style="dim"))
    if cited.source_text.strip() != cited.text.strip():
        console.print()
        console.print(Text("as it stands in the file:", style="yellow"))
        console.print(Text(cited.source_text))
    console.print()
    facts = [
        ("title", cited.title),
        ("region", cited.region or "unknown"),
        ("date", str(cited.date or "unknown")),
        ("file", f"{cited.sources[0] if cited.sources else ''}, line {cited.line}"),
        *(("also in", source) for source in cited.sources[1:]),
        ("sha256", cited.sha256),
        ("read", cited.read_at),
        ("id", cited.id),
    ]
    for name, value in facts:
        console.print(Text.assemble((f"{name:<8}", "dim"), value))


MARKS = {
    "indicator": "bold cyan",
    "qualifier": "cyan",
    "value": "bold green",
    "bound": "yellow",
    "status": "bold magenta",
    "period": "bold blue",
    "basis": "blue",
    "scope": "red",
    "kind": "magenta",
}
"""The colour of each role that a part of a sentence plays for a figure."""


def show_marks(console: Console, row: StoredFigure, library: Library) -> None:
    """The sentence with the parts coloured that gave the figure's fields, then the fields with their words."""
    figure, text = row.figure, library.text(row.report).clean
    body = Text(row.sentence)
    for mark in figure.marks:
        body.stylize(MARKS[mark.role], max(mark.start - figure.sentence_start, 0), mark.end - figure.sentence_start)
    if row.headings:
        console.print(Text(" › ".join(row.headings), style="dim"))
    console.print(body)
    console.print()
    words: dict[str, list[str]] = {}
    for mark in figure.marks:
        words.setdefault(mark.role, []).append(text[mark.start : mark.end])
    fields = {
        "indicator": figure.indicator,
        "value": f"{figure.value} {figure.unit}".strip(),
        "kind": figure.kind,
        "period": str(figure.period or "unknown"),
        "status": figure.status + (", estimated" if figure.estimated else ""),
        "bound": figure.bound,
        "basis": figure.basis,
        "scope": figure.scope,
    }
    for role, value in fields.items():
        if value:
            placed = "its section or paragraph" if role in {"period", "status", "scope"} else ""
            read_from = "、".join(words.get(role, [])) or placed
            arrow = f"  ← {read_from}" if read_from else ""
            console.print(Text.assemble((f"{role:<10}", "dim"), (value, MARKS[role]), (arrow, "dim")))
    console.print(Text(f"{row.report.source}, line {row.line} · {row.id} · passage {row.passage_id}", style="dim"))


def show_figures(console: Console, rows: Sequence[StoredFigure]) -> None:
    """One figure a row."""
    table = Table(box=None, header_style="dim")
    for title in ("region", "period", "indicator", "figure", "kind", "status", "citation"):
        table.add_column(title, no_wrap=title in {"period", "kind", "status", "citation"}, overflow="fold")
    for row in rows:
        figure = row.figure
        name = figure.indicator if figure.canonical else figure.indicator_text
        region = figure.region.name if figure.region else row.report.region_name
        status = figure.status + (" (预计)" if figure.estimated else "")
        cells = (region, str(figure.period or "?"), name, figure.surface, figure.kind, status, row.passage_id)
        table.add_row(*map(Text, cells))
    console.print(table)
    console.print(f"{len(rows)} figures", style="dim")


def show_reports(console: Console, rows: Sequence[ReportRow]) -> None:
    """One report a row."""
    table = Table(box=None, header_style="dim")
    for title in ("id", "region", "year", "kind", "date"):
        table.add_column(title, no_wrap=title != "region", overflow="fold")
    table.add_column("title", overflow="fold", min_width=16)
    for title in ("passages", "figures"):
        table.add_column(title, justify="right")
    for row in rows:
        facts = (row.id, row.region_name or "unknown", str(row.year_reviewed or "?"), row.kind, str(row.date or "?"))
        table.add_row(*map(Text, (*facts, row.title)), f"{row.passages:,}", f"{row.figures:,}")
    console.print(table)
    console.print(f"{len(rows)} reports", style="dim")


def print_reports(rows: Iterable[ReportRow]) -> None:
    """One JSON object a line."""
    for row in rows:
        record = {
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
        }
        sys.stdout.write(json.dumps(record, ensure_ascii=False) + "\n")


def show_changes(console: Console, report: Report) -> None:
    """What was repaired and what was removed, with the reasons."""
    for warning in report.warnings:
        console.print(Text(f"warning: {warning}", style="yellow"))
    for repair in report.repairs:
        changed = repair.before if repair.before == repair.after else f"{repair.before} → {repair.after}"
        place = _line(report, repair.start)
        console.print(Text(f"repaired, line {place} ({repair.certainty}): {changed}: {repair.why}"))
    for removal in report.removals:
        place = _line(report, removal.start)
        console.print(Text(f"removed, line {place} ({removal.why}): {removal.text.strip()[:80]!r}"))
    console.print(Text(f"{len(report.repairs)} repairs, {len(report.removals)} removals", style="dim"))


def _line(report: Report, offset: int) -> int:
    """1-based line of the source."""
    return report.source_text.count("\n", 0, offset) + 1


def show_summary(console: Console, summary: Summary, *, quiet: bool) -> None:
    """The table at the end of an ingest, and every skipped file with its reason."""
    for skip in summary.skipped:
        console.print(Text(f"skipped {skip.path}: {skip.reason}", style="yellow"))
    for note in summary.notes:
        console.print(Text(note, style="yellow"))
    if quiet:
        return
    table = Table(box=None, show_header=False)
    table.add_column(style="dim")
    table.add_column(justify="right")
    for name, count in summary.counts().items():
        table.add_row(name, f"{count:,}")
    console.print(table)
