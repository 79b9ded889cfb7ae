"""The development questions whose reports are few: everything shown is read again from its source."""

from __future__ import annotations

import datetime as dt
import json
from pathlib import Path

import pytest

from tests.bot.short_reports import library_from
from zhengwen.bot.answer import answer
from zhengwen.bot.dialogue import Chat
from zhengwen.bot.models import Answer
from zhengwen.index.library import Library

TODAY = dt.date(2026, 11, 1)
REPORTS = 8


@pytest.fixture(scope="module")
def answers(shared: Path, tmp_path_factory: pytest.TempPathFactory) -> tuple[Library, list[Answer]]:
    """The answers to every development question on the reports that the most questions are about."""
    lines = (shared / "eval" / "dev_questions.jsonl").read_text(encoding="utf-8").splitlines()
    questions = [json.loads(line) for line in lines]
    asked: dict[str, int] = {}
    for question in questions:
        for doc in set(question["doc"] or []):
            asked[doc] = asked.get(doc, 0) + 1
    chosen = sorted(asked, key=lambda doc: (-asked[doc], doc))[:REPORTS]
    reports = [shared / "corpus" / "reports" / doc for doc in chosen]
    library = library_from(tmp_path_factory.mktemp("dev") / "library", reports)
    given = []
    for question in questions:
        if not set(question["doc"] or []) <= set(chosen):
            continue
        chat = Chat()
        for turn in question.get("turns") or [question["question"]]:
            text = turn if isinstance(turn, str) else turn["question"]
            given.append(answer(library, text, today=TODAY, chat=chat))
    return library, given


def test_every_figure_and_quotation_is_a_slice_of_its_source(answers: tuple[Library, list[Answer]]) -> None:
    library, given = answers
    rows = {row.source: row for row in library.reports()}
    figures = 0
    for result in given:
        quotes = {citation.n: citation for citation in result.citations}
        for citation in result.citations:
            clean = library.text(rows[citation.source]).clean
            assert clean[citation.start : citation.end] == citation.quote
        for figure in result.figures:
            figures += 1
            assert figure.surface in quotes[figure.citation].quote, result.text
            assert f"[{figure.citation}]" in result.text
    assert figures > 20


def test_numbers_of_the_text_are_cited_or_computed(answers: tuple[Library, list[Answer]]) -> None:
    """What a value answer says without a citation is nothing but what it computed."""
    _, given = answers
    for result in given:
        for figure in result.figures:
            assert figure.surface in result.text, (figure.surface, result.text)
        for derived in result.derived:
            assert all(0 < number <= len(result.figures) for number in derived.sources)
