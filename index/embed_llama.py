"""Any embedder of this project as a LlamaIndex embedding model; importing this module costs a second."""

from __future__ import annotations

from typing import Self

from llama_index.core.base.embeddings.base import BaseEmbedding
from llama_index.core.bridge.pydantic import PrivateAttr

from zhengwen.index.embed import Embedder


class LlamaEmbedder(BaseEmbedding):
    """`LlamaEmbedder.of(embedder)` goes wherever LlamaIndex asks for an `embed_model`."""

    _embedder: Embedder = PrivateAttr()

    @classmethod
    def of(cls, embedder: Embedder) -> Self:
        model = cls(model_name=embedder.identity, embed_batch_size=256)
        model._embedder = embedder
        return model

    @classmethod
    def class_name(cls) -> str:
        return "ZhengwenEmbedder"

    def _get_query_embedding(self, query: str) -> list[float]:
        return list(map(float, self._embedder.question(query)))

    async def _aget_query_embedding(self, query: str) -> list[float]:
        return self._get_query_embedding(query)

    def _get_text_embedding(self, text: str) -> list[float]:
        return self._get_text_embeddings([text])[0]

    def _get_text_embeddings(self, texts: list[str]) -> list[list[float]]:
        return [list(map(float, row)) for row in self._embedder.passages(texts)]


def as_llama(embedder: Embedder) -> LlamaEmbedder:
    """The embedder as a LlamaIndex `BaseEmbedding`."""
    return LlamaEmbedder.of(embedder)
