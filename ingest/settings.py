"""The ingest section of config.yaml."""

from __future__ import annotations

from typing import Literal

from pydantic import BaseModel, ConfigDict, Field

OcrUse = Literal["auto", "never"]


class Settings(BaseModel):
    """Base of every section: immutable; an unknown key is an error that names it."""

    model_config = ConfigDict(frozen=True, extra="forbid")


class IngestSettings(Settings):
    """How files are read and cut."""

    max_file_mb: float = Field(default=64, gt=0, description="Larger files are skipped and named.")
    passage_characters: int = Field(default=400, ge=80, le=800, description="Passages end at the sentence before this.")
    ocr: OcrUse = Field(default="auto", description="Scanned pages: auto: by OCR where [ocr] is installed; never.")
