"""`report-error` and `errors`: what readers say is wrong, and what has become of it."""

from __future__ import annotations

import sys
from typing import TYPE_CHECKING

import click
from rich.console import Console
from rich.text import Text

from zhengwen.bot.jsonl import json_line
from zhengwen.bot.terminal.session import Session
from zhengwen.ingest.errors import UsageError

if TYPE_CHECKING:
    from zhengwen.bot.objecting import Standing
    from zhengwen.index.objections import Objection

EXAMPLES = """\b
Examples:
  zhengwen errors
  zhengwen errors --sidecar 3 >> reports/a.md.meta.yaml
  zhengwen errors --close 3 --note 已更正
"""
INDENT = "    "


@click.command(
    "report-error",
    short_help="Say that a stored figure is wrong.",
    epilog="Example: zhengwen report-error f53d2b7a9c01e 这是全市的数，不是全区的",
)
@click.argument("figure_id")
@click.argument("text", nargs=-1)
@click.option("--by", default="", metavar="NAME", help="Who says so.")
@click.pass_obj
def report_error(session: Session, figure_id: str, text: tuple[str, ...], by: str) -> None:
    """Store the objection TEXT to the figure FIGURE_ID, as `zhengwen figures --json` gives it."""
    from zhengwen.index.objections import add_objection

    with session.open() as library:
        number = add_objection(library, figure_id=figure_id, text=" ".join(text), reader=by)
    session.err.print(Text(f"objection {number} stored; `zhengwen errors` lists what is open"))


@click.command(short_help="List the figures that readers say are wrong.", epilog=EXAMPLES)
@click.option("--all", "with_closed", is_flag=True, help="The closed ones too.")
@click.option("--json", "as_json", is_flag=True, help="One objection a line, with the figure as it stands now.")
@click.option("--close", "close", type=int, metavar="N", help="Close objection N.")
@click.option("--note", metavar="TEXT", help="With --close: what was done about it.")
@click.option("--sidecar", type=int, metavar="N", help="Print the correction for the file's sidecar that settles N.")
@click.pass_obj
def errors(
    session: Session, with_closed: bool, as_json: bool, close: int | None, note: str | None, sidecar: int | None
) -> None:
    """List the open objections of readers, each with what has become of its figure since."""
    from zhengwen.bot.objecting import sidecar_entry, standings
    from zhengwen.index.objections import close_objection, objection, objections

    if sum((close is not None, sidecar is not None, with_closed or as_json)) > 1:
        raise UsageError("give one of --close, --sidecar, or --all and --json")
    if note is not None and close is None:
        raise UsageError("--note goes with --close N")
    with session.open() as library:
        if close is not None:
            close_objection(library, close, note=note or "")
            session.err.print(Text(f"objection {close} closed"))
            return
        if sidecar is not None:
            click.echo(sidecar_entry(library, objection(library, sidecar), today=session.today))
            return
        found = objections(library, closed=with_closed)
        now = standings(library, found)
    if as_json:
        for one, standing in zip(found, now, strict=True):
            sys.stdout.write(json_line(one.model_dump(mode="json") | {"now": standing.model_dump(mode="json")}) + "\n")
        return
    show_errors(session.out, found, now)


def show_errors(console: Console, found: list[Objection], now: list[Standing]) -> None:
    """An objection a paragraph: the figure as it stood, what was said, what has become of it."""
    from zhengwen.bot.terminal.tables import counted, visible

    for one, standing in zip(found, now, strict=True):
        figure = " ".join(part for part in (one.region, one.period, one.indicator, one.surface, one.status) if part)
        said = f"{one.text} ({', '.join(part for part in (one.reader, one.made_at[:10]) if part)})"
        console.print(
            Text.assemble((f"{one.number:>3} ", "cyan"), (visible(figure).plain, "bold"), f"  {one.figure_id}")
        )
        console.print(visible(INDENT + said))
        console.print(visible(f"{INDENT}{one.source}, line {one.line}"), style="dim")
        console.print(
            visible(f"{INDENT}now: {_told(standing)}"), style="yellow" if standing.state == "same" else "green"
        )
        if one.closed_at:
            console.print(visible(f"{INDENT}closed {one.closed_at[:10]} {one.closed_note}".rstrip()), style="dim")
    console.print(Text(counted(len(found), "objection"), style="dim"))


def _told(standing: Standing) -> str:
    """`status actual → target; 状态由实际改为目标：原文写的是次年的目标`."""
    if standing.state == "gone":
        return "gone" + (f"; printed alike in the same file: {', '.join(standing.alike)}" if standing.alike else "")
    if standing.state == "same":
        return "as it stood"
    changed = [
        f"{field} {was or '?'} → {new or '?'}" for field, (was, new) in standing.changes.items() if field != "sentence"
    ]
    if "sentence" in standing.changes:
        changed.append("another sentence")
    corrected = str((standing.figure or {}).get("corrected", ""))
    return "; ".join([*changed, *([corrected] if corrected else [])])
