"""The Chinese text of the bot, from messages.yaml beside this file.

`text("limit.user", seconds=20)` fills the gap; `table("commands")` gives a part of the file as it is.
"""

from __future__ import annotations

from functools import cache
from pathlib import Path
from typing import Any

import yaml


@cache
def _whole() -> dict[str, Any]:
    whole: dict[str, Any] = yaml.safe_load((Path(__file__).parent / "messages.yaml").read_text(encoding="utf-8"))
    return whole


@cache
def table(key: str) -> Any:
    """A part of messages.yaml. Raises KeyError for an unknown key."""
    found: Any = _whole()
    for part in key.split("."):
        found = found[part]
    return found


def text(key: str, **values: object) -> str:
    """A message with its gaps filled. Raises KeyError for an unknown key or a gap without a value."""
    found = table(key)
    if not isinstance(found, str):
        raise KeyError(f"messages.yaml: {key} is no text")
    return found.format(**values) if values else found
