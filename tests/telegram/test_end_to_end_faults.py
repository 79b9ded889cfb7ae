"""Trouble on the way between the bot and Telegram: nothing is lost, nothing comes twice."""

from __future__ import annotations

from random import Random

import pytest

from tests.telegram.asking import Crowd
from tests.telegram.emulator import Emulator, Fault, Person

FIRST = "桓台县2022年GDP"
ANSWER = "368.3亿元"


@pytest.mark.parametrize(
    "fault",
    [
        Fault("sendMessage", "too_many", seconds=1, times=2),
        Fault("sendMessage", "server_error", times=2),
        Fault("sendMessage", "server_error", code=502),
        Fault("sendMessage", "drop_before", times=2),
        Fault("sendMessage", "drop_after"),
        Fault("sendMessage", "hang_before", seconds=4),
        Fault("sendMessage", "hang_after", seconds=4),
        Fault("sendMessage", "garbage"),
        Fault("sendChatAction", "server_error", times=2),
        Fault("sendChatAction", "hang_before", seconds=4),
        Fault("getUpdates", "server_error", times=2),
        Fault("getUpdates", "drop_before"),
        Fault("getUpdates", "drop_after", times=2),
        Fault("getUpdates", "too_many", seconds=1),
    ],
    ids=lambda one: f"{one.method} {one.kind} {one.code if one.kind == 'server_error' else ''}".strip(),
)
def test_one_question_one_answer(served: Emulator, reader: Person, fault: Fault) -> None:
    copy = Fault(fault.method, fault.kind, fault.times, fault.seconds, fault.code)
    served.faults.add(copy)
    reader.say(FIRST)
    assert reader.room.answer(40)["text"].startswith(ANSWER)
    assert reader.ask("桓台县2023年GDP")["text"].startswith("392.7亿元")
    reader.room.stays_silent(0.4)
    assert len(reader.room.from_bot()) == 2
    assert copy.hits == fault.times, "the fault did strike"


@pytest.mark.parametrize("kind", ["too_many", "server_error", "drop_before", "drop_after"])
def test_buttons_work_through_trouble(served: Emulator, reader: Person, kind: str) -> None:
    reply = reader.ask("桓台县2022年城镇新增就业")
    reader.click(reply, "原文 [1]")
    opened = reader.room.answer()
    fault = Fault("editMessageText", kind, seconds=1)  # type: ignore[arg-type]
    served.faults.add(fault, Fault("answerCallbackQuery", kind, seconds=1))  # type: ignore[arg-type]
    reader.click(opened, "下一段").wait(30)
    assert "新建幼儿园7所" in reader.room.wait_edit(opened)["text"]
    reader.room.stays_silent(0.3)


def test_edits_come_through(served: Emulator, reader: Person) -> None:
    question = reader.say(FIRST)
    reply = reader.room.answer()
    served.faults.add(Fault("editMessageText", "server_error"), Fault("editMessageText", "drop_after"))
    reader.edit(question, "桓台县2023年GDP")
    assert reader.room.wait_edit(reply)["text"].startswith("392.7亿元")
    reader.room.stays_silent(0.7)
    assert len(reader.room.from_bot()) == 1


def test_an_answer_to_edit_that_is_gone_is_sent_anew(served: Emulator, reader: Person) -> None:
    question = reader.say(FIRST)
    reply = reader.room.answer()
    with served.world.lock:
        del reader.room.chat.messages[reply["message_id"]]
    reader.edit(question, "桓台县2023年GDP")
    assert "392.7亿元" in reader.room.answer()["text"]


def test_a_chart_that_broke_off_is_sent_once(served: Emulator, reader: Person) -> None:
    reply = reader.ask("桓台县2019年到2023年历年GDP")
    served.faults.add(Fault("sendPhoto", "too_many", seconds=1), Fault("sendPhoto", "server_error"))
    reader.click(reply, "图").wait(30)
    assert reader.room.answer(30)["photo"]
    reader.room.stays_silent(0.5)


@pytest.mark.parametrize("trouble", ["twice", "redeliver", "shuffled"])
def test_updates_that_come_again_or_out_of_order(served: Emulator, trouble: str) -> None:
    crowd = Crowd(served, 12, 3)
    value: object = Random(3) if trouble == "shuffled" else True
    setattr(served.updates, trouble, value)
    try:
        crowd.ask()
        crowd.wait(timeout=60)
        assert crowd.faults() == []
    finally:
        setattr(served.updates, trouble, None if trouble == "shuffled" else False)


def test_one_chat_in_trouble_does_not_hold_the_others(served: Emulator, reader: Person) -> None:
    other = served.person("别人")
    served.faults.add(Fault("sendMessage", "too_many", seconds=3, chat_id=reader.id))
    reader.say(FIRST)
    assert other.ask(FIRST, timeout=2.5)["text"].startswith(ANSWER)
    assert reader.room.answer()["text"].startswith(ANSWER)


def test_everything_at_once(served: Emulator) -> None:
    """A fifth of all calls fails in one way or another."""
    crowd = Crowd(served, 30, 2)
    kinds = ("server_error", "drop_before", "drop_after", "too_many")
    served.faults.add(*(Fault("send*", kind, times=8, seconds=1, chance=0.1) for kind in kinds))  # type: ignore[arg-type]
    served.faults.add(*(Fault("getUpdates", kind, times=2, chance=0.3) for kind in kinds[:3]))  # type: ignore[arg-type]
    served.updates.twice = True
    try:
        crowd.ask()
        crowd.wait(timeout=120)
    finally:
        served.updates.twice = False
    crowd.people[-1].room.wait(2)
    crowd.people[-1].room.stays_silent(1)
    assert crowd.faults() == []


def test_the_question_about_an_objection_comes_once(served: Emulator, reader: Person) -> None:
    """It asks for a reply, and a message that does so cannot be found by an edit."""
    reply = reader.ask(FIRST)
    lost = Fault("sendMessage", "drop_after")
    served.faults.add(lost)
    reader.click(reply, "有误").wait(30)
    assert "意见" in reader.room.answer()["text"]
    reader.room.stays_silent(1)
    assert lost.hits == 1


def test_updates_that_the_library_cannot_read(served: Emulator, reader: Person) -> None:
    """A poll as servers before Bot API 9.6 write it, what is no message, and a question that replies to the poll."""
    reader.ask("/start")
    poll = {"id": "5", "question": "？", "options": [{"text": "是", "voter_count": 0}], "total_voter_count": 0}
    poll |= {"is_closed": False, "is_anonymous": True, "type": "regular", "allows_multiple_answers": False}
    with served.world.lock:
        asked = served.world.new_message(reader.room.chat, reader.info, {"poll": poll})
        served.world.emit("message", asked)
        served.world.emit("message", {"message_id": asked["message_id"]})
    assert "文字" in reader.room.answer()["text"]
    reader.say(FIRST, reply_to=asked)
    assert reader.room.answer()["text"].startswith(ANSWER)
    reader.room.stays_silent(0.3)
