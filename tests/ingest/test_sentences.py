"""Sentence spans."""

from __future__ import annotations

from pathlib import Path

import pytest
import yaml
from hypothesis import given
from hypothesis import strategies as st

from zhengwen.ingest.sentences import sentence_spans

CASES: list[tuple[str, list[str]]] = yaml.safe_load(
    (Path(__file__).parent / "cases" / "sentences.yaml").read_text(encoding="utf-8")
)


@pytest.mark.parametrize(("text", "sentences"), CASES)
def test_cases(text: str, sentences: list[str]) -> None:
    assert [text[start:end] for start, end in sentence_spans(text)] == sentences


@given(st.text(alphabet="增长3。！？；，”）\n 　a.!?", max_size=60), st.integers(0, 20), st.integers(0, 60))
def test_spans_hold_everything_but_blanks(text: str, start: int, length: int) -> None:
    start, end = min(start, len(text)), min(start + length, len(text))
    at = start
    for first, last in sentence_spans(text, start, end):
        assert not text[at:first].strip()
        assert start <= first < last <= end
        assert text[first:last] == text[first:last].strip()
        at = last
    assert not text[at:end].strip()
