"""Questions in people's own words: cases as data, through the real reading, library and answering."""

from __future__ import annotations

import datetime as dt
from pathlib import Path
from typing import Any

import pytest
import yaml

from zhengwen.bot.answer import answer
from zhengwen.bot.settings import AnswerSettings
from zhengwen.index.ingesting import ingest_paths
from zhengwen.index.library import Library
from zhengwen.index.settings import EmbedderSettings

DATA = yaml.safe_load((Path(__file__).parent / "cases" / "spoken.yaml").read_text(encoding="utf-8"))


@pytest.fixture(scope="module")
def library(tmp_path_factory: pytest.TempPathFactory) -> Library:
    folder = tmp_path_factory.mktemp("spoken")
    for name, text in DATA["reports"].items():
        path = folder / "reports" / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(text, encoding="utf-8")
    held = Library.open(folder / "library", create=True, embedder=EmbedderSettings(engine="none"))
    ingest_paths(held, [folder / "reports"])
    return held


@pytest.mark.parametrize("case", DATA["cases"], ids=lambda case: case["q"])
def test_spoken(library: Library, case: dict[str, Any]) -> None:
    shown = answer(library, case["q"], today=dt.date(2026, 11, 1), settings=AnswerSettings())
    if case.get("refused"):
        assert not shown.answered, shown.text
        return
    wanted = case.get("values") or [case["value"]]
    assert [figure.value for figure in shown.figures[: len(wanted)]] == wanted, shown.text
    assert {figure.status for figure in shown.figures[: len(wanted)]} <= {case.get("status", "actual")}
