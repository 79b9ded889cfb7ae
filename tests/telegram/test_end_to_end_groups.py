"""Groups and inline mode."""

from __future__ import annotations

from collections.abc import Iterator

import pytest

from tests.telegram.emulator import Emulator, Person
from tests.telegram.reading import labels, marked, quotes

NAME = "@zhengwen_test_bot"


@pytest.fixture
def talkative(served: Emulator) -> Iterator[Emulator]:
    """The bot's privacy mode is off, as for a group's administrator: it is told everything that is said."""
    served.sees_everything = True
    yield served
    served.sees_everything = False


def test_groups_are_answered_only_when_asked(talkative: Emulator, reader: Person) -> None:
    other = talkative.person("群友")
    group = talkative.group("县情", reader, other)
    group.wait(0)
    reader.say("滨城区2020年新增就业多少", group)
    other.say("大家好", group)
    group.stays_silent(1)
    question = reader.say(f"{NAME} 滨城区2020年新增就业多少", group)
    reply = group.answer()
    assert reply["text"].startswith("7198人")
    assert reply["reply_to_message"]["message_id"] == question["message_id"]
    other.say("桓台县2022年GDP", group, reply_to=reply)
    assert group.answer()["text"].startswith("368.3亿元")
    other.say("桓台县2023年GDP", group, reply_to=question)
    other.say("我说给@别人 桓台县2023年GDP", group)
    group.stays_silent(0.7)


def test_commands_in_groups(served: Emulator, reader: Person) -> None:
    group = served.group("县情", reader)
    reader.say(f"/regions{NAME}", group)
    assert "桓台县" in group.answer()["text"]
    reader.say("/regions@some_other_bot", group)
    group.stays_silent(0.7)


def test_the_mention_may_stand_anywhere_and_alone(served: Emulator, reader: Person) -> None:
    group = served.group("县情", reader)
    reader.say(f"滨城区2020年新增就业多少 {NAME}", group)
    assert group.answer()["text"].startswith("7198人")
    reader.say(f"😀 {NAME.upper()} 桓台县2022年GDP", group)
    assert group.answer()["text"].startswith("368.3亿元")
    reader.say(NAME, group)
    assert group.answer()["text"]


def test_everybody_in_a_group_may_press(served: Emulator, reader: Person) -> None:
    other = served.person("群友")
    group = served.group("县情", reader, other)
    reader.say(f"{NAME} 滨城区2020年新增就业多少", group)
    reply = group.answer()
    other.click(reply, "原文 [1]").wait()
    assert "7198人" in group.answer()["text"]


def test_follow_ups_in_groups(served: Emulator, reader: Person) -> None:
    group = served.group("县情", reader)
    reader.say(f"{NAME} 滨城区2020年地区生产总值是多少", group)
    reply = group.answer()
    reader.say("新增就业呢？", group, reply_to=reply)
    assert group.answer()["text"].startswith("7198人")


def test_inline_results_are_cited_articles(served: Emulator, reader: Person) -> None:
    typed = reader.inline("滨城区2020年GDP")
    results = typed.wait()["results"]
    assert 1 <= len(results) <= 50
    assert "498.71亿元" in results[0]["title"] and results[0]["description"]
    group = served.group("别处", reader)
    sent = reader.choose(typed, 0, group)
    assert "498.71" in marked(sent, "bold")[0]
    assert quotes(sent)


@pytest.mark.parametrize("text", ["", " ", "滨", "苏州市2020年GDP", "和平区2021年一般公共预算收入", "<b>", "滨" * 256])
def test_inline_is_always_answered(reader: Person, text: str) -> None:
    answer = reader.inline(text).wait()
    assert answer["results"] or answer["button"]
    assert all(one["title"] for one in answer["results"])


def test_only_the_last_of_a_word_being_typed_needs_results(reader: Person) -> None:
    typed = [reader.inline("滨城区2020年GDP"[:length]) for length in range(1, 12)]
    assert "498.71亿元" in typed[-1].wait()["results"][0]["title"]


def test_a_group_that_threw_the_bot_out(served: Emulator, reader: Person) -> None:
    group = served.group("县情", reader)
    with served.world.lock:
        reader.say(f"{NAME} 滨城区2020年新增就业多少", group)
        group.chat.members.discard(served.world.bot["id"])
    served.wait_call(
        lambda one: one.code == 403 and one.params.number("chat_id") == group.id and one.method == "sendMessage"
    )
    assert reader.ask("桓台县2022年GDP")["text"].startswith("368.3亿元")
    assert group.from_bot() == []


def test_someone_who_blocks_the_bot_costs_nobody_else(served: Emulator, reader: Person) -> None:
    angry = served.person("离开的人")
    angry.ask("/start")
    with served.world.lock:
        angry.say("滨城区2020年新增就业多少")
        angry.block()
    assert reader.ask("桓台县2022年GDP")["text"].startswith("368.3亿元")
    served.wait_call(
        lambda one: one.code == 403 and one.params.number("chat_id") == angry.id and one.method == "sendMessage"
    )
    angry.unblock()
    assert "368.3亿元" in angry.ask("桓台县2022年GDP")["text"]
    assert labels(angry.room.from_bot()[-1])
