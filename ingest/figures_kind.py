"""What sort of number it is: a level, a share, a change with its sign, a completion …"""

from __future__ import annotations

import re
from decimal import Decimal

from zhengwen.ingest.clauses import Slot, Stem
from zhengwen.ingest.cues import Cues
from zhengwen.ingest.models import FigureKind
from zhengwen.ingest.quantities import Quantity

_COMPLETION = re.compile(r"(?:完成|占|达到|达|超).{0,16}(?:任务|计划|预算|目标|年初|工程量|序时进度)(?:数|量|额|总量|指标)?的?$|完成率$|执行率$|任务的$|计划的$|完成年度|完成全年|完成.{0,6}的$")
_CHANGE_NOUN = re.compile(r"(?:增速|增幅|涨幅|增长率|升幅|涨跌幅|增长速度|降幅|跌幅|下降率|降低率)(?:[达为是到]|达到|控制在|保持在|在)*$")
_FALL_NOUN = re.compile(r"(?:降幅|跌幅|下降率|降低率)")
_TO = ("rise_to", "fall_to", "adjust_to")


def kind_of(
    text: str, slot: Slot, own: Stem, quantity: Quantity, subject: str, cues: Cues
) -> tuple[FigureKind, Decimal, Decimal | None]:
    """The kind, and the value and upper end with their sign: 下降2-3个百分点 → change_pp, -2, -3."""
    before = text[slot.pre : quantity.start]
    change, falling = _change(own, before)
    kind = _kind(slot, own, quantity, before, subject, change=change)
    value, top = quantity.value, quantity.value_max
    if kind in ("change", "change_pp") and falling and value > 0:
        value, top = -value, None if top is None else -top
    return kind, value, top


def _change(own: Stem, before: str) -> tuple[bool, bool]:
    """Whether the nearest verb tells a change, and whether it falls."""
    for _, group in own.words:
        if group in _TO:
            return False, False
        if group in ("rise", "fall"):
            return True, group == "fall"
    if _CHANGE_NOUN.search(before):
        return True, bool(_FALL_NOUN.search(before))
    if re.search(r"低于[\u4e00-\u9fff]{1,8}$", before):
        return False, True
    if re.search(r"改善$", before):
        return True, True
    return False, False


def _kind(slot: Slot, own: Stem, quantity: Quantity, before: str, subject: str, *, change: bool) -> FigureKind:
    family = quantity.family
    if family == "percent" or family == "permille":
        if _COMPLETION.search(before):
            return "completion"
        return "change" if change or re.search(r"(?:涨幅|增速|增幅|降幅)$", subject) else "share"
    if family in ("points", "rank", "composition", "doublings", "index"):
        return quantity.kind
    if family == "times":
        return "change" if change else "ratio"
    if family == "fraction":
        return quantity.kind
    if change and not own.per:
        return "change"
    return "level" if own.per or "每万人" in subject or "每百" in subject or "每千" in subject else quantity.kind
