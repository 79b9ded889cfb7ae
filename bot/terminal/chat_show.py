"""What a conversation prints: the answer, numbered choices, and its sources in a line or two each."""

from __future__ import annotations

import re
from collections.abc import Sequence

from rich.console import Console
from rich.text import Text

from zhengwen.bot.messages import say
from zhengwen.bot.models import Answer
from zhengwen.bot.terminal.show import print_quote
from zhengwen.bot.terminal.tables import visible

EXCERPT = 160
"""Characters of a source shown under an answer; /source shows the paragraph."""


def show_turn(console: Console, answer: Answer) -> None:
    """The answer, what to choose from, and the sources."""
    console.print(Text(answer.text, style="bold" if answer.answered else "yellow"))
    if answer.choices and not answer.answered:
        console.print(Text(say("chat.choose"), style="dim"))
        for number, choice in enumerate(answer.choices, 1):
            console.print(Text.assemble((f"  {number:>2}  ", "cyan"), choice))
    show_sources(console, answer)
    console.print()


def show_sources(console: Console, answer: Answer) -> None:
    """Each source with the sentences that hold what the answer shows of it."""
    for citation in answer.citations:
        date = f" · {citation.date}" if citation.date else ""
        title = visible(citation.title or citation.source)
        console.print(Text.assemble((f"[{citation.n}] ", "cyan"), title, (f"{date} · {citation.id}", "dim")))
        surfaces = [figure.surface for figure in answer.figures if figure.citation == citation.n]
        print_quote(console, excerpt(citation.quote, surfaces), surfaces)


def excerpt(quote: str, surfaces: Sequence[str]) -> str:
    """The sentences of a quotation that hold the surfaces, cut to a few lines: `…新增就业7198人。`"""
    sentences = re.findall(r"[^。！？\n]+[。！？]?|\n", quote)
    held = [one for one in sentences if any(surface in one for surface in surfaces)]
    text = " … ".join(dict.fromkeys(one.strip() for one in held)) or quote.strip()
    if len(text) <= EXCERPT:
        return text
    at = min((text.find(surface) for surface in surfaces if surface in text), default=0)
    start = max(at - EXCERPT // 2, 0)
    cut = text[start : start + EXCERPT]
    return ("…" if start else "") + cut + ("…" if start + EXCERPT < len(text) else "")
