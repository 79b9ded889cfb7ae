"""The cue words of questions, from question.yaml."""

from __future__ import annotations

from functools import cache
from pathlib import Path
from typing import Any

import yaml


@cache
def cues() -> dict[str, Any]:
    """The cue words of question.yaml, loaded once."""
    text = (Path(__file__).parent / "question.yaml").read_text(encoding="utf-8")
    loaded: dict[str, Any] = yaml.load(text, Loader=getattr(yaml, "CSafeLoader", yaml.SafeLoader))
    return loaded
