"""The vector store: scoped search, deletion, numbers, and files that are whole or rejected."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from llama_index.core.schema import NodeRelationship, RelatedNodeInfo, TextNode
from llama_index.core.vector_stores.types import (
    FilterCondition,
    FilterOperator,
    MetadataFilter,
    MetadataFilters,
    VectorStoreQuery,
    VectorStoreQueryMode,
)

from zhengwen.index.vectors import FlatVectors, VectorsError
from zhengwen.index.vectors_llama import FaissPassageStore

SIZE = 8
IDENTITY = "test/8"


def vector(seed: int) -> Any:
    row = np.random.default_rng(seed).normal(size=SIZE)
    return (row / np.linalg.norm(row)).astype(np.float32)


def filled(*numbers: int) -> FlatVectors:
    vectors = FlatVectors(identity=IDENTITY, dimensions=SIZE)
    vectors.add(numbers, np.stack([vector(number) for number in numbers]))
    return vectors


def test_search_gives_the_nearest_first_with_cosines() -> None:
    found = filled(3, 5, 9).search(vector(5), 2)
    assert next(number for number, _ in found) == 5
    assert found[0][1] == pytest.approx(1.0, abs=1e-6)
    assert len(found) == 2
    assert found[0][1] > found[1][1]


def test_the_scope_is_applied_inside_the_search() -> None:
    vectors = filled(*range(1, 200))
    assert {number for number, _ in vectors.search(vector(5), 3, among=[7, 8, 9, 10_000])} == {7, 8, 9}
    assert vectors.search(vector(5), 3, among=[]) == []
    assert vectors.search(vector(5), 3, among=[10_000]) == []


def test_empty_and_asking_for_more_than_there_is() -> None:
    empty = FlatVectors(identity=IDENTITY, dimensions=SIZE)
    assert empty.search(vector(1), 5) == []
    assert empty.remove([1]) == 0
    empty.add([], np.zeros((0, SIZE)))
    assert len(filled(1, 2).search(vector(1), 50)) == 2


def test_what_cannot_be_added_is_refused() -> None:
    vectors = filled(1)
    with pytest.raises(ValueError, match="2 numbers"):
        vectors.add([1, 2], vector(1)[None])
    with pytest.raises(ValueError, match="1 different"):
        vectors.add([1, 1], np.stack([vector(1), vector(2)]))
    with pytest.raises(ValueError, match="finite"):
        vectors.add([2], np.full((1, SIZE), np.nan))


Steps = st.lists(
    st.tuples(st.sampled_from(["add", "remove"]), st.lists(st.integers(1, 30), max_size=6, unique=True)), max_size=12
)


@settings(max_examples=60, deadline=None)
@given(Steps, st.integers(1, 40), st.lists(st.integers(1, 30), unique=True))
def test_it_holds_what_a_dictionary_would(steps: Any, top: int, among: list[int]) -> None:
    vectors = FlatVectors(identity=IDENTITY, dimensions=SIZE)
    expected: dict[int, Any] = {}
    for turn, (what, numbers) in enumerate(steps):
        if what == "add":
            rows = [vector(number * 100 + turn) for number in numbers]
            vectors.add(numbers, np.array(rows, dtype=np.float32).reshape(-1, SIZE))
            expected |= dict(zip(numbers, rows, strict=True))
        else:
            assert vectors.remove(numbers) == len(expected.keys() & set(numbers))
            expected = {number: row for number, row in expected.items() if number not in numbers}
    assert sorted(vectors.numbers.tolist()) == sorted(expected)
    query = vector(7)
    for scope in (None, among):
        inside = {number: float(row @ query) for number, row in expected.items() if scope is None or number in scope}
        found = vectors.search(query, top, among=scope)
        best = sorted(inside.values(), reverse=True)[:top]
        assert [score for _, score in found] == pytest.approx(best, abs=1e-5)
        assert all(inside[number] == pytest.approx(score, abs=1e-5) for number, score in found)


def test_a_file_comes_back_as_it_was(tmp_path: Path) -> None:
    path = tmp_path / "deep" / "vectors"
    vectors = filled(3, 5, 9)
    vectors.stamp = "17"
    vectors.save(path)
    loaded = FlatVectors.load(path, identity=IDENTITY, dimensions=SIZE)
    assert (loaded.stamp, loaded.numbers.tolist()) == ("17", [3, 5, 9])
    assert loaded.search(vector(9), 3) == vectors.search(vector(9), 3)
    assert np.allclose(loaded.vector(3), vector(3))
    loaded.add([11], vector(11)[None])
    assert loaded.remove([3, 5]) == 2
    assert [path.name for path in path.parent.iterdir()] == ["vectors"]


def test_another_embedder_s_file_is_refused(tmp_path: Path) -> None:
    filled(1).save(tmp_path / "v")
    with pytest.raises(VectorsError, match="made by the embedder 'test/8'"):
        FlatVectors.load(tmp_path / "v", identity="other", dimensions=SIZE)
    with pytest.raises(VectorsError, match="No such file"):
        FlatVectors.load(tmp_path / "none", identity=IDENTITY, dimensions=SIZE)


def test_any_damage_is_noticed(tmp_path: Path) -> None:
    path = tmp_path / "v"
    filled(1, 2, 3).save(path)
    whole = path.read_bytes()
    for at in range(len(whole)):
        for damaged in (whole[:at], whole[:at] + bytes([whole[at] ^ 0x55]) + whole[at + 1 :]):
            path.write_bytes(damaged)
            try:
                loaded = FlatVectors.load(path, identity=IDENTITY, dimensions=SIZE)
            except VectorsError:
                continue
            assert loaded.numbers.tolist() == [1, 2, 3], "only the stamp may differ"


# -- the same through LlamaIndex ------------------------------------------------------------------------------------


def node(name: str, report: str, *, region: str = "371602", year: int = 2020, seed: int = 0) -> TextNode:
    return TextNode(
        id_=name,
        text=f"text of {name}",
        embedding=vector(seed).tolist(),
        metadata={"region": region, "year": year, "report_id": report},
        relationships={NodeRelationship.SOURCE: RelatedNodeInfo(node_id=report)},
    )


def store() -> FaissPassageStore:
    made = FaissPassageStore.create(identity=IDENTITY, dimensions=SIZE)
    made.add(
        [
            node("a1", "A", seed=1),
            node("a2", "A", seed=2),
            node("b1", "B", region="210200", year=2021, seed=3),
            node("c1", "C", region="210200", year=2019, seed=4),
        ]
    )
    return made


def ask(made: FaissPassageStore, seed: int, top: int = 10, **conditions: Any) -> list[str]:
    query = VectorStoreQuery(query_embedding=vector(seed).tolist(), similarity_top_k=top, **conditions)
    ids = made.query(query).ids
    assert ids is not None
    return ids


def filters(*conditions: tuple[str, str, Any], any_of: bool = False) -> MetadataFilters:
    return MetadataFilters(
        filters=[MetadataFilter(key=k, operator=FilterOperator(op), value=value) for k, op, value in conditions],
        condition=FilterCondition.OR if any_of else FilterCondition.AND,
    )


def test_the_store_filters_inside_the_search() -> None:
    made = store()
    assert ask(made, 1)[0] == "a1"
    assert ask(made, 1, top=1, filters=filters(("region", "==", "210200"), ("year", ">=", 2020))) == ["b1"]
    assert set(ask(made, 1, filters=filters(("region", "in", ["210200"])))) == {"b1", "c1"}
    assert set(ask(made, 1, filters=filters(("year", "==", 2019), ("year", "==", 2021), any_of=True))) == {"b1", "c1"}
    assert ask(made, 1, filters=filters(("region", "==", "000000"))) == []
    assert set(ask(made, 3, doc_ids=["A"])) == {"a1", "a2"}
    assert ask(made, 3, node_ids=["a2", "unknown"]) == ["a2"]


def test_the_store_deletes_by_report_and_by_node() -> None:
    made = store()
    made.delete("A")
    assert sorted(ask(made, 1)) == ["b1", "c1"]
    made.delete_nodes(["b1", "unknown"])
    assert ask(made, 1) == ["c1"]
    made.delete("A")
    made.delete_nodes(filters=filters(("year", "==", 2019)))
    assert len(made) == 0


def test_a_number_is_never_given_out_twice(tmp_path: Path) -> None:
    made = store()
    made.delete("C")
    made.add([node("d1", "D", seed=5)])
    assert made.client.numbers.tolist() == [1, 2, 3, 5]
    made.clear()
    made.persist(str(tmp_path / "s"))
    again = FaissPassageStore.load(tmp_path / "s", identity=IDENTITY, dimensions=SIZE)
    again.add([node("e1", "E", seed=6)])
    assert again.client.numbers.tolist() == [6]


def test_a_node_added_again_replaces_itself() -> None:
    made = store()
    made.add([node("a1", "A", seed=9)])
    assert len(made) == 4
    assert ask(made, 9)[0] == "a1"


def test_the_store_comes_back_from_its_file(tmp_path: Path) -> None:
    made = store()
    path = tmp_path / "store"
    made.persist(str(path))
    again = FaissPassageStore.load(path, identity=IDENTITY, dimensions=SIZE)
    assert ask(again, 3) == ask(made, 3)
    assert [one.get_content() for one in again.get_nodes(["a2"])] == ["text of a2"]
    again.delete("B")
    assert len(again) == 3
    filled(1).save(path)
    with pytest.raises(VectorsError, match="not the file of a passage store"):
        FaissPassageStore.load(path, identity=IDENTITY, dimensions=SIZE)


def test_what_the_store_does_not_do_is_said() -> None:
    query = VectorStoreQuery(query_embedding=vector(1).tolist(), mode=VectorStoreQueryMode.MMR)
    with pytest.raises(ValueError, match="mmr"):
        store().query(query)
    with pytest.raises(ValueError, match="embedding"):
        store().query(VectorStoreQuery(query_str="words"))
