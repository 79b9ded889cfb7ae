"""Charts of answers: what is drawn is what was printed, and what may not stand on one axis is refused."""

from __future__ import annotations

from decimal import Decimal
from itertools import pairwise

import pytest
from hypothesis import given, settings

from tests.bot.figures_to_draw import HEPING, LINGCHENG, answered, charted, percent, rows, shown
from zhengwen.bot.chart import NothingToPlot, build_chart, chart_points
from zhengwen.bot.models import Answer, FigureShown


@given(rows())
@settings(max_examples=60, deadline=None)
def test_every_figure_stands_on_the_chart_as_it_was_printed(figures: tuple[FigureShown, ...]) -> None:
    chart = charted(figures)
    by_number = {one.citation: one for one in figures}
    assert len(chart.points) == len(figures)
    for point in chart.points:
        figure = by_number[point.citation]
        assert point.value == Decimal(figure.value)
        assert figure.surface in point.label
        assert point.label.endswith(f"[{figure.citation}]")
        assert (point.style == "target") == (figure.status == "target")
    assert {one.n for one in chart.sources} == set(by_number)


@given(rows())
@settings(max_examples=60, deadline=None)
def test_no_line_leads_over_a_year_without_a_figure_or_from_a_target_to_a_result(
    figures: tuple[FigureShown, ...],
) -> None:
    chart = charted(figures)
    for segment in chart.segments:
        start, end = segment.start, segment.end
        assert int(end.x) - int(start.x) == 1
        assert {start, end} <= set(chart.series[segment.series].points)
        assert not (start.style == "target" and end.style != "target")
        assert segment.dashed == ("target" in (start.style, end.style))
    if chart.kind == "line":
        assert list(chart.x) == [str(year) for year in range(int(chart.x[0]), int(chart.x[-1]) + 1)]
        assert set(chart.gaps) == set(chart.x) - {point.x for point in chart.points}


@given(rows())
@settings(max_examples=30, deadline=None)
def test_results_of_neighbouring_years_are_joined(figures: tuple[FigureShown, ...]) -> None:
    chart = charted(figures)
    joined = {(one.series, one.start.x, one.end.x) for one in chart.segments if not one.dashed}
    for number, series in enumerate(chart.series):
        known = {point.x for point in series.points if point.style != "target"}
        for first, second in pairwise(chart.x):
            wanted = chart.kind == "line" and first in known and second in known
            assert ((number, first, second) in joined) == wanted


REFUSED = {
    "a refusal": (Answer(question="?", answered=False, text="没有查到。"), "没有查到数据"),
    "no figures": (answered(), "没有数"),
    "growth beside a level": (answered(shown("100", 2020), percent("7", 2021)), "类别不同"),
    "a share beside growth": (answered(percent("7", 2020), percent("40", 2021, kind="share")), "类别不同"),
    "two units": (answered(shown("1", 2020), shown("1", 2021, unit="美元", surface="1亿美元")), "单位不同"),
    "a composition": (answered(shown("1", 2020, amount="10:48.6:41.4", surface="10:48.6:41.4")), "比例"),
    "one figure": (answered(shown("100", 2020)), "只有一个数"),
    "no year": (answered(shown("100", None), shown("120", None)), "年份"),
}


@pytest.mark.parametrize(("answer", "reason"), REFUSED.values(), ids=REFUSED.keys())
def test_what_cannot_be_drawn_is_refused_with_a_reason(answer: Answer, reason: str) -> None:
    assert chart_points(answer) is None
    with pytest.raises(NothingToPlot, match=reason):
        build_chart(answer)


def test_places_of_one_year_are_bars_and_those_of_several_years_lines() -> None:
    bars = charted([shown("100", 2020), shown("90", 2020, region=LINGCHENG)])
    assert (bars.kind, bars.x, bars.title) == ("bar", ("滨城区", "陵城区"), "滨城区、陵城区2020年地区生产总值")
    lines = charted([shown("1", 2019), shown("2", 2020), shown("3", 2019, region=LINGCHENG)])
    assert (lines.kind, [one.name for one in lines.series]) == ("line", ["滨城区", "陵城区"])
    apart = charted([shown("1", 2015), shown("2", 2020)])
    assert (apart.kind, apart.x) == ("bar", ("2015年", "2020年"))


