"""`doctor` and `check`: is everything as it should be, and is every stored span what it says?"""

from __future__ import annotations

from typing import TYPE_CHECKING

import click

from zhengwen.bot.terminal.session import Session
from zhengwen.ingest.errors import InputError, LibraryError

if TYPE_CHECKING:
    from zhengwen.bot.doctor import Finding

_STYLES = {"ok": "green", "hint": "cyan", "warning": "yellow", "error": "bold red"}


@click.command(
    short_help="Look at everything that answers need.", epilog="Example: zhengwen doctor --json | jq '.findings[]'"
)
@click.option("--json", "as_json", is_flag=True, help="Print one JSON object.")
@click.pass_obj
def doctor(session: Session, as_json: bool) -> None:
    """Look at environment, configuration, library, indexes, embedder, fonts, disk and Telegram token.

    Says for each whether it is ok, could be better (hint), works less well than it should (warning) or does not work
    (error), and what to do. Changes nothing. Exit code 1 when there is an error.
    """
    from zhengwen.bot.doctor import examine, worst

    findings = examine(config_option=session.config_option, library_option=session.library_option)
    gravest = worst(findings)
    if as_json:
        from zhengwen.bot.jsonl import json_line

        click.echo(json_line({"worst": gravest, "findings": [one.model_dump(mode="json") for one in findings]}))
    else:
        _show(session, findings)
    if gravest == "error":
        raise InputError("something does not work; the remedies stand above")


def _show(session: Session, findings: list[Finding]) -> None:
    from rich.text import Text

    from zhengwen.bot.terminal.tables import visible

    wide = max(len(one.area) for one in findings)
    for one in findings:
        line = Text.assemble((f"{one.severity:<8}", _STYLES[one.severity]), (f"{one.area:<{wide}}  ", "dim"))
        session.out.print(line + visible(one.what))
        if one.remedy:
            session.out.print(Text(" " * (8 + wide) + "  → ") + visible(one.remedy))


@click.command(short_help="Re-read every stored span.", epilog="Example: zhengwen check")
@click.option("--json", "as_json", is_flag=True, help="Print one JSON object.")
@click.option("--quiet", is_flag=True, help="Print problems only.")
@click.pass_obj
def check(session: Session, as_json: bool, quiet: bool) -> None:
    """Re-read every stored span from the stored texts: figures, passages and their citations, vectors.

    Each figure and passage is read again in the clean text and, through the map, in the source; ids, values and lines
    are computed again. Files that have changed since they were read are hints. Exit code 1 when anything is damaged.
    """
    from zhengwen.bot.checking import checked, report_lines
    from zhengwen.bot.terminal.progress import IngestProgress

    with session.open() as library, IngestProgress(session.err, quiet=quiet or as_json) as progress:
        result = checked(library, progress=progress)
    if as_json:
        from zhengwen.bot.jsonl import json_line

        click.echo(json_line(result.model_dump(mode="json")))
    else:
        from zhengwen.bot.terminal.tables import visible

        for style, line in report_lines(result, quiet=quiet):
            session.out.print(visible(line), style=style)
    if result.problems:
        raise LibraryError(result.remedy)
