"""Page furniture leaves the clean text and is kept aside with a reason: menus, buttons, captions, comments, copies.

The rules are data (furniture.yaml). Everything works on normalised text, through `MappedText.edit`.
"""

from __future__ import annotations

import functools
import re
from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from zhengwen.ingest.models import Removal
from zhengwen.ingest.textmap import Edit, MappedText

_CLAUSE_ENDS = "，。；：！？"
_Found = tuple[int, int, str]
"""start, end, why: a piece to remove, in offsets of the text given."""


@dataclass(frozen=True, slots=True)
class Rule:
    """One pattern of furniture.yaml; `zone` is "" (anywhere), "head" or "tail"."""

    why: str
    pattern: re.Pattern[str]
    zone: str = ""


@functools.cache
def settings() -> dict[str, Any]:
    """The data of furniture.yaml."""
    import yaml

    data: dict[str, Any] = yaml.safe_load(Path(__file__).with_suffix(".yaml").read_text("utf-8"))
    return data


@functools.cache
def rules(group: str) -> tuple[Rule, ...]:
    """The rules of one group: "pieces", "lines" or "tails"."""
    return tuple(Rule(one["why"], re.compile(one["pattern"]), one.get("zone", "")) for one in settings()[group])


def remove_furniture(text: MappedText) -> tuple[MappedText, tuple[Removal, ...]]:
    """Give the text without furniture and what was removed, in source offsets.

    `"正文一段……。\\n责任编辑：某某"` → `"正文一段……。"` and one Removal, why "editor's line".
    """
    removals: list[Removal] = []
    for step in (_pieces, _lines, _repeated_lines, _repeated_clauses, _watermarks):
        found = sorted(step(text.text), key=lambda one: (one[0], -one[1]))
        edits: list[Edit] = []
        for start, end, why in found:
            if edits and start < edits[-1].end:
                continue
            source_start, source_end = text.map.source_span(start, end)
            cut = text.text[start:end]
            removals.append(Removal(start=source_start, end=source_end, text=cut.strip("\n"), why=why))
            edits.append(Edit(start, end))
        text = _closed(text.edit(edits)) if edits else text
    return text, tuple(sorted(removals, key=lambda one: one.start))


def _closed(text: MappedText) -> MappedText:
    """Lines that a removal left empty, or with a blank at an edge, are closed."""
    gaps = re.compile(r"\A\s+|\s+\Z|[ ]+(?=\n)|(?<=\n)[ \n]+")
    return text.edit([Edit(*match.span()) for match in gaps.finditer(text.text)])


def _pieces(text: str) -> Iterator[_Found]:
    for rule in rules("pieces"):
        for match in rule.pattern.finditer(text):
            # The line breaks around a piece stay, or the paragraph after it would join the one before.
            start = match.end() - len(match[0].lstrip("\n"))
            yield start, max(start, match.start() + len(match[0].rstrip("\n"))), rule.why


@dataclass(frozen=True, slots=True)
class _Line:
    start: int
    text: str

    @property
    def end(self) -> int:
        return self.start + len(self.text)


def _split(text: str) -> list[_Line]:
    lines, at = [], 0
    for line in text.split("\n"):
        lines.append(_Line(at, line))
        at += len(line) + 1
    return lines


def _lines(text: str) -> Iterator[_Found]:
    lines = _split(text)
    prose = [at for at, line in enumerate(lines) if _is_paragraph(line.text)]
    first, last = (prose[0], prose[-1]) if prose else (len(lines), -1)
    inside_tail = ""
    header_end = _header_end(lines, first)
    for at, line in enumerate(lines):
        why = _line_rule(line.text, head=at < first, tail=at > last)
        tail = next((rule.why for rule in rules("tails") if rule.pattern.fullmatch(line.text)), "")
        inside_tail = tail or ("" if _is_paragraph(line.text) and not why else inside_tail)
        caption = _photo_number(lines, at, first, last)
        why = why or inside_tail or caption or ("name and menu of the site" if at < header_end else "")
        if why:
            yield line.start, line.end, why


