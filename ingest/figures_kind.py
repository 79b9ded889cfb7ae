"""What sort of number it is: a level, a share, a change with its sign, a completion …"""

from __future__ import annotations

import re
from decimal import Decimal

from zhengwen.ingest.clauses import Slot, Stem
from zhengwen.ingest.cues import Cues
from zhengwen.ingest.models import FigureKind
from zhengwen.ingest.quantities import Quantity

_COMPLETION = re.compile(
    r"(?:完成|占|达到|达|超|为|是|实现)(?:了)?[^，。；、]{0,20}"
    r"(?:任务|计划|预算数|年初预算|年度预算|调整预算|目标|工程量|序时进度|工作量|时间进度)[^，。；、]{0,6}的?$"
    r"|(?:完成率|执行率)[^，。；、]{0,4}$|(?:任务|计划|目标)[^，。；、]{0,4}的$|完成[^，。；、]{0,12}的$"
)
_CHANGE_NOUN = re.compile(
    r"(?:增速|增幅|涨幅|(?<!自然)增长率|升幅|涨跌幅|增长速度|(?P<fall>降幅|跌幅|下降率|降低率))[^，。；、\d]{0,6}$"
)
_LEVEL_UNITS = ("标箱", "标准箱", "TEU", "岁", "个工作日", "工作日")
_TO = ("rise_to", "fall_to", "adjust_to")
_MEASURED = re.compile(r"(?:产量|饲养量|存栏量?|出栏量|保有量|寿命|时间|里程|面积|距离)$")


def kind_of(
    text: str, slot: Slot, own: Stem, quantity: Quantity, subject: str, *, cues: Cues, post: bool
) -> tuple[FigureKind, int]:
    """The kind and the sign: 下降2-3个百分点 → change_pp, -1.

    `post`: a noun follows (提升25所|卫生院), so that nothing is said to change.
    """
    if quantity.unit == "年":
        return "count", 1
    before = text[slot.pre : slot.group[0].start]
    core = text[own.start : own.end]
    direction = _direction(own, before, core, quantity, cues)
    if not direction and quantity.family in ("percent", "times", "points"):
        direction = _verb_first(text, quantity, core, cues)
    if own.goal:
        return "completion", 1
    if post and quantity.kind in ("count", "level") and not own.basis:
        direction = 0
    kind = _kind(own, quantity, before, subject, change=direction != 0)
    falls = direction < 0 and kind in ("change", "change_pp") and quantity.value > 0
    return kind, -1 if falls else 1


def signed(value: Decimal, sign: int) -> Decimal:
    """The value with its sign."""
    return value if sign > 0 else -value


def _direction(own: Stem, before: str, core: str, quantity: Quantity, cues: Cues) -> int:
    """1 where the nearest verb tells a rise, -1 a fall, 0 neither."""
    if own.versus:
        return -1 if re.match(r"低|慢于|落后|少于|小于", own.basis) else 1
    for _, group in own.words:
        if group in _TO:
            return 0
        if group in ("rise", "fall"):
            return -1 if group == "fall" else 1
    if match := _CHANGE_NOUN.search(before):
        return -1 if match["fall"] else 1
    if quantity.family not in ("percent", "points", "times"):
        return 0
    if cues.kept_rise.search(core):
        return 1
    return -1 if cues.kept_fall.search(core) else 0


_GROWTH_BEHIND = re.compile(r"(?:以上|左右|以内|以下)?的?(?:年均)?(?:高速|较快|中高速|平均)?(?:增长|增速|增幅|增长率)")


def _verb_first(text: str, quantity: Quantity, core: str, cues: Cues) -> int:
    """降低物流成本15%: the verb stands before its object; 12%以上的增长速度: the noun behind tells it."""
    if _GROWTH_BEHIND.match(text, quantity.end):
        return 1
    match = cues.verb_first.match(core)
    return 0 if not match else -1 if match["fall"] else 1


def _kind(own: Stem, quantity: Quantity, before: str, subject: str, *, change: bool) -> FigureKind:
    family = quantity.family
    if family in ("percent", "permille"):
        if _COMPLETION.search(before) and not own.has("rise", "fall"):
            return "completion"
        return "change" if change or _CHANGE_NOUN.search(subject) else "share"
    if family in ("points", "rank", "composition", "doublings", "index", "fraction"):
        return quantity.kind
    if family == "times":
        return "change" if change else "ratio"
    if change and not own.per and quantity.kind in ("level", "count"):
        return "change"
    measured = quantity.unit not in ("人次", "人", "名", "户", "个") and _MEASURED.search(subject)
    per_head = own.per or re.search(r"每[百千万十]*[人户名]", subject)
    return "level" if per_head or measured or quantity.unit in _LEVEL_UNITS else quantity.kind
