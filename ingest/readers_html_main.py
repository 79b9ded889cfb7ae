"""Which lines of an HTML page are its main text (trafilatura, and prose where it is silent), and what its head says."""

from __future__ import annotations

import functools
import html
import re
from collections.abc import Mapping, Sequence, Set
from pathlib import Path
from typing import Any

from zhengwen.ingest.readers_html_frame import Box, Span, asides, boxes, is_frame, link_spans, main_box
from zhengwen.ingest.textmap import MappedText

_LARGE = 3_000_000
_MANY_TAGS = 60_000
"""Beyond these trafilatura would take more than some seconds."""
_META = re.compile(r"<meta\b[^<>]{0,2000}>", re.I)
_ATTRIBUTE = re.compile(r"""([a-zA-Z:_-]{1,30})\s*=\s*(?:"([^"]{0,1000})"|'([^']{0,1000})'|([^\s"'<>]{1,300}))""")


@functools.cache
def _language() -> dict[str, Any]:
    import yaml

    data: dict[str, Any] = yaml.safe_load(Path(__file__).with_name("readers_html.yaml").read_text("utf-8"))
    return data


@functools.cache
def elements(group: str) -> frozenset[str]:
    """The element names of one group of readers_html.yaml: "blocks", "void" or "skipped"."""
    return frozenset(_language()[group])


def page_facts(source: str) -> Mapping[str, str]:
    """What the page's head says: title, date, publisher, author, url, as strings; absent where it does not say.

    `<meta name="ArticleTitle" content="2021年政府工作报告">` → {"title": "2021年政府工作报告"}
    """
    named: dict[str, str] = {}
    for match in list(_META.finditer(source[:300_000]))[:200]:
        attributes = _ATTRIBUTE.finditer(match[0])
        fields = {one[1].lower(): html.unescape(one[2] or one[3] or one[4] or "") for one in attributes}
        name = (fields.get("name") or fields.get("property") or "").lower()
        if fields.get("content", "").strip():
            named.setdefault(name, " ".join(fields["content"].split()))
    facts: dict[str, str] = {}
    for name, fact in _language()["facts"]:
        if name in named:
            facts.setdefault(fact, named[name])
    title = re.search(r"<title[^<>]{0,200}>([^<]{1,300})", source[:300_000], re.I)
    if title and title[1].strip():
        facts.setdefault("title", " ".join(html.unescape(title[1]).split()))
    return facts


_LOST = "the page's main text was not recognised: all of its text was taken"


def main_lines(body: MappedText, source: str, *, title: str) -> tuple[frozenset[int], str]:
    """The numbers (from 0) of the lines of `body` that are the page's main text, and a warning or ""."""
    lines = body.text.split("\n")
    everything = frozenset(range(len(lines)))
    main = "" if len(source) > _LARGE or source.count("<") > _MANY_TAGS else _trafilatura(source)
    if not main:
        return everything, _LOST
    whole, wanted = _squeezed(main.replace("\n", "")), {_squeezed(line) for line in main.split("\n")} - {""}
    hits = [at for at, line in enumerate(lines) if _is_hit(_squeezed(line), wanted, whole)]
    solid = [at for at in hits if len(lines[at]) >= 12] or hits
    prose = sum(len(line) for line in lines if _is_prose(line))
    if not solid or sum(len(lines[at]) for at in solid) < prose * 0.3:
        return everything, _LOST
    spans = _line_spans(body, lines)
    frame = boxes(source)
    places = [(spans[at][0], len(lines[at])) for at in solid]
    first, last = _in_main_box(lines, spans, solid, main_box(frame, places), source)
    first, last = _widened(lines, first, last)
    first = _from_title(lines, first, title)
    beside = list(asides(frame, places, _language()["asides"]))
    kept = (at for at in range(first, last + 1) if not any(box.start <= spans[at][0] < box.end for box in beside))
    return frozenset(kept), ""


def _is_hit(line: str, wanted: Set[str], whole: str) -> bool:
    """trafilatura gives the line, or has joined it with others: in tables that only lay the page out."""
    return len(line) > 1 and (line in wanted or (len(line) >= 12 and line in whole))


def _line_spans(body: MappedText, lines: Sequence[str]) -> list[Span]:
    spans, at = [], 0
    for line in lines:
        spans.append(body.map.source_span(at, at + len(line)))
        at += len(line) + 1
    return spans


def _in_main_box(
    lines: Sequence[str], spans: Sequence[Span], solid: Sequence[int], box: Box | None, source: str
) -> tuple[int, int]:
    """From the first to the last line of the main text inside its element, and its short lines around them."""
    if box is None:
        return solid[0], solid[-1]
    inside = [at for at in solid if box.start <= spans[at][0] < box.end]
    first, last = inside[0], inside[-1]
    links = link_spans(source)

    def more(at: int) -> bool:
        return box.start <= spans[at][0] < box.end and not is_frame(lines[at].strip(), spans[at], source, links)

    while last + 1 < len(lines) and more(last + 1):
        last += 1
    while first > 0 and more(first - 1):
        first -= 1
    return first, last


def _trafilatura(source: str) -> str:
    import logging

    import trafilatura

    logging.getLogger("trafilatura").addHandler(logging.NullHandler())  # or its doubts are printed between our lines
    found = trafilatura.extract(source, include_comments=False, include_tables=True, favor_recall=True)
    return found or ""


def _squeezed(line: str) -> str:
    return re.sub(r"[\s|#*-]", "", line)


def _is_prose(line: str) -> bool:
    return (len(line) >= 50 and "。" in line) or line.startswith("| ")


def _widened(lines: list[str], first: int, last: int) -> tuple[int, int]:
    """Take in paragraphs and table rows next to the main text (at most three short lines away)."""
    moved = True
    while moved:
        moved = False
        for at in range(last + 1, min(last + 5, len(lines))):
            if _is_prose(lines[at]):
                last, moved = at, True
        for at in range(first - 1, max(first - 5, -1), -1):
            if _is_prose(lines[at]):
                first, moved = at, True
    return first, last


def _from_title(lines: list[str], first: int, title: str) -> int:
    """The headline and the line with source and date stand above the first paragraph, often outside its container."""
    wanted = _squeezed(title)
    for at in range(first - 1, max(first - 25, -1), -1):
        line = _squeezed(lines[at])
        if len(line) >= 6 and (line in wanted or (wanted and wanted in line)):
            return at
    for at in range(first - 1, max(first - 6, -1), -1):
        if re.search(r"(?:19|20)\d\d\s?[-年/.]\s?\d{1,2}|来源[:：]", lines[at]) and len(lines[at]) < 100:
            first = at
    return first
