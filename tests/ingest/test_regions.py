"""Places in texts and the table of divisions."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest
import yaml
from hypothesis import given
from hypothesis import strategies as st

from zhengwen.ingest.regions import NATION, gazetteer

CASES: dict[str, Any] = yaml.safe_load((Path(__file__).parent / "cases" / "regions.yaml").read_text(encoding="utf-8"))


@pytest.mark.parametrize("case", CASES["found"], ids=lambda case: case["text"])
def test_places_found(case: dict[str, Any]) -> None:
    found = [
        f"{mention.text} = {'、'.join(candidate.name for candidate in mention.candidates)}"
        for mention in gazetteer().find(case["text"])
    ]
    assert found == case["places"]


@pytest.mark.parametrize("text", CASES["none"])
def test_words_are_no_places(text: str) -> None:
    assert [mention.text for mention in gazetteer().find(text)] == []


@given(st.text(alphabet="山东省滨州市城区和平大连沈阳2020年，。全国朝阳新", max_size=40))
def test_mentions_are_slices_in_order(text: str) -> None:
    end = 0
    for mention in gazetteer().find(text):
        assert text[mention.start : mention.end] == mention.text
        assert mention.start >= end
        assert mention.candidates
        end = mention.end


def test_way_up_and_down() -> None:
    table = gazetteer()
    county = table.by_code("371602")
    assert county is not None and county.name == "山东省滨州市滨城区" and county.level == "county"
    parents = [table.parent(code) for code in ("371602", "371600", "370000", NATION)]
    assert [parent.name if parent else None for parent in parents] == ["山东省滨州市", "山东省", "全国", None]
    assert county in table.children("371600")
    assert table.within("371602", "370000") and table.within("371602", NATION)
    assert not table.within("371602", "210000")
    assert table.by_code("999999") is None


@pytest.mark.parametrize(
    ("old", "new"),
    [
        ("371421", "山东省德州市陵城区"),  # 陵县 became a district
        ("371200", "山东省济南市"),  # 莱芜 was merged
        ("372300", "山东省滨州市"),  # 滨州地区
        ("371602", None),
        ("999999", None),
    ],
)
def test_successors(old: str, new: str | None) -> None:
    after = gazetteer().successor(old)
    assert (after.name if after else None) == new


def test_every_successor_is_in_use() -> None:
    table = gazetteer()
    for code in ("372322", "372328", "320819", "420600", "310119", "110103", "371424"):
        after = table.successor(code)
        assert after is None or table.in_use(after.code)
