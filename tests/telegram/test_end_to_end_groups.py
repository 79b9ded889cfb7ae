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


def test_plain_commands_in_groups(served: Emulator, reader: Person) -> None:
    """The menu of a client leaves the bot's name out where there is but one bot."""
    group = served.group("县情", reader)
    reader.say("/regions", group)
    assert "桓台县" in group.answer()["text"]
    reader.say("/users", group)
    reader.say("/weather", group)
    group.stays_silent(0.7)


def test_who_writes_in_the_name_of_a_group_or_channel(talkative: Emulator, reader: Person) -> None:
    group = talkative.group("县情", reader)
    anonymous = {"id": 1087968824, "is_bot": True, "first_name": "Group", "username": "GroupAnonymousBot"}
    asked = f"{NAME} 桓台县2022年GDP"
    reader.say(asked, group, sender=anonymous, sender_chat=group.chat.info)
    assert group.answer()["text"].startswith("368.3亿元")
    other = {"id": 136817688, "is_bot": True, "first_name": "Channel", "username": "Channel_Bot"}
    reader.say(asked, group, sender=other, sender_chat={"id": -1001234567, "type": "channel", "title": "频道"})
    assert group.answer()["text"].startswith("368.3亿元")
    reader.say(asked, group, sender={"id": 77, "is_bot": True, "first_name": "另一个机器人"})
    group.stays_silent(0.7)


def test_a_question_below_a_picture(served: Emulator, reader: Person) -> None:
    reader.ask("/start")
    with served.world.lock:
        picture = [{"file_id": "p", "file_unique_id": "p", "width": 9, "height": 9}]
        content = {"photo": picture, "caption": "桓台县2022年GDP"}
        served.world.emit("message", served.world.new_message(reader.room.chat, reader.info, content))
    assert reader.room.answer()["text"].startswith("368.3亿元")


def test_topics_and_threads(served: Emulator, reader: Person) -> None:
    group = served.group("论坛", reader)
    group.chat.topics.add(55)
    reader.say(f"{NAME} 滨城区2020年新增就业多少", group, message_thread_id=55, is_topic_message=True)
    reply = group.answer()
    assert reply["message_thread_id"] == 55
    reader.click(reply, "原文 [1]").wait()
    assert group.answer()["message_thread_id"] == 55
    # Replies in supergroups bring the number of a thread that nobody may write into.
    reader.say(f"{NAME} 桓台县2022年GDP", group, message_thread_id=reply["message_id"])
    assert group.answer()["text"].startswith("368.3亿元")


def test_a_group_becomes_a_supergroup(served: Emulator, reader: Person) -> None:
    small, large = served.group("小群", reader), served.group("大群", reader)
    reader.say(f"{NAME} 滨城区2020年地区生产总值是多少", small)
    small.answer()
    with served.world.lock:
        reader.say(f"{NAME} 桓台县2022年GDP", small)
        small.chat.moved_to = large.id
    assert large.answer()["text"].startswith("368.3亿元")
    with served.world.lock:
        moved = served.world.new_message(small.chat, reader.info, {"migrate_to_chat_id": large.id})
        served.world.emit("message", moved)
    reader.say(f"{NAME} 那2023年呢", large)
    assert large.answer()["text"].startswith("392.7亿元")


def test_answers_that_were_sent_by_inline_mode_are_no_questions(reader: Person) -> None:
    typed = reader.inline("桓台县2022年GDP")
    reader.choose(typed, 0, reader.room)
    reader.room.stays_silent(0.8)
    assert reader.inline("桓台县2022年GDP", offset="1").wait()["results"] == []


def test_a_refusal_by_inline_mode_has_a_short_title(reader: Person) -> None:
    (refused,) = reader.inline("桓台县2030年GDP").wait()["results"]
    assert refused["title"].endswith("。") and refused.get("description") != refused["title"]
