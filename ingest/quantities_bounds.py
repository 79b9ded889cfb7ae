"""Bound words beside a number: 约, 近, 超过, 不低于 in front; 左右, 以上, 以内 behind."""

from __future__ import annotations

import re
from dataclasses import replace
from typing import cast

from zhengwen.ingest.models import Bound
from zhengwen.ingest.quantities_model import Quantity

_BEFORE = re.compile(
    r"(?:(?P<at_least>不低于|不少于|不小于|不得低于|至少|最低|[跃迈跨登站]上了?|达到?或超过)"
    r"|(?P<at_most>不超过|不高于|不大于|不多于|控制在|控制到|最多|最高|不得超过)"
    r"|(?P<more_than>超过|突破|超出|逾|高于|多于|大于|(?<!赶)超|首破|冲破|跨过|迈过|(?<![侦打])破|(?<![通经不渡度])过|高达|优于)"
    r"|(?P<less_than>低于|不到|不足|少于|小于|未超过|不及)"
    r"|(?P<nearly>接近|将近|逼近|(?<![附邻最])近|临近|趋近)"
    r"|(?P<about>大约|约占|约为|(?<![签预解公合节契履违特])约|大概))"
    r"(?:了|达到?|至|到)?(?:平均)?(?:每[人年月户亩天日生]|人均|户均){0,2}\s?$"
)
_AFTER = re.compile(
    r"\s?(?:(?P<about>左右|上下)|(?P<at_least>及?以上|之上)"
    r"|(?P<at_most>及?以内|之内|及?以下|之下)|(?P<more_than>之多))"
)
# 不低于当地低保标准的1.6倍: the bound stands before what the multiple is of.
_BEFORE_BASE = re.compile(r"(不低于|不少于|超过|高于|接近|约为)[^，。；、\d]{2,22}的$")
_BASE_BOUNDS: dict[str, Bound] = {
    "不低于": "at_least", "不少于": "at_least", "超过": "more_than", "高于": "more_than", "接近": "nearly",
    "约为": "about",
}  # fmt: skip
_DOUBLED = re.compile(r"翻了?$")


def bounded(text: str, found: Quantity) -> Quantity:
    """The quantity with the bound beside it; a closing word (左右, 以上) wins over one in front (控制在)."""
    if found.ordinal_limit:
        return found
    if match := _AFTER.match(text, found.end):
        return replace(found, bound=_name(match), bound_start=match.start(), bound_end=match.end())
    if found.family == "rank" or found.bound != "exact":
        return found
    start = found.start
    if found.family == "doublings" and (match := _DOUBLED.search(text, max(0, start - 2), start)):
        start = match.start()
    if found.family == "times" and (match := _BEFORE_BASE.search(text, max(0, start - 26), start)):
        return replace(found, bound=_BASE_BOUNDS[match[1]], bound_start=match.start(1), bound_end=match.end(1))
    if found.bare and text[start - 1 : start] == "上" and text[start - 2 : start - 1] not in tuple("跃迈跨登站"):
        return replace(found, bound="at_least", bound_start=start - 1, bound_end=start)
    if match := _BEFORE.search(text, max(0, start - 12), start):
        name = _name(match)
        return replace(found, bound=name, bound_start=match.start(name), bound_end=match.end(name))
    return found


def _name(match: re.Match[str]) -> Bound:
    return cast(Bound, match.lastgroup)
