"""Colloquial questions in the words of reports: 占到多少 → 占多少, 每人平均 → 人均, asides taken out."""

from __future__ import annotations

import re
from functools import cache
from pathlib import Path

import yaml


@cache
def _rewrites() -> tuple[tuple[re.Pattern[str], str], ...]:
    text = (Path(__file__).parent / "spoken.yaml").read_text(encoding="utf-8")
    return tuple((re.compile(row["from"]), row["to"]) for row in yaml.safe_load(text)["rewrites"])


def written_style(text: str) -> str:
    """The question with spoken turns put as reports put them.

    `written_style("全市每人平均住房面积做到多少")` → `"全市人均住房面积达到多少"`. Never raises.
    """
    for pattern, into in _rewrites():
        text = re.sub(pattern, into, text)
    return text
