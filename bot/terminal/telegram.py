"""`zhengwen telegram`: the bot, until it is stopped."""

from __future__ import annotations

import click

from zhengwen.bot.terminal.session import Session


@click.command(
    short_help="Run the Telegram bot.",
    epilog="Example: ZHENGWEN_TELEGRAM_TOKEN=123456789:AA… zhengwen telegram",
)
@click.option("--approve", metavar="CODE", help="Let in the user who holds this pairing code, and end.")
@click.pass_context
def telegram(context: click.Context, approve: str | None) -> None:
    """Run the Telegram bot with the settings of config.yaml's telegram section until SIGTERM or Ctrl-C.

    The token comes from ZHENGWEN_TELEGRAM_TOKEN or from the file that telegram.token_file names.
    """
    session: Session = context.obj
    if approve is not None:
        _approve(session, approve)
        return
    from zhengwen.bot.telegram.app import Options, run
    from zhengwen.bot.telegram.secrets import Redacting, log_to_stderr, read_token
    from zhengwen.ingest.errors import ZhengwenError

    settings = session.config.telegram
    token = read_token(settings.token_file)
    formatter = Redacting(token)
    log_to_stderr(formatter, level=settings.log_level)
    today = session.today.isoformat() if _fixed(context) else None
    with session.open() as library:
        try:
            run(Options(library=library, config=session.config, token=token, today=today))
        except ZhengwenError:
            raise
        except Exception as error:  # noqa: BLE001 - whatever it is, its text may hold an address with the token in it
            raise ZhengwenError(formatter.hide(f"the bot ended, {type(error).__name__}: {error}")) from None


def _fixed(context: click.Context) -> bool:
    """Whether --today was given; else the day moves on while the bot runs."""
    root = context.find_root()
    return root.get_parameter_source("today") == click.core.ParameterSource.COMMANDLINE


def _approve(session: Session, code: str) -> None:
    from zhengwen.bot.telegram.approving import approve_code

    with session.open() as library:
        found = approve_code(library, code)
    session.err.print(f"let in: {found.name} ({found.user}); a bot that is running knows at the next message")