def _line_rule(line: str, *, head: bool, tail: bool) -> str:
    zones = {"", "head" if head else "", "tail" if tail else ""}
    return next((rule.why for rule in rules("lines") if rule.zone in zones and rule.pattern.fullmatch(line)), "")


def _is_paragraph(line: str) -> bool:
    long = len(line) >= settings()["paragraph_characters"] and "。" in line
    return long and not _line_rule(line, head=False, tail=False)


def _header_end(lines: list[_Line], first: int) -> int:
    """The index of the breadcrumb line, where the lines before it are short and hold no sentence; otherwise 0."""
    for at, line in enumerate(lines[: min(first, settings()["header_lines"])]):
        if len(line.text) > settings()["header_characters"] or re.search("[。；]", line.text):
            return 0
        if _line_rule(line.text, head=True, tail=False) == "breadcrumb":
            return at
    return 0


def _photo_number(lines: list[_Line], at: int, first: int, last: int) -> str:
    """A lone small number among paragraphs, and the short line without a full stop that follows it, are a picture's."""
    if not 0 < at <= last + 3 or first > last:
        return ""
    line = lines[at].text
    if re.fullmatch(r"\d{1,2}", line) and at + 1 < len(lines) and _is_caption(lines[at + 1].text):
        return "number of a picture"
    if at > 0 and re.fullmatch(r"\d{1,2}", lines[at - 1].text) and _is_caption(line):
        return "photo caption"
    return ""


def _is_caption(line: str) -> bool:
    return 4 <= len(line) <= 60 and not re.search(r"[。；：，|]|^[（(]?[一二三四五六七八九十\d]", line)


def _repeated_lines(text: str) -> Iterator[_Found]:
    seen: dict[str, int] = {}
    for number, line in enumerate(_split(text), start=1):
        if len(line.text) >= settings()["repeated_line"] and not line.text.startswith("|"):
            if line.text in seen:
                yield line.start, line.end, f"the same as paragraph {seen[line.text]}, word for word"
            seen.setdefault(line.text, number)


def _repeated_clauses(text: str) -> Iterator[_Found]:
    """A run of at least so many characters that is said twice in a row: the second copy."""
    size, reach = settings()["repeated_clause"], settings()["repeated_reach"]
    for line in _split(text):
        if line.text.startswith("|"):
            continue
        done = 0
        for match in re.finditer(f"(?:^|(?<=[{_CLAUSE_ENDS}]))(?=(.{{{size}}}))", line.text):
            start = match.start()
            at = line.text.find(match[1], start + size, start + reach)
            unit = line.text[start:at]
            if start >= done and at > 0 and line.text.startswith(unit, at) and _whole(line.text, start, at):
                done = at + len(unit)
                yield line.start + at, line.start + done, "the same words twice in a row"


def _whole(line: str, start: int, end: int) -> bool:
    """Whole clauses: cut out of the middle, 甲基金100亿元、乙基金100亿元 could look like a copy."""
    unit, before, after = line[start:end], line[start - 1 : start], line[2 * end - start : 2 * end - start + 1]
    closed = unit[-1] in _CLAUSE_ENDS or not after or after in _CLAUSE_ENDS
    return closed and (not before or before in _CLAUSE_ENDS) and re.search(r"[一-鿿]{4}", unit) is not None


def _watermarks(text: str) -> Iterator[_Found]:
    limit: int = settings()["watermark_characters"]
    least, share = settings()["watermark_lines"], settings()["watermark_share"]
    pattern = re.compile(rf"[。！？](?P<tail>[^。！？“”’（）《》」』；：…\[\]\d][^。！？；（）《》]{{1,{limit - 1}}})$")
    paragraphs = [line for line in _split(text) if len(line.text) > limit and not line.text.startswith("|")]
    tails = []
    for line in paragraphs:
        match = pattern.search(line.text[-limit - 1 :])
        if match:
            start = line.end - len(match["tail"])
            tails.append((start, line.end, match["tail"]))
    often = Counter(tail for _, _, tail in tails)
    for start, end, tail in tails:
        if often[tail] >= max(least, share * len(paragraphs)):
            yield start, end, "watermark at the end of lines"
