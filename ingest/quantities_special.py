"""Ranks, fractions and ratios: 第3位, 前十位, 百分之五, 四分之一, 10:48.6:41.4, 1/3."""

from __future__ import annotations

import re
from decimal import Decimal

from zhengwen.ingest.numerals import arabic, chinese
from zhengwen.ingest.quantities_model import Quantity
from zhengwen.ingest.quantities_tables import Tables

_HANZI = re.compile(r"[\u4e00-\u9fff]")
_COLON = re.compile(r"\s?[:：∶]\s?")
_RANK_LIST = re.compile(r"(?:、\d+)*[、和]\d+[位名]")
_BEFORE_SLASH = re.compile(r"[的为达约近占到]$|超过?$|/\d、$")


def numeral(text: str) -> Decimal:
    """`numeral("十二") == numeral("12")`."""
    return arabic(text) if text[0].isdigit() or text[0] in "-－−" else chinese(text)


def rank(text: str, match: re.Match[str], tables: Tables) -> Quantity | None:
    """第3位; 第一 only where a word in front says that it is a rank."""
    start, end = match.span()
    if not match["rank_unit"]:
        if _RANK_LIST.match(text, end):
            return None
        if tables.decoy["rank_noun"].match(text, end):
            return None
        if not tables.decoy["before_rank"].search(text[max(0, start - 6) : start].rstrip()):
            return None
        if _HANZI.match(text, end) and not tables.decoy["after_rank"].match(text, end):
            return None
    return Quantity(start, end, match[0], numeral(match["rank"]), "位", "rank", "rank")


def top(text: str, match: re.Match[str], tables: Tables) -> Quantity | None:
    """居全省首位 is the first rank; 摆在首位 is none."""
    if not tables.decoy["before_top"].search(text, max(0, match.start() - 6), match.start()):
        return None
    return Quantity(match.start(), match.end(), match[0], Decimal(1), "位", "rank", "rank")


def front(text: str, match: re.Match[str], tables: Tables) -> Quantity | None:
    """前10位: among the first ten. 前三季度 and 前500强 are none."""
    start, number = match.start(), numeral(match["front"])
    if text[match.end() : match.end() + 1] == "强" and not match["front_unit"]:
        return None
    if number > 500 or not tables.decoy["before_front"].search(text, max(0, start - 4), start):
        return None
    return Quantity(
        start, match.end(), match[0], number, "位", "rank", "rank", "at_most", start, start + 1, ordinal_limit=True
    )


def fraction(match: re.Match[str]) -> Quantity | None:
    """百分之十四点七 → 14.7 %, 千分之三 → 3 ‰, 四分之一 → 0.25."""
    top, of = numeral(match["share"]), match["of"]
    if of in ("百", "千"):
        unit, family = ("%", "percent") if of == "百" else ("‰", "permille")
        return Quantity(*match.span(), match[0], top, unit, family, "share")
    bottom = Decimal(10000) if of == "万" else numeral(of)
    if not bottom or top > bottom:
        return None
    return Quantity(*match.span(), match[0], _quotient(top, bottom), "", "fraction", "share")


def ratio(text: str, match: re.Match[str], tables: Tables) -> Quantity | None:
    """10:48.6:41.4; a pair only where a word says that it is a ratio, not at 8:30."""
    parts = tuple(arabic(part) for part in _COLON.split(match["colon"]))
    start, end = match.span()
    if text[start - 1 : start].isascii() and text[start - 1 : start].isalnum():
        return None
    whole = len(parts) > 2 and 95 <= sum(parts) <= 105
    if not whole and not tables.decoy["before_ratio"].search(text, max(0, start - 16), start):
        return None  # a pair of numbers, or a time of day: 21:15:24
    if len(parts) == 2:
        if not tables.decoy["before_ratio"].search(text, max(0, start - 16), start):
            return None
        if text[end : end + 1] in tuple("个名家万亿%元"):
            return None
    return Quantity(start, end, match[0], parts[0], "", "composition", "ratio", parts=parts)


def slash(text: str, match: re.Match[str]) -> Quantity | None:
    """为全国平均水平的1/3 → 0.3333."""
    top, bottom = (Decimal(part) for part in match["slash"].split("/"))
    if not bottom or top >= bottom or not _BEFORE_SLASH.search(text, max(0, match.start() - 3), match.start()):
        return None
    return Quantity(match.start(), match.end("slash"), match["slash"], _quotient(top, bottom), "", "fraction", "ratio")


def _quotient(top: Decimal, bottom: Decimal) -> Decimal:
    """To four places: 2/3 → 0.6667, 1/4 → 0.25."""
    value = top / bottom
    short = value.quantize(Decimal("0.0001"))
    return value if value == short else short
