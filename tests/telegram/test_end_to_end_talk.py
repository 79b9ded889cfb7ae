"""People talk with the real bot through the emulator: questions, follow-ups, edits, commands."""

from __future__ import annotations

import re

import pytest

from tests.telegram.bot_process import BotProcess
from tests.telegram.emulator import Emulator, Person
from tests.telegram.emulator.text import units
from tests.telegram.library import ROOT
from tests.telegram.reading import labels, marked, quotes

QUESTION = "滨城区2020年新增就业多少"


def test_the_figure_comes_first_then_scope_then_sources(served: Emulator, reader: Person) -> None:
    before = len(served.calls())
    reply = reader.ask(QUESTION)
    lines = reply["text"].splitlines()
    assert (lines[0], marked(reply, "bold")[0]) == ("7198人", "7198人")
    assert "滨州市滨城区" in lines[1] and "2020年" in lines[1] and "城镇新增就业" in lines[1]
    (source,) = quotes(reply)
    assert source.startswith("[1]") and "滨城区2020年度“亮成果”活动的数字" in source and "2021-01-18" in source
    assert marked(reply, "bold")[-1].startswith("7198"), "the figure is highlighted in its paragraph"
    assert reply["text"].index(source) + len(source) == len(reply["text"])
    assert {"原文 [1]", "复制数字", "有误？"} <= set(labels(reply))
    reader.room.stays_silent()
    calls = [
        one.method for one in served.calls()[before:] if one.params.values.get("chat_id") in (reader.id, str(reader.id))
    ]
    assert calls.index("sendChatAction") < calls.index("sendMessage")
    assert "editMessageText" not in calls


def test_quotations_stand_in_the_samples(reader: Person) -> None:
    (source,) = quotes(reader.ask(QUESTION))
    quoted = source.splitlines()[1]
    original = (ROOT / "samples" / "滨城区-2020年成绩单.md").read_text(encoding="utf-8")
    assert quoted in original


def test_what_people_type_is_escaped(reader: Person) -> None:
    for text in (
        "滨城区2020年<b>GDP</b>&lt;多少？",
        "<script>alert(1)</script>",
        "a & b < c > d",
        "<",
        "&#x110000;",
        "</b>",
    ):
        assert reader.ask(text)["text"]
    assert reader.ask("<b>苏州市</b>2020年GDP")["text"]


@pytest.mark.parametrize("text", ["？", "😀😀😀", "𠮷" * 300, "滨" * 4096, "1", "\u202e\u200b滨城区", "GDP"])
def test_odd_questions_get_one_answer(reader: Person, text: str) -> None:
    assert reader.ask(text)["text"]
    reader.room.stays_silent(0.2)


def test_a_refusal_helps(reader: Person) -> None:
    reply = reader.ask("苏州市2020年地区生产总值是多少")
    assert "没有" in reply["text"] and not quotes(reply)


def test_follow_ups_and_reset(reader: Person) -> None:
    reader.ask("滨城区2020年地区生产总值是多少？")
    assert reader.ask("新增就业呢？")["text"].startswith("7198人")
    assert reader.ask("/reset")["text"]
    assert "7198" not in reader.ask("新增就业呢？")["text"]


def test_chats_do_not_hear_each_other(served: Emulator, reader: Person) -> None:
    other = served.person("别人")
    reader.ask("滨城区2020年地区生产总值是多少？")
    assert "7198" not in other.ask("新增就业呢？")["text"]
    assert reader.ask("新增就业呢？")["text"].startswith("7198人")


def test_an_edited_question_is_answered_in_place(reader: Person) -> None:
    question = reader.say("桓台县2022年GDP")
    reply = reader.room.answer()
    assert reply["text"].startswith("368.3亿元")
    reader.edit(question, "桓台县2023年GDP")
    edited = reader.room.wait_edit(reply)
    assert edited["text"].startswith("392.7亿元") and edited["edit_date"]
    reader.edit(reader.room.message(question["message_id"]), "桓台县2021年GDP")
    assert reader.room.wait_edit(edited)["text"].startswith("351.6亿元")
    reader.room.stays_silent(0.3)


