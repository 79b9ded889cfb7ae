"""A cited passage as Markdown: the paragraph with its span marked, the original where it differs, where it stands.

The span is marked with `<mark>`: asterisks beside Chinese punctuation are not always emphasis (CommonMark §6.2).
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from typing import TYPE_CHECKING

from zhengwen.bot.messages import say

if TYPE_CHECKING:
    from zhengwen.bot.citing import Cited

_INLINE = re.compile(
    r"""
    (?=[\\`*\[\]<>|~])                 # each of these may begin something
  | (?=(?<![^\W_])_|_(?![^\W_]))       # an underscore inside a word, as in an address, never does
  | (?=&(?:\#?\w+);)                   # only what would be read as an entity
    """,
    re.X,
)
_AT_START = re.compile(r"^(?:[#+=-]|\d+(?=[.)]))")


def escape(text: str) -> str:
    """One line of Markdown that reads as the text: `1. *5.3%*` → `1\\. \\*5.3%\\*`; a line break becomes a blank."""
    flat = _INLINE.sub(r"\\", " ".join(text.split("\n")).strip(" \t"))
    start = _AT_START.match(flat)
    if start is None:
        return flat
    at = start.end() if start[0].isdigit() else 0
    return f"{flat[:at]}\\{flat[at:]}"


def passage(text: str, spans: Sequence[tuple[int, int]] = ()) -> str:
    """A block quotation, one paragraph a line of the text; `spans` (half-open, ordered, apart) are marked."""
    lines, at = [], 0
    for line in text.split("\n"):
        end = at + len(line)
        inside = [(max(a, at) - at, min(b, end) - at) for a, b in spans if a < end and b > at]
        if line.strip():
            lines.append(f"> {_marked(line, inside)}")
        at = end + 1
    return "\n>\n".join(lines)


def _marked(line: str, spans: Sequence[tuple[int, int]]) -> str:
    pieces, at = [], 0
    for start, end in spans:
        pieces += [_part(line, at, start), "<mark>", _part(line, start, end), "</mark>"]
        at = end
    return "".join([*pieces, _part(line, at, len(line))])


def _part(line: str, start: int, end: int) -> str:
    """A part of a line: the signs that mean something at a line's start do so only there, the blanks inside stay."""
    return escape(line[:end]) if start == 0 else _INLINE.sub(r"\\", line[start:end])


def cited_markdown(cited: Cited) -> str:
    """The passage with its span, its neighbours, the original beside it, the facts and the reference."""
    match = cited.match
    spans = [(max(match.start - cited.start, 0), min(match.end - cited.start, len(cited.text)))]
    whole = spans == [(0, len(cited.text))] or spans[0][0] >= spans[0][1]
    parts = [f"### {escape(cited.title or (cited.sources[0] if cited.sources else cited.id))}"]
    if cited.headings:
        parts.append(escape(" › ".join(cited.headings)))
    parts += [passage(one) for one in (cited.before,) if one.strip()]
    parts.append(passage(cited.text, () if whole else spans))
    parts += [passage(one) for one in (cited.after,) if one.strip()]
    if cited.source_text.strip() != cited.text.strip():
        parts += [say("cite.original"), passage(cited.source_text)]
    parts.append("\n".join(f"- {name}{value}" for name, value in facts(cited)))
    return "\n\n".join(parts) + "\n"


def facts(cited: Cited) -> list[tuple[str, str]]:
    """Name and value of what is known about where the passage stands, escaped."""
    from zhengwen.bot.citing import figure_line

    rows: list[tuple[str, str]] = []
    if cited.match.how == "fuzzy":
        rows.append((say("cite.score"), f"{cited.match.score:.2f}"))
    changes = "；".join(f"{one.quote or '∅'} → {one.source or '∅'}" for one in cited.match.differences)
    repairs = "；".join(f"{one.before} → {one.after}（{one.why}）" for one in cited.repairs)
    file = f"{cited.sources[0] if cited.sources else ''}" + say("cite.line_number", line=cited.line)
    known = (
        (say("cite.figure"), figure_line(cited.figure) if cited.figure else ""),
        (say("cite.differences"), changes),
        (say("cite.repairs"), repairs),
        (say("cite.corrected"), "；".join(cited.corrected)),
        (say("cite.region"), cited.region),
        (say("cite.date"), str(cited.date or "")),
        (say("cite.file"), file),
        (say("cite.url"), cited.url or ""),
        (say("cite.hash"), cited.sha256),
        (say("cite.read"), cited.read_at),
        (say("cite.id"), cited.id),
        (say("cite.reference"), cited.reference),
    )
    return rows + [(name, escape(value)) for name, value in known if value]
