"""Questions in people's own words: cases as data, through the real reading, library and answering."""

from __future__ import annotations

import datetime as dt
from pathlib import Path
from typing import Any

import pytest
import yaml

from tests.bot.short_reports import library_of
from zhengwen.bot.answer import answer
from zhengwen.index.library import Library

DATA = yaml.safe_load((Path(__file__).parent / "cases" / "spoken.yaml").read_text(encoding="utf-8"))


@pytest.fixture(scope="module")
def library(tmp_path_factory: pytest.TempPathFactory) -> Library:
    return library_of(tmp_path_factory.mktemp("spoken"), DATA["reports"])


@pytest.mark.parametrize("case", DATA["cases"], ids=lambda case: case["q"])
def test_spoken(library: Library, case: dict[str, Any]) -> None:
    shown = answer(library, case["q"], today=dt.date(2026, 11, 1))
    if case.get("refused"):
        assert not shown.answered, shown.text
        return
    wanted = case.get("values") or [case["value"]]
    assert [figure.value for figure in shown.figures[: len(wanted)]] == wanted, shown.text
    assert {figure.status for figure in shown.figures[: len(wanted)]} <= {case.get("status", "actual")}
