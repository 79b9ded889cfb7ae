"""Our retriever in somebody's own LlamaIndex program; filters that become part of the search."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import pytest
from llama_index.core import PromptTemplate
from llama_index.core.llms import CompletionResponse, CompletionResponseGen, CustomLLM, LLMMetadata
from llama_index.core.query_engine import RetrieverQueryEngine
from llama_index.core.vector_stores.types import (
    FilterCondition,
    FilterOperator,
    MetadataFilter,
    MetadataFilters,
    VectorStoreQuery,
)

from zhengwen.index.embed_llama import as_llama
from zhengwen.index.embedding import embed_missing, embedded_text
from zhengwen.index.library import Library
from zhengwen.index.llama import HybridRetriever, LibraryVectorStore, node_of
from zhengwen.index.retrieve import Scope
from zhengwen.index.vectors_llama import FaissPassageStore
from zhengwen.ingest.errors import LibraryError
from zhengwen.ingest.models import Report

MakeReport = Callable[..., Report]
FACTS = [("城镇新增就业", "7198", "人"), ("改造老旧小区", "41", "个")]


class FirstLine(CustomLLM):
    """A local model in a few lines: it answers with the context it was given."""

    @property
    def metadata(self) -> LLMMetadata:
        return LLMMetadata(model_name="first-line", context_window=4000, num_output=200)

    def complete(self, prompt: str, formatted: bool = False, **_: Any) -> CompletionResponse:
        del formatted
        return CompletionResponse(text=prompt.split("---")[1].strip())

    def stream_complete(self, prompt: str, formatted: bool = False, **_: Any) -> CompletionResponseGen:
        yield self.complete(prompt, formatted)


@pytest.fixture
def library(empty_library: Library, make_report: MakeReport) -> Library:
    for source, code, year in (("a", "371602", 2020), ("b", "371600", 2020), ("c", "120101", 2018)):
        empty_library.add(make_report(source, code=code, year=year, facts=FACTS))
    return empty_library


def test_the_retriever_in_a_query_engine(library: Library) -> None:
    retriever = HybridRetriever(library, scope=Scope(regions=("371602",)), top=2)
    prompt = PromptTemplate("---\n{context_str}\n---\n{query_str}")
    engine = RetrieverQueryEngine.from_args(retriever, llm=FirstLine(), text_qa_template=prompt)
    response = engine.query("老旧小区改造了多少个？")
    assert "41个" in str(response)
    for found in response.source_nodes:
        passage = library.passage(found.node.node_id)  # the node's id is the citation id
        assert passage is not None
        assert found.node.get_content() == passage.text
        assert found.node.metadata["region"] == "山东省滨州市滨城区"


FILTERS: dict[str, tuple[list[MetadataFilter], FilterCondition, set[str]]] = {
    "region": ([MetadataFilter(key="region_code", value="371602")], FilterCondition.AND, {"a"}),
    "year": (
        [MetadataFilter(key="year_reviewed", value=2019, operator=FilterOperator.GT)],
        FilterCondition.AND,
        {"a", "b"},
    ),
    "either": (
        [
            MetadataFilter(key="year_reviewed", value=2018),
            MetadataFilter(key="region_code", value=["371600"], operator=FilterOperator.IN),
        ],
        FilterCondition.OR,
        {"b", "c"},
    ),
    "not": ([MetadataFilter(key="year_reviewed", value=2018)], FilterCondition.NOT, {"a", "b"}),
}


@pytest.mark.parametrize("name", FILTERS)
def test_filters_of_the_vector_store(library: Library, bigram_embedder: Any, name: str) -> None:
    embed_missing(library, bigram_embedder)
    store = LibraryVectorStore.of(library, bigram_embedder)
    filters, condition, expected = FILTERS[name]
    wanted = VectorStoreQuery(
        query_embedding=bigram_embedder.question("就业").tolist(),
        similarity_top_k=20,
        filters=MetadataFilters(filters=list(filters), condition=condition),
    )
    result = store.query(wanted)
    assert {node.metadata["source"] for node in result.nodes or []} == expected
    assert result.similarities == sorted(result.similarities or [], reverse=True)


def test_an_unknown_filter_is_said(library: Library, bigram_embedder: Any) -> None:
    store = LibraryVectorStore.of(library, bigram_embedder)
    filters = MetadataFilters(filters=[MetadataFilter(key="colour", value="red")])
    with pytest.raises(ValueError, match="no filter on 'colour'"):
        store.query(VectorStoreQuery(query_embedding=[0.0] * 64, filters=filters))


def test_a_vector_store_of_ones_own(library: Library, bigram_embedder: Any) -> None:
    """Any LlamaIndex store may hold the vectors, as long as its nodes are passages of the library."""
    stored = [one for row in library.reports() for one in library.passages_of(row)]
    vectors = bigram_embedder.passages([embedded_text(one) for one in stored])
    store = FaissPassageStore.create(identity=bigram_embedder.identity, dimensions=bigram_embedder.dimensions)
    store.add([node_of(one, embedding=vector.tolist()) for one, vector in zip(stored, vectors, strict=True)])
    retriever = HybridRetriever(
        library, scope=Scope(regions=("371600",)), vector_store=store, embed_model=as_llama(bigram_embedder)
    )
    found = retriever.retrieve("新增就业多少人")
    assert {node.metadata["source"] for node in found} == {"b"}
    assert any("vector" in node.metadata["found_by"] for node in found)
    with pytest.raises(LibraryError, match="embed_model"):
        HybridRetriever(library, vector_store=store)
