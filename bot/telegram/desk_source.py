"""A source paragraph as a message: where it stands, the paragraph with its figure highlighted, its neighbours."""

from __future__ import annotations

from zhengwen.bot.citing import Cited, cite
from zhengwen.bot.telegram.desk_models import SourcePage
from zhengwen.bot.telegram.richtext import Block, block, marked, pages, quote
from zhengwen.bot.telegram.texts import text
from zhengwen.index.library import Library
from zhengwen.ingest.errors import InputError


def source_page(library: Library, passage: str, figure: str) -> SourcePage:
    """The passage with its neighbours; `figure` is highlighted where it stands in it.

    Raises InputError when the library holds no such passage.
    """
    cited = cite(library, passage)
    stored = library.passage(cited.id)
    near = {one.seq: one.id for one in library.neighbours(stored)} if stored is not None else {}
    seq = stored.seq if stored is not None else 0
    blocks = _blocks(cited, _spans(library, cited, figure))
    return SourcePage(pages=tuple(pages(blocks)), before=near.get(seq - 1, ""), after=near.get(seq + 1, ""))


def _blocks(cited: Cited, spans: list[tuple[int, int]]) -> list[Block]:
    date = text("source.date", date=cited.date) if cited.date else ""
    blocks = [block((cited.title, "b"), date)]
    where = [cited.region, *(one for one in cited.headings if one != cited.title), text("source.line", line=cited.line)]
    blocks.append(block(" › ".join(one for one in where if one)))
    if cited.before:
        blocks.append(quote(cited.before, gap=True))
    blocks.append(block(*marked(cited.text, spans), gap=True))
    if cited.after:
        blocks.append(quote(cited.after, gap=True))
    if cited.repairs:
        blocks += [block(text("source.repaired"), gap=True), quote(cited.source_text)]
    ends = [text("source.first")] if not cited.before else []
    ends += [text("source.last")] if not cited.after else []
    blocks.append(block(text("source.id", id=""), (cited.id, "code"), *(f" · {one}" for one in ends), gap=True))
    return blocks


def _spans(library: Library, cited: Cited, figure: str) -> list[tuple[int, int]]:
    """Where to highlight, in the passage: the figure asked for, or the one that was cited by its own id."""
    match = cited.match
    if figure:
        try:
            match = cite(library, figure).match
        except InputError:
            return []
    elif match.how == "id":
        return []
    start, end = match.start - cited.start, match.end - cited.start
    return [(start, end)] if 0 <= start < end <= len(cited.text) else []
