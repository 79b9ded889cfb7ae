"""`cite`: from an id, a figure or a sentence back to the paragraph it stands in."""

from __future__ import annotations

import sys
from typing import TYPE_CHECKING

import click

from zhengwen.bot.jsonl import json_line
from zhengwen.bot.terminal.session import Session
from zhengwen.ingest.errors import InputError, UsageError

if TYPE_CHECKING:
    from zhengwen.bot.citing import Cited, CitedQuote
    from zhengwen.index.library import Library

EXAMPLES = """\b
Examples:
  zhengwen cite 3f2a9c01d4e7
  zhengwen cite 全市新增高标准农田20万亩
  zhengwen cite f53d2b7a9c01e --markdown
  zhengwen cite 3f2a9c01d4e7 --reference
"""


@click.command(short_help="Print the source paragraph behind a citation, a figure or a sentence.", epilog=EXAMPLES)
@click.argument("wanted", nargs=-1, required=True, metavar="ID|SENTENCE")
@click.option("--json", "as_json", is_flag=True, help="One JSON object, with W3C selectors for the span.")
@click.option("--markdown", is_flag=True, help="Markdown with the span marked, for notes and papers.")
@click.option("--reference", is_flag=True, help="Only the reference, by GB/T 7714-2015.")
@click.option(
    "--limit", type=click.IntRange(1, 50), default=5, show_default=True, help="Show at most this many places."
)
@click.pass_obj
def cite(session: Session, wanted: tuple[str, ...], as_json: bool, markdown: bool, reference: bool, limit: int) -> None:
    """Print the source paragraph with its neighbours, its file, its hash and the day it was read.

    ID is a citation's id (beside every source of an answer) or a figure's id (`zhengwen figures --json`).
    A SENTENCE is looked for in all reports, in either script: exactly first, then for one that is alike, with the
    likeness (0 to 1) and what differs. - reads it from a pipe.
    """
    if as_json + markdown + reference > 1:
        raise UsageError("give one of --json, --markdown and --reference")
    text = _given(wanted)
    with session.open() as library:
        places, total = _look_up(library, text, limit)
    if as_json:
        first, *others = [place.model_dump(mode="json") for place in places]
        click.echo(json_line(first | {"total": total, "others": others}))
    elif markdown:
        from zhengwen.bot.citing_markdown import cited_markdown

        click.echo("\n".join(map(cited_markdown, places)), nl=False)
    elif reference:
        click.echo("\n".join(dict.fromkeys(place.reference for place in places)))
    else:
        from zhengwen.bot.terminal.cite_show import show_places

        show_places(session.out, places, total)


def _given(words: tuple[str, ...]) -> str:
    text = " ".join(words)
    if text == "-":
        text = sys.stdin.buffer.read().decode("utf-8", "replace")
    text = text.encode("utf-8", "replace").decode("utf-8").strip()
    if not text:
        raise UsageError("nothing to look up; give a citation's id, a figure's id or a sentence")
    return text


def _look_up(library: Library, text: str, limit: int) -> tuple[tuple[Cited, ...], int]:
    from zhengwen.bot.citing import cite as by_id
    from zhengwen.bot.citing import cite_quote
    from zhengwen.bot.citing_quote import is_quote

    if not is_quote(text):
        return (by_id(library, text),), 1
    found = cite_quote(library, text, limit=limit)
    if not found.places:
        raise InputError(_not_found(found))
    return found.places, found.total


def _not_found(found: CitedQuote) -> str:
    said = "no report in the library holds this sentence or one like it"
    if found.nearest is None:
        return f"{said}; give more of it, or ingest the report it may come from"
    near = found.nearest
    place = f"{near.sources[0] if near.sources else near.title}, line {near.line}"
    return f"{said}; the nearest is {near.match.score:.2f} alike, too little: '{near.match.text}' ({place}, {near.id})"
