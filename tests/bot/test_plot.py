"""`zhengwen plot` end to end over the samples: words in, a picture or lines of text out, and what it refuses."""

from __future__ import annotations

import io
import json
import runpy
import sys
from pathlib import Path
from typing import Any

import pytest

from tests.bot.commands import Done, Run

IMAGES = Path(__file__).parents[2] / "docs" / "images"


def chart(done: Done) -> dict[str, Any]:
    assert done.code == 0, done.err
    loaded: dict[str, Any] = json.loads(done.out)
    return loaded


def points(loaded: dict[str, Any]) -> dict[tuple[str, str], str]:
    """The labels without their citations, by series and place."""
    return {
        (series["name"], point["x"]): point["label"].partition("[")[0]
        for series in loaded["series"]
        for point in series["points"]
    }


def test_the_years_asked_stand_on_the_axis_and_those_unknown_are_gaps(filled: Run) -> None:
    loaded = chart(filled("plot", "滨城区", "GDP", "2016-2020", "--json"))
    assert loaded["kind"] == "line"
    assert loaded["x"] == ["2016", "2017", "2018", "2019", "2020"]
    assert loaded["gaps"] == ["2016", "2017", "2018", "2019"]
    assert points(loaded) == {("", "2020"): "498.71亿元"}
    assert loaded["axis"] == {"unit": "亿元", "factor": "100000000", "inverted": False}
    assert loaded["segments"] == []


def test_free_words_and_a_question_give_the_same_chart(filled: Run) -> None:
    assert chart(filled("plot", "滨城区2016到2020年GDP", "--json")) == chart(
        filled("plot", "滨城区", "GDP", "2016-2020", "--json")
    )


def test_every_point_is_a_stored_figure_and_every_source_can_be_cited(filled: Run) -> None:
    stored = [json.loads(line) for line in filled("figures", "--json").out.splitlines()]
    loaded = chart(filled("plot", "滨城区", "陵城区", "2020", "城镇新增就业", "--json"))
    assert points(loaded) == {("", "滨城区"): "7198人", ("", "陵城区"): "5596人"}
    for point in (point for series in loaded["series"] for point in series["points"]):
        assert any((row["surface"], row["value"]) == (point["surface"], point["value"]) for row in stored)
    for source in loaded["sources"]:
        assert filled("cite", source["id"]).code == 0


def test_a_target_stays_a_target_and_its_line_is_dashed(filled: Run) -> None:
    loaded = chart(filled("plot", "全国", "城镇新增就业", "2020-2021", "--json"))
    styles = {point["x"]: point["style"] for series in loaded["series"] for point in series["points"]}
    assert styles == {"2020": "actual", "2021": "target"}
    assert [segment["dashed"] for segment in loaded["segments"]] == [True]


def test_growth_is_drawn_where_growth_is_asked_and_levels_where_levels_are(filled: Run) -> None:
    growth = chart(filled("plot", "陵城区", "2020", "一般公共预算收入增速", "--json"))
    assert (growth["figures"], points(growth)) == ("change", {("", "2020年"): "1.2%"})
    level = chart(filled("plot", "滨城区", "2020", "一般公共预算收入", "--json"))
    assert level["figures"] == "level"
    assert sorted(point["label"] for series in level["series"] for point in series["points"]) == [
        "1—11月 30.59亿元[2]",
        "35亿元[1]",
    ]


def test_two_indicators_of_one_unit_are_two_bars(filled: Run) -> None:
    loaded = chart(filled("plot", "滨城区", "2020", "GDP", "社会消费品零售总额", "--json"))
    assert loaded["x"] == ["地区生产总值", "社会消费品零售总额"]
    mixed = filled("plot", "滨城区", "2020", "GDP", "城镇新增就业", "--json")
    assert (mixed.code, "单位不同" in mixed.err) == (1, True)


def test_the_sum_of_five_years_is_drawn_as_what_it_is(filled: Run) -> None:
    loaded = chart(filled("plot", "陵城区", "五年累计", "一般公共预算收入", "--json"))
    assert (loaded["kind"], loaded["x"]) == ("bar", ["2016—2020年"])
    assert "累计" in loaded["title"]


def test_a_rank_is_not_answered_with_a_level(filled: Run) -> None:
    done = filled("plot", "滨城区", "2020", "GDP", "全省位次")
    assert done.code == 1
    assert "498.71" not in done.out


def test_pictures_are_written_in_the_format_of_their_name(filled: Run, tmp_path: Path) -> None:
    from matplotlib.image import imread

    for name, start in (("a.png", b"\x89PNG"), ("a.svg", b"<?xml"), ("a.PDF", b"%PDF")):
        done = filled("plot", "滨城区", "GDP", "2016-2020", "-o", name)
        assert (done.code, done.out) == (0, "")
        assert name in done.err
        assert (tmp_path / name).read_bytes().startswith(start)
    assert imread(io.BytesIO((tmp_path / "a.png").read_bytes()), format="png").shape[2] == 4
    assert "498.71亿元[1]" in (tmp_path / "a.svg").read_text(encoding="utf-8")


def test_the_text_chart_is_plain_in_a_pipe_and_names_gaps_and_sources(filled: Run) -> None:
    done = filled("plot", "滨城区", "GDP", "2016-2020", "--text")
    assert done.code == 0
    assert "\x1b" not in done.out
    lines = done.out.splitlines()
    assert any(line.startswith("2020年") and line.endswith("498.71亿元[1]") for line in lines)
    assert sum("无数据" in line for line in lines) == 4
    assert any(line.startswith("[1] ") and "2021-01-18" in line for line in lines)


@pytest.mark.parametrize(
    ("words", "code", "said"),
    [
        (("苏州市", "GDP", "2020"), 1, "苏州市的报告"),
        (("滨城区", "火星探测", "2020"), 1, "没有查到"),
        (("   ",), 2, "the question is empty"),
        (("滨城区", "GDP", "-o", "chart.gif"), 2, ".png, .svg or .pdf"),
        (("滨城区", "GDP", "-o", "nowhere/chart.png"), 2, "there is no folder nowhere"),
        ((), 2, "QUESTION"),
    ],
)
def test_what_cannot_be_drawn_is_said_in_one_line(filled: Run, words: tuple[str, ...], code: int, said: str) -> None:
    done = filled("plot", *words)
    assert done.code == code
    assert said in done.err
    assert len(done.err.strip().splitlines()) == 1
    assert done.out == ""


def test_without_matplotlib_pictures_are_refused_with_the_command_that_helps(
    filled: Run, monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    monkeypatch.setitem(sys.modules, "pylopdf_fonts_zh_cn", None)
    done = filled("plot", "滨城区", "GDP", "2016-2020", "-o", "gdp.png")
    assert (done.code, "pip install 'zhengwen[charts]'" in done.err) == (2, True)
    assert not (tmp_path / "gdp.png").exists()
    assert filled("plot", "滨城区", "GDP", "2016-2020", "--text").code == 0


def test_the_pictures_of_the_documentation_can_be_drawn_again(samples_library: Path, tmp_path: Path) -> None:
    from matplotlib.image import imread

    script = runpy.run_path(str(IMAGES / "chart_images.py"))
    script["draw_all"](tmp_path, library=samples_library)
    for name in script["CHARTS"]:
        drawn, kept = (imread(io.BytesIO((folder / name).read_bytes()), format="png") for folder in (tmp_path, IMAGES))
        assert drawn.shape == kept.shape, f"{name} has changed; run python docs/images/chart_images.py and look at it"
