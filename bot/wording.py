"""How a figure, a period and a place are written in an answer: 滨城区 2020年 城镇新增就业 7198人."""

from __future__ import annotations

import re
from decimal import Decimal

from zhengwen.bot.messages import say
from zhengwen.ingest.indicators import FOOTNOTE
from zhengwen.ingest.models import Figure, Period, Region
from zhengwen.ingest.regions import gazetteer

_VERB = re.compile(
    r"(?P<verb>同比增长|同比下降|同比减少|同比提高|增长|增加|增|上升|提高|提升|上涨|扩大|下降|降低|减少|回落|收窄|压减|压缩|缩短|改善|"
    r"下调|跌|降|缩减|核减|精简|节约|高于[\u4e00-\u9fff]{0,12}|低于[\u4e00-\u9fff]{0,12}|快于[\u4e00-\u9fff]{0,12}|超[\u4e00-\u9fff]{0,8})"
    r"(?P<between>了|率|幅|幅度|速度|约|近|超过|超|逾|不低于|不超过|达到?|分别|均|为|目标|[\s：:])*$"
)
_BOUND_WORD = re.compile(
    r"(?:约|大约|近|将近|接近|超过|超|逾|突破|高于|不低于|不少于|不超过|不高于|低于|少于|至少)[了到]?$"
)
_BOUND_AFTER = re.compile(r"^(?:以上|以下|左右|以内|之内|上下)")


def short(region: Region) -> str:
    """The name without the places above: 山东省滨州市滨城区 → 滨城区."""
    above = gazetteer().parent(region.code)
    name = region.name
    if above is not None and name.startswith(above.name) and len(name) > len(above.name):
        return name[len(above.name) :]
    return name


def bare_name(region: Region) -> str:
    """The name as a sentence says it: 安徽省合肥市 → 合肥, 江苏省苏州市太仓市 → 太仓."""
    name = short(region)
    plain = re.sub(r"(?:[\u4e00-\u9fff]族)*自治[州县旗区]$|[省市县区州盟旗]$", "", name)
    return plain if len(plain) > 1 else name


def named(figure: Figure) -> str:
    """The indicator in the words of the text, without the mark of a note: 国内生产总值[2] → 国内生产总值."""
    return FOOTNOTE.sub("", figure.indicator_text)


def without_verb(figure: Figure) -> str:
    """The indicator without the verb that a change may bring along: 粮食产量增加 → 粮食产量."""
    found = _VERB.search(named(figure)) if figure.kind in ("change", "change_pp") else None
    return named(figure)[: found.start()] or named(figure) if found else named(figure)


def when(period: Period | None) -> str:
    """2020年, 2016—2020年, 2020年1—11月; empty for an unknown period."""
    if period is None:
        return ""
    first, last = period.start, period.end
    if period.whole_years:
        return f"{first.year}年" if first.year == last.year else f"{first.year}—{last.year}年"
    if first.year == last.year:
        months = f"{first.month}月" if first.month == last.month else f"{first.month}—{last.month}月"
        return f"{first.year}年{months}"
    return f"{first.year}年{first.month}月—{last.year}年{last.month}月"


def amount(figure: Figure, clause: str, at: int, *, alone: bool = False) -> str:
    """The figure as printed with the words that bound it: 约1.3亿元, 6.5%左右, 增长15.2%.

    `clause` is its clause and `at` where the figure begins in it. A figure shown `alone`, as in a row of a series,
    always says whether it rose or fell; otherwise not where the indicator before it ends in that word.
    """
    before, after = clause[:at], clause[at + len(figure.surface) :]
    text = figure.surface
    tail = _BOUND_AFTER.match(after)
    lead = _BOUND_WORD.search(before)
    if tail:
        text += tail[0]
    elif lead:
        text = lead[0] + text
    elif figure.bound != "exact" and not re.search(r"[余多]", figure.surface) and figure.bound in _BOUNDS:
        text = say(f"figure.bound.{figure.bound}") + text
    return _verb(figure, before, alone=alone) + text


_BOUNDS = frozenset({"about", "at_least", "more_than", "at_most", "less_than", "nearly"})


def _verb(figure: Figure, before: str, *, alone: bool) -> str:
    if figure.kind == "rank":
        return say("figure.rank") + (figure.among if figure.among and figure.among not in figure.surface else "")
    if figure.kind not in ("change", "change_pp"):
        return ""
    found = _VERB.search(before)
    if found and figure.indicator_text.endswith(found["verb"]) and not alone:
        return ""
    if found and len(found["verb"]) < 12:
        return found["verb"]
    fall = figure.value < 0
    if figure.kind == "change_pp":
        return say("figure.down_points" if fall else "figure.up_points")
    return say("figure.fall" if fall else "figure.rise")


def plain_number(value: Decimal, unit: str) -> str:
    """A computed value for reading: 270380000000 元 → 2703.8亿元."""
    for size, name in ((Decimal(10) ** 12, "万亿"), (Decimal(10) ** 8, "亿"), (Decimal(10) ** 4, "万")):
        if abs(value) >= size and name != "万亿":
            return f"{trimmed(value / size)}{name}{unit}"
    return f"{trimmed(value)}{unit}"


def trimmed(value: Decimal) -> str:
    """`Decimal("187.700")` → `187.7`."""
    text = format(value, "f")
    return text.rstrip("0").rstrip(".") if "." in text else text


def decimal_text(figure: Figure) -> str:
    """The value for JSON: a plain decimal, or the parts of a composition."""
    if figure.parts:
        return ":".join(trimmed(part) for part in figure.parts)
    return trimmed(figure.value)
