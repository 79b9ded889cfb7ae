"""Colloquial questions in the words of reports: 占到多少 → 占多少, 找到工作 → 就业, asides taken out."""

from __future__ import annotations

import re
from functools import cache
from pathlib import Path
from typing import Any

import yaml


@cache
def _data() -> dict[str, Any]:
    text = (Path(__file__).parent / "spoken.yaml").read_text(encoding="utf-8")
    loaded: dict[str, Any] = yaml.load(text, Loader=getattr(yaml, "CSafeLoader", yaml.SafeLoader))
    return loaded


@cache
def _rewrites() -> tuple[tuple[re.Pattern[str], str], ...]:
    return tuple((re.compile(row["from"]), row["to"]) for row in _data()["rewrites"])


@cache
def _everyday() -> tuple[re.Pattern[str], dict[str, str]]:
    """Everyday words as one expression, the longest first, and the reports' word for each."""
    written = {said: word for word, others in _data()["everyday"].items() for said in others}
    written |= {word: word for word in _data()["everyday"]}  # 旧小区 inside 老旧小区 stays
    longest = sorted(written, key=len, reverse=True)
    return re.compile("|".join(map(re.escape, longest))), written


def asks_yes_or_no(text: str) -> bool:
    """Whether a question asks if a plan was reached: 新增就业完成目标了吗."""
    return re.search(_data()["yes_no"], text) is not None


def written_style(text: str) -> str:
    """The question with spoken turns put as reports put them.

    `written_style("全市每人平均住房面积做到多少")` → `"全市人均住房面积达到多少"`. Never raises.
    """
    for pattern, into in _rewrites():
        text = pattern.sub(into, text)
    everyday, written = _everyday()
    return everyday.sub(lambda match: written[match[0]], text)
