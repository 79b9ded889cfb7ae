"""`chat`: questions and follow-ups at a prompt, or line by line through a pipe."""

from __future__ import annotations

import sys
from typing import TYPE_CHECKING

import click

from zhengwen.bot.terminal.session import Session

if TYPE_CHECKING:
    from zhengwen.bot.terminal.chat_talk import Talk

EXAMPLES = """\b
Examples:
  zhengwen chat
  zhengwen chat --no-history
  echo 滨城区2020年新增就业多少 | zhengwen chat
"""


@click.command(short_help="Ask in a conversation, with follow-ups.", epilog=EXAMPLES)
@click.option("--no-history", is_flag=True, help="Do not keep what is typed for the next conversation.")
@click.pass_obj
def chat(session: Session, no_history: bool) -> None:
    """Ask in a conversation: what a follow-up leaves out is taken from what was said before.

    /source N opens a source with its neighbours, /why says what was considered, /save writes Markdown with the
    sources, /help lists all commands. Tab completes regions, indicators and commands. Ctrl-C clears the line or stops
    the answer, Ctrl-D leaves. In a pipe every line is a question, and answers come without any prompt.
    """
    from zhengwen.bot.terminal.chat_talk import Talk

    with session.open() as library:
        talk = Talk(library, session.out, session.today, session.config.answer)
        if sys.stdin.isatty() and sys.stdout.isatty():
            from zhengwen.bot.terminal.chat_prompt import converse

            talk.greet()
            converse(talk, keep_history=not no_history)
        else:
            _pipe(talk)


def _pipe(talk: Talk) -> None:
    """A line in, an answer out at once, so that another program can hold the conversation."""
    for number, line in enumerate(sys.stdin.buffer):
        text = line.decode("utf-8", "replace")
        if not talk.take(text.removeprefix("\ufeff") if number == 0 else text):
            return
        sys.stdout.flush()
