"""The library behind LlamaIndex's interfaces: its vectors as a vector store, its retrieval as a retriever.

    engine = RetrieverQueryEngine.from_args(HybridRetriever(library, scope=Scope(regions=("371602",))), llm=my_llm)
    engine.query("老旧小区改造进展如何？")

Importing this module costs a second; the figure path does without it.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

import numpy as np
from llama_index.core.base.embeddings.base import BaseEmbedding
from llama_index.core.bridge.pydantic import PrivateAttr
from llama_index.core.retrievers import BaseRetriever
from llama_index.core.schema import BaseNode, NodeRelationship, NodeWithScore, QueryBundle, RelatedNodeInfo, TextNode
from llama_index.core.vector_stores.types import (
    BasePydanticVectorStore,
    FilterCondition,
    FilterOperator,
    MetadataFilter,
    MetadataFilters,
    VectorStoreQuery,
    VectorStoreQueryResult,
)
from sqlalchemy import ColumnElement, and_, not_, or_, select, true

from zhengwen.index import schema
from zhengwen.index.embed import Embedder
from zhengwen.index.embed_llama import as_llama
from zhengwen.index.embedding import has_vectors, load_embedder, nearest
from zhengwen.index.fusion import FoundBy, fuse
from zhengwen.index.library import Library
from zhengwen.index.rows import StoredPassage
from zhengwen.index.scope import Scope, scoped_reports
from zhengwen.index.sync import keyword_index
from zhengwen.ingest.errors import LibraryError

FOUND_BY = "found_by"
_FILTERABLE: dict[str, Any] = {
    "report_id": schema.reports.c.id,
    "region": schema.reports.c.region_name,
    "region_code": schema.reports.c.region_code,
    "year_reviewed": schema.reports.c.year_reviewed,
    "kind": schema.reports.c.kind,
    "date": schema.reports.c.date,
    "title": schema.reports.c.title,
    "mode": schema.passages.c.mode,
    "passage_id": schema.passages.c.id,
}


def node_of(stored: StoredPassage, *, embedding: list[float] | None = None) -> TextNode:
    """A passage as a LlamaIndex node: its id is the citation id, its document the report."""
    report, passage = stored.report, stored.passage
    metadata = {
        "report_id": report.id,
        "region": report.region_name,
        "region_code": report.region.code if report.region else "",
        "year_reviewed": report.year_reviewed or 0,
        "kind": report.kind,
        "date": report.date.isoformat() if report.date else "",
        "title": report.title,
        "source": report.source,
        "headings": " › ".join(passage.headings),
        "mode": passage.mode,
        "passage_no": stored.no,
    }
    return TextNode(
        id_=stored.id,
        text=stored.text,
        metadata=metadata,
        embedding=embedding,
        excluded_embed_metadata_keys=list(metadata),
        excluded_llm_metadata_keys=[key for key in metadata if key not in ("title", "date", "headings")],
        relationships={NodeRelationship.SOURCE: RelatedNodeInfo(node_id=report.id)},
        start_char_idx=passage.start,
        end_char_idx=passage.end,
    )


class LibraryVectorStore(BasePydanticVectorStore):
    """The library's own FAISS index: metadata filters become the set of passages that the search looks at.

    Filters may use report_id, region, region_code, year_reviewed, kind, date, title, mode and passage_id with the
    operators ==, !=, in, nin, >, >=, <, <=. Reports enter through `Library.add`, not through `add`.
    """

    stores_text: bool = True
    is_embedding_query: bool = True
    _library: Library = PrivateAttr()
    _embedder: Embedder = PrivateAttr()

    @classmethod
    def of(cls, library: Library, embedder: Embedder) -> LibraryVectorStore:
        store = cls()
        store._library, store._embedder = library, embedder
        return store

    @property
    def client(self) -> Library:
        return self._library

    def add(self, nodes: Sequence[BaseNode], **_: Any) -> list[str]:
        raise NotImplementedError("reports enter a library through Library.add or ingest_paths")

    def delete(self, ref_doc_id: str, **_: Any) -> None:
        """Remove a report from the library."""
        self._library.remove([ref_doc_id])

    def query(self, query: VectorStoreQuery, **_: Any) -> VectorStoreQueryResult:
        """The nearest passages within the query's filters, best first."""
        if query.query_embedding is None:
            raise ValueError("the query carries no embedding; give the index an embedding model")
        vector = np.asarray(query.query_embedding, dtype=np.float32)
        found = nearest(self._library, self._embedder, vector, top=query.similarity_top_k, among=self._among(query))
        stored = {one.no: one for one in self._library.passages(number for number, _ in found)}
        kept = [(stored[number], score) for number, score in found if number in stored]
        nodes = [node_of(one) for one, _ in kept]
        return VectorStoreQueryResult(
            nodes=nodes, similarities=[score for _, score in kept], ids=[node.node_id for node in nodes]
        )

    def numbers(self, query: VectorStoreQuery, *, reports: Sequence[int] | None) -> list[int]:
        """The internal numbers of the nearest passages of these reports (None: of all), best first, without texts."""
        vector = np.asarray(query.query_embedding, dtype=np.float32)
        among = None
        if reports is not None:
            table = schema.passages.c
            with self._library.reading() as connection:
                among = list(connection.execute(select(table.no).where(table.report_no.in_(reports))).scalars())
        found = nearest(self._library, self._embedder, vector, top=query.similarity_top_k, among=among)
        return [number for number, _ in found]

    def _among(self, query: VectorStoreQuery) -> list[int] | None:
        conditions = [] if query.filters is None or not query.filters.filters else [_condition(query.filters)]
        if query.doc_ids is not None:
            conditions.append(schema.reports.c.id.in_(query.doc_ids))
        if query.node_ids is not None:
            conditions.append(schema.passages.c.id.in_(query.node_ids))
        if not conditions:
            return None
        wanted = select(schema.passages.c.no).join(schema.reports).where(*conditions)
        with self._library.reading() as connection:
            return list(connection.execute(wanted).scalars())


