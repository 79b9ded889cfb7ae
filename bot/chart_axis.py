"""A readable value axis: 亿元 and 万人 instead of eleven digits."""

from __future__ import annotations

from collections.abc import Iterable
from decimal import Decimal

from zhengwen.bot.chart_models import Axis
from zhengwen.ingest.models import FigureKind

_STEPS = ((Decimal(10) ** 13, Decimal(10) ** 12, "万亿"), (Decimal(10) ** 8, Decimal(10) ** 8, "亿"),
          (Decimal(10) ** 5, Decimal(10) ** 4, "万"))  # fmt: skip
"""From this largest value on, this factor: 99,999 stays as it is, 100,000 is 10万."""
_PLAIN = frozenset({"%", "‰", "个百分点", "倍", "番", "成"})


def axis_for(values: Iterable[Decimal], unit: str, kind: FigureKind) -> Axis:
    """The axis for values in `unit`: 498710000 元 → 4.9871 in 亿元; shares and ranks as they are.

    >>> axis_for([Decimal(49871000000)], "元", "level").unit
    '亿元'
    """
    largest = max((abs(value) for value in values), default=Decimal(0))
    if unit in _PLAIN or kind in ("share", "change_pp", "ratio", "rank", "completion"):
        return Axis(unit=unit, inverted=kind == "rank")
    for least, factor, name in _STEPS:
        if largest >= least:
            return Axis(unit=name + unit, factor=factor)
    return Axis(unit=unit)


def scaled(value: Decimal, axis: Axis) -> float:
    """Where the value lies on the axis."""
    return float(value / axis.factor)
