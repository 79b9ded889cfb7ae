"""The emulator's parse_mode: HTML is read as Telegram reads it."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest
import yaml
from hypothesis import given
from hypothesis import strategies as st

from tests.telegram.emulator.errors import ApiError
from tests.telegram.emulator.markup import parse_html, tidy
from tests.telegram.emulator.text import cut, found_entities, units

CASES = yaml.safe_load((Path(__file__).parent / "cases" / "html.yaml").read_text(encoding="utf-8"))


@pytest.mark.parametrize("case", CASES, ids=lambda case: case["send"])
def test_html_is_shown_or_refused(case: dict[str, Any]) -> None:
    if "error" in case:
        with pytest.raises(ApiError) as caught:
            parse_html(case["send"])
        assert caught.value.description == f"Bad Request: can't parse entities: {case['error']}"
        return
    shown = tidy(parse_html(case["send"]))
    assert shown.text == case["shown"]
    assert [[one["type"], one["offset"], one["length"]] for one in shown.entities] == case["entities"]
    assert shown.notes == []


@given(st.text(alphabet=st.characters(exclude_categories=["Cs"], exclude_characters="\0")))
def test_escaped_text_comes_back_as_it_was(text: str) -> None:
    escaped = text.replace("&", "&amp;").replace("<", "&lt;").replace(">", "&gt;")
    assert parse_html(f"<b>{escaped}</b>").text == text


@pytest.mark.parametrize(
    "source",
    ["<blockquote>a<blockquote>b</blockquote></blockquote>", "<code>a<b>b</b></code>", "<b>x</b>." * 101],
    ids=["nested quotes", "bold in code", "101 entities"],
)
def test_what_telegram_swallows_is_noted(source: str) -> None:
    assert tidy(parse_html(source)).notes


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("/help", [("bot_command", "/help")]),
        ("😀 /cite@zhengwen_test_bot 12ab", [("bot_command", "/cite@zhengwen_test_bot")]),
        ("@zhengwen_test_bot 滨城区2020年GDP", [("mention", "@zhengwen_test_bot")]),
        ("滨城区@zhengwen_test_bot", []),
        ("/help滨城区", []),
        ("1/2", []),
        ("见 https://example.org/a?b=1 。", [("url", "https://example.org/a?b=1")]),
    ],
)
def test_entities_in_what_people_write_are_counted_in_utf16(text: str, expected: list[tuple[str, str]]) -> None:
    found = [(one["type"], cut(text, one["offset"], one["length"])) for one in found_entities(text)]
    assert found == expected


def test_units_are_utf16() -> None:
    assert units("滨城区") == 3
    assert units("𠮷😀") == 4
