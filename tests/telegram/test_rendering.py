"""Answers become messages: the figure first, everything escaped, within Telegram's lengths."""

from __future__ import annotations

import datetime as dt
import html
import re
from html.parser import HTMLParser
from pathlib import Path
from typing import Any

import pytest
import yaml
from hypothesis import given
from hypothesis import strategies as st

from zhengwen.bot.models import Answer, Citation, FigureShown
from zhengwen.bot.telegram.render import answer_blocks
from zhengwen.bot.telegram.richtext import LIMIT, Block, Piece, block, clean, marked, pages, quote, to_html, units
from zhengwen.ingest.models import Period

CASES = yaml.safe_load((Path(__file__).parent / "cases" / "render.yaml").read_text(encoding="utf-8"))


class Reader(HTMLParser):
    """Reads a message as Telegram does: a wrong nesting is an error; gives text and what was marked."""

    def __init__(self, message: str) -> None:
        super().__init__(convert_charrefs=True)
        self.text = ""
        self.open: list[tuple[str, int]] = []
        self.marked: list[tuple[str, str]] = []
        self.feed(message)
        self.close()
        assert not self.open, f"left open: {self.open}"

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        assert tag in {"b", "i", "u", "code", "blockquote"}
        assert attrs == ([("expandable", None)] if tag == "blockquote" else [])
        self.open.append((tag, len(self.text)))

    def handle_endtag(self, tag: str) -> None:
        opened, start = self.open.pop()
        assert opened == tag
        self.marked.append((tag, self.text[start:]))

    def handle_data(self, data: str) -> None:
        self.text += data


def shown(surface: str, indicator: str, *, year: int = 2020, **fields: Any) -> FigureShown:
    fields = {"region": "某省甲市", "value": "1", "unit": "", "citation": 1, **fields}
    return FigureShown(surface=surface, indicator=indicator, period=Period.years(year), **fields)


def citation(quoted: str, n: int = 1) -> Citation:
    return Citation(
        n=n,
        id="3f2a9c01d4e7",
        title="甲市<报告>",
        source="a.md",
        date=dt.date(2021, 1, 19),
        quote=quoted,
        start=0,
        end=9,
    )


@pytest.mark.parametrize("case", CASES, ids=lambda case: case["name"])
def test_the_head_of_a_message(case: dict[str, Any]) -> None:
    figures = tuple(shown(**figure) for figure in case.get("figures", []))
    answered = case.get("answered", True)
    answer = Answer(question="", answered=answered, text=case["text"], figures=figures)
    assert to_html(answer_blocks(answer, {})).startswith(case["starts"])


def test_sources_are_expandable_quotations_with_the_figure_highlighted() -> None:
    quoted = "全年<出口>3亿元，进口13亿元。"
    answer = Answer(
        question="",
        answered=True,
        text="甲市2020年出口3亿元[1]。",
        figures=(shown("3亿元", "出口"),),
        citations=(citation(quoted),),
    )
    start = quoted.index("3亿元")
    (message,) = pages(answer_blocks(answer, {1: [(start, start + len("3亿元"))]}))
    source = message[message.index("<blockquote expandable>") :]
    assert source == (
        "<blockquote expandable>[1] 甲市&lt;报告&gt; · 2021-01-19\n"
        "全年&lt;出口&gt;<b>3亿元</b>，进口13亿元。</blockquote>"
    )


def test_many_sources_are_cut_between_quotations() -> None:
    quoted = "甲市出口三亿元。" * 60
    answer = Answer(
        question="",
        answered=True,
        text="甲市2020年出口3亿元[1]。",
        figures=(shown("3亿元", "出口"),),
        citations=tuple(citation(quoted, n) for n in range(1, 31)),
    )
    messages = pages(answer_blocks(answer, {}))
    assert len(messages) > 2
    for message in messages[1:]:
        assert message.startswith("<blockquote expandable>[") and message.endswith("</blockquote>")
    found = re.findall(r"\[(\d+)\] 甲市", "".join(Reader(one).text for one in messages))
    assert found == [str(n) for n in range(1, 31)]


@pytest.mark.parametrize(
    ("text", "length"),
    [("", 0), ("7198人", 5), ("𠮷", 2), ("👨‍👩‍👧", 8)],
    ids=["empty", "plain", "rare character", "family"],
)
def test_lengths_count_as_telegram_counts(text: str, length: int) -> None:
    assert units(text) == length == len(text.encode("utf-16-le")) // 2


def test_a_long_paragraph_is_cut_at_a_sentence() -> None:
    first, *rest = pages([block("甲市出口三亿元。" * 1000)])
    assert rest and first.endswith("。")
    assert all(one.startswith("甲市") for one in rest)


def test_a_line_without_any_border_is_cut_all_the_same() -> None:
    assert [units(one) for one in pages([block("𠮷" * 5000)])] == [4096, 4096, 1808]


def test_more_marks_than_telegram_shows_begin_a_new_message() -> None:
    messages = pages([quote(*[part for n in range(250) for part in ((str(n), "b"), "，")])])
    assert all(one.count("<b>") < 100 for one in messages)
    assert sum(one.count("<b>") for one in messages) == 250


def test_direction_overrides_and_control_characters_are_dropped() -> None:
    assert clean("甲\u202e市\x00\x1b[1m\r\n出口\ud800") == "甲市[1m\n出口"


def test_overlapping_spans_are_marked_once() -> None:
    assert marked("0123456789", [(2, 5), (4, 7), (9, 9)]) == ["01", ("234", "b"), "", ("56", "b"), "789"]


TEXT = st.text(st.sampled_from("甲乙丙，。；！\n <>&\"'𠮷👍1.%[]"), max_size=3000)
PIECES = st.lists(st.tuples(TEXT, st.sampled_from(["", "b", "code"])), min_size=1, max_size=5)


@st.composite
def blocks(draw: st.DrawFn) -> list[Block]:
    one = st.builds(
        lambda pieces, quoted, gap: Block(tuple(Piece(*piece) for piece in pieces if piece[0]), quoted, gap),
        PIECES,
        st.booleans(),
        st.booleans(),
    )
    return draw(st.lists(one, max_size=6))


@given(blocks())
def test_every_message_fits_is_well_formed_and_nothing_is_lost(given_blocks: list[Block]) -> None:
    messages = [Reader(one) for one in pages(given_blocks)]
    assert all(0 < units(one.text) <= LIMIT and one.text.strip() for one in messages)
    said = "".join("".join(one.text.split()) for one in messages)
    assert said == "".join("".join(one.text.split()) for one in given_blocks)


@given(TEXT)
def test_whatever_a_source_holds_comes_out_as_it_is(text: str) -> None:
    message = to_html([quote(*marked(text, [(0, 3), (5, 9)]))])
    assert Reader(message).text == text
    assert html.escape(text, quote=False) == re.sub(r"</?(?:b|blockquote)( expandable)?>", "", message)
