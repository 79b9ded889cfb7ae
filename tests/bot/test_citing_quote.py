"""Where does this sentence come from: exact, alike, or honestly not found."""

from __future__ import annotations

import re
from pathlib import Path
from typing import Any

import pytest
import yaml
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from zhengwen.bot.citing_fold import folded
from zhengwen.bot.citing_quote import asks_for_source, bare_quote, find_quote, is_quote
from zhengwen.index.library import Library
from zhengwen.ingest.errors import InputError

CASES = yaml.safe_load((Path(__file__).parent / "cases" / "quotes.yaml").read_text(encoding="utf-8"))


@pytest.mark.parametrize("case", CASES, ids=lambda case: case["ask"][:30])
def test_a_quotation_is_found_as_it_should_be(library: Library, case: dict[str, Any]) -> None:
    found = find_quote(library, case["ask"])
    if case["how"] is None:
        assert found.places == ()
        return
    place = found.places[0]
    assert place.how == case["how"]
    assert library.text(place.report).clean[place.start : place.end] == case["text"]
    assert (place.score == 1.0) == (place.how != "fuzzy")
    if "differences" in case:
        assert [[one.quote, one.source] for one in place.differences] == case["differences"]


@settings(max_examples=40, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(data=st.data())
def test_every_slice_of_every_report_is_found_where_it_stands(library: Library, data: st.DataObject) -> None:
    report = data.draw(st.sampled_from(library.reports()))
    passage = data.draw(st.sampled_from(library.passages_of(report)))
    start = data.draw(st.integers(0, max(len(passage.text) - 12, 0)))
    end = data.draw(st.integers(min(start + 12, len(passage.text)), len(passage.text)))
    quote = passage.text[start:end].strip()
    if len(folded(bare_quote(quote)).text) < 8:
        return
    if re.search(r"[\d.]\n[\d.]", f"{passage.text[:start]}\n{quote}") or re.search(r"[\d.]$", quote):
        return  # half a number is not found, on purpose
    found = find_quote(library, quote)
    clean = library.text(report).clean
    assert any(place.report.no == report.no and clean[place.start : place.end] in quote for place in found.places)


def test_what_is_nearest_is_said_with_its_score_but_not_taken(library: Library) -> None:
    found = find_quote(library, "全年新造大型邮轮三艘，交付远洋货轮十二艘")
    assert found.places == ()
    assert found.nearest is None or 0 < found.nearest.score < 0.78


@pytest.mark.parametrize("text", ["滨城", "“滨城”", "。", "、、"])
def test_too_little_to_look_for_is_refused(library: Library, text: str) -> None:
    with pytest.raises(InputError, match="too short"):
        find_quote(library, text)


@pytest.mark.parametrize("text", ["x" * 20_000 + "。", "滨" * 5_000])
def test_long_and_senseless_text_is_only_not_found(library: Library, text: str) -> None:
    assert find_quote(library, text).places == ()


@pytest.mark.parametrize(
    "text", ["\ud800全年城镇新增就业", "\x00\x1b[2J全年城镇新增就业", "全年城镇\u200b新\u00ad增\n就业"]
)
def test_odd_characters_do_no_harm(library: Library, text: str) -> None:
    place = find_quote(library, text).places[0]
    assert library.text(place.report).clean[place.start : place.end] == "全年城镇新增就业"


@given(st.text(max_size=60))
def test_folding_leads_back(text: str) -> None:
    fold = folded(text)
    assert len(fold.at) == len(fold.text)
    assert list(fold.at) == sorted(fold.at)
    for at in range(len(fold.text)):
        first, last = fold.original(at, at + 1)
        assert folded(text[first:last]).text and fold.text[at] in folded(text[first:last]).text


@given(st.text(max_size=60))
def test_folding_twice_is_folding_once(text: str) -> None:
    once = folded(text).text
    assert folded(folded(once).text).text == folded(once).text


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("“新增就业7人”这句话出自哪里？", "新增就业7人"),
        ("请问「新增就业7人」出自哪份报告", "新增就业7人"),
        ("这句话出自哪里：“新增就业7人”", "新增就业7人"),
        ("滨城区2020年新增就业多少", ""),
        ("“十三五”期间滨城区新增就业多少", ""),
        ("“散乱污”企业是什么", ""),
        ("“四上”企业这个数字出自哪里", ""),
    ],
)
def test_a_question_for_a_source_is_told_from_others(text: str, expected: str) -> None:
    assert asks_for_source(text) == expected


@pytest.mark.parametrize(
    ("text", "quote"), [("3f2a9c01d4e7", False), ("[3f2a9c01d4e7]", False), ("abc", False), ("新增就业", True)]
)
def test_an_id_is_told_from_a_sentence(text: str, quote: bool) -> None:
    assert is_quote(text) is quote