def test_a_long_answer_is_split_at_paragraphs(reader: Person) -> None:
    first = reader.ask("/figures 滨城区")
    pages = [first]
    while any("下一页" in one for one in labels(pages[-1])) and len(pages) < 9:
        reader.click(pages[-1], "下一页")
        pages.append(reader.room.wait_edit(pages[-1]))
    for page in (*pages, *reader.room.from_bot()):
        assert 0 < units(page["text"]) <= 4096


def test_help_gives_three_examples_that_work(reader: Person) -> None:
    hello = reader.ask("/start")
    assert hello["text"]
    page = reader.ask("/help")
    examples = [one for one in labels(page) if re.search(r"[多少几]|年", one)]
    assert len(examples) == 3
    for example in examples:
        reader.click(page, example)
        (reply,) = reader.room.wait(1)
        assert marked(reply, "bold") and quotes(reply), reply["text"]


def test_lists_name_regions_and_reports(reader: Person) -> None:
    regions = reader.ask("/regions")["text"]
    for name in ("滨城区", "桓台县", "和平区", "望花区", "全国"):
        assert name in regions
    reports = reader.ask("/reports")["text"]
    assert "2024年桓台县政府工作报告（测试用）" in reports
    figures = reader.ask("/figures 桓台县 2022 就业")["text"]
    assert "5215人" in figures and "368.3" not in figures
    assert reader.ask("/figures")["text"] and reader.ask("/figures 不存在的地方")["text"]
    about = reader.ask("/about")["text"]
    assert re.search(r"\d+\.\d+\.\d+", about) and "报告" in about


def test_cite_opens_a_paragraph_by_its_id(reader: Person) -> None:
    reply = reader.ask(QUESTION)
    reader.click(reply, "原文 [1]")
    opened = reader.room.answer()
    number = re.search(r"[0-9a-f]{12}", opened["text"])
    assert number is not None
    again = reader.ask(f"/cite {number[0]}")
    assert "7198人" in again["text"] and number[0] in again["text"]
    assert "没有" in reader.ask("/cite ffffffffffff")["text"]
    assert reader.ask("/cite")["text"]
    assert reader.ask("/nonsense")["text"]


def test_commands_are_described_in_chinese(served: Emulator) -> None:
    sets = list(served.api.settings.commands.values())
    names = {one["command"] for one in sets[0]}
    assert {"start", "help", "regions", "reports", "cite", "figures", "reset", "about"} <= names
    assert all(re.search(r"[一-鿿]", one["description"]) for commands in sets for one in commands)
    assert "approve" not in names, "administrators' commands are not shown to everyone"


def test_stickers_and_such_are_met_with_a_word(served: Emulator, reader: Person) -> None:
    reader.ask("/start")
    with served.world.lock:
        sticker = {"file_id": "x", "file_unique_id": "y", "width": 1, "height": 1, "type": "regular"}
        content = {"sticker": {**sticker, "is_animated": False, "is_video": False}}
        served.world.emit("message", served.world.new_message(reader.room.chat, reader.info, content))
    assert reader.room.answer()["text"]


def test_health_and_metrics(shared_bot: BotProcess, reader: Person) -> None:
    assert shared_bot.health().status_code == 200
    before = shared_bot.metric(r"questions")
    reader.ask(QUESTION)
    reader.ask("苏州市2020年地区生产总值是多少")
    assert shared_bot.metric(r"questions") >= before + 2
    text = shared_bot.health("/metrics").text
    for word in ("questions", "refus", "error", "_bucket{", "# TYPE", "# HELP"):
        assert word in text, f"{word} is not among the metrics"
    assert shared_bot.telegram.token not in text
