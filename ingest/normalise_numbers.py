"""Numbers that a scan or a converter damaged: mended where only one reading is possible, marked where it is not.

mend_numbers("增长181 . 6%，覆盖4O%") → 181.6%, 40%, each with a `Repair` that says why
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Literal

from zhengwen.ingest.models import Repair
from zhengwen.ingest.normalise import language
from zhengwen.ingest.textmap import Edit

_BLANK = r"[ \t\u00a0\u2000-\u200a\u3000]"
_UNIT = rf"{_BLANK}*[%％‰万亿千百元人名户个家吨亩公平倍位条项]"

_YEAR = re.compile(rf"(?<![\d.])(?:1{_BLANK}?9|2{_BLANK}?0){_BLANK}?\d{_BLANK}?\d(?={_BLANK}*年)")
_POINT = re.compile(
    rf"""
    (?<=[\u4e00-\u9fffM（(])(?P<whole>\d+)
    (?: {_BLANK}+\.{_BLANK}* | \.{_BLANK}+(?=\d+{_UNIT}) )   # 181 . 6%, 74. 05%; not the list number in 2. 2020年
    (?P<part>\d+)(?!\d|年|\.\d)
    """,
    re.X,
)
_THOUSAND = re.compile(rf"(?<![\d,.])\d{{1,3}}(?:{_BLANK}+,{_BLANK}*\d{{3}})+(?![\d,])")
_LETTER = re.compile(rf"(?<![0-9A-Za-z.Ｏ\-])[0-9l][0-9OolＯ.]*(?={_UNIT}|年|月)(?![a-zA-Z])")
_YEAR_IN_WORDS = re.compile(r"(?<![一-九〇○ＯO0])[一二][一二三四五六七八九○〇ＯOo0０零]{3}(?=年)")
# A line that ends inside a number; an empty line is the end of a paragraph and cuts nothing.
_CUT = rf"{_BLANK}*(?:\r\n|[\r\n]){_BLANK}*"
_CUT_SIGN = re.compile(
    rf"(?<![\s\d.,A-Za-z])\d+(?:\.{_CUT}\d+(?={_UNIT})|{_CUT}\.\d+(?={_UNIT})|(?:\.\d+)?{_CUT}[%％‰])(?!\.\d)"
)
_CUT_DIGITS = re.compile(rf"(?<=[\u4e00-\u9fff])\d[\d,.]*{_CUT}[-—–~～]?\d+(?:\.\d+)?(?={_UNIT})")
_APART = re.compile(rf"(?<![\d:.\-/|])\d+(?:\.\d+)?(?:{_BLANK}+\d+(?:\.\d+)?)+(?={_UNIT})(?!{_BLANK}*[年月])")


@dataclass(frozen=True, slots=True)
class MendedNumbers:
    """Edits to apply to the text given, and the explanation of each, in offsets of that text."""

    edits: tuple[Edit, ...] = ()
    repairs: tuple[Repair, ...] = ()


def mend_numbers(text: str) -> MendedNumbers:
    """Close blanks inside years, decimals and thousands, and read O as 0 and l as 1 where nothing else is possible.

    `"到20l0年"` → 2010; `"由9 1个"` is left and marked "undecided": a sign between the digits may be lost.
    """
    edits: list[Edit] = []
    repairs: list[Repair] = []
    taken: set[int] = set()
    for start, end, after, why, certainty in _finds(text):
        before = text[start:end]
        if taken.intersection(range(start, end)) or (before == after and certainty != "undecided"):
            continue
        taken.update(range(start, end))
        if before != after:
            edits.append(Edit(start, end, after))
        repairs.append(Repair(start=start, end=end, before=before, after=after, why=why, certainty=certainty))
    order = sorted(range(len(repairs)), key=lambda at: repairs[at].start)
    return MendedNumbers(tuple(edits), tuple(repairs[at] for at in order))


_Find = tuple[int, int, str, str, Literal["certain", "likely", "undecided"]]


def _finds(text: str) -> Iterator[_Find]:
    for pattern, why in ((_YEAR, "blanks inside a year"), (_POINT, "blanks inside a decimal number")):
        for match in pattern.finditer(text):
            yield *match.span(), re.sub(_BLANK, "", match[0]), why, "certain"
    for match in _THOUSAND.finditer(text):
        yield *match.span(), re.sub(_BLANK, "", match[0]), "blanks inside a number with thousands commas", "certain"
    alike = str.maketrans(language()["digit_lookalikes"])
    for match in _LETTER.finditer(text):
        if re.search(r"\d", match[0]) and re.search(r"[OolＯ]", match[0]) and match[0].count(".") < 2:
            yield *match.span(), match[0].translate(alike), "a letter that looks like a digit in a number", "certain"
    for match in _YEAR_IN_WORDS.finditer(text):
        after = re.sub("[○ＯOo0０]", "〇", match[0])
        yield *match.span(), after, "a letter or digit for 〇 in a year written in Chinese numerals", "certain"
    for match in _CUT_SIGN.finditer(text):
        yield (
            *match.span(),
            re.sub(r"\s", "", match[0]),
            "a line break inside a number, at its point or before %",
            "certain",
        )
    for match in _CUT_DIGITS.finditer(text):
        yield (
            *match.span(),
            match[0],
            "a line break between digits: one number, or the end of one and another",
            "undecided",
        )
    for match in _APART.finditer(text):
        why = "two numbers with only a blank between them: a sign may be lost, or they are one number"
        yield *match.span(), match[0], why, "undecided"