def test_two_places_of_one_name_keep_their_full_names() -> None:
    chart = charted([shown("1", 2020, region=HEPING), shown("2", 2020, region="辽宁省沈阳市和平区")])
    assert set(chart.x) == {HEPING, "辽宁省沈阳市和平区"}


def test_sources_that_disagree_are_two_points_of_one_year() -> None:
    chart = charted([shown("1", 2019), shown("2", 2020, citation=2), shown("2.1", 2020, citation=3)])
    assert [point.label for point in chart.series[0].points] == ["1亿元[1]", "2亿元[2]", "2.1亿元[3]"]
    assert len(chart.segments) == 2


def test_years_that_were_asked_show_as_gaps_even_at_the_ends() -> None:
    chart = build_chart(answered(shown("1", 2018)), years=range(2016, 2021), least=1)
    assert (chart.kind, chart.x) == ("line", ("2016", "2017", "2018", "2019", "2020"))
    assert chart.gaps == ("2016", "2017", "2019", "2020")


def test_a_part_of_a_year_says_its_months_and_is_joined_to_nothing() -> None:
    figures = [shown("1", 2019), shown("0.9", "2020-01..2020-11", citation=2), shown("2", 2021)]
    chart = charted(figures)
    (part,) = (point for point in chart.points if point.style == "part")
    assert (part.x, part.label) == ("2020", "1—11月 0.9亿元[2]")
    assert chart.segments == ()


def test_a_quarter_beside_its_year_is_left_out_and_said_so_and_eleven_months_are_not() -> None:
    figures = [shown("1", 2019), shown("2", 2020), shown("0.4", "2020-04..2020-06")]
    chart = charted(figures)
    assert len(chart.points) == 2
    assert any("1个季度" in note for note in chart.notes)
    eleven = charted([*figures[:2], shown("1.9", "2020-01..2020-11")])
    assert len(eleven.points) == 3


def test_the_sum_of_five_years_does_not_stand_among_years() -> None:
    chart = charted([shown("1", 2019), shown("2", 2020), shown("9", "2016-2020", citation=2)])
    assert [point.x for point in chart.points] == ["2019", "2020"]
    assert any("9亿元[2]" in note for note in chart.notes)


def test_a_stray_of_another_indicator_is_left_out_and_said_so() -> None:
    stray = shown("0.6", 2021, indicator="数字经济规模", citation=2)
    chart = charted([shown("1", 2018), shown("2", 2019), shown("3", 2020), stray])
    assert [point.surface for point in chart.points] == ["1亿元", "2亿元", "3亿元"]
    assert any("数字经济规模0.6亿元[2]" in note for note in chart.notes)


def test_another_scope_and_another_basis_are_other_series() -> None:
    chart = charted(
        [shown("1", 2019), shown("2", 2020), shown("1", 2019, scope="市区"), shown("2", 2020, scope="市区")]
    )
    assert [one.name for one in chart.series] == ["地区生产总值", "地区生产总值（市区）"]
    grown = charted(
        [
            percent("7", 2019, basis="比上年"),
            percent("8", 2020, basis="同比"),
            percent("60", 2020, basis="比2015年"),
            percent("70", 2019, basis="比2015年"),
        ]
    )
    assert [one.name for one in grown.series] == ["地区生产总值", "地区生产总值（比2015年）"]


def test_targets_stand_below_results_whatever_their_size() -> None:
    places = ["甲市", "乙市", "丙市", "丁市"]
    figures = [shown(str(n), 2020, region=place, citation=n) for n, place in enumerate(places, 1)]
    figures.append(shown("9", 2020, region="戊市", status="target", citation=9))
    assert charted(figures).x == ("丁市", "丙市", "乙市", "甲市", "戊市")


def test_years_apart_are_bars_and_an_asked_one_without_a_figure_is_a_gap() -> None:
    chart = build_chart(answered(shown("1", 2016)), years=(2016, 2020), least=1)
    assert (chart.kind, chart.x, chart.gaps) == ("bar", ("2016年", "2020年"), ("2020年",))


def test_more_lines_than_colours_are_refused() -> None:
    figures = [shown(str(n), year, region=f"第{n}市") for n in range(1, 10) for year in (2019, 2020)]
    with pytest.raises(NothingToPlot, match="9条线"):
        build_chart(answered(*figures))
    assert len(charted(figures[:16]).series) == 8
