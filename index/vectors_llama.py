"""The FAISS store as a LlamaIndex vector store: own numbers, filters applied inside the search, deletion, files.

store = FaissPassageStore.create(identity=embedder.identity, dimensions=embedder.dimensions)
index = VectorStoreIndex.from_vector_store(store, embed_model=as_llama(embedder))

LlamaIndex's own FAISS stores have no filters, and give a live number away again after add, delete, add.
"""

from __future__ import annotations

import json
from collections.abc import Callable, Iterable, Sequence
from pathlib import Path
from typing import Any, Self

import numpy as np
from llama_index.core.bridge.pydantic import PrivateAttr
from llama_index.core.schema import BaseNode
from llama_index.core.vector_stores.simple import build_metadata_filter_fn  # type: ignore[attr-defined]
from llama_index.core.vector_stores.types import (
    BasePydanticVectorStore,
    MetadataFilters,
    VectorStoreQuery,
    VectorStoreQueryMode,
    VectorStoreQueryResult,
)
from llama_index.core.vector_stores.utils import metadata_dict_to_node, node_to_metadata_dict

from zhengwen.index.vectors import FlatVectors, VectorsError

_DOCUMENT = "ref_doc_id"
Metadata = dict[str, Any]


class FaissPassageStore(BasePydanticVectorStore):
    """Passages by vector, filtered by what is known of their reports.

    A node's metadata may hold anything JSON can (`report_id`, `region`, `year` …); any LlamaIndex filter over it is
    applied inside the search, so `similarity_top_k` results come back where the filter leaves that many. Deletion is
    by report (`delete`, the node's `ref_doc_id`) or by node (`delete_nodes`).
    """

    stores_text: bool = True
    is_embedding_query: bool = True
    _vectors: FlatVectors = PrivateAttr()
    _numbers: dict[str, int] = PrivateAttr(default_factory=dict)
    _nodes: dict[int, Metadata] = PrivateAttr(default_factory=dict)
    _next: int = PrivateAttr(default=1)

    @classmethod
    def create(cls, *, identity: str, dimensions: int) -> Self:
        """An empty store for the vectors of one embedder."""
        store = cls()
        store._vectors = FlatVectors(identity=identity, dimensions=dimensions)
        return store

    @property
    def client(self) -> FlatVectors:
        return self._vectors

    def __len__(self) -> int:
        return len(self._vectors)

    def add(self, nodes: Sequence[BaseNode], **_: Any) -> list[str]:
        """Add nodes that carry embeddings; a node that is held already is replaced. Gives their ids."""
        last = {node.node_id: node for node in nodes}
        self.delete_nodes(list(last))
        numbers = list(range(self._next, self._next + len(last)))
        self._next += len(last)
        rows = np.array([node.get_embedding() for node in last.values()], dtype=np.float32)
        self._vectors.add(numbers, rows.reshape(len(numbers), self._vectors.dimensions))
        for number, node in zip(numbers, last.values(), strict=True):
            self._numbers[node.node_id] = number
            self._nodes[number] = node_to_metadata_dict(node, remove_text=False, flat_metadata=False)
        return [node.node_id for node in nodes]

    def delete(self, ref_doc_id: str, **_: Any) -> None:
        """Remove all passages of a report."""
        self._drop([number for number, node in self._nodes.items() if node.get(_DOCUMENT) == ref_doc_id])

    def delete_nodes(self, node_ids: list[str] | None = None, filters: MetadataFilters | None = None, **_: Any) -> None:
        """Remove nodes by id, by filter, or those that fit both."""
        if node_ids is not None or filters is not None:
            self._drop(self._chosen(VectorStoreQuery(node_ids=node_ids, filters=filters)) or [])

    def clear(self) -> None:
        """Remove everything; numbers are still not given out again."""
        self._drop(list(self._nodes))

    def get_nodes(self, node_ids: list[str] | None = None, filters: MetadataFilters | None = None) -> list[BaseNode]:
        """Nodes by id, by filter, or those that fit both."""
        chosen = self._chosen(VectorStoreQuery(node_ids=node_ids, filters=filters))
        return [self._node(number) for number in (self._nodes if chosen is None else chosen)]

    def query(self, query: VectorStoreQuery, **_: Any) -> VectorStoreQueryResult:
        """The nearest nodes within the query's filters, node ids and document ids, best first."""
        if query.mode != VectorStoreQueryMode.DEFAULT:
            raise ValueError(
                f"query mode {query.mode.value!r} is not offered; use {VectorStoreQueryMode.DEFAULT.value!r}"
            )
        if query.query_embedding is None:
            raise ValueError("the query carries no embedding; give the index an embedding model")
        vector = np.array(query.query_embedding, dtype=np.float32)
        found = self._vectors.search(vector, query.similarity_top_k, among=self._chosen(query))
        nodes = [self._node(number) for number, _ in found]
        return VectorStoreQueryResult(
            nodes=nodes, similarities=[score for _, score in found], ids=[node.node_id for node in nodes]
        )

    def persist(self, persist_path: str, fs: Any = None) -> None:  # noqa: ARG002 - LlamaIndex passes it
        """Write one file, whole or not at all."""
        self._vectors.stamp = json.dumps({"next": self._next, "nodes": self._nodes}, ensure_ascii=False)
        self._vectors.save(Path(persist_path))

    @classmethod
    def load(cls, path: Path, *, identity: str, dimensions: int) -> Self:
        """The inverse of `persist`. Raises VectorsError where the file is damaged or of another embedder."""
        store = cls()
        store._vectors = FlatVectors.load(path, identity=identity, dimensions=dimensions)
        try:
            kept = json.loads(store._vectors.stamp)
            store._next = int(kept["next"])
            store._nodes = {int(number): node for number, node in kept["nodes"].items()}
        except (ValueError, KeyError, TypeError, AttributeError):
            raise VectorsError(f"{path}: not the file of a passage store") from None
        store._numbers = {store._node(number).node_id: number for number in store._nodes}
        if set(store._vectors.numbers.tolist()) != set(store._nodes):
            raise VectorsError(f"{path}: vectors and nodes do not match")
        return store

    def _node(self, number: int) -> BaseNode:
        return metadata_dict_to_node(self._nodes[number])

    def _drop(self, numbers: Iterable[int]) -> None:
        gone = list(numbers)
        self._vectors.remove(gone)
        for number in gone:
            self._numbers.pop(self._node(number).node_id)
            self._nodes.pop(number)

    def _chosen(self, query: VectorStoreQuery) -> list[int] | None:
        """The numbers that the query's conditions leave; None: all."""
        chosen: Iterable[int] | None = None
        if query.node_ids is not None:
            chosen = [self._numbers[node_id] for node_id in query.node_ids if node_id in self._numbers]
        if query.doc_ids is not None:
            documents = set(query.doc_ids)
            chosen = [n for n in self._all(chosen) if self._nodes[n].get(_DOCUMENT) in documents]
        if query.filters is not None and query.filters.filters:
            fits: Callable[[str], bool] = build_metadata_filter_fn(lambda key: self._nodes[int(key)], query.filters)
            chosen = [number for number in self._all(chosen) if fits(str(number))]
        return None if chosen is None else list(chosen)

    def _all(self, chosen: Iterable[int] | None) -> Iterable[int]:
        return self._nodes if chosen is None else chosen
