"""Templates are data; their slots are checked."""

from __future__ import annotations

import pytest

from zhengwen import prompts


def test_every_template_loads_and_fills() -> None:
    assert prompts.names()
    for name in prompts.names():
        prompt = prompts.load(name)
        filled = prompt.fill(**{slot: f"<{slot}>" for slot in prompt.slots})
        assert all(f"<{slot}>" in filled for slot in prompt.slots)
        assert "$" not in filled


def test_a_wrong_slot_is_named() -> None:
    with pytest.raises(ValueError, match="passages, question; given: question"):
        prompts.load("passage_answer").fill(question="滨城区2020年新增就业多少")


def test_an_unknown_template_names_the_known_ones() -> None:
    with pytest.raises(ValueError, match="known: passage_answer"):
        prompts.load("summary")


def test_the_public_surface_is_kept_on_purpose() -> None:
    assert set(prompts.__all__) == {"Prompt", "load", "names"}
