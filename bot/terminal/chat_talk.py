"""One conversation at a prompt or in a pipe: a line comes in, an answer or what a command gives goes out."""

from __future__ import annotations

import datetime as dt
import difflib
import re
import unicodedata
from collections.abc import Callable, Mapping
from contextlib import nullcontext
from dataclasses import dataclass, field
from functools import cache
from pathlib import Path
from typing import TYPE_CHECKING

from rich.cells import cell_len
from rich.console import Console
from rich.text import Text

from zhengwen.bot.dialogue import Chat
from zhengwen.bot.messages import say
from zhengwen.bot.models import Answer
from zhengwen.bot.settings import AnswerSettings
from zhengwen.bot.terminal.chat_show import show_sources, show_turn
from zhengwen.bot.terminal.chat_work import interruptible
from zhengwen.bot.terminal.tables import visible
from zhengwen.ingest.errors import InputError, ZhengwenError

if TYPE_CHECKING:
    from zhengwen.index.library import Library

COMMANDS = ("source", "why", "cite", "save", "reset", "help", "quit")
"""In the order of /help; their words stand in messages.yaml under chat.commands."""
WIDTH = 16
"""Columns for a command in /help."""


@dataclass
class Talk:
    """What a conversation holds. `take` never raises for what a user types."""

    library: Library
    console: Console
    today: dt.date
    settings: AnswerSettings
    chat: Chat = field(default_factory=Chat)
    turns: list[Answer] = field(default_factory=list)
    saved: Path | None = None
    """Where this conversation was saved before: that file alone may be written again."""

    def greet(self) -> None:
        """One line: what is in the library, and how to go on."""
        from zhengwen.bot.held import held_regions

        reports = self.library.reports()
        if reports:
            self._tell("welcome", reports=f"{len(reports):,}", regions=f"{len(held_regions(self.library)):,}")
        else:
            self._tell("welcome_empty", style="yellow")

    def take(self, line: str) -> bool:
        """Deal with one line; False when the user wants to leave. Ctrl-C stops it, and nothing of it is remembered."""
        text = _typed(line)
        try:
            command = read_command(text)
            if command is not None:
                return self._run(*command)
            if text:
                self._ask(text)
        except KeyboardInterrupt:
            self._tell("stopped", style="yellow")
        except ZhengwenError as error:
            self.console.print(visible(say("chat.failed", reason=str(error))), style="red")
        return True

    @property
    def last(self) -> Answer | None:
        return self.turns[-1] if self.turns else None

    def _tell(self, key: str, *, style: str = "", **values: object) -> None:
        self.console.print(visible(say(f"chat.{key}", **values)), style=style)

    def _run(self, name: str, rest: str) -> bool:
        if name == "quit":
            return False
        actions: Mapping[str, Callable[[str], None]] = {
            "source": self._source,
            "why": self._why,
            "cite": self._cite,
            "save": self._save,
            "reset": self._reset,
            "help": self._help,
        }
        if name in actions:
            actions[name](rest)
            return True
        near = difflib.get_close_matches(name, COMMANDS, n=1)
        if near:
            self._tell("unknown_near", style="yellow", name=name[:40], near=near[0])
        else:
            self._tell("unknown", style="yellow", name=name[:40])
        return True

    def _ask(self, text: str) -> None:
        from zhengwen.bot.citing_quote import asks_for_source

        choices = self.last.choices if self.last and not self.last.answered else ()
        if choices and re.fullmatch(r"\d{1,2}", number := unicodedata.normalize("NFKC", text)):
            if not 1 <= int(number) <= len(choices):
                self._tell("no_choice", style="yellow", number=number, count=len(choices))
                return
            text = choices[int(number) - 1]
        if sentence := asks_for_source(text):
            self._cite(sentence)
            return
        self.turns.append(self._answered(text))
        show_turn(self.console, self.turns[-1])

    def _answered(self, text: str) -> Answer:
        """The answer; the conversation moves on only when it is there."""
        from zhengwen.bot.answer import answer

        chat = Chat(self.chat.state)
        waiting = (
            self.console.status(say("chat.thinking"), spinner="dots") if self.console.is_terminal else nullcontext()
        )
        with waiting:
            given = interruptible(
                lambda: answer(self.library, text, today=self.today, chat=chat, settings=self.settings)
            )
        self.chat.state = chat.state
        return given

    def _source(self, rest: str) -> None:
        from zhengwen.bot.citing import cite
        from zhengwen.bot.terminal.cite_show import show_cited

        citations = self.last.citations if self.last else ()
        wanted = unicodedata.normalize("NFKC", rest).strip("[] ")
        if re.fullmatch(r"f?[0-9a-f]{12}", wanted) and not wanted.isdigit():
            show_cited(self.console, interruptible(lambda: cite(self.library, wanted)), label=_label)
        elif not citations:
            self._tell("no_sources" if self.last else "no_answer", style="yellow")
        elif not wanted and len(citations) > 1:
            self._tell("sources_known")
            show_sources(self.console, self.turns[-1])
        elif wanted and not wanted.isdecimal():
            self._tell("source_usage", style="yellow")
        else:
            number = int(wanted[:6] or citations[0].n)
            found = next((one for one in citations if one.n == number), None)
            if found is None:
                known = "".join(f"[{one.n}]" for one in citations)
                self._tell("no_source", style="yellow", number=number, known=known)
                return
            surfaces = [figure.surface for figure in self.turns[-1].figures if figure.citation == number]
            opened = interruptible(lambda: cite(self.library, found.id))
            show_cited(self.console, opened, surfaces, label=_label)

    def _why(self, _: str) -> None:
        from zhengwen.bot.terminal.show import show_considered

        if self.last is None:
            self._tell("no_answer", style="yellow")
        else:
            show_considered(self.console, self.last)

    def _cite(self, rest: str) -> None:
        from zhengwen.bot.citing import cite_quote
        from zhengwen.bot.terminal.cite_show import show_places

        if not rest:
            self._tell("cite_usage", style="yellow")
            return
        try:
            found = interruptible(lambda: cite_quote(self.library, rest))
        except InputError as error:
            self._tell("failed", style="yellow", reason=str(error))
            return
        if found.places:
            show_places(self.console, found, label=_label)
            return
        self._tell("cite_none", style="yellow")
        if near := found.nearest:
            values = {"text": near.match.text, "title": near.title, "id": near.id}
            self._tell("cite_near", style="yellow", score=f"{near.match.score:.2f}", **values)

    def _save(self, rest: str) -> None:
        from zhengwen.bot.terminal.chat_save import save

        if not self.turns:
            self._tell("nothing_to_save", style="yellow")
            return
        turns = tuple(self.turns)
        wrote = interruptible(lambda: save(self.library, turns, rest, today=self.today, may_replace=self.saved))
        self.saved = wrote.path if wrote.done else self.saved
        self._tell(wrote.key, style="" if wrote.done else "yellow", **wrote.values)

    def _reset(self, _: str) -> None:
        self.chat.reset()
        self._tell("reset")

    def _help(self, _: str) -> None:
        self._tell("help_head")
        self._tell("help_quote")
        for name in COMMANDS:
            usage, alias = say(f"chat.commands.{name}.usage"), say(f"chat.commands.{name}.alias")
            usage += " " * (WIDTH - cell_len(usage))
            line = Text.assemble("  ", (usage, "cyan"), say(f"chat.commands.{name}.help"), (f"（/{alias}）", "dim"))
            self.console.print(line)
        self._tell("keys", style="dim")


