"""The ingest section of config.yaml."""

from __future__ import annotations

from pydantic import BaseModel, ConfigDict, Field


class Settings(BaseModel):
    """Base of every section: immutable; an unknown key is an error that names it."""

    model_config = ConfigDict(frozen=True, extra="forbid")


class IngestSettings(Settings):
    """How files are read and cut."""

    max_file_mb: float = Field(default=64, gt=0, description="Larger files are skipped and named.")
    passage_characters: int = Field(default=400, ge=80, le=800, description="Passages end at the sentence before this.")
