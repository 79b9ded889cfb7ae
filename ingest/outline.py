"""The outline of a report: headings, and for every paragraph whether it looks back or ahead, and over which period."""

from __future__ import annotations

import re
from collections.abc import Iterator

from zhengwen.ingest.models import About, Block, Mode, Period

_NUMBERED = (
    re.compile(r"^(?:#{1,2}\s*)?[一二三四五六七八九十]{1,3}[、.．]|^第[一二三四五六七八九十]+(?:部分|章|编)"),
    re.compile(r"^[（(][一二三四五六七八九十]{1,3}[）)]"),
    re.compile(r"^\d{1,2}[.．、](?!\d)"),
)
_HEADING_LENGTH = 60
_ENDS_SENTENCE = re.compile(r"[。！；，：:]$")
_PLAN = re.compile(
    r"今后|未来|明年|目标|任务|安排|部署|打算|要求|重点工作|展望|思路|主要工作|奋斗|工作建议|“?十[一二三四五]五”?时期.*(?:目标|任务)"
)
_REVIEW = re.compile(r"回顾|总结|过去|成就|成绩|工作情况|主要工作(?:和|及)|一年来|五年来|本届|上届")
_GLOSSARY = re.compile(r"^(?:名词解释|注释|名词注释|附[:：]?\s*名词解释|.{0,20}(?:名词|名词术语)(?:解释|注释))[:：]?$")
_ANNEX = re.compile(r"^附(?:件|表|录)?\d*[:：]?")


def outline(text: str, about: About) -> tuple[Block, ...]:
    """Every paragraph, heading and table of the clean text in order, with headings, mode and period.

    A heading is a line that is numbered or short and closes no sentence. The mode of a section comes from its
    top heading; a paragraph can switch it for itself and those that follow.
    """
    reviewed = about.year_reviewed.value
    stack: list[tuple[int, str]] = []
    mode: Mode = "front" if about.kind == "work_report" else "review"
    period = Period.years(reviewed) if reviewed is not None else None
    blocks: list[Block] = []
    for start, end, is_table in _lines(text):
        line = text[start:end]
        level = None if is_table else _heading_level(line)
        if _GLOSSARY.match(line):
            mode, period, level = "glossary", None, 1
        elif level == 1 and mode != "glossary":
            mode, period = _section(line, mode, about)
        elif mode == "front" and len(line) > 60:
            mode, period = "review", Period.years(reviewed) if reviewed is not None else None
        if level is not None:
            stack = [entry for entry in stack if entry[0] < level]
        headings = tuple(entry[1] for entry in stack)
        if level is not None:
            stack.append((level, line))
        kind = "table" if is_table else "text" if level is None else "heading"
        blocks.append(Block(start=start, end=end, kind=kind, headings=headings, mode=mode, period=period))  # type: ignore[arg-type]
    return tuple(blocks)


def _lines(text: str) -> Iterator[tuple[int, int, bool]]:
    """Non-empty lines without surrounding blanks; neighbouring table rows as one."""
    at = 0
    table: tuple[int, int] | None = None
    for line in text.splitlines(keepends=True):
        start = at + len(line) - len(line.lstrip())
        end = at + len(line.rstrip())
        at += len(line)
        if start >= end:
            continue
        if text[start] == "|":
            table = (table[0], end) if table else (start, end)
            continue
        if table:
            yield (*table, True)
            table = None
        yield start, end, False
    if table:
        yield (*table, True)


def _heading_level(line: str) -> int | None:
    if len(line) > _HEADING_LENGTH or _ENDS_SENTENCE.search(line):
        return None
    if match := re.match(r"^#{1,6}", line):
        return len(match[0])
    for level, pattern in enumerate(_NUMBERED, start=1):
        if pattern.match(line):
            return level
    return None


def _section(heading: str, mode: Mode, about: About) -> tuple[Mode, Period | None]:
    reviewed = about.year_reviewed.value
    if _REVIEW.search(heading) and not re.search(r"今后|明年", heading):
        if re.search(r"过去[三四五]年|[三四五]年来|“?十[一二三四]五”?(?:时期)?|本届", heading) and about.covers:
            return "multi_review", about.covers
        return "review", Period.years(reviewed) if reviewed is not None else None
    if _PLAN.search(heading) or mode in ("review", "multi_review"):
        planned = about.year_planned
        return "plan", Period.years(planned) if planned is not None else None
    planned = about.year_planned
    return mode, (Period.years(planned) if mode == "plan" and planned is not None else None)
