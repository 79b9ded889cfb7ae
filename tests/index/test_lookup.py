"""Figures are found by what they are, and read back as they were written."""

from __future__ import annotations

import datetime as dt
import subprocess
import sys
from collections.abc import Callable
from decimal import Decimal
from pathlib import Path
from typing import Any, get_args

import pytest
import yaml
from hypothesis import given
from hypothesis import strategies as st

from zhengwen.index.codec import CORRECTED, figure_json, parse_period, print_period, read_figure
from zhengwen.index.library import Library
from zhengwen.index.lookup import FigureFilter, count, lookup
from zhengwen.ingest.models import Figure, Mark, MarkRole, Period, Region, Report

CASES = yaml.safe_load((Path(__file__).parent / "cases" / "lookup.yaml").read_text(encoding="utf-8"))
FACTS = [("城镇新增就业", "7198", "人"), ("税收", "3.9", "%"), ("改造老旧小区", "41", "个")]
HOME = Region(code="371602", name="山东省滨州市滨城区", level="county")


@pytest.fixture
def library(empty_library: Library, make_report: Callable[..., Report]) -> Library:
    for source, code, year in (("a", "371602", 2020), ("b", "371600", 2020), ("c", "120101", 2019), ("d", None, 2018)):
        empty_library.add(make_report(source, code=code, year=year, facts=FACTS))
    return empty_library


@pytest.mark.parametrize("case", CASES, ids=[case["name"] for case in CASES])
def test_filters(library: Library, case: dict[str, Any]) -> None:
    fields = dict(case["filter"])
    if "period" in fields:
        fields["period"] = Period.parse(str(fields["period"]))
    found = lookup(library, FigureFilter(**fields))
    assert [f"{one.report.source}:{one.figure.indicator}:{one.figure.period}" for one in found] == case["found"]
    assert count(library, FigureFilter(**fields)) == case.get("count", len(found))


def test_a_figure_brings_its_surroundings(library: Library) -> None:
    (found,) = lookup(library, FigureFilter(regions=("371602",), units=("人",)))
    passage = library.passage(found.passage_id)
    assert passage is not None
    assert found.figure.surface == "7198人"
    assert "7198人" in found.clause
    assert found.clause in found.sentence
    assert found.sentence in passage.text
    assert found.headings == passage.passage.headings != ()
    assert found.mode == "review"
    assert found.verify()
    assert found.report.region_name == HOME.name


@pytest.fixture
def corrected(empty_library: Library, make_report: Callable[..., Report]) -> Library:
    """Three figures: as read, corrected, withdrawn."""
    report = make_report("a", facts=FACTS)
    first, second, third = report.figures
    second = second.model_copy(update={"corrected": "状态由实际改为目标：x", "status": "target"})
    third = third.model_copy(update={"corrected": "撤回：x", "withdrawn": True})
    empty_library.add(report.model_copy(update={"figures": (first, second, third)}))
    return empty_library


@pytest.mark.parametrize(
    ("fields", "found"),
    [
        ({}, ["城镇新增就业", "税收"]),
        ({"withdrawn": True}, ["改造老旧小区"]),
        ({"withdrawn": None}, ["城镇新增就业", "税收", "改造老旧小区"]),
        ({"corrected": True}, ["税收"]),
        ({"corrected": True, "withdrawn": None}, ["税收", "改造老旧小区"]),
        ({"statuses": ("target",)}, ["税收"]),
        ({"statuses": ("target",), "withdrawn": True}, ["改造老旧小区"]),
        ({"statuses": ("actual",), "withdrawn": True}, []),
        ({"statuses": ("target",), "withdrawn": None, "offset": 1}, ["改造老旧小区"]),
        ({"words": "小区"}, []),
        ({"words": "小区", "withdrawn": None}, ["改造老旧小区"]),
    ],
    ids=str,
)
def test_withdrawn_figures_are_found_when_asked_for(
    corrected: Library, fields: dict[str, Any], found: list[str]
) -> None:
    wanted = FigureFilter(**fields)
    assert [one.figure.indicator for one in lookup(corrected, wanted)] == found
    assert count(corrected, wanted) == len(found) + wanted.offset


