"""Numbers with their units, as a report prints them; what only looks like a figure is left out.

`find_quantities("增长8.5%，总投资1350多亿元")` gives 8.5 % and 135000000000 元 (more_than), with their spans.
The tables are units.yaml and decoys.yaml; the one expression that finds numbers is in quantities_tables.py.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import replace
from decimal import Decimal

from zhengwen.ingest.models import Bound
from zhengwen.ingest.numerals import MULTIPLIERS, chinese, is_chinese
from zhengwen.ingest.quantities_bounds import bounded
from zhengwen.ingest.quantities_decoys import is_decoy
from zhengwen.ingest.quantities_model import Quantity, scaled
from zhengwen.ingest.quantities_special import fraction, front, numeral, rank, ratio, slash, top
from zhengwen.ingest.quantities_tables import CN_DIGIT, Tables, tables

__all__ = ["Quantity", "find_quantities"]

_LEAD = re.compile(r"[A-Za-z_＿.．&+＋\-－/×xX*＊第#№∶:：°(（\[［【〔]")
_FROM = re.compile(r"(?:由|从|自)[^，。；]{0,12}$")
_HALF_TENTH = re.compile(rf"[{CN_DIGIT}](?![{CN_DIGIT}个名家项万])")
_IN_RANKS = re.compile(r"第\d+(?:、\d+)*[、和]$")
_ROW = re.compile(rf"[{CN_DIGIT}]{{2,}}")
"""一二三(次产业) is a row of digits, no number."""
_LIST = re.compile(r"[\d.、及和百千万亿]*")
_NAMES = {"％": "%", "﹪": "%", "百分点": "个百分点"}
_INNER: dict[str, Bound] = {"余": "more_than", "多": "more_than", "来": "about"}


def find_quantities(text: str) -> list[Quantity]:
    """All figures of a text in order; they never overlap."""
    return list(_scan(text, tables()))


def _scan(text: str, tables: Tables) -> Iterator[Quantity]:
    at = 0
    while match := tables.number.search(text, at):
        found = _read(text, match, tables)
        if found is None:
            at = _skip(text, match)
            continue
        if not is_decoy(text, found, tables):
            yield bounded(text, found)
        at = max(found.end, match.start() + 1)


def _skip(text: str, match: re.Match[str]) -> int:
    """Where to go on after a match that is no figure: never in the middle of its digits."""
    at = match.start() + 1
    if text[match.start()].isdigit() or text[match.start()] in "-－−":
        while at < len(text) and (text[at].isdigit() or text[at] in ".．:：∶/"):
            at += 1
    elif match["n1"] and is_chinese(match["n1"]):
        at = match.start() + len(match["n1"])
    return at


def _read(text: str, match: re.Match[str], tables: Tables) -> Quantity | None:
    if match["n1"]:
        return _number(text, match, tables)
    if match["rank"]:
        return rank(text, match, tables)
    if match["top"]:
        return top(text, match, tables)
    if match["front"]:
        return front(text, match, tables)
    if match["share"]:
        return fraction(match)
    if match["colon"]:
        return ratio(text, match, tables)
    if match["slash"]:
        return slash(text, match)
    return _large(text, match, tables)


def _number(text: str, match: re.Match[str], tables: Tables) -> Quantity | None:
    """3.5万人, 1350多亿元, 两成, 5%—6%."""
    start, number, unit = match.start(), match["n1"], match["u1"]
    hanzi, before = is_chinese(number), text[start - 1 : start]
    if before == "第" or (not hanzi and before not in tuple("：:（(") and _LEAD.match(before)):
        return None
    if match["sep"] and _ranged(text, match, tables):
        return _range(match, tables, hanzi=hanzi)
    if unit is None:
        return _unitless(text, match, tables)
    family = tables.family[unit]
    value = scaled(numeral(number), MULTIPLIERS.get(match["m1"] or "", 1))
    if hanzi and not _hanzi_fits(text, match, family, value, tables):
        return None
    if unit == "年" and text[max(0, start - 3) : start].rstrip()[-2:] != "连续":
        return None
    if unit in ("位", "名") and _IN_RANKS.search(text, max(0, start - 14), start):
        return None
    end = match.end("u1")
    if unit == "成" and hanzi and _HALF_TENTH.match(text, end):
        value, end = value + chinese(text[end]) / 10, end + 1
    return Quantity(
        start, end, text[start:end], value, _NAMES.get(unit, unit), family, tables.kind[family], *_inner(match)
    )


def _inner(match: re.Match[str]) -> tuple[Bound, int, int]:
    """The bound within a number, with its span: 1350多亿元 is more than 1350."""
    for name in ("i1", "j1"):
        if match[name]:
            return _INNER[match[name]], match.start(name), match.end(name)
    return "exact", -1, -1


def _hanzi_fits(text: str, match: re.Match[str], family: str, value: Decimal, tables: Tables) -> bool:
    """Whether a Chinese numeral before this unit is a figure: 九项 is a word, 二百十八个 and 两成 are figures."""
    end = match.end("u1")
    begins = tables.not_before_hanzi.get(match["u1"])
    if begins and begins.match(text, end):
        return False
    if text[match.start() - 1 : match.start()] in tuple("数几好"):
        return False
    if family == "percent":
        return not tables.decoy["after_tenth"].match(text, end) and value <= 10 and not match["m1"]
    if family == "doublings":
        return text[match.start() - 1 : match.start()] in tuple("翻了近约")
    if family in ("points", "times"):
        return True
    rule = tables.hanzi[family]
    if rule == "large":
        return value > 10 and not _ROW.fullmatch(match["n1"])
    return rule == "always" and (len(match["n1"]) > 1 or match["m1"] is not None)


def _ranged(text: str, match: re.Match[str], tables: Tables) -> bool:
    """Whether 4-4.5% is one range: not where 由 stands before 10%到20%, nor between years."""
    if match["u1"] and tables.family[match["u1"]] != tables.family[match["u2"]]:
        return False
    if match["u2"] == "年" or is_chinese(match["n1"]) != is_chinese(match["n2"]):
        return False
    words = match["sep"] in ("到", "至")
    return not (words and _FROM.search(text, max(0, match.start() - 14), match.start()))


def _range(match: re.Match[str], tables: Tables, *, hanzi: bool) -> Quantity | None:
    unit = match["u2"]
    family = tables.family[unit]
    top = MULTIPLIERS.get(match["m2"] or "", 1)
    low = scaled(numeral(match["n1"]), MULTIPLIERS[match["m1"]] if match["m1"] else top)
    high = scaled(numeral(match["n2"]), top)
    if low >= high or (hanzi and tables.hanzi[family] != "always"):
        return None
    return Quantity(*match.span(), match[0], low, _NAMES.get(unit, unit), family, tables.kind[family], value_max=high)


def _unitless(text: str, match: re.Match[str], tables: Tables) -> Quantity | None:
    """10.6万、3.8万 (the unit follows in the list), 突破两万亿, 城乡收入比2.61."""
    number, start, decoy = match["n1"], match.start(), tables.decoy
    end = max(match.end(name) for name in ("n1", "i1", "m1", "j1") if match[name])
    value = scaled(numeral(number), MULTIPLIERS.get(match["m1"] or "", 1))
    low = max(0, start - 24)
    if match["m1"] or (is_chinese(number) and number[-1] in "万亿" and len(number) > 1):
        found = Quantity(start, end, text[start:end], value, "", "borrowed", "level", *_inner(match), bare=True)
        if unit := _borrowed(text, end, tables):
            family = tables.family[unit]
            return replace(found, unit=_NAMES.get(unit, unit), family=family, kind=tables.kind[family])
        if decoy["after_people"].match(text, end) or decoy["before_people"].search(text, low, start):
            return replace(found, unit="人", family="people", kind="count")
        if decoy["before_money"].search(text, low, start) or decoy["after_step"].match(text, end):
            return replace(found, unit="元", family="money")
        return None
    if is_chinese(number) or _inner(match)[0] != "exact":
        return None
    if not decoy["before_unitless"].search(text[low:start].rstrip()) or not decoy["after_unitless"].match(text, end):
        return None
    return Quantity(start, end, text[start:end], value, "", "index", "ratio", bare=True)


def _borrowed(text: str, end: int, tables: Tables) -> str | None:
    """The unit that closes the list: 10.6万、3.8万、3.3万|平方公里."""
    if text[end : end + 1] not in ("、", "和", "及"):
        return None
    follow = tables.number.search(text, end)
    while follow and follow["m1"] and not follow["u1"] and text[follow.end() : follow.end() + 1] in ("、", "和", "及"):
        follow = tables.number.search(text, follow.end())
    if follow is None or not follow["u1"] or not _LIST.fullmatch(text, end, follow.start()):
        return None
    return follow["u1"]


def _large(text: str, match: re.Match[str], tables: Tables) -> Quantity | None:
    """突破千亿元, 千余名: a numeral without a digit, only where a word says that it is a number."""
    start, unit, more = match.start(), match["large_unit"], match["large_more"]
    if not more and not tables.decoy["before_bare"].search(text[max(0, start - 6) : start].rstrip()):
        return None
    end = match.end("large_unit") if unit else match.end("large_more") if more else match.end("large")
    if unit:
        begins = tables.not_before_hanzi.get(unit)
        if begins and begins.match(text, end):
            return None
        if tables.family[unit] in ("percent", "points", "time", "times", "data"):
            return None
    elif len(match["large"]) < 2 or (text[end : end + 1] and text[end : end + 1] not in tuple("，。；、,;大元")):
        return None
    family = tables.family[unit] if unit else "money"
    bound: Bound = "more_than" if more else "exact"
    spot = match.span("large_more") if more else (-1, -1)
    value = Decimal(MULTIPLIERS[match["large"]])
    unit = _NAMES.get(unit, unit) if unit else "元"
    return Quantity(start, end, text[start:end], value, unit, family, tables.kind[family], bound, *spot, bare=True)
