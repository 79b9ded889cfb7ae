"""Readers behind switches.py: years in both ways of writing, spans of years, paragraphs without salutation."""

from __future__ import annotations

import re

from zhengwen.ingest.periods import chinese_number, plan_ordinal

DIGITS = "〇一二三四五六七八九"
SPAN = re.compile(r"(?:过去|近|这|今后|未来|后)的?([一二三四五])年|([三四五])年(?:来|工作|发展|奋斗|总体|目标|主要)")
COUNT = re.compile(r"(?<!\d)[2-5](?=年)")


def span_of_years(text: str) -> re.Match[str] | None:
    """The first span of more than one year: of 过去一年和五年工作 the second."""
    return next((match for match in SPAN.finditer(text) if (chinese_number(match[1] or match[2]) or 5) > 1), None)


def in_words(text: str) -> str:
    """过去5年 as 过去五年, at the same length."""
    return COUNT.sub(lambda match: DIGITS[int(match[0])], text)


def bare(paragraph: str) -> str:
    """The paragraph without the salutation, dashes and numbering it opens with."""
    text = re.sub(r"^各?位代表(?:、(?:各位)?(?:委员|同志们?))?[，！!,：:。]?", "", paragraph.strip(" 　*#"))
    return re.sub(
        r"^(?:[—\-–─]+|[（(][一二三四五六七八九十]{1,3}[）)]|[一二三四五六七八九十]{1,3}[、是]"
        r"|\d{1,2}[.．、](?!\d))[ 　]*",
        "",
        text,
    )


def either(year: int | None) -> str:
    """A pattern for a year in both ways of writing: 2021 and 二〇二一."""
    if year is None:
        return r"(?!)"
    chinese = "".join("[〇○零]" if digit == "0" else DIGITS[int(digit)] for digit in str(year))
    return f"(?:{year}|{chinese})"


def plans_around(reviewed: int | None) -> tuple[str, str]:
    """The ordinals of the five-year plan that the reviewed year lies in and of the one after, as patterns.

    In the last year of a plan the next one lies ahead; within a plan the plan itself looks both ways and is left to
    the words beside it.
    """
    if reviewed is None:
        return r"(?!)", r"(?!)"
    current = 10 + (reviewed - 2001) // 5
    past = plan_ordinal(current)
    coming = plan_ordinal(current + 1)
    return past, coming
