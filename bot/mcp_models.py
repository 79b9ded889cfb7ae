"""What the MCP tools give back: the JSON shapes of the command line, lists with where to go on."""

from __future__ import annotations

from typing import Any

from pydantic import Field

from zhengwen.ingest.models import Record


class FiguresFound(Record):
    """A part of a list of figures."""

    figures: tuple[dict[str, Any], ...]
    """As `zhengwen figures --json` prints them, without `marks`."""
    total: int = Field(ge=0)
    """How many fit, those left out here included."""
    next_offset: int | None = None
    """Where the next part begins; null at the end."""


class ReportsFound(Record):
    """A part of a list of reports."""

    reports: tuple[dict[str, Any], ...]
    """As `zhengwen reports --json` prints them."""
    total: int = Field(ge=0)
    next_offset: int | None = None