def _condition(filters: MetadataFilters) -> ColumnElement[bool]:
    parts = [_condition(one) if isinstance(one, MetadataFilters) else _comparison(one) for one in filters.filters]
    if filters.condition == FilterCondition.OR:
        return or_(*parts)
    if filters.condition == FilterCondition.NOT:
        return not_(or_(*parts))
    return and_(true(), *parts)


def _comparison(wanted: MetadataFilter) -> ColumnElement[bool]:
    column = _FILTERABLE.get(wanted.key)
    if column is None:
        raise ValueError(f"no filter on {wanted.key!r}; known are {', '.join(_FILTERABLE)}")
    value: Any = wanted.value
    comparisons = {
        FilterOperator.EQ: lambda: column == value,
        FilterOperator.NE: lambda: column != value,
        FilterOperator.IN: lambda: column.in_(value),
        FilterOperator.NIN: lambda: column.not_in(value),
        FilterOperator.GT: lambda: column > value,
        FilterOperator.GTE: lambda: column >= value,
        FilterOperator.LT: lambda: column < value,
        FilterOperator.LTE: lambda: column <= value,
    }
    if wanted.operator not in comparisons:
        raise ValueError(f"filter operator {wanted.operator.value!r} is not offered")
    made: ColumnElement[bool] = comparisons[wanted.operator]()
    return made


class HybridRetriever(BaseRetriever):
    """Keyword and vector search within a scope, fused by reciprocal rank; keyword search alone without an embedder.

    Both searches look at the scope's reports only. `vector_store` and `embed_model` take the place of the library's
    own: any LlamaIndex store whose nodes have passage ids as ids and `report_id` in their metadata. Nodes carry the
    citation id, the report's facts, and in `metadata["found_by"]` which searches found them.
    """

    def __init__(
        self,
        library: Library,
        *,
        scope: Scope | None = None,
        top: int | None = None,
        vector_store: BasePydanticVectorStore | None = None,
        embed_model: BaseEmbedding | None = None,
    ) -> None:
        super().__init__()
        if vector_store is not None and embed_model is None:
            raise LibraryError("a vector store of your own needs the embed_model that made its vectors")
        self._library = library
        self._scope = scope or Scope()
        self._top = top or library.retrieval.top
        self._vector_store = vector_store
        self._embed_model = embed_model
        if vector_store is None:
            loaded = load_embedder(library)
            if loaded.embedder is not None and has_vectors(library, loaded.embedder):
                self._vector_store = LibraryVectorStore.of(library, loaded.embedder)
                self._embed_model = embed_model or as_llama(loaded.embedder)

    def _retrieve(self, query_bundle: QueryBundle) -> list[NodeWithScore]:
        """At most `top` nodes, best first. Raises LibraryError when the database or an index fails."""
        nodes = []
        for stored, score, found_by in self.ranked(query_bundle):
            node = node_of(stored)
            node.metadata[FOUND_BY] = ", ".join(found_by)
            node.excluded_llm_metadata_keys.append(FOUND_BY)
            nodes.append(NodeWithScore(node=node, score=score))
        return nodes

    def ranked(self, query: str | QueryBundle) -> list[tuple[StoredPassage, float, tuple[FoundBy, ...]]]:
        """At most `top` passages with their score and the searches that found them, best first, not made into nodes.

        Raises LibraryError when the database or an index fails.
        """
        library, settings = self._library, self._library.retrieval
        bundle = QueryBundle(query) if isinstance(query, str) else query
        reports = scoped_reports(library, self._scope)
        if reports is not None and not reports:
            return []
        words = keyword_index(library).search(bundle.query_str, top=settings.keyword_candidates, reports=reports)
        rankings: dict[FoundBy, list[int]] = {"keyword": [number for number, _ in words]}
        rankings["vector"] = self._by_vector(bundle, reports)
        fused = fuse(rankings, constant=settings.fusion_constant)[: self._top]
        stored = {one.no: one for one in library.passages(number for number, _, _ in fused)}
        # A derived index may lag behind a removal: what the database does not hold is not shown.
        return [(stored[number], score, found_by) for number, score, found_by in fused if number in stored]

    def _by_vector(self, query_bundle: QueryBundle, reports: list[int] | None) -> list[int]:
        """Passage numbers by vector, best first; none where there is no embedder."""
        if self._vector_store is None or self._embed_model is None:
            return []
        embedding = query_bundle.embedding or self._embed_model.get_query_embedding(query_bundle.query_str)
        wanted = VectorStoreQuery(query_embedding=embedding, similarity_top_k=self._library.retrieval.vector_candidates)
        if isinstance(self._vector_store, LibraryVectorStore):
            return self._vector_store.numbers(wanted, reports=reports)
        if reports is not None:
            ids: list[str] = [row.id for row in self._library.by_number(reports).values()]
            only = MetadataFilter(key="report_id", value=ids, operator=FilterOperator.IN)
            wanted.filters = MetadataFilters(filters=[only])
        result = self._vector_store.query(wanted)
        numbers = self._library.passage_numbers(result.ids or [])
        return [numbers[one] for one in result.ids or [] if one in numbers]
