"""Page furniture leaves the clean text and is kept aside with a reason."""

from __future__ import annotations

from zhengwen.ingest.models import Removal
from zhengwen.ingest.textmap import MappedText


def remove_furniture(text: MappedText) -> tuple[MappedText, tuple[Removal, ...]]:
    """Give the text without furniture and what was removed, in source offsets."""
    return text, ()
