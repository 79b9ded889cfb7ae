"""Tokens, scoped search, and an index that repairs itself."""

from __future__ import annotations

from pathlib import Path

import pytest
import yaml
from hypothesis import given
from hypothesis import strategies as st

from zhengwen.index.keywords import KeywordIndex, KeywordIndexDamaged, KeywordText, tokens

CASES = yaml.safe_load((Path(__file__).parent / "cases" / "tokens.yaml").read_text(encoding="utf-8"))
TEXTS = [
    KeywordText(11, 1, "全区城镇新增就业7198人"),
    KeywordText(12, 1, "改造老旧小区41个"),
    KeywordText(21, 2, "全市城镇新增就业5万人，GDP 增长"),
]


@pytest.mark.parametrize("case", CASES, ids=[case["text"] for case in CASES])
def test_tokens(case: dict[str, object]) -> None:
    assert list(tokens(str(case["text"]))) == case["tokens"]


@given(st.text(max_size=200))
def test_tokens_never_hold_blanks(text: str) -> None:
    assert all(token and not token.isspace() and " " not in token for token in tokens(text))


@pytest.fixture
def index(tmp_path: Path) -> KeywordIndex:
    index = KeywordIndex.open(tmp_path / "keywords")
    index.update(texts=TEXTS, reports=[1, 2], remove=[])
    return index


def found(index: KeywordIndex, text: str, reports: list[int] | None = None) -> list[int]:
    return [number for number, _ in index.search(text, top=10, reports=reports)]


def test_search_within_reports(index: KeywordIndex) -> None:
    assert set(found(index, "新增就业")) == {11, 21}
    assert found(index, "新增就业", [2]) == [21]
    assert found(index, "老旧小区") == [12]
    assert found(index, "gdp") == [21]
    assert found(index, "新增就业", []) == found(index, "，。？") == found(index, "体育") == []


def test_a_long_question_is_no_trouble(index: KeywordIndex) -> None:
    assert found(index, "老旧小区改造" * 2000) == [12]


def test_the_more_telling_words_come_first(index: KeywordIndex) -> None:
    assert found(index, "全区城镇新增就业")[0] == 11


def test_replacing_and_removing(index: KeywordIndex) -> None:
    index.update(texts=[KeywordText(13, 1, "新增学校2所")], reports=[1], remove=[2])
    again = KeywordIndex.open(index.folder)
    assert again.held() == {1}
    assert found(again, "新增") == [13]
    assert found(again, "老旧小区") == []


def test_an_interrupted_update_is_suspect_and_repaired(index: KeywordIndex) -> None:
    def interrupted() -> list[KeywordText]:
        raise KeyboardInterrupt

    with pytest.raises(KeyboardInterrupt):
        index.update(texts=(text for _ in [0] for text in interrupted()), reports=[3], remove=[1])
    again = KeywordIndex.open(index.folder)
    assert again.suspect() == {1, 3}
    assert again.held() == {2}
    again.update(texts=TEXTS[:2], reports=[1], remove=[])
    assert (again.suspect(), again.held()) == (set(), {1, 2})
    assert found(again, "老旧小区") == [12]


@pytest.mark.parametrize("name", ["meta.json", "held.json", "*.term", "*.idx"])
@pytest.mark.parametrize("content", [b"", b"xx"])
def test_damage_is_noticed(index: KeywordIndex, name: str, content: bytes) -> None:
    for file in index.folder.glob(name):
        file.write_bytes(content)
    with pytest.raises(KeywordIndexDamaged):
        KeywordIndex.open(index.folder).search("新增", top=3)
    fresh = KeywordIndex.rebuild(index.folder)
    assert fresh.held() == set()
    fresh.update(texts=TEXTS, reports=[1, 2], remove=[])
    assert set(found(fresh, "新增就业")) == {11, 21}


def test_another_format_is_rebuilt(index: KeywordIndex) -> None:
    (index.folder / "held.json").write_text('{"format": 999, "held": [1, 2], "pending": []}')
    with pytest.raises(KeywordIndexDamaged):
        KeywordIndex.open(index.folder)
