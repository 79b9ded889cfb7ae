"""`cite`: from an id, a figure or a sentence back to the paragraph it stands in."""

from __future__ import annotations

import sys

import click

from zhengwen.bot.jsonl import json_line
from zhengwen.bot.terminal.session import Session
from zhengwen.ingest.errors import UsageError

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
    from zhengwen.bot.citing_lookup import look_up, places_json

    if as_json + markdown + reference > 1:
        raise UsageError("give one of --json, --markdown and --reference")
    text = _given(wanted)
    with session.open() as library:
        found = look_up(library, text, limit=limit)
    places = found.places
    if as_json:
        click.echo(json_line(places_json(found)))
    elif markdown:
        from zhengwen.bot.citing_markdown import cited_markdown

        click.echo("\n".join(map(cited_markdown, places)), nl=False)
    elif reference:
        click.echo("\n".join(dict.fromkeys(place.reference for place in places)))
    else:
        from zhengwen.bot.terminal.cite_show import show_places

        show_places(session.out, found)


def _given(words: tuple[str, ...]) -> str:
    text = " ".join(words)
    if text == "-":
        text = sys.stdin.buffer.read().decode("utf-8", "replace")
    text = text.encode("utf-8", "replace").decode("utf-8").strip()
    if not text:
        raise UsageError("nothing to look up; give a citation's id, a figure's id or a sentence")
    return text
