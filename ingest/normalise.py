"""Text becomes uniform: simplified characters, half-width digits, Chinese marks, one line a paragraph.

Every step is an edit of a `MappedText`, so each clean character still leads to its source. Nothing here changes what a
number says; damaged numbers are mended, with an explanation each, in `normalise_numbers`.
"""

from __future__ import annotations

import functools
import html
import re
from collections.abc import Callable
from pathlib import Path
from typing import Any, Protocol

from zhengwen.ingest.normalise_lines import join_broken_lines, tidy_lines
from zhengwen.ingest.textmap import Edit, MappedText

HAN = "㐀-䶿一-鿿豈-﫿\U00020000-\U0003ffff〇"
MARKS = "，。、；：！？“”‘’（）《》〈〉【】「」『』…—"
_FOLDED = {",": "，", ";": "；", ":": "：", "!": "！"}


class _Converter(Protocol):
    def convert(self, text: str) -> str: ...


@functools.cache
def language() -> dict[str, Any]:
    """The data of normalise.yaml."""
    import yaml

    data: dict[str, Any] = yaml.safe_load(Path(__file__).with_suffix(".yaml").read_text("utf-8"))
    return data


@functools.cache
def _converter(name: str) -> _Converter:
    import opencc

    converter: _Converter = opencc.OpenCC(name)
    return converter


def normalise(text: MappedText) -> MappedText:
    """`"全區２０２０年新增就業 7198 人,增長15.2％"` → `"全区2020年新增就业7198人，增长15.2%"`, mapped to the source."""
    for step in (tidy_lines, halve_widths, simplify, join_broken_lines, drop_markup):
        text = step(text)
    for step in (tidy_lines, fold_marks, close_blanks):  # lines once more: markup leaves gaps
        text = step(text)
    return text


def substitute(text: MappedText, pattern: re.Pattern[str], new: str | Callable[[re.Match[str]], str]) -> MappedText:
    """Replace every match; `new` is the replacement or a function of the match. Unchanged matches make no edit."""
    edits = []
    for match in pattern.finditer(text.text):
        after = new if isinstance(new, str) else new(match)
        if after != match[0]:
            edits.append(Edit(match.start(), match.end(), after))
    return text.edit(edits) if edits else text


def halve_widths(text: MappedText) -> MappedText:
    """`"２０２０年ＢＲＴ１３．３％"` → `"2020年BRT13.3%"`; ∶ and ： between digits become the ratio's colon."""
    text = _translated(text, _halved())
    text = substitute(text, re.compile(r"(?<=\d)[．](?=\d)"), ".")
    text = substitute(text, re.compile(r"(?<=\d)[∶︰：](?=\d)"), ":")
    return substitute(text, re.compile(r"[─]{2,}|－{2,}|^--+(?=[^-\s|])", re.M), "——")


@functools.cache
def _halved() -> dict[int, str]:
    wide = [*range(0xFF10, 0xFF1A), *range(0xFF21, 0xFF3B), *range(0xFF41, 0xFF5B)]
    wide += [ord(one) for one in language()["halve"]]
    others = zip("○﹪℅「」『』", "〇%%“”‘’", strict=True)
    return {one: chr(one - 0xFEE0) for one in wide} | {ord(one): new for one, new in others}


def _translated(text: MappedText, table: dict[int, str]) -> MappedText:
    """Replace single characters; the map stays one to one."""
    new = text.text.translate(table)
    return text if new == text.text else _recharactered(text, new)


def _recharactered(text: MappedText, new: str) -> MappedText:
    pairs = enumerate(zip(text.text, new, strict=True))
    return text.edit([Edit(at, at + 1, after) for at, (before, after) in pairs if before != after])


def simplify(text: MappedText) -> MappedText:
    """Traditional characters → simplified, only where the text is traditional: in simplified text t2s harms names."""
    new = _converter("t2s").convert(text.text)
    if len(new) != len(text.text):  # t2s keeps the length on all reports tried; a phrase that does not is left alone
        return text
    old_lines, new_lines = text.text.split("\n"), new.split("\n")
    whole = _traditional(text.text, new, least=2)
    chosen = [b if whole or _traditional(a, b, least=3) else a for a, b in zip(old_lines, new_lines, strict=True)]
    new = "\n".join(_particle(b) if b is not a else b for a, b in zip(old_lines, chosen, strict=True))
    return _recharactered(text, new) if new != text.text else text


def _traditional(old: str, new: str, *, least: int) -> bool:
    """True where more characters are traditional only than simplified only: a 乾 or 昇 in a name makes no text so."""
    changed = sum(a != b for a, b in zip(old, new, strict=True)) if old != new else 0
    if changed < least:
        return False
    back = _converter("s2t").convert(old)
    return len(back) != len(old) or changed > sum(a != b for a, b in zip(old, back, strict=True))


@functools.cache
def _written() -> re.Pattern[str]:
    words: list[str] = language()["written_zhu"]
    return re.compile("(" + "|".join(words) + ")|著")


def _particle(line: str) -> str:
    return _written().sub(lambda match: match[1] or "着", line) if "著" in line else line


