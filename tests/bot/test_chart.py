"""Charts of answers: what is drawn is what was printed, and what may not stand on one axis is refused."""

from __future__ import annotations

import io
import random
import re
import threading
import xml.etree.ElementTree as ElementTree
from collections.abc import Sequence
from decimal import Decimal
from itertools import pairwise
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from rich.cells import cell_len

from zhengwen.bot.chart import Chart, NothingToPlot, build_chart, chart_points, draw, draw_text
from zhengwen.bot.chart_axis import axis_for, scaled
from zhengwen.bot.chart_labels import Wanted, place_labels
from zhengwen.bot.chart_scope import plain_name
from zhengwen.bot.chart_small import notes
from zhengwen.bot.models import Answer, Citation, FigureShown
from zhengwen.ingest.models import Period

BINCHENG, LINGCHENG, HEPING = "山东省滨州市滨城区", "山东省德州市陵城区", "天津市和平区"
YEARS = tuple(range(2010, 2026))


def shown(value: str, year: int | str | None, *, region: str = BINCHENG, **fields: Any) -> FigureShown:
    """A level in 亿元 of one year, unless the fields say otherwise; a citation of its own for each value and year."""
    amount = fields.pop("amount", format(Decimal(value) * 10**8, "f"))
    defaults = {
        "indicator": "地区生产总值",
        "value": amount,
        "unit": "元",
        "surface": f"{value}亿元",
        "region": region,
        "period": Period.parse(str(year)) if year is not None else None,
        "kind": "level",
        "citation": 1,
    }
    return FigureShown.model_validate(defaults | fields)


def percent(value: str, year: int | str, **fields: Any) -> FigureShown:
    defaults = {"amount": value, "unit": "%", "surface": f"{value.lstrip('-')}%", "kind": "change"}
    return shown(value, year, **(defaults | fields))


def answered(*figures: FigureShown, text: str = "") -> Answer:
    numbers = sorted({one.citation for one in figures})
    citations = tuple(
        Citation(n=n, id=f"c{n}", title=f"第{n}份报告", source=f"{n}.md", quote="", start=0, end=0) for n in numbers
    )
    return Answer(question="?", answered=True, text=text, figures=figures, citations=citations)


@st.composite
def rows(draw_value: st.DrawFn) -> tuple[FigureShown, ...]:
    """Figures of one indicator: some regions, some years, results, estimates and targets, conflicts too."""
    regions = draw_value(st.lists(st.sampled_from((BINCHENG, LINGCHENG, HEPING)), min_size=1, max_size=3, unique=True))
    spots = draw_value(
        st.lists(
            st.tuples(
                st.sampled_from(regions),
                st.sampled_from(YEARS),
                st.sampled_from(("actual", "target")),
                st.booleans(),
                st.decimals(min_value="0.01", max_value="99999", places=2),
                st.sampled_from(("exact", "about", "at_least", "more_than", "at_most", "less_than", "nearly")),
            ),
            min_size=2,
            max_size=14,
        )
    )
    return tuple(
        shown(str(value), year, region=region, status=status, estimated=estimated, bound=bound, citation=number)
        for number, (region, year, status, estimated, value, bound) in enumerate(spots, 1)
    )


def charted(figures: Sequence[FigureShown]) -> Chart:
    chart = chart_points(answered(*figures))
    assert chart is not None
    return chart


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


@given(rows(), st.integers(min_value=40, max_value=120), st.booleans())
@settings(max_examples=40, deadline=None)
def test_the_terminal_chart_fits_its_width_and_holds_every_label(
    figures: tuple[FigureShown, ...], width: int, colour: bool
) -> None:
    chart = charted(figures)
    text = draw_text(chart, width=width, colour=colour)
    plain = re.sub(r"\x1b\[[0-9;]*m", "", text)
    assert (plain != text) == colour
    assert all(cell_len(line) <= width for line in plain.splitlines())
    for point in chart.points:
        assert point.label in plain
    for gap in chart.gaps:
        assert f"{gap}年" in plain


