"""The indicator table: names, aliases, near-names."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest
import yaml
from hypothesis import assume, given
from hypothesis import strategies as st

from zhengwen.ingest.indicators import indicators
from zhengwen.ingest.indicators_table import expand

CASES: dict[str, Any] = yaml.safe_load(
    (Path(__file__).parent / "cases" / "indicators.yaml").read_text(encoding="utf-8")
)
PARAPHRASES: list[dict[str, Any]] = yaml.safe_load(
    (Path(__file__).parent / "cases" / "indicator_paraphrases.yaml").read_text(encoding="utf-8")
)
TABLE = indicators()


@pytest.mark.parametrize(("words", "unit", "kind", "qualifiers", "name"), CASES["canonical"])
def test_canonical(words: str, unit: str, kind: Any, qualifiers: list[str], name: str | None) -> None:
    assert TABLE.canonical(words, unit=unit, kind=kind, qualifiers=tuple(qualifiers)) == name


@pytest.mark.parametrize(("question", "names"), CASES["find"])
def test_find(question: str, names: list[str]) -> None:
    assert [mention.name for mention in TABLE.find(question)] == names


@pytest.mark.parametrize(("one", "other"), CASES["apart"])
def test_near_names_stay_apart(one: str, other: str) -> None:
    assert other in TABLE.near(one) and one in TABLE.near(other)
    assert not {*TABLE.get(one).aliases, one} & {*TABLE.get(other).aliases, other}


def test_the_table_is_large_and_refers_to_itself() -> None:
    names = {row.name for row in TABLE}
    assert len([row for row in TABLE if not row.broad]) >= 150
    for row in TABLE:
        assert {*row.parts, *row.alternatives} <= names, row.name
        assert "" not in (*row.aliases, *row.exact, *row.spoken, *row.near), row.name
        assert row.broad or row.units, row.name


def test_no_word_means_two_indicators_of_one_unit() -> None:
    bearers: dict[str, list[Any]] = {}
    for row in TABLE:
        if not row.broad:
            for word in {row.name, *row.aliases, *row.exact}:
                bearers.setdefault(word, []).append(row)
    clashes = [
        (word, one.name, other.name)
        for word, rows in bearers.items()
        for one in rows
        for other in rows
        if one.name < other.name and one.units & other.units
    ]
    assert clashes == []


def test_unknown_names() -> None:
    assert TABLE.near("没有的指标") == ()
    with pytest.raises(KeyError):
        TABLE.get("没有的指标")


def test_every_name_finds_itself() -> None:
    for row in TABLE:
        found = TABLE.find(row.name)
        assert [(mention.start, mention.end, mention.name) for mention in found] == [(0, len(row.name), row.name)]


def test_what_a_name_may_mean() -> None:
    assert TABLE.get("财政收入").alternatives[0] == "一般公共预算收入"
    assert not TABLE.get("财政收入").broad
    assert TABLE.get("失业率").alternatives == ("城镇调查失业率", "城镇登记失业率")
    assert TABLE.get("失业率").broad
    assert TABLE.get("城乡居民人均可支配收入").parts
    row = TABLE.get("城镇新增就业")
    assert (row.alternatives, row.parts) == ((), ())
    assert all(row.alternatives or row.parts for row in TABLE if row.broad)


def test_expand() -> None:
    assert expand("{GDP,生产总值}{,总量}") == ["GDP", "GDP总量", "生产总值", "生产总值总量"]
    assert expand("PM2.5") == ["PM2.5"]


WORDS = st.sampled_from(
    [row.name for row in TABLE] + ["多少", "了几家", "2020年", "和", "，", "新增", "全市", "x", "Ｇ"]
)


@given(st.lists(WORDS | st.text(max_size=3), max_size=8).map("".join))
def test_mentions_are_ordered_slices(text: str) -> None:
    at = 0
    for mention in TABLE.find(text):
        assert at <= mention.start < mention.end
        assert text[mention.start : mention.end] == mention.alias
        at = mention.end


@given(
    st.sampled_from([row for row in TABLE if not row.broad]), st.sampled_from(["全市", "预计", "实现", "全市预计", ""])
)
def test_allowed_modifiers_change_nothing(row: Any, modifier: str) -> None:
    # 实现农村贫困人口 (…脱贫) is a name of its own.
    assume(not any(modifier + row.name in other.aliases for other in TABLE if other.name != row.name))
    unit, kind = sorted(row.units)[0], row.kinds[0]
    plain = TABLE.canonical(row.name, unit=unit, kind=kind)
    assert plain is not None and TABLE.canonical(modifier + row.name, unit=unit, kind=kind) == plain


@pytest.mark.parametrize("case", PARAPHRASES, ids=lambda case: case["question"])
def test_paraphrases_are_held_out(case: dict[str, Any]) -> None:
    """They measure the reader of questions: the alias table must not hold them."""
    wanted = case["indicator"]
    assert wanted is None or wanted in {row.name for row in TABLE}
    assert wanted not in {mention.name for mention in TABLE.find(case["question"])}
