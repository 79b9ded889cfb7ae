"""The conversation: line in, answer out; commands, sources and choices."""

from __future__ import annotations

import pytest

from tests.bot.talking import QUESTION, said
from zhengwen.bot.terminal.chat_show import EXCERPT, excerpt
from zhengwen.bot.terminal.chat_talk import COMMANDS, Talk, read_command


def test_a_follow_up_takes_what_it_leaves_out_until_reset(talk: Talk) -> None:
    assert "7198人" in said(talk, QUESTION)
    assert "5596人" in said(talk, "那陵城区呢")
    said(talk, "/reset")
    assert "5596人" not in said(talk, "新增就业多少")


def test_source_opens_the_paragraph_with_its_neighbours(talk: Talk) -> None:
    assert "还没有" in said(talk, "/source 1")
    answer = said(talk, QUESTION)
    opened = said(talk, "/source 1")
    assert "7198人" in opened and "滨城区-2020年成绩单.md" in opened
    assert len(opened) > len(answer)
    assert "27.04亿元" in opened, "the paragraph after it"
    assert opened == said(talk, "/source") == said(talk, "／source［1］") == said(talk, "/出处 １")
    assert "[1]" in said(talk, "/source 7")
    assert "/source" in said(talk, "/source 甲")
    citation = talk.turns[-1].citations[0].id
    assert citation in said(talk, f"/source {citation}")


def test_why_shows_how_it_was_read_and_what_lost(talk: Talk) -> None:
    assert "还没有" in said(talk, "/why")
    said(talk, QUESTION)
    why = said(talk, "/why")
    assert "value" in why and "7198人" in why


def test_a_quoted_sentence_is_looked_up(talk: Talk) -> None:
    assert "滨城区-2020年成绩单.md" in said(talk, "“全年城镇新增就业7198人”这句话出自哪里？")
    assert "天津市-2021年政府工作报告.md" in said(talk, "/cite 五年来，引進北京項目3062個")
    assert "没有这句话" in said(talk, "/cite 今天天气很好，我们一起去公园放风筝吧")
    assert "/cite" in said(talk, "/cite")
    assert talk.turns == [], "no question was asked"


def test_a_choice_is_taken_by_its_number(talk: Talk) -> None:
    said(talk, "山东省2020年新增就业多少")
    choices = talk.turns[-1].choices
    assert choices
    number = next(at for at, choice in enumerate(choices, 1) if choice.endswith("滨城区"))
    assert "没有第99项" in said(talk, "99")
    assert "7198人" in said(talk, str(number))
    assert talk.turns[-1].question == choices[number - 1]


@pytest.mark.parametrize(
    ("line", "expected"),
    [
        ("/source 2", ("source", "2")),
        ("／ＳＯＵＲＣＥ2", None),
        ("、why", ("why", "")),
        ("/so", ("source", "")),
        ("/s", ("s", "")),
        ("/exit", ("quit", "")),
        ("/帮助", ("help", "")),
        ("/save 笔记 一.md", ("save", "笔记 一.md")),
        ("/", ("", "")),
        ("滨城区/陵城区2020年", None),
        ("/source2", ("source", "2")),
    ],
)
def test_commands_are_read_as_they_are_typed(line: str, expected: tuple[str, str] | None) -> None:
    assert read_command(line) == expected


def test_help_names_every_command_and_a_slip_is_put_right(talk: Talk) -> None:
    shown = said(talk, "/help")
    assert all(f"/{name}" in shown for name in COMMANDS)
    assert "/source" in said(talk, "/soruce 1")
    assert "/help" in said(talk, "/xyzzy")
    assert "/help" in said(talk, "/")
    assert not talk.take("/quit")


def test_odd_lines_never_raise(talk: Talk) -> None:
    for line in (
        "",
        "   ",
        "\x00\x1b[2J",
        "\ud800",
        "滨" * 10_000,
        "/" * 5_000,
        "/source " + "9" * 5_000,
        "/save \x00",
    ):
        assert "\x1b" not in said(talk, line)


@pytest.mark.parametrize("length", [10, EXCERPT, EXCERPT * 5])
def test_an_excerpt_holds_the_figure(length: int) -> None:
    quote = "前面的话。" + "长" * length + "新增就业7198人" + "。后面的话。"
    assert "7198人" in excerpt(quote, ["7198人"])
    assert len(excerpt(quote, ["7198人"])) <= EXCERPT + 2
    assert excerpt("短句。", []) == "短句。"
