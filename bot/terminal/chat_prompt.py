"""The prompt of a conversation in a terminal: line editing, private history, completion, Ctrl-C and Ctrl-D."""

from __future__ import annotations

import os
from collections.abc import Callable
from pathlib import Path
from typing import TYPE_CHECKING

from prompt_toolkit import PromptSession
from prompt_toolkit.auto_suggest import AutoSuggestFromHistory
from prompt_toolkit.history import FileHistory, History, InMemoryHistory
from prompt_toolkit.shortcuts import CompleteStyle
from prompt_toolkit.styles import Style

from zhengwen.bot.messages import say
from zhengwen.bot.settings import user_library
from zhengwen.bot.terminal.chat_complete import ChatCompleter
from zhengwen.bot.wording import short, when

if TYPE_CHECKING:
    from zhengwen.bot.terminal.chat_talk import Talk

STYLE = Style.from_dict({"bottom-toolbar": "noreverse fg:ansibrightblack", "prompt": "bold"})


class PrivateHistory(FileHistory):
    """What was typed, one entry after another, in a file that only its owner may read."""

    def __init__(self, path: Path) -> None:
        path.parent.mkdir(parents=True, exist_ok=True)
        os.close(os.open(path, os.O_WRONLY | os.O_CREAT | os.O_APPEND, 0o600))
        path.chmod(0o600)  # an older file, or one made under another umask
        super().__init__(str(path))

    def store_string(self, string: str) -> None:
        super().store_string(string.encode("utf-8", "replace").decode("utf-8"))


def history_file() -> Path:
    """`~/.local/share/zhengwen/chat_history` on Linux."""
    return user_library().parent / "chat_history"


def open_history(tell: Callable[[str], None]) -> History:
    """The kept history, or one for this conversation alone where the file cannot be used, which is said."""
    try:
        return PrivateHistory(history_file())
    except OSError as error:
        tell(say("chat.history_lost", reason=error.strerror or error))
        return InMemoryHistory()


def converse(talk: Talk, *, keep_history: bool) -> None:
    """Prompt and answer until the user leaves. Ctrl-C clears the line or stops the answer, Ctrl-D leaves."""
    session: PromptSession[str] = PromptSession(
        history=open_history(talk.console.print) if keep_history else InMemoryHistory(),
        completer=ChatCompleter(talk),
        complete_style=CompleteStyle.COLUMN,
        complete_in_thread=True,
        auto_suggest=AutoSuggestFromHistory(),
        bottom_toolbar=lambda: _toolbar(talk),
        style=STYLE,
        enable_open_in_editor=False,
    )
    while True:
        try:
            line = session.prompt([("class:prompt", say("chat.prompt"))])
            if not talk.take(line):
                return
        except EOFError:
            talk.console.print(say("chat.goodbye"))
            return
        except KeyboardInterrupt:  # nothing was running: the line is dropped
            if not session.default_buffer.text:
                talk.console.print(say("chat.cleared"), style="dim")


def _toolbar(talk: Talk) -> str:
    """What the next question would be completed from."""
    state = talk.chat.state
    parts = ["、".join(short(region) for region in state.regions[:3]), when(state.period)]
    parts.append(state.ask.words.replace(" ", "") if state.ask else "")
    known = " · ".join(part for part in parts if part)
    return say("chat.toolbar", what=known) if known else say("chat.toolbar_none")