def test_figures_by_id_passage_and_report(library: Library) -> None:
    everything = lookup(library, FigureFilter())
    assert len({one.id for one in everything}) == len(everything) == 12
    one = everything[4]
    assert [found.id for found in lookup(library, FigureFilter(ids=(one.id,)))] == [one.id]
    assert [found.id for found in lookup(library, FigureFilter(passage_ids=(one.passage_id,)))] == [one.id]
    assert len(lookup(library, FigureFilter(report_ids=(one.report.id,)))) == 3
    assert lookup(library, FigureFilter(ids=("f000000000000",))) == []


numbers = st.decimals(allow_nan=False, allow_infinity=False, places=4, min_value=-(10**15), max_value=10**15)
words = st.text(st.characters(exclude_categories=["Cs"]), max_size=12)
days = st.dates(dt.date(1949, 1, 1), dt.date(2100, 12, 31))
periods = st.builds(lambda one, other: Period(start=min(one, other), end=max(one, other)), days, days)
regions = st.sampled_from([None, HOME, Region(code="370000", name="山东省", level="province")])


@given(periods)
def test_periods_survive_printing(period: Period) -> None:
    text = print_period(period)
    assert text is not None
    assert parse_period(text) == period


@given(
    figure=st.builds(
        Figure,
        indicator=words,
        indicator_text=words,
        canonical=st.booleans(),
        qualifiers=st.lists(words, max_size=3).map(tuple),
        value=numbers,
        value_max=st.none() | numbers,
        parts=st.lists(numbers, max_size=3).map(tuple),
        unit=words,
        surface=words,
        kind=st.sampled_from(["level", "count", "share", "change", "change_pp", "ratio", "rank", "completion"]),
        status=st.sampled_from(["actual", "target", "cumulative", "average"]),
        estimated=st.booleans(),
        bound=st.sampled_from(["exact", "about", "at_least", "more_than", "at_most", "less_than", "nearly"]),
        period=st.none() | periods,
        region=regions,
        scope=words,
        basis=words,
        per=words,
        among=words,
        part_of=words,
        corrected=words | st.just('"corrected":"'),
        withdrawn=st.booleans(),
        start=st.just(5),
        end=st.integers(6, 20),
        sentence_start=st.integers(0, 5),
        sentence_end=st.integers(20, 40),
        clause_start=st.integers(0, 5),
        clause_end=st.integers(20, 40),
        marks=st.lists(
            st.builds(
                Mark,
                role=st.sampled_from(get_args(MarkRole)),
                start=st.integers(0, 50),
                end=st.integers(0, 50),
            ),
            max_size=4,
        ).map(tuple),
    ),
    home=regions,
)
def test_figures_survive_the_record(figure: Figure, home: Region | None) -> None:
    record = figure_json(figure, home)
    assert (CORRECTED in record) == bool(figure.corrected)
    again = read_figure(record, home)
    assert again == figure
    # Decimal("1.50") == Decimal("1.5"): what was printed must come back with its digits.
    assert str(again.value) == format(figure.value, "f") or again.value == Decimal(0)


def test_a_damaged_record_is_an_error() -> None:
    for record in ("", "{", '{"indicator":"x"}', '{"at":[1,2]}'):
        with pytest.raises((ValueError, KeyError)):
            read_figure(record, None)


def test_a_look_up_does_without_the_heavy_packages(library: Library) -> None:
    """The figure path answers in a moment because it loads neither LlamaIndex nor an index or a model."""
    code = (
        "import sys; from pathlib import Path; from zhengwen.index.library import Library; "
        "from zhengwen.index.lookup import FigureFilter, lookup; "
        "found = lookup(Library.open(Path(sys.argv[1])), FigureFilter()); assert found[0].clause; "
        "heavy = {'llama_index', 'faiss', 'tantivy', 'onnxruntime', 'numpy', 'opencc', 'trafilatura'}; "
        "print(sorted(heavy & set(sys.modules)))"
    )
    run = subprocess.run([sys.executable, "-c", code, str(library.folder)], capture_output=True, text=True, check=True)
    assert run.stdout.strip() == "[]"
