"""The question that the button 相邻年份 asks: the same figure from two years before to two years after."""

from __future__ import annotations

from zhengwen.bot.held import held_regions
from zhengwen.bot.models import FigureShown
from zhengwen.bot.telegram.render import place
from zhengwen.bot.telegram.texts import text
from zhengwen.bot.wording import short
from zhengwen.index.library import Library

_AROUND = 2
_KINDS = frozenset({"level", "count", "share", "change", "change_pp"})


def years_question(library: Library, figure: FigureShown) -> str:
    """滨城区2018年到2022年城镇新增就业; empty for a figure that no single year has."""
    if figure.period is None or not figure.period.is_year or figure.kind not in _KINDS:
        return ""
    year = figure.period.start.year
    region = next((short(one) for one in held_regions(library).values() if one.name == figure.region), "")
    return text(
        "years.question",
        region=region or place(figure.region),
        first=year - _AROUND,
        last=year + _AROUND,
        indicator=figure.indicator + _asked(figure),
    )


def _asked(figure: FigureShown) -> str:
    words = text("years.target") if figure.status == "target" else ""
    growth = figure.kind in ("change", "change_pp") and not figure.indicator.endswith(text("years.growth"))
    return (text("years.growth") if growth else "") + words
