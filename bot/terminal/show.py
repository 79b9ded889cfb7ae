"""What `ask` and `figures` print for a person."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from typing import TYPE_CHECKING

from rich.console import Console
from rich.text import Text

from zhengwen.bot.terminal.tables import UNKNOWN, Column, Row, counted, print_rows, visible

if TYPE_CHECKING:
    from zhengwen.bot.models import Answer
    from zhengwen.index.library import Library
    from zhengwen.index.lookup import StoredFigure

BAR = "    │ "

CONSIDERED = (
    Column("score", lead=True),
    Column("figure", lead=True),
    Column("indicator", lead=True),
    Column("region"),
    Column("period"),
    Column("status"),
    Column("why not"),
    Column("source"),
)
FIGURES = (
    Column("region"),
    Column("period"),
    Column("indicator", lead=True),
    Column("figure", lead=True),
    Column("kind"),
    Column("status"),
    Column("citation"),
    Column("id"),
)
MOST_ROWS = 200
"""What a terminal shows of a long list; a pipe gets all of it."""


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
        console.print(visible(f"    {citation.source} · {citation.id}"), style="dim")
        shown = [figure.surface for figure in answer.figures if figure.citation == citation.n]
        print_quote(console, citation.quote, shown)


def print_quote(console: Console, text: str, surfaces: Iterable[str]) -> None:
    """A quotation behind a bar, the surfaces in it highlighted."""
    body = Text(text)
    for surface in surfaces:
        at = text.find(surface)
        while surface and at >= 0:
            body.stylize("bold green", at, at + len(surface))
            at = text.find(surface, at + len(surface))
    for line in body.wrap(console, max(console.width - len(BAR), 20)):
        line.rstrip()
        console.print(Text(BAR, style="dim") + line)


def show_considered(console: Console, answer: Answer) -> None:
    """How the question was read, and the candidates with why they lost."""
    console.print()
    console.print(Text(answer.understood, style="cyan"))
    rows = [
        Row(
            (
                f"{row.score:.2f}",
                row.surface,
                row.indicator,
                row.region,
                row.period,
                row.status,
                row.why,
                f"{row.source}:{row.line}",
            ),
            "" if row.why else "bold",
        )
        for row in answer.considered
    ]
    print_rows(console, CONSIDERED, rows)


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
        "repaired": "a place in the sentence was mended, or read by OCR" if figure.repaired else "",
        "corrected": figure.corrected,
    }
    for role, value in fields.items():
        if value:
            placed = "its section or paragraph" if role in {"period", "status", "scope"} else ""
            read_from = "、".join(words.get(role, [])) or placed
            arrow = f"  ← {read_from}" if read_from else ""
            console.print(Text.assemble((f"{role:<10}", "dim"), (value, MARKS.get(role, "yellow")), (arrow, "dim")))
    console.print(visible(f"{row.report.source}, line {row.line} · {row.id} · passage {row.passage_id}"), style="dim")


def show_figures(console: Console, rows: Sequence[StoredFigure]) -> None:
    """One figure a row; in a terminal the first ones of a long list, and how to narrow it."""
    shown = rows[:MOST_ROWS] if console.is_terminal else rows
    table = []
    for row in shown:
        figure = row.figure
        name = figure.indicator if figure.canonical else figure.indicator_text
        region = figure.region.name if figure.region else row.report.region_name
        status = figure.status + (" (预计)" if figure.estimated else "")
        period = str(figure.period or UNKNOWN)
        facts = (region or UNKNOWN, period, name, figure.surface, figure.kind, status, row.passage_id, row.id)
        table.append(Row((*facts, figure.corrected)))
    if any(row.figure.corrected for row in shown):
        print_rows(console, (*FIGURES, Column("corrected")), table)
    elif table:
        print_rows(console, FIGURES, [Row(row.cells[:-1]) for row in table])
    count = counted(len(rows), "figure")
    if len(shown) < len(rows):
        count += f"; the first {len(shown)} are shown, narrow them with --region, --year, --indicator or --report"
    console.print(Text(count, style="dim"))
