"""A readable value axis: 亿元 and 万人 instead of eleven digits."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Sequence
from decimal import Decimal

from zhengwen.bot.chart_models import Axis
from zhengwen.ingest.models import FigureKind

_FACTORS = {"万亿": Decimal(10) ** 12, "亿": Decimal(10) ** 8, "万": Decimal(10) ** 4}
_SIZE = re.compile("万亿|亿|万")
_PLAIN = frozenset({"%", "‰", "个百分点", "倍", "番", "成"})


def axis_for(values: Sequence[Decimal], surfaces: Sequence[str], unit: str, kind: FigureKind) -> Axis:
    """The axis for values in `unit`, counted as most of them are printed: 71488万吨 and 70650万吨 in 万吨.

    Figures printed in full are shortened where they are long; shares and ranks stay as they are.

    >>> axis_for([Decimal(49871000000)], ["498.71亿元"], "元", "level").unit
    '亿元'
    """
    if unit in _PLAIN or kind in ("share", "change_pp", "ratio", "rank", "completion"):
        return Axis(unit=unit, inverted=kind == "rank")
    printed = Counter(found[0] if (found := _SIZE.search(surface)) else "" for surface in surfaces)
    name = printed.most_common(1)[0][0] if printed else ""
    if name:
        return Axis(unit=name + unit, factor=_FACTORS[name])
    largest = max((abs(value) for value in values), default=Decimal(0))
    for least, name in ((Decimal(10) ** 8, "亿"), (Decimal(10) ** 6, "万")):
        if largest >= least:
            return Axis(unit=name + unit, factor=_FACTORS[name])
    return Axis(unit=unit)


def scaled(value: Decimal, axis: Axis) -> float:
    """Where the value lies on the axis."""
    return float(value / axis.factor)
