"""`zhengwen`: the command line's root, its options and what it does with errors.

Commands live in bot/terminal and are imported when they are called, so that `--help` is instant.
"""

from __future__ import annotations

import datetime as dt
import importlib
import io
import os
import sys
from collections.abc import Mapping, Sequence
from contextlib import suppress
from pathlib import Path
from typing import Any

import click

from zhengwen.bot.terminal.session import Session
from zhengwen.ingest.errors import ZhengwenError

COMMANDS: Mapping[str, str] = {
    "ask": "answering",
    "chat": "chat",
    "cite": "cite",
    "figures": "answering",
    "plot": "plot",
    "ingest": "reports",
    "clean": "reports",
    "remove": "reports",
    "reports": "reports",
    "doctor": "doctor",
    "check": "doctor",
    "report-error": "errors",
    "errors": "errors",
    "mcp": "mcp",
    "telegram": "telegram",
    "completion": "completion",
}
"""Command name to module of bot/terminal."""


class LazyGroup(click.Group):
    """Lists every command, imports only the one that is called."""

    def list_commands(self, ctx: click.Context) -> list[str]:  # noqa: ARG002 - click's signature
        return list(COMMANDS)

    def get_command(self, ctx: click.Context, cmd_name: str) -> click.Command | None:  # noqa: ARG002
        module = COMMANDS.get(cmd_name)
        if module is None:
            return None
        command = getattr(importlib.import_module(f"zhengwen.bot.terminal.{module}"), cmd_name.replace("-", "_"))
        assert isinstance(command, click.Command)
        return command


class Date(click.ParamType):  # type: ignore[type-arg,unused-ignore]  # generic in newer releases
    """`2026-11-22`."""

    name = "date"

    def convert(self, value: Any, param: click.Parameter | None, ctx: click.Context | None) -> dt.date:
        try:
            return value if isinstance(value, dt.date) else dt.date.fromisoformat(str(value))
        except ValueError:
            self.fail(f"'{value}' is not a date; write it as 2026-11-22", param, ctx)


@click.group(
    cls=LazyGroup,
    context_settings={"help_option_names": ["-h", "--help"]},
    epilog="Example: zhengwen ingest reports/ && zhengwen ask 滨城区2020年新增就业多少",
)
@click.option(
    "--library",
    type=click.Path(path_type=Path),
    envvar="ZHENGWEN_LIBRARY",
    help="Folder of the library; by default under the user's data directory.",
)
@click.option(
    "--config", type=click.Path(path_type=Path), help="A config.yaml; by default ./config.yaml, then the user's."
)
@click.option("--today", type=Date(), default=None, help="The day that 今年 and 去年 count from; by default today.")
@click.version_option(package_name="zhengwen", prog_name="zhengwen")
@click.pass_context
def root(context: click.Context, library: Path | None, config: Path | None, today: dt.date | None) -> None:
    """政问: exact, cited figures from Chinese government work reports, offline."""
    context.obj = Session(library_option=library, config_option=config, today_option=today)


def main(arguments: Sequence[str] | None = None) -> int:
    """Run one command. Exit codes: 0 done (a refusal too), 1 the input or the library is at fault, 2 wrong usage."""
    _prepare_streams()
    try:
        root.main(args=arguments, prog_name="zhengwen", standalone_mode=False)
        sys.stdout.flush()  # so that a full disk or a closed pipe is met here
    except ZhengwenError as error:
        return _say(str(error), error.exit_code)
    except click.exceptions.NoArgsIsHelpError as error:
        click.echo(error.format_message())
        return 2
    except click.UsageError as error:
        hint = f" (see: {error.ctx.command_path} --help)" if error.ctx else ""
        return _say(error.format_message() + hint, 2)
    except click.ClickException as error:
        return _say(error.format_message(), 1)
    except (click.Abort, KeyboardInterrupt):
        return _say("stopped; whole reports only are in the library", 130)
    except BrokenPipeError:  # `zhengwen figures | head`
        _drop_output()
        return 0
    except OSError as error:  # a full disk, a folder that may not be written
        place = f"{error.filename}: " if error.filename else ""
        _drop_output()
        return _say(f"{place}{error.strerror or error}; check the path, its permissions and the space on the disk", 1)
    except Exception as error:
        if os.environ.get("ZHENGWEN_DEBUG"):
            raise
        return _say(f"internal error, {type(error).__name__}: {error}; ZHENGWEN_DEBUG=1 shows where", 1)
    return 0


def _prepare_streams() -> None:
    """Whatever the locale: UTF-8 out, and a stream that the caller has closed swallows what is written."""
    if sys.stdin is None:
        sys.stdin = Path(os.devnull).open(encoding="utf-8")  # noqa: SIM115 - for good
    for name in ("stdout", "stderr"):
        if getattr(sys, name) is None:
            setattr(sys, name, Path(os.devnull).open("w", encoding="utf-8"))  # noqa: SIM115 - for good
        getattr(sys, name).reconfigure(encoding="utf-8", errors="replace")


def _drop_output() -> None:
    """What could not be written is not tried again when the interpreter ends."""
    with suppress(io.UnsupportedOperation):  # no real file, as under a test
        os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())


def _say(message: str, code: int) -> int:
    line = " ".join(message.split())  # a file's name may hold anything, line breaks and terminal codes too
    print("zhengwen: " + "".join(one if one.isprintable() else "\ufffd" for one in line), file=sys.stderr)
    return code


if __name__ == "__main__":
    sys.exit(main())
