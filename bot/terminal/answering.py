"""`ask` and `figures`: what the library knows."""

from __future__ import annotations

import json
import sys
from pathlib import Path
from typing import Any

import click

from zhengwen.bot.jsonl import json_line
from zhengwen.bot.terminal.session import Session
from zhengwen.ingest.errors import InputError, UsageError


@click.command(
    short_help="Answer a question, with its sources.", epilog="Example: zhengwen ask 滨城区2020年新增就业多少"
)
@click.argument("question", nargs=-1)
@click.option("--json", "as_json", is_flag=True, help="Print the answer as one JSON object.")
@click.option(
    "--batch",
    type=click.Path(path_type=Path),
    help='JSON lines {"id", "question"} or {"id", "turns"}; - reads them from a pipe.',
)
@click.option("--why", is_flag=True, help="Show what was considered and why it lost.")
@click.pass_obj
def ask(session: Session, question: tuple[str, ...], as_json: bool, batch: Path | None, why: bool) -> None:
    """Answer a QUESTION from the library, with its sources; or say that the reports do not give it."""
    from zhengwen.bot.answer import answer

    if batch is not None:
        if question:
            raise UsageError("give a question or --batch FILE, not both")
        _batch(session, batch)
        return
    text = _encodable(" ".join(question)).strip()
    if not text:
        raise UsageError("the question is empty; ask for example: zhengwen ask 滨城区2020年新增就业多少")
    with session.open() as library:
        given = answer(library, text, today=session.today, settings=session.config.answer)
    if as_json:
        click.echo(json_line(given.to_json()))
        return
    from zhengwen.bot.terminal.show import show_answer, show_considered

    show_answer(session.out, given)
    if why:
        show_considered(session.out, given)


def _batch(session: Session, path: Path) -> None:
    """One line in, one line out; a chat's turns share what they remember."""
    from zhengwen.bot.answer import answer
    from zhengwen.bot.dialogue import Chat

    lines = _read_batch(path)
    with session.open() as library:
        for line in lines:
            chat = Chat()
            given = [
                answer(library, turn, today=session.today, chat=chat, settings=session.config.answer).to_json()
                for turn in line["turns"]
            ]
            sys.stdout.write(json_line({"id": line["id"], "turns": given}) + "\n")


def _read_batch(path: Path) -> list[dict[str, Any]]:
    try:
        data = sys.stdin.buffer.read() if str(path) == "-" else path.read_bytes()
        text = data.decode("utf-8-sig")
    except OSError as error:
        raise InputError(f"{path}: cannot be read ({error.strerror}); give a UTF-8 file of JSON lines, or -") from error
    except UnicodeDecodeError as error:
        raise InputError(f"{path}: is no UTF-8 text; give a UTF-8 file of JSON lines") from error
    return [_batch_line(row, f"{path}, line {number}") for number, row in enumerate(text.split("\n"), 1) if row.strip()]


def _batch_line(row: str, place: str) -> dict[str, Any]:
    try:
        line = json.loads(row)
    except (json.JSONDecodeError, RecursionError) as error:
        reason = error.msg if isinstance(error, json.JSONDecodeError) else "nested too deeply"
        raise InputError(f"{place}: not JSON ({reason}); one object a line is expected") from error
    if not isinstance(line, dict) or "id" not in line or not ({"question", "turns"} & line.keys()):
        raise InputError(f'{place}: expected {{"id", "question"}} or {{"id", "turns"}}')
    turns = line.get("turns", [line.get("question")])
    if not isinstance(turns, list) or not all(isinstance(turn, str) for turn in turns):
        raise InputError(f"{place}: a question must be text, and turns a list of them")
    return {"id": line["id"], "turns": [_encodable(turn) for turn in turns]}


def _encodable(text: str) -> str:
    """Half of a surrogate pair, as broken JSON or a broken argument may hold, becomes a question mark."""
    return text.encode("utf-8", "replace").decode("utf-8")


@click.command(short_help="List the stored figures.", epilog="Example: zhengwen figures --region 滨城区 --year 2020")
@click.option("--region", help="Name or division code; its districts are left out.")
@click.option("--year", type=click.IntRange(1949, 2100), help="The year of the figure, not of the report.")
@click.option("--indicator", help="Canonical name, alias, or words of the text.")
@click.option(
    "--status",
    type=click.Choice(["actual", "target", "cumulative", "average"]),
    help="A result, a target, the sum of several years, or their average.",
)
@click.option("--report", help="A report's id, or a part of its path.")
@click.option("--withdrawn", is_flag=True, help="The figures that a correction took back, each with the reason.")
@click.option("--json", "as_json", is_flag=True, help="One figure a line, every field.")
@click.option("--csv", "as_csv", is_flag=True, help="A table for spreadsheets, UTF-8 with a byte order mark.")
@click.option("--parquet", type=click.Path(path_type=Path), help="Write a Parquet file (extra [parquet]).")
@click.option(
    "--why", metavar="ID", help="Show the sentence of one figure and the parts that its fields were read from."
)
@click.pass_obj
def figures(
    session: Session, /, as_json: bool, as_csv: bool, parquet: Path | None, why: str | None, **wanted: Any
) -> None:
    """List the stored figures, each with the id of its source passage."""
    from zhengwen.bot.exporting import write_csv, write_jsonl, write_parquet
    from zhengwen.bot.listing import figure_by_id, list_figures
    from zhengwen.bot.terminal.show import show_figures, show_marks
    from zhengwen.bot.terminal.tables import counted, visible

    if sum((as_json, as_csv, parquet is not None, why is not None)) > 1:
        raise UsageError("give one of --json, --csv, --parquet and --why")
    with session.open() as library:
        if why is not None:
            show_marks(session.out, figure_by_id(library, why), library)
            return
        rows = list_figures(library, **wanted)
        if as_json:
            write_jsonl(rows, sys.stdout)
        elif as_csv:
            write_csv(rows, sys.stdout)
        elif parquet is not None:
            write_parquet(rows, parquet)
            session.err.print(visible(f"{counted(len(rows), 'figure')} written to {parquet}"))
        else:
            show_figures(session.out, rows)