@given(rows())
@settings(max_examples=4, deadline=None)
def test_an_svg_holds_every_label_as_text(figures: tuple[FigureShown, ...]) -> None:
    chart = charted(figures)
    root = ElementTree.fromstring(draw(chart, format="svg"))
    texts = [text for element in root.iter() if element.tag.endswith("}text") and (text := "".join(element.itertext()))]
    for point in chart.points:
        assert point.label in texts
    assert chart.title in texts


def test_a_png_decodes_to_a_picture_that_is_not_blank_and_a_pdf_is_one() -> None:
    import numpy as np
    from matplotlib.image import imread

    chart = charted([shown("100", 2019), shown("120", 2020)])
    picture = imread(io.BytesIO(draw(chart)), format="png")
    height, width = picture.shape[:2]
    assert width >= 1000
    assert height >= 500
    assert 0.002 < float(np.mean(picture[..., :3].min(axis=2) < 0.5)) < 0.3
    assert draw(chart, format="pdf").startswith(b"%PDF-")


def test_the_same_chart_gives_the_same_bytes_from_any_thread() -> None:
    charts = [charted([shown(str(n), 2019), shown(str(n + 1), 2020), shown(str(n), 2021)]) for n in (10, 20, 30, 40)]
    expected = [draw(chart, format="svg") for chart in charts]
    found: dict[int, bytes] = {}

    def work(number: int) -> None:
        found[number] = draw(charts[number], format="svg")

    threads = [threading.Thread(target=work, args=(number,)) for number in random.Random(1).sample(range(4), 4)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert [found[number] for number in range(4)] == expected


def test_drawing_leaves_the_callers_settings_alone() -> None:
    import matplotlib as mpl

    before = dict(mpl.rcParams)
    draw(charted([shown("100", 2019), shown("120", 2020)]))
    assert dict(mpl.rcParams) == before


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


def test_a_dollar_in_a_title_is_no_formula() -> None:
    figures = [shown("1", 2019, indicator="进出口$总额$_x"), shown("2", 2020, indicator="进出口$总额$_x")]
    assert "进出口$总额$_x" in draw(charted(figures), format="svg").decode()


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


def test_targets_stand_below_results_whatever_their_size() -> None:
    places = ["甲市", "乙市", "丙市", "丁市"]
    figures = [shown(str(n), 2020, region=place, citation=n) for n, place in enumerate(places, 1)]
    figures.append(shown("9", 2020, region="戊市", status="target", citation=9))
    assert charted(figures).x == ("丁市", "丙市", "乙市", "甲市", "戊市")


def test_labels_of_neighbouring_points_do_not_cover_each_other() -> None:
    from matplotlib.backends.backend_agg import FigureCanvasAgg
    from matplotlib.figure import Figure
    from matplotlib.font_manager import FontProperties

    figure = Figure(figsize=(8, 5), dpi=100)
    canvas = FigureCanvasAgg(figure)
    axes = figure.add_axes((0.1, 0.1, 0.85, 0.85))
    axes.plot([0, 1, 2, 3], [1, 1.01, 1.0, 1.02])
    axes.margins(0.2)
    wanted = [Wanted(x=x, y=1.0 + x / 100, text=f"12345.6[{x}]", colour="black") for x in (0, 0.2, 0.4, 3)]
    place_labels(axes, wanted, FontProperties(size=9))
    boxes = [text.get_window_extent(canvas.get_renderer()) for text in axes.texts if text.get_text()]
    assert len(boxes) == len(wanted)
    for number, one in enumerate(boxes):
        assert not any(one.overlaps(other) for other in boxes[number + 1 :])


def test_years_apart_are_bars_and_an_asked_one_without_a_figure_is_a_gap() -> None:
    chart = build_chart(answered(shown("1", 2016)), years=(2016, 2020), least=1)
    assert (chart.kind, chart.x, chart.gaps) == ("bar", ("2016年", "2020年"), ("2020年",))


def test_more_lines_than_colours_are_refused() -> None:
    figures = [shown(str(n), year, region=f"第{n}市") for n in range(1, 10) for year in (2019, 2020)]
    with pytest.raises(NothingToPlot, match="9条线"):
        build_chart(answered(*figures))
    assert len(charted(figures[:16]).series) == 8
