"""What a worker hands back: finished messages and what their buttons offer. Plain values that travel in a pipe."""

from __future__ import annotations

from typing import Literal

from zhengwen.ingest.models import Record

FOLDER = "received"
"""Below the library: what came through the bot, one folder a document."""

Outcome = Literal["answered", "refused", "page", "missing"]


class SourceOffer(Record):
    """A button 原文 [n]."""

    n: int
    passage: str
    figure: str = ""
    """The figure that is highlighted in it."""


class Offers(Record):
    """What the buttons under an answer can do; kept with the answer, because 64 bytes hold no more than its number."""

    sources: tuple[SourceOffer, ...] = ()
    choices: tuple[str, ...] = ()
    copied: str = ""
    """What 复制数字 copies."""
    figure: str = ""
    """The main figure, which an objection is about."""
    years: str = ""
    """The question that 相邻年份 asks."""
    chart: bool = False


class Reply(Record):
    """Messages as HTML, in order."""

    pages: tuple[str, ...]
    outcome: Outcome = "page"
    offers: Offers = Offers()
    state: str = ""
    """The chat's state after the question, JSON."""
    title: str = ""
    """For lists of results: one plain line, and a second."""
    subtitle: str = ""


class SourcePage(Record):
    """A source paragraph with its neighbours."""

    pages: tuple[str, ...]
    before: str = ""
    """Citation ids of the neighbours; empty at the ends."""
    after: str = ""


class ListPage(Record):
    """One page of a list."""

    html: str
    page: int
    pages: int


class Picture(Record):
    """A chart."""

    png: bytes
    caption: str


class Read(Record):
    """What became of a document."""

    outcome: Literal["added", "replaced", "attached", "unchanged", "failed"]
    reason: str = ""
    report: str = ""
    """The report's id, for taking it back."""
    title: str = ""
    region: str = ""
    year: int | None = None
    passages: int = 0
    figures: int = 0
    path: str = ""