def read_command(text: str) -> tuple[str, str] | None:
    """`/source 2` → ("source", "2"); ／ and 、 count as /, because they are on the same key; None for a question."""
    found = re.match(r"[/／、]\s*([A-Za-z]+|[\u4e00-\u9fff]{2,4}(?=\s|$))\s*(.*)", text, flags=re.S)
    if found is None:
        return ("", "") if text in ("/", "／") else None
    return _resolved(found[1].lower()), found[2].strip()


def _resolved(name: str) -> str:
    """The command that a name, another word for it or an unmistakable beginning means; otherwise as it is."""
    if name in _names():
        return _names()[name]
    starting = {command for command in COMMANDS if command.startswith(name)}
    return starting.pop() if len(starting) == 1 else name


@cache
def _names() -> dict[str, str]:
    """Every way to write a command, to its name."""
    aliases = {say(f"chat.commands.{name}.alias"): name for name in COMMANDS}
    return aliases | {name: name for name in COMMANDS} | {"exit": "quit"}


def _label(name: str) -> str:
    return say(f"cite.labels.{name}")


def _typed(line: str) -> str:
    """The line without control characters; half of a surrogate pair, as a broken terminal may send, is a ?."""
    text = re.sub(r"[\x00-\x1f\x7f-\x9f]+", " ", line)  # a line break that was pasted is a blank
    return text.encode("utf-8", "replace").decode("utf-8").strip()
