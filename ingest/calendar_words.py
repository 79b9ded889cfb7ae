"""Years, months and five-year plans as the texts write them: 二〇二一年, 十一月, “十三五”."""

from __future__ import annotations

import re

DIGITS = {
    mark: value
    for value, marks in enumerate(("〇○零０O0", "一1", "二两2", "三3", "四4", "五5", "六6", "七7", "八8", "九9"))
    for mark in marks
}
"""Chinese (and Arabic) digits; O is a zero that was typed as a letter."""

_CHINESE = "〇○零一二三四五六七八九"
YEAR = rf"(?:(?<![\d.])(?:19|20)\d\d|[一二][{_CHINESE}O0]{{3}})"
"""A pattern for a year in either way of writing, without 年."""

COUNT = r"(?:[一二两三四五六七八九]?十[一二三四五六七八九]?|[一二两三四五六七八九]|\d{1,2})"
"""A pattern for a number below a hundred."""


def year_number(text: str) -> int:
    """`二〇二一` and `2021` → 2021."""
    return int("".join(str(DIGITS.get(character, character)) for character in text))


def chinese_number(text: str) -> int | None:
    """`十三` → 13, `二十` → 20, `5` → 5; None for anything that is no number below a hundred."""
    if text.isdecimal():
        return int(text) if len(text) < 3 else None
    match = re.fullmatch(rf"(?:(?P<ten>[一二两三四五六七八九])?(?P<mark>十))?(?P<one>[{_CHINESE}两])?", text)
    if match is None or not text:
        return None
    tens = DIGITS[match["ten"]] if match["ten"] else (1 if match["mark"] else 0)
    return tens * 10 + (DIGITS[match["one"]] if match["one"] else 0)


def plan_years(ordinal: str) -> tuple[int, int]:
    """`plan_years("十三")` is (2016, 2020): the tenth five-year plan began in 2001."""
    first = 2001 + ((chinese_number(ordinal) or 0) - 10) * 5
    return first, first + 4


def plan_ordinal(number: int) -> str:
    """The number of a five-year plan as its name has it: `plan_ordinal(13)` is 十三."""
    return ("十" if number >= 10 else "") + (_CHINESE[number % 10 + 2] if number % 10 else "")
