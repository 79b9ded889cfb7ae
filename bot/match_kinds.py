"""Which figures can be an answer by kind of value and unit, and which kind a question expects most."""

from __future__ import annotations

import re
from decimal import Decimal
from functools import lru_cache

from zhengwen.bot.cues import cues
from zhengwen.bot.query import Ask
from zhengwen.ingest.models import Figure

PERCENT = frozenset({"%", "‰", "成"})
POINTS = frozenset({"个百分点", "百分点", "个千分点", "个基点"})
TIMES = frozenset({"倍", "番"})
_MONEY = re.compile(r"(?:人民币)?(?:元|美元|欧元|港元|港币|日元|英镑|块钱)")
_PERSONS = frozenset({"人", "名", "位", "人次", "人日", "口", "例"})
_RATE_WORDS = re.compile(r"率|比重|占比|比例|份额|程度|水平|指数|度$")
_MEASURES = (
    frozenset({"台", "辆", "部"}),
    frozenset({"起", "件", "宗"}),
    frozenset({"个", "处", "座", "所"}),
    frozenset({"吨", "公斤", "千克", "斤", "克"}),
    frozenset({"亩", "公顷", "平方米", "平方公里", "平方千米", "播亩"}),
    frozenset({"公里", "千米", "米", "里"}),
)
"""Units of one measure: who asks for 斤 is served with 吨, as printed."""


def allowed(ask: Ask, figure: Figure) -> str:
    """Empty where the figure can be an answer by kind and unit, otherwise why not."""
    unit, kind = figure.unit, figure.kind
    if ask.want == "rank":
        return "" if kind == "rank" else "not a rank"
    if ask.want == "pp":
        return "" if unit in POINTS else "not in points"
    if ask.want == "times":
        return "" if unit in TIMES else "not a multiple"
    if ask.want == "completion":
        return "" if kind == "completion" or (unit in PERCENT and kind == "share") else "not a completion"
    if ask.want in ("share", "percent"):
        fits = unit in PERCENT and (ask.want == "percent" or kind in ("share", "level", "ratio", "completion"))
        return "" if fits else "not a share"
    if ask.want == "growth":
        if kind in ("change", "change_pp") or unit in TIMES:
            return "" if not ask.units or unit in ask.units or unit in PERCENT else "other unit"
        return "not a change"
    if kind == "rank" or kind == "completion":
        return "not a value"
    return _unit_fits(ask, figure)


def _unit_fits(ask: Ask, figure: Figure) -> str:
    unit = figure.unit
    if ask.money:
        return "" if _MONEY.match(unit) else "not money"
    if ask.units:
        if not unit and figure.kind == "count":
            return ""  # 1.8万贫困人口: the thing counted is its own unit
        if unit in ask.units or re.split(r"[/（(]", unit)[0] in ask.units:
            return ""
        same = {unit, *ask.units} <= _PERSONS or any(unit in one and ask.units & one for one in _MEASURES)
        return "" if same else "other unit"
    if ask.large:
        large = abs(figure.value) >= Decimal(10000) and unit not in PERCENT
        return "" if large else "too small"
    if ask.want == "any" and figure.kind in ("change", "change_pp") and amount_asked(ask.words):
        return "a change, not an amount"
    if ask.want == "value" and (figure.kind == "change_pp" or (figure.kind == "change" and unit in PERCENT | TIMES)):
        return "a change, not a value"
    return ""


@lru_cache(maxsize=4096)
def amount_asked(words: str) -> bool:
    """Whether the words end in a name of an amount: GDP总量, 进出口总额, 常住人口."""
    return re.search(cues()["amount"], words.replace(" ", "")) is not None


def kind_factor(ask: Ask, figure: Figure) -> float:
    """What a question that names no unit expects most: an amount before a share, a share before a change."""
    if ask.want == "growth" and figure.kind == "change_pp":
        return 1.0 if _RATE_WORDS.search(ask.words + figure.indicator_text) else 0.85
    if ask.want != "any" and not (ask.want == "value" and not ask.units and not ask.money):
        return 1.0
    if figure.kind in ("level", "count", "ratio"):
        return 1.0
    if figure.kind == "share":
        return 1.0 if _RATE_WORDS.search(ask.words) or not ask.words else 0.9
    return 0.8
