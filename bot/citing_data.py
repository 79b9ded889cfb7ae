"""The data of citing.yaml."""

from __future__ import annotations

from functools import cache
from pathlib import Path
from typing import Any

import yaml


@cache
def citing_data() -> dict[str, Any]:
    """What looking up and writing out citations needs to know, as citing.yaml gives it."""
    loaded: dict[str, Any] = yaml.safe_load((Path(__file__).parent / "citing.yaml").read_text(encoding="utf-8"))
    return loaded
