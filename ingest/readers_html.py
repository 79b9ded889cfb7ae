"""HTML pages: the text with tables as rows, mapped onto the page's own characters; main text chosen by trafilatura.

The page is cut into tokens whose offsets are known, and every tag becomes an edit, so that a quotation leads back to
the very place in the file. trafilatura only says which lines are the main text.
"""

from __future__ import annotations

import html
import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass

from zhengwen.ingest.models import Removal
from zhengwen.ingest.readers_html_main import elements, main_lines, page_facts
from zhengwen.ingest.readers_html_table import DataTable, data_tables
from zhengwen.ingest.textmap import Edit, MappedText

_TOKEN = re.compile(
    r"""
    (?P<comment><!--.*?(?:-->|\Z) | <[!?][^>]{0,20000}>)
  | <(?P<close>/?)(?P<tag>[a-zA-Z][a-zA-Z0-9:-]{0,30})
    (?P<attributes>(?:[^<>"']|"(?:data:[^"]{0,9000000}|[^"]{0,20000})"|'[^']{0,20000}'){0,2000})>
  | (?P<entity>&(?:[a-zA-Z][a-zA-Z0-9]{1,20}|\#[0-9]{1,7}|\#[xX][0-9a-fA-F]{1,6});)
  | (?P<space>\s+)
    """,
    re.X | re.S,
)
_HIDDEN = re.compile(
    r"display\s*:\s*none|visibility\s*:\s*hidden|font-size\s*:\s*0(?![.\d])|(?:^|\s)hidden(?:[\s=/]|$)", re.I
)
_CELLS = frozenset(("td", "th"))


@dataclass(frozen=True, slots=True)
class Page:
    """The visible main text mapped onto the page, what its head says, and what was left out."""

    body: MappedText
    facts: Mapping[str, str]
    removals: tuple[Removal, ...]
    warnings: tuple[str, ...] = ()


def read_html(source: str) -> Page:
    """`"<p>全年<b>新增</b>7198人</p>"` → body "全年新增7198人", each character mapped into the page."""
    walk = _Walk(source)
    walk.run()
    body = MappedText.of(source).edit(walk.edits)
    gaps = re.finditer(r"[ ]*\n[ \n]*", body.text)
    body = body.edit([Edit(*match.span(), "\n") for match in gaps if match[0] != "\n"])
    facts = page_facts(source)
    kept, warning = main_lines(body, source, title=facts.get("title", ""))
    removals = list(walk.removals)
    edits = []
    for start, end in _unkept(body.text, kept):
        span = body.map.source_span(start, end)
        cut = body.text[start:end].strip()
        if cut:
            removals.append(Removal(start=span[0], end=span[1], text=cut, why="outside the main text of the page"))
        edits.append(Edit(start, end))
    ordered = tuple(sorted(removals, key=lambda one: one.start))
    return Page(body.edit(edits), facts, ordered, (warning,) if warning else ())


def _unkept(text: str, kept: frozenset[int]) -> Iterator[tuple[int, int]]:
    """Runs of lines (with their line break) that are not kept."""
    at = 0
    run: int | None = None
    for number, line in enumerate(text.split("\n")):
        if number in kept:
            if run is not None:
                yield run, at
            run = None
        elif run is None:
            run = at
        at += len(line) + 1
    if run is not None:
        yield run, len(text)


class _Walk:
    """One pass over the page's tokens, collecting edits; nesting is counted, never recursed into."""

    def __init__(self, source: str) -> None:
        self.source = source
        self.edits: list[Edit] = []
        self.removals: list[Removal] = []
        self._data_tables = data_tables(source)
        self._tables: list[DataTable | None] = []
        self._hiding = ""
        self._depth = 0
        self._from = 0
        self._why = ""

    def run(self) -> None:
        for match in _TOKEN.finditer(self.source):
            if self._hiding:
                self._while_hidden(match)
            else:
                self._visible(match)
        if self._hiding:
            self._unhide(len(self.source))

    def _while_hidden(self, match: re.Match[str]) -> None:
        if (match["tag"] or "").lower() != self._hiding:
            return
        self._depth += -1 if match["close"] else not match["attributes"].endswith("/")
        if self._depth == 0:
            self._unhide(match.end())

    def _unhide(self, end: int) -> None:
        cut = self.source[self._from : end]
        self.edits.append(Edit(self._from, end, "\n" if self._hiding in elements("blocks") else ""))
        words = " ".join(html.unescape(re.sub(r"<[^<>]*>", " ", cut)).split())
        if self._why and words:
            self.removals.append(Removal(start=self._from, end=end, text=words[:2000], why=self._why))
        self._hiding = ""

    def _visible(self, match: re.Match[str]) -> None:
        if match["space"]:
            around = self.source[match.start() - 1 : match.start()] + self.source[match.end() : match.end() + 1]
            new = "" if "\n" in match["space"] and len(around) == 2 and min(around) > "\u2e80" else " "
            if match["space"] != new:
                self.edits.append(Edit(*match.span(), new))
        elif match["entity"]:
            char = html.unescape(match["entity"])
            self.edits.append(Edit(*match.span(), " " if char == "\xa0" else char))
        elif match["comment"]:
            self.edits.append(Edit(*match.span()))
        elif match["tag"]:
            self._tag(match, match["tag"].lower())

    def _tag(self, match: re.Match[str], tag: str) -> None:
        hidden = bool(_HIDDEN.search(_shown_attributes(match["attributes"])))
        if not match["close"] and tag not in elements("void") and (tag in elements("skipped") or hidden):
            self._hiding, self._depth, self._from = tag, 1, match.start()
            self._why = "" if tag in elements("skipped") else "hidden text"
            if match["attributes"].endswith("/"):
                self._unhide(match.end())
            return
        self.edits.append(Edit(*match.span(), self._break(match, tag)))

    def _break(self, match: re.Match[str], tag: str) -> str:
        """What stands for a tag: a line break for a block, a bar for a cell of a data table, nothing for the rest."""
        table = self._tables[-1] if self._tables else None
        if tag == "table":
            if not match["close"]:
                self._tables.append(DataTable() if match.start() in self._data_tables else None)
            elif self._tables:
                self._tables.pop()
            return (table.close_row() if table and match["close"] else "") + "\n"
        if table and tag == "tr":
            return table.close_row() if match["close"] else table.open_row()
        if table and tag in _CELLS:
            return table.close_cell() if match["close"] else table.open_cell(match["attributes"])
        if table and tag in elements("blocks"):
            return "" if tag != "br" else " "
        return "\n" if tag in elements("blocks") or tag in _CELLS else ""


def _shown_attributes(attributes: str) -> str:
    """style="…" without quotes, and bare attribute names, for the test of hidden elements."""
    style = re.search(r"""style\s*=\s*("[^"]*"|'[^']*')""", attributes, re.I)
    bare = re.sub(r"""=\s*(?:"[^"]*"|'[^']*'|[^\s"'>]+)""", "=", attributes)
    return f"{bare} {style[1] if style else ''}".replace("hidden=", "hidden ")
