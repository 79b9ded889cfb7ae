"""Figures: sentences as data, and what holds for every figure."""

from __future__ import annotations

import json
import subprocess
import sys
from itertools import pairwise
from pathlib import Path
from typing import Any

import pytest
import yaml
from hypothesis import given, settings
from hypothesis import strategies as st

from zhengwen.ingest.figures import read_figures
from zhengwen.ingest.models import About, Block, Figure, Known, Mode, Period, Region

CASES: list[dict[str, Any]] = yaml.safe_load((Path(__file__).parent / "cases/figures.yaml").read_text("utf-8"))
REGION = Region(code="370000", name="甲省乙市", level="city")
ABOUT = About(
    region=Known[Region](value=REGION, how="text"),
    level="city",
    kind="work_report",
    year_reviewed=Known[int](value=2020, how="text"),
    covers=Period.years(2016, 2020),
)


def figures(text: str, mode: Mode = "review", period: str = "2020", about: About = ABOUT) -> tuple[Figure, ...]:
    return read_figures(text, [Block(start=0, end=len(text), mode=mode, period=Period.parse(period))], about)


def written(found: Figure) -> str:
    """One line of the cases: surface | value unit | indicator | kind | status | bound | period | what else is set."""
    value = ":".join(str(part) for part in found.parts) if found.parts else f"{found.value:f}"
    if found.value_max is not None:
        value += f"~{found.value_max:f}"
    number = f"{value} {found.unit}".strip()
    fields = [found.surface, number, found.indicator_text, found.kind, found.status, found.bound]
    more = [f"{name}={getattr(found, name)}" for name in ("basis", "per", "among", "part_of") if getattr(found, name)]
    if found.scope != "全市":
        more.append(f"scope={found.scope}")
    return " | ".join([*fields, str(found.period), *more, *(["estimated"] if found.estimated else [])])


@pytest.mark.parametrize("case", CASES, ids=lambda case: case["text"][:24])
def test_case(case: dict[str, Any]) -> None:
    mode, period = case["block"].split()
    assert [written(found) for found in figures(case["text"], mode, period)] == (case["figures"] or [])


TEXT = "".join(case["text"] for case in CASES)


def test_every_surface_and_mark_is_a_slice_of_the_text() -> None:
    found = figures(TEXT)
    assert len(found) > 150
    for figure in found:
        assert TEXT[figure.start : figure.end] == figure.surface
        assert figure.sentence_start <= figure.clause_start <= figure.start < figure.end <= figure.sentence_end
        roles = {mark.role: TEXT[mark.start : mark.end] for mark in figure.marks}
        assert roles["value"] == figure.surface
        assert all(roles.values())
        Figure.model_validate(figure.model_dump())


def test_figures_overlap_only_where_one_number_is_shared() -> None:
    found = figures(TEXT)
    spans = [(figure.start, figure.end) for figure in found]
    distinct = sorted(set(spans))
    assert all(before[1] <= after[0] for before, after in pairwise(distinct))
    for span in distinct:
        shared = [figure for figure in found if (figure.start, figure.end) == span]
        assert len({figure.indicator_text for figure in shared}) == len(shared)


def test_a_part_of_a_year_reaches_on_until_another_period_is_named() -> None:
    text = "1至11月，工业增加值增长6.1%。固定资产投资增长4.2%。预计全年税收增长3%。"
    assert [str(figure.period) for figure in figures(text)] == ["2020-01..2020-11", "2020-01..2020-11", "2020"]


def test_a_bulletin_gives_no_targets() -> None:
    about = ABOUT.model_copy(update={"kind": "bulletin"})
    (found,) = figures("全年粮食产量51万吨。", "plan", "2021", about)
    assert (found.status, str(found.period)) == ("actual", "2020")


def test_figures_of_the_nation_in_a_city_report_are_not_the_citys() -> None:
    nation, city = figures("全国居民消费价格上涨2.5%，我市上涨2.1%。")
    assert nation.scope == "全国" and nation.region is not None and nation.region.code == "000000"
    assert city.scope == "全市" and city.region == REGION


def test_an_unknown_year_stays_unknown() -> None:
    text = "地区生产总值增长6%。"
    (found,) = read_figures(text, [Block(start=0, end=len(text), mode="review")], About())
    assert found.period is None and found.region is None


@given(st.lists(st.sampled_from([case["text"] for case in CASES]), min_size=1, max_size=4).map("\n".join))
@settings(max_examples=40)
def test_any_order_of_sentences_is_read(text: str) -> None:
    assert all(text[figure.start : figure.end] == figure.surface for figure in figures(text))


@given(st.text(alphabet="增长由到至从分别、，；。5%百分之亿元年均比其中全省第位（）“”:：-—", max_size=40))
@settings(max_examples=200)
def test_broken_sentences_are_read_without_an_error(text: str) -> None:
    assert all(text[figure.start : figure.end] == figure.surface for figure in figures(text))


@pytest.mark.shared
def test_the_labelled_sentences(shared: Path, tmp_path: Path) -> None:
    """The floors of the quality gate on a quarter of the labelled reports (all of them: docs/figures.md)."""
    from zhengwen.ingest.pipeline import read_report

    sys.path.insert(0, str(Path(__file__).parents[2] / "benchmarks"))
    from figures import rows  # type: ignore[import-not-found,attr-defined,unused-ignore]

    lines = (shared / "eval/dev_figures.jsonl").read_text("utf-8").splitlines()
    names = sorted({json.loads(line)["doc"] for line in lines})[::4]
    labels = tmp_path / "labels.jsonl"
    labels.write_text("\n".join(line for line in lines if json.loads(line)["doc"] in names), "utf-8")
    found = [row for name in names for row in rows(read_report(shared / "corpus/reports" / name))]
    (tmp_path / "rows.jsonl").write_text("\n".join(json.dumps(row, ensure_ascii=False) for row in found), "utf-8")
    floors = ["f1=0.98", "kind=0.95", "status=0.95", "bound=0.95", "period=0.95", "indicator=0.93"]
    command = [sys.executable, str(shared / "eval/score_figures.py"), str(labels), str(tmp_path / "rows.jsonl")]
    command += ["--max-decoys", "0", *(part for floor in floors for part in ("--min", floor))]
    done = subprocess.run(command, capture_output=True, text=True, check=False)
    assert done.returncode == 0, done.stdout
