"""Completion for a conversation: commands, the regions of the library, and what reports name their indicators.

Chinese has no blanks between words, so the longest end of the line that begins a name is completed.
"""

from __future__ import annotations

from bisect import bisect_left
from collections.abc import Iterable, Iterator
from functools import cached_property
from pathlib import Path
from typing import TYPE_CHECKING, NamedTuple

from prompt_toolkit.completion import CompleteEvent, Completer, Completion, PathCompleter
from prompt_toolkit.document import Document

from zhengwen.bot.messages import say
from zhengwen.ingest.errors import ZhengwenError

if TYPE_CHECKING:
    from zhengwen.bot.terminal.chat_talk import Talk

LONGEST = 14
"""Characters before the cursor that are looked at."""
MOST = 12
REGION, INDICATOR, ALIAS = 1, 2, 3
"""Ranks of names; one character alone is completed to a region only (0: as it is usually called)."""


class Name(NamedTuple):
    """A text to complete to, how likely it is wanted (lower first), and what is said beside it."""

    text: str
    rank: int
    meta: str


class Names:
    """Names sorted for looking up by their beginnings.

    >>> [name.text for name in Names([Name("滨城区", 0, ""), Name("滨州市", 0, "")]).after("2020年滨")]
    ['滨城区', '滨州市']
    """

    def __init__(self, names: Iterable[Name]) -> None:
        best: dict[str, Name] = {}
        for name in names:
            if name.text not in best or name.rank < best[name.text].rank:
                best[name.text] = name
        self._names = [best[text] for text in sorted(best)]
        self._texts = [name.text for name in self._names]

    def after(self, line: str) -> list[Name]:
        """The names that the longest possible end of the line begins, likeliest first; not the finished name itself."""
        for length in range(min(LONGEST, len(line)), 0, -1):
            start = line[-length:]
            found = [name for name in self._starting(start) if name.text != start]
            if length == 1:
                found = [name for name in found if name.rank <= REGION]
            if found:
                return sorted(found, key=lambda name: (name.rank, len(name.text), name.text))[:MOST]
        return []

    def common(self, line: str) -> int:
        """How many characters at the end of the line are the beginning of what `after` gives."""
        found = self.after(line)
        lengths = range(min(LONGEST, len(line)), 0, -1)
        return next((length for length in lengths if found and found[0].text.startswith(line[-length:])), 0)

    def _starting(self, start: str) -> Iterator[Name]:
        for at in range(bisect_left(self._texts, start), len(self._texts)):
            if not self._texts[at].startswith(start):
                return
            yield self._names[at]


class ChatCompleter(Completer):
    """Completes what is typed in `zhengwen chat`; the names are read when first asked for."""

    def __init__(self, talk: Talk) -> None:
        self._talk = talk
        self._paths = PathCompleter(expanduser=True)

    @cached_property
    def _known(self) -> Names:
        from zhengwen.bot.held import held_regions
        from zhengwen.bot.wording import short
        from zhengwen.ingest.indicators import indicators

        try:
            regions = list(held_regions(self._talk.library).values())
        except ZhengwenError:  # said when a question is asked
            regions = []
        names = [Name(short(region), 0, region.name) for region in regions]
        names += [Name(region.name, REGION, "") for region in regions]
        for row in indicators():
            names.append(Name(row.name, INDICATOR, ""))
            names += [Name(alias, ALIAS, row.name) for alias in (*row.aliases, *row.spoken)]
        return Names(names)

    def get_completions(self, document: Document, complete_event: CompleteEvent) -> Iterator[Completion]:
        line = document.current_line_before_cursor
        if line[:1] in ("/", "／"):
            yield from self._command(line, complete_event)
            return
        length = self._known.common(line)
        for name in self._known.after(line):
            yield Completion(name.text, start_position=-length, display_meta=name.meta)

    def _command(self, line: str, event: CompleteEvent) -> Iterator[Completion]:
        from zhengwen.bot.terminal.chat_talk import COMMANDS, read_command

        name, blank, rest = line[1:].partition(" ")
        if not blank:
            for one in COMMANDS:
                alias = say(f"chat.commands.{one}.alias")
                if one.startswith(name.lower()) or (name and alias.startswith(name)):
                    meta = say(f"chat.commands.{one}.help")
                    yield Completion(f"/{one}", start_position=-len(line), display_meta=meta)
            return
        command = read_command(f"/{name}")
        if command and command[0] == "source" and self._talk.last:
            for citation in self._talk.last.citations:
                if str(citation.n).startswith(rest):
                    meta = citation.title or Path(citation.source).name
                    yield Completion(str(citation.n), start_position=-len(rest), display_meta=meta)
        elif command and command[0] == "save":
            yield from self._paths.get_completions(Document(rest, len(rest)), event)
