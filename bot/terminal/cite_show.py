"""What `cite` and `/source` print for a person: the paragraph between its neighbours, and where it stands."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from typing import TYPE_CHECKING

from rich.cells import cell_len
from rich.console import Console
from rich.text import Text

from zhengwen.bot.terminal.tables import visible

if TYPE_CHECKING:
    from zhengwen.bot.citing import Cited, CitedQuote

Label = Callable[[str], str]
SPAN = "bold green"
SIDE_BY_SIDE = 100
"""Columns from which the original stands beside the clean text, not below it."""


def show_places(console: Console, found: CitedQuote, *, label: Label = str) -> None:
    """The first place whole, the others in a line or two each."""
    places, total = found.places, found.total
    show_cited(console, places[0], label=label)
    if total == 1:
        return
    console.print()
    count = f"{total - 1:,}{'+' if found.more else ''}"
    console.print(Text(f"{label('further places:')} {count}", style="yellow"))
    for place in places[1:]:
        score = f"{place.match.score:.2f} · " if place.match.how == "fuzzy" else ""
        date = f" · {place.date}" if place.date else ""
        console.print(visible(f"  {score}{place.title}{date} · {place.id}"))
        console.print(visible(f"    {_file(place, label)}"), style="dim")
    if total > len(places):
        console.print(Text(f"  … +{total - len(places):,} (zhengwen cite --limit)", style="dim"))


def show_cited(console: Console, cited: Cited, surfaces: Sequence[str] = (), *, label: Label = str) -> None:
    """The paragraph between its neighbours, its span (and `surfaces`) highlighted, then where it stands.

    `label` turns the English names of the facts into others.
    """
    if cited.headings:
        console.print(visible(" › ".join(cited.headings)), style="dim")
    if cited.before:
        console.print(Text(cited.before, style="dim"))
    body = Text(cited.text)
    if cited.match.how != "id":
        body.stylize(SPAN, max(cited.match.start - cited.start, 0), max(cited.match.end - cited.start, 0))
    for surface in surfaces:
        body.highlight_words([surface], SPAN)
    original = _original(cited)
    if original is None or console.width < SIDE_BY_SIDE or not console.is_terminal:
        console.print(body)
    else:
        _print_beside(console, body, original, label)
        original = None
    if cited.after:
        console.print(Text(cited.after, style="dim"))
    if original is not None:
        console.print()
        console.print(Text(label("as it stands in the file:"), style="yellow"))
        console.print(original)
    console.print()
    facts = [(label(name), value) for name, value in _facts(cited, label)]
    width = max(cell_len(name) for name, _ in facts)
    for name, value in facts:
        console.print(Text.assemble((name + " " * (width + 2 - cell_len(name)), "dim"), visible(value)))


def _original(cited: Cited) -> Text | None:
    """The source of the passage with its damaged places coloured; None where it reads as the clean text."""
    if cited.source_text.strip() == cited.text.strip():
        return None
    text = Text(cited.source_text)
    for repair in cited.repairs:
        start, end = repair.start - cited.source_start, repair.end - cited.source_start
        text.stylize("bold red" if repair.certainty == "undecided" else "red", max(start, 0), max(end, 0))
    return text


def _print_beside(console: Console, clean: Text, original: Text, label: Label) -> None:
    from rich.table import Table

    table = Table.grid(padding=(0, 2))
    for _ in ("clean", "original"):
        table.add_column(ratio=1, overflow="fold")  # Chinese has no blanks to break at
    heads = (label("clean text:"), label("as it stands in the file:"))
    table.add_row(*(Text(head, style="yellow") for head in heads))
    table.add_row(clean, original)
    console.print(table)


def _facts(cited: Cited, label: Label) -> Iterator[tuple[str, str]]:
    from zhengwen.bot.citing import figure_line

    match, unknown = cited.match, label("unknown")
    if match.how == "fuzzy":
        yield "likeness", f"{match.score:.2f}: {match.text}"
    elif cited.figure is not None:
        yield "figure", figure_line(cited.figure)
    elif match.how != "id":
        yield "found", f"{label(match.how)}, {match.score:.2f}: {match.text}"
    for one in match.differences:
        yield "differs", f"'{one.quote}' → '{one.source}'"
    for repair in cited.repairs:
        changed = repair.before if repair.before == repair.after else f"{repair.before} → {repair.after}"
        yield "repaired", f"{changed} ({repair.certainty}: {repair.why})"
    for correction in cited.corrected:
        yield "corrected", correction
    yield "title", cited.title or unknown
    yield "region", cited.region or unknown
    yield "date", str(cited.date or unknown)
    yield "file", _file(cited, label)
    for source in cited.sources[1:]:
        yield "also in", source
    if cited.url:
        yield "address", cited.url
    yield "sha256", cited.sha256
    yield "read", cited.read_at
    yield "id", cited.id
    yield "reference", cited.reference


def _file(cited: Cited, label: Label) -> str:
    return (cited.sources[0] if cited.sources else "") + label(", line {}").format(cited.line)
