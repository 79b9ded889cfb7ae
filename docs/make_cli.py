"""Writes docs/cli.md from the commands themselves; a test keeps it true.

make docs
"""

from __future__ import annotations

import inspect
from collections.abc import Iterator
from pathlib import Path

import click

from zhengwen.bot.cli import root

PAGE = Path(__file__).with_name("cli.md")
HEAD = """# The command line

Written by `make docs` from the commands' own help; `zhengwen COMMAND --help` says the same. The options of `zhengwen`
itself stand before the command: `zhengwen --library DIR ask …`.
"""
FOOT = """## Exit codes

| code | meaning |
|---|---|
| 0 | done; a refusal to answer is an answer, and a folder's unreadable files are only named |
| 1 | the input or the library is at fault |
| 2 | wrong usage: an unknown option, a missing argument, a wrong setting |
| 130 | stopped with Ctrl-C |

Errors are one line on standard error that says what to do. Output in a pipe has no colours; `NO_COLOR=1` switches them
off in a terminal too.
"""


def document() -> str:
    """The whole page."""
    context = click.Context(root, info_name="zhengwen")
    commands = {name: root.get_command(context, name) for name in root.list_commands(context)}
    known = {name: command for name, command in commands.items() if command is not None and not command.hidden}
    parts = [HEAD, *_section(root, context)]
    parts.append("| command | what it does |\n|---|---|")
    rows = [
        f"| [`{name}`](#zhengwen-{name}) | {_cell(one.get_short_help_str(limit=200))} |" for name, one in known.items()
    ]
    parts[-1] = "\n".join([parts[-1], *rows])
    for name, command in known.items():
        parts += [f"## zhengwen {name}", *_section(command, click.Context(command, parent=context, info_name=name))]
    return "\n\n".join(part.strip("\n") for part in [*parts, FOOT]) + "\n"


def examples(command: click.Command) -> list[str]:
    """The lines of the epilog that can be typed: `zhengwen cite 3f2a9c01d4e7`."""
    lines = (line.strip().removeprefix("Example:").strip() for line in (command.epilog or "").splitlines())
    return [line for line in lines if line and line not in ("\b", "Examples:")]


def _section(command: click.Command, context: click.Context) -> Iterator[str]:
    yield f"    {' '.join([context.command_path, *command.collect_usage_pieces(context)])}"
    yield from _paragraphs(command.help or "")
    rows = [row for param in command.get_params(context) if (row := _row(param, context))]
    if rows:
        yield "\n".join(["| option | meaning |", "|---|---|", *rows])
    shown = examples(command)
    if shown:
        yield "\n".join(f"    {line}" for line in shown)


def _paragraphs(text: str) -> Iterator[str]:
    for part in inspect.cleandoc(text).partition("\f")[0].split("\n\n"):
        kept = part.startswith("\b\n")
        lines = part.removeprefix("\b\n").splitlines()
        yield "\n".join(f"    {line}" for line in lines) if kept else "\n".join(line.strip() for line in lines)


def _row(param: click.Parameter, context: click.Context) -> str:
    """One option; arguments stand in the usage line."""
    record = param.get_help_record(context)
    if record is None or not isinstance(param, click.Option) or "--help" in param.opts:
        return ""
    variable = f" Also from the variable {param.envvar}." if isinstance(param.envvar, str) else ""
    return f"| `{_cell(record[0])}` | {_cell(record[1])}{variable} |"


def _cell(text: str) -> str:
    return " ".join(text.split()).replace("|", "\\|")


if __name__ == "__main__":
    PAGE.write_text(document(), encoding="utf-8")
    click.echo(f"{PAGE}: {len(document().splitlines())} lines")
