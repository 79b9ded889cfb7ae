"""The name of a figure: the words of the text, cleaned, and the canonical name where there is one."""

from __future__ import annotations

import re
from dataclasses import dataclass
from functools import cache
from typing import Any

from zhengwen.ingest.clauses import Stem
from zhengwen.ingest.models import FigureKind, Status
from zhengwen.ingest.quantities import Quantity


@dataclass(frozen=True, slots=True)
class Name:
    """`text` is what the report says, `canonical` the name of the table, `qualifiers` e.g. 城镇, 规模以上."""

    text: str
    canonical: str | None
    qualifiers: tuple[str, ...]


_CITY = re.compile(r"城(?!乡|镇|市|区|投|建)")
_COUNTRY = re.compile(r"乡(?!镇|村|道)")
_BRACKET = re.compile(r"(?<=.)[（(]([^（）()]{3,})[）)]$")
_RATE = re.compile(r"(?:率|比重|占比|增速|增幅|比例)$")
_GENERAL = re.compile(r"^(?:经济|收入|居民收入)$")
_BEYOND = re.compile(
    r"(?:总体|基本|继续|已|均)*(?:超过|超出|高于|优于|好于|恢复到?|回到|跑赢|领跑|位居|居)[^\d，。]{2,14}$"
)
_SECTOR = re.compile(r"限额以上|规模以上|规上|限上|城镇|农村|高新技术|民营|非公有制|市本级|县级|人均")


def named(subject: str, own: Stem, quantity: Quantity, kind: FigureKind, status: Status) -> Name:
    """The name of the number that the subject and the kind give together."""
    words = subject.strip(" 　，、,。：:")
    if (bracket := _BRACKET.search(words)) and not _RATE.search(bracket[1]):
        words = words[: bracket.start()]
    household = "城镇" if _CITY.match(words) else "农村" if _COUNTRY.match(words) else ""
    plain = (household + words[1:]) if household else words
    qualifiers = tuple(dict.fromkeys([*([household] if household else []), *_SECTOR.findall(words)]))
    canonical = _canonical(plain, quantity.unit, kind, qualifiers) if words else None
    if words and canonical is None and (beyond := _BEYOND.search(words)):
        # 社会消费品零售总额超过疫情前水平、同比增长8.8%
        shorter = words[: beyond.start()]
        canonical = _canonical(shorter, quantity.unit, kind, qualifiers)
        words = shorter if canonical else words
    return Name(_spoken(words, own, quantity, kind, status), canonical, qualifiers)


def _spoken(words: str, own: Stem, quantity: Quantity, kind: FigureKind, status: Status) -> str:
    """The words with what the kind adds: 总人口 + 增加, 投资 + 完成年度计划, 经济 + 增长."""
    if kind == "change" and (quantity.kind in ("level", "count") or _GENERAL.match(words)):
        verb = next((word for word, group in own.words if group in ("rise", "fall")), "")
        return words + verb
    if own.versus and quantity.family == "points":
        if re.search(r"进度|计划|目标|预期", own.basis):
            return words + own.basis
        return words + ("年均增长" if status == "average" else "" if _RATE.search(words) else "增长")
    if own.goal:
        return words + own.goal
    if kind == "rank" and own.among and not re.match(r"(?:全|世界|省|国)", own.among):
        return words + own.among
    return words


@cache
def _table() -> Any:
    """The indicator table, or None while it is not there."""
    try:
        from zhengwen.ingest.indicators import indicators
    except ImportError:
        return None
    return indicators()


@cache
def _canonical(words: str, unit: str, kind: FigureKind, qualifiers: tuple[str, ...]) -> str | None:
    table = _table()
    if table is None:
        return None
    found: str | None = table.canonical(words, unit=unit, kind=kind, qualifiers=qualifiers)
    return found
