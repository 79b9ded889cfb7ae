"""The Chinese text shown to users, from messages.yaml.

`say("refuse.region_missing")` and `say("figure.bound.about")` give the sentences; names in braces are filled in.
"""

from __future__ import annotations

from functools import cache
from pathlib import Path
from typing import Any

import yaml


@cache
def _table() -> dict[str, Any]:
    text = (Path(__file__).parent / "messages.yaml").read_text(encoding="utf-8")
    table: dict[str, Any] = yaml.load(text, Loader=getattr(yaml, "CSafeLoader", yaml.SafeLoader))
    return table


@cache
def _template(key: str) -> str:
    found: Any = _table()
    for part in key.split("."):
        found = found[part]
    if not isinstance(found, str):
        raise KeyError(f"messages.yaml: {key} is no text")
    return found


def say(key: str, **values: object) -> str:
    """The message with its gaps filled. Raises KeyError for an unknown key or a gap without a value."""
    return _template(key).format(**values) if values else _template(key)
