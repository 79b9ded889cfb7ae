"""Lines: one paragraph on one line, no empty lines, nothing invisible, broken sentences whole again."""

from __future__ import annotations

import re
from collections import Counter

from zhengwen.ingest.textmap import Edit, MappedText

_BLANKS, _BREAKS = r" \t\u00a0\u1680\u2000-\u200a\u202f\u205f\u3000", r"\r\n\v\f\x85\u2028\u2029"
_BLANK, _NEWLINE, _SPACE = rf"[{_BLANKS}]", rf"(?:\r\n|[{_BREAKS}])", rf"[{_BLANKS}{_BREAKS}]"
_INVISIBLE = re.compile(
    r"[\u200b-\u200f\u2060\u2066-\u2069\ufeff\u00ad\u202a-\u202e\x00-\x08\x0e-\x1f\x7f-\x84\x86-\x9f]+"
)
# Each looks only from where a run of blanks begins: from every blank of a long run it would take its square.
_BREAK = re.compile(rf"(?<!{_BLANK}){_BLANK}*{_NEWLINE}(?:{_BLANK}|{_NEWLINE})*")
_EDGE = re.compile(rf"\A{_SPACE}+|(?<!{_SPACE}){_SPACE}+\Z")
_WIDE = re.compile(rf"{_BLANK}{{40,}}")
_ODD_BLANK = re.compile(r"[\t\u00a0\u1680\u2000-\u200a\u202f\u205f\u3000]")


def close_gaps(text: MappedText) -> MappedText:
    """A gap of forty blanks or more becomes one: no rule needs to look through half a million of them."""
    return _replaced(text, _WIDE, " ")


def tidy_lines(text: MappedText) -> MappedText:
    """`"　　一、回顾\\r\\n\\r\\n全年"` → `"一、回顾\\n全年"`: no indents, no empty lines, no invisible characters."""
    text = _replaced(text, _INVISIBLE, "")
    text = _replaced(text, _EDGE, "")
    text = _replaced(text, _BREAK, "\n")
    return _replaced(text, _ODD_BLANK, " ")


def _replaced(text: MappedText, pattern: re.Pattern[str], new: str) -> MappedText:
    edits = [Edit(*match.span(), new) for match in pattern.finditer(text.text) if match[0] != new]
    return text.edit(edits) if edits else text


_NUMERAL = "一二三四五六七八九十百"
_STARTS_NEW = re.compile(
    rf"""\*\*|\#|——|──|—|--|[-|<>!•●■◆★▲·①-⑳]|\[|
    [（(]?[{_NUMERAL}]{{1,3}}[）)、.．]|[（(]?\d{{1,2}}(?:[）)、]|[.．](?!\d))|第[{_NUMERAL}\d]+[章节部条]|
    各\s?位|同志们|附[件表录：:]|注[：:]|[（(](?:上接|紧接|下转)|图为|[一-鿿]{0, 4}编辑?[：:]""",
    re.X,
)
_INNER_HEADING = re.compile(rf"^\s*(?:[（(]?[{_NUMERAL}]{{1,3}}[）)、.]|\d{{1,2}}[、.．](?!\d))")
_ENDS = "。！？；：…!?;:.>|"
_CLOSERS = '*”’"）)》』」】 '
_NOT_CUT = re.compile(
    r"(?:下转|上接|紧接)|摄[）)]?$|\d:\d\d(?::\d\d)?$|-->$|编辑|来源|附件\d*$|[。；！][（(][^（）()]*[）)]$"
)
_MARK = 20
_TAIL = re.compile(r"[。！？]([^。！？，、；：“”（）《》\[\]\d\s][^。！？，、；：“”（）《》]{1,18})$")
_NOTE_MARKS = re.compile(r"(?:\[\d{1,3}\])+$")
_SESSION_OPEN = re.compile(r"\d{1,2}[日号]\s?在[^。]*$")
_SESSION_CLOSE = re.compile(r"[^。，]{2,40}(?:会议|大会)上?[）)]?\*{0,2}$")


def join_broken_lines(text: MappedText) -> MappedText:
    """Join a line to the one before it where a sentence, a quotation or the session's name was cut between them.

    `"发展壮大。坚持联防联\\n控、群防群治"` → `"发展壮大。坚持联防联控、群防群治"`; list items and headings stay apart.
    """
    lines = text.text.split("\n")
    marks = _tails(lines)
    edits: list[Edit] = []
    at = 0
    before = ""
    for line in lines:
        if before and not before.endswith(marks) and _continues(before, line):
            edits.append(Edit(at - 1, at))
            before += line
        else:
            before = line
        at += len(line) + 1
    return text.edit(edits) if edits else text


def _tails(lines: list[str]) -> tuple[str, ...]:
    """What stands behind the last full stop of three lines or more: a watermark, not the head of a sentence."""
    tails = Counter(match[1] for line in lines if (match := _TAIL.search(line[-_MARK - 1 :])))
    return tuple(tail for tail, count in tails.items() if count >= 3)


def _continues(before: str, after: str) -> bool:
    if _SESSION_OPEN.search(before) and not re.search(r"会议上|大会上", before):
        return _SESSION_CLOSE.match(after) is not None
    if not after or _STARTS_NEW.match(after) or before.startswith(("|", "[", "#", "!")):
        return False
    bare = _NOTE_MARKS.sub("", before.rstrip(_CLOSERS)).rstrip(_CLOSERS)
    if not bare or bare[-1] in _ENDS or _NOT_CUT.search(before):
        return False
    if _left_open(before) and ("”" in after or "）" in after):
        return True
    if bare[-1] in "，、" and len(before) > 12:
        return True
    head, stop, tail = before.rpartition("。")
    return bool(stop) and not before.endswith("**") and not _INNER_HEADING.match(tail) and len(head) >= 4


def _left_open(line: str) -> bool:
    return line.count("“") > line.count("”") or line.count("（") > line.count("）")
