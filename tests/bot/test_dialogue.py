"""Follow-ups and corrections: chats as data, through the real reading, library and answering."""

from __future__ import annotations

import datetime as dt
from pathlib import Path
from typing import Any

import pytest
import yaml

from tests.bot.short_reports import assert_main_figure, last_answer, library_of
from zhengwen.bot.dialogue import Chat
from zhengwen.bot.models import Answer
from zhengwen.index.library import Library

DATA = yaml.safe_load((Path(__file__).parent / "cases" / "followups.yaml").read_text(encoding="utf-8"))
TODAY = dt.date(2026, 11, 1)


@pytest.fixture(scope="module")
def library(tmp_path_factory: pytest.TempPathFactory) -> Library:
    return library_of(tmp_path_factory.mktemp("followups"), DATA["reports"])


def last(library: Library, turns: list[str], chat: Chat) -> Answer:
    return last_answer(library, turns, today=TODAY, chat=chat)


@pytest.mark.parametrize("case", DATA["cases"], ids=lambda case: "／".join(case["ask"]))
def test_follow_up(library: Library, case: dict[str, Any]) -> None:
    result = last(library, case["ask"], Chat())
    assert result.reason == case.get("reason"), result.text
    for piece in case.get("has", []):
        assert piece in result.text
    assert set(case.get("values", [])) <= {figure.value for figure in result.figures}, result.text
    if "value" in case:
        main = result.figures[0]
        assert_main_figure(main, case)
        # Never a silent carry-over: what was taken from the chat is said.
        assert str(main.period)[:4] in result.text
        assert main.region[-3:] in result.text


def test_two_chats_do_not_mix_and_a_reset_forgets(library: Library) -> None:
    first, second = Chat(), Chat()
    last(library, ["青州2020年城镇新增就业多少"], first)
    last(library, ["寿光2020年地区生产总值多少"], second)
    assert last(library, ["增长多少"], second).figures[0].value == "4.1"
    first.reset()
    assert last(library, ["目标呢"], first).answered is False