_ENTITY = re.compile(r"&(?:[a-zA-Z]{2,12}|#\d{1,6}|#x[0-9a-fA-F]{1,5});")
_LINK = re.compile(r"(?<!!)\[([^\[\]\n]{1,200})\]\((?:https?:|/|#|\.)[^()\s]*(?:\s\"[^\"\n]*\")?\)")
_LINE_BREAK = re.compile(r"<br\s*/?>", re.I)
_SHOWN = r"(?![^<>\n]{0,300}(?:display|visibility))[^<>\n]{0,300}>"
_BETWEEN_CELLS = re.compile(rf"</t[dh]>\s*<t[dh]\b{_SHOWN}", re.I)
_ROW_START = re.compile(rf"\s*<tr\b{_SHOWN}\s*<t[dh]\b{_SHOWN}", re.I)
_ROW_END = re.compile(r"</t[dh]>\s*</tr>\s*", re.I)
_BLOCK = re.compile(rf"</?(?:table|thead|tbody|tr|td|th|p|div|center|h[1-6]|ul|ol|li)\b{_SHOWN}", re.I)
_MARKUP = re.compile(r"\*{2,}|^#{1,6}[ \t]+|\\(?=[\[\](){}*_#+.!“”\"|-])|(?<=\[)\^(?=\d{1,3}\])", re.M)


def drop_markup(text: MappedText) -> MappedText:
    """Markdown emphasis, heading signs, escapes and link targets go, entities become characters; tables stay."""
    text = substitute(text, _ENTITY, lambda match: _entity(match[0]))
    if "<" in text.text:  # HTML inside Markdown; without these the numbers of two cells would become one
        for pattern, new in ((_BETWEEN_CELLS, " | "), (_ROW_START, "\n| "), (_ROW_END, " |\n"), (_BLOCK, "\n")):
            text = substitute(text, pattern, new)
    text = substitute(text, _LINE_BREAK, lambda match: "" if _in_table(match) else "\n")
    edits = []
    for match in _LINK.finditer(text.text):
        edits += [Edit(match.start(), match.start(1)), Edit(match.end(1), match.end())]
    return substitute(text.edit(edits) if edits else text, _MARKUP, "")


def _in_table(match: re.Match[str]) -> bool:
    start = match.string.rfind("\n", 0, match.start()) + 1
    return match.string.startswith("|", start)


def _entity(name: str) -> str:
    char = html.unescape(name)
    return " " if char == "\xa0" else char if len(char) == 1 and char.isprintable() else name


_CJK = f"{HAN}{MARKS}"
_MARK = re.compile(
    rf"""
    (?<=[{_CJK}%\d])(?P<after>[,;:!])(?=[{_CJK}])   # Chinese on both sides, or a number before
  | (?<=[{_CJK}%])(?P<before>[,;:!])                # Chinese before, anything after
  | (?<=[{_CJK}])[ ](?P<gap>[,;:!])                 # the same with a blank before it
  | (?<=\])(?P<note>[,;:!])(?=[{_CJK}\d])          # after a footnote mark
  | (?<=[A-Za-z])(?P<latin>[,;:])(?=[{_CJK}])       # a Latin name inside a Chinese sentence
  | (?<=\d)(?P<list>[,;])(?=\d)                    # 10,20: a list; 2,345 stays a thousand
  | (?<=[{HAN}”’）])(?P<stop>[.])(?=\s*$|[{HAN}“])   # a full stop typed as a point
  | (?<=[{_CJK}])(?P<ask>\?)(?=[”’）]|\s*$)
    """,
    re.X | re.M,
)
_PAIR = re.compile(r"\(([^()\n]{0,300})\)")
_LONE = re.compile(rf"(?<=[{_CJK}])\(|\((?=[{_CJK}])|\)(?=[{_CJK}])|(?<=[{_CJK}])\)")


def fold_marks(text: MappedText) -> MappedText:
    """ASCII marks in Chinese sentences → Chinese marks: afterwards a comma between digits is a thousands comma."""
    edits = []
    for match in _PAIR.finditer(text.text):
        around = text.text[max(match.start() - 1, 0) : match.end() + 1]
        if re.search(f"[{_CJK}]", around):
            edits += [Edit(match.start(), match.start() + 1, "（"), Edit(match.end() - 1, match.end(), "）")]
    text = text.edit(edits) if edits else text
    text = substitute(text, _LONE, lambda match: "（" if match[0] == "(" else "）")
    return substitute(text, _MARK, _fold)


def _fold(match: re.Match[str]) -> str:
    if match["stop"]:
        before = match.string[match.start() - 1]
        return "." if before in "一二三四五六七八九十" else "。"  # 一. is a heading's number
    if match["ask"]:
        return "？"
    return "," if _groups_thousands(match) else _FOLDED[match[0].strip()]


def _groups_thousands(match: re.Match[str]) -> bool:
    """True for the commas of 1,234,567; False for those of 10,20 and 2019,2020."""
    if match[0] != "," or not (match["after"] or match["list"]):
        return False
    before = match.string[max(match.start() - 20, 0) : match.start()]
    after = match.string[match.start() : match.start() + 40]
    return bool(re.search(r"(?<![\d,.])\d{1,3}(?:,\d{3})*$", before) and re.match(r"(?:,\d{3})+(?![\d,])", after))


@functools.cache
def _blanks() -> re.Pattern[str]:
    units = re.escape(language()["unit_heads"])
    return re.compile(
        rf"""
        (?<!\|)[ ]+(?=[{MARKS}]) | (?<=[{MARKS}])[ ]+(?!\|)       # beside a Chinese mark, but not at a table's cell
      | (?<=[{HAN}])[ ](?=\d)(?![\d.]+[ ]-?\d) | (?<=\d)[ ](?=[{units}])   # 全市 148 个
      | [ ]{{2,}}
        """,
        re.X,
    )


def close_blanks(text: MappedText) -> MappedText:
    """Blanks beside Chinese marks and between a number and its unit go; other runs become one blank."""
    return substitute(text, _blanks(), lambda match: "" if _closed(match) else " ")


def _closed(match: re.Match[str]) -> bool:
    if len(match[0]) == 1:
        return True
    string = match.string
    before, after = string[match.start() - 1 : match.start()], string[match.end() : match.end() + 1]
    return before in MARKS or after in MARKS
