"""Indicators described in ways that the table of names does not hold: right or refused, hardly ever anything else."""

from __future__ import annotations

import datetime as dt
from pathlib import Path
from typing import Any

import pytest
import yaml

from tests.bot.short_reports import library_of
from zhengwen.bot.answer import answer
from zhengwen.bot.frames import described
from zhengwen.bot.query import Ask, Query
from zhengwen.index.library import Library
from zhengwen.ingest.indicators import indicators

TESTS = Path(__file__).parents[1]
DATA = yaml.safe_load((TESTS / "bot" / "cases" / "paraphrases.yaml").read_text(encoding="utf-8"))
ASKED = yaml.safe_load((TESTS / "ingest" / "cases" / "indicator_paraphrases.yaml").read_text(encoding="utf-8"))
FRAMES = yaml.safe_load((TESTS.parent / "bot" / "frames.yaml").read_text(encoding="utf-8"))
TODAY = dt.date(2022, 3, 1)


@pytest.fixture(scope="module")
def library(tmp_path_factory: pytest.TempPathFactory) -> Library:
    return library_of(tmp_path_factory.mktemp("paraphrases"), {f"{DATA['region']}/2021.md": DATA["report"]})


def outcome(library: Library, case: dict[str, Any]) -> str:
    """right, refused or wrong."""
    question = case["question"].format(r=DATA["region"], y=DATA["year"])
    result = answer(library, question, today=TODAY)
    if not result.answered:
        return "refused" if case["indicator"] else "right"
    names = {case["indicator"], *case.get("or", [])}
    return "right" if result.figures and result.figures[0].indicator in names else "wrong"


def test_most_are_answered_right_and_none_wrong(library: Library) -> None:
    outcomes = {case["question"]: outcome(library, case) for case in ASKED}
    assert len(outcomes) >= 40
    assert [question for question, found in outcomes.items() if found == "wrong"] == []
    assert sum(found == "right" for found in outcomes.values()) >= 0.85 * len(outcomes)


def test_what_was_understood_is_said(library: Library) -> None:
    result = answer(library, "青州市2020年码头一共装卸了多少货", today=TODAY)
    assert "按“港口货物吞吐量”理解" in result.text
    assert result.figures[0].value == "24600000"


@pytest.mark.parametrize("question", ["青州市2020年码头一共装卸了多少货煤炭", "青州市2020年银行里存的黄金有多少吨"])
def test_another_thing_named_is_not_explained_away(library: Library, question: str) -> None:
    assert not answer(library, question, today=TODAY).answered


def test_a_question_with_two_parts_describes_nothing() -> None:
    query = Query(text="码头装卸了多少货，增长多少", asks=(Ask(words="码头"), Ask(words="")), words="码头 货")
    assert list(described(query)) == []


def test_frames_name_indicators_of_the_table() -> None:
    names = {row.name for row in indicators()}
    for frame in FRAMES["frames"]:
        assert {frame["name"], *frame.get("other", [])} <= names, frame
