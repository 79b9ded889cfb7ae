"""What a chart says: labels with their bounds, the unit of its axis, names without what a sentence hangs on them."""

from __future__ import annotations

from decimal import Decimal
from typing import Any

import pytest

from tests.bot.figures_to_draw import answered, percent, shown
from zhengwen.bot.chart import build_chart
from zhengwen.bot.chart_axis import axis_for, scaled
from zhengwen.bot.chart_scope import plain_name
from zhengwen.bot.chart_small import notes
from zhengwen.bot.models import FigureShown

LABELS = [
    (percent("-3.9", 2020), "降3.9%[1]"),
    (percent("7", 2020, bound="about"), "约7%[1]"),
    (percent("6", 2020, bound="at_least"), "≥6%[1]"),
    (shown("1", 2020, surface="100余个", amount="100", unit="个", kind="count", bound="more_than"), "100余个[1]"),
    (shown("35", 2020, bound="nearly"), "近35亿元[1]"),
    (percent("-1", 2020, surface="-1%"), "-1%[1]"),
]


@pytest.mark.parametrize(("figure", "label"), LABELS, ids=[label for _, label in LABELS])
def test_bounds_and_falls_are_said_on_the_label(figure: FigureShown, label: str) -> None:
    chart = build_chart(answered(figure), least=1)
    assert [point.label for point in chart.points] == [label]


AXES = [
    (["49871000000"], ["498.71亿元"], "元", "level", "亿元", 498.71),
    (["714880000", "607000000"], ["71488万吨", "60700万吨"], "吨", "level", "万吨", 71488),
    (["7198", "12000"], ["7198人", "1.2万人"], "人", "count", "人", 7198),
    (["14136000"], ["14136000人"], "人", "count", "万人", 1413.6),
    (["7.5"], ["7.5%"], "%", "change", "%", 7.5),
    (["3"], ["第3位"], "位", "rank", "位", 3),
]


@pytest.mark.parametrize(("values", "surfaces", "unit", "kind", "wanted", "first"), AXES)
def test_an_axis_counts_as_most_figures_are_printed(
    values: list[str], surfaces: list[str], unit: str, kind: Any, wanted: str, first: float
) -> None:
    axis = axis_for([Decimal(value) for value in values], surfaces, unit, kind)
    assert axis.unit == wanted
    assert scaled(Decimal(values[0]), axis) == first
    assert axis.inverted == (kind == "rank")


NAMES = [
    ("地区生产总值跨过两个千亿台阶", "地区生产总值"),
    ("地区生产总值新台阶", "地区生产总值"),
    ("地区生产总值五年万亿级关口", "地区生产总值"),
    ("赤字率拟按安排、比去年有所下调", "赤字率"),
    ("一般公共预算收入增速", "一般公共预算收入"),
    ("居民人均可支配收入中位数", "居民人均可支配收入中位数"),
    ("地区生产总值占全省", "地区生产总值占全省"),
    ("全年", "全年"),
]


@pytest.mark.parametrize(("indicator", "name"), NAMES)
def test_what_a_sentence_hangs_on_an_indicator_is_taken_off_and_other_things_are_not(indicator: str, name: str) -> None:
    assert plain_name(indicator) == name


def test_long_gaps_are_named_as_spans() -> None:
    chart = build_chart(answered(shown("1", 2013)), years=range(2010, 2019), least=1)
    assert notes(chart) == ["图中没有数据：2010—2012年、2014—2018年"]
