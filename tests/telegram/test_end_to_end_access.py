"""Who may ask: closed unless opened, pairing codes, administrators; and how much anybody may ask."""

from __future__ import annotations

import re
from collections.abc import Iterator
from pathlib import Path
from typing import Any, NamedTuple

import pytest

from tests.telegram.bot_process import BotProcess
from tests.telegram.emulator import Emulator, Person
from tests.telegram.reading import labels

QUESTION = "桓台县2022年GDP"
ANSWER = "368.3亿元"


class Closed(NamedTuple):
    bot: BotProcess
    admin: Person
    friend: Person


@pytest.fixture(scope="module")
def closed(built_library: Path, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Closed]:
    """A bot as it is by default, with one administrator and one reader on its list."""
    import shutil

    folder = tmp_path_factory.mktemp("closed")
    copy = shutil.copytree(built_library, folder / "library")
    with Emulator() as telegram:
        admin, friend = telegram.person("管理员"), telegram.person("朋友")
        admin.say("/start")  # an administrator can be told of new users once they have said hello
        settings: dict[str, Any] = {"access": "closed", "administrators": [admin.id], "allowed_users": [friend.id]}
        limits = {"user_per_minute": 10, "all_per_minute": 0, "send_per_second": 0}
        with BotProcess(telegram, copy, folder, **settings, workers=1, limits=limits) as bot:
            admin.room.answer()
            yield Closed(bot, admin, friend)


def code_in(text: str) -> str:
    found = re.search(r"[A-Z0-9]{6,}", text)
    assert found, text
    return found[0]


def test_listed_readers_ask_and_strangers_do_not(closed: Closed) -> None:
    assert closed.friend.ask(QUESTION)["text"].startswith(ANSWER)
    assert closed.admin.ask(QUESTION)["text"].startswith(ANSWER)
    stranger = closed.bot.telegram.person("陌生人")
    reply = stranger.ask(QUESTION)
    assert ANSWER not in reply["text"] and code_in(reply["text"])
    asked = closed.admin.room.answer()
    assert code_in(reply["text"]) in asked["text"] and "陌生人" in asked["text"]
    typed = stranger.inline(QUESTION).wait()
    assert not any(ANSWER in str(one) for one in typed["results"])
    document = stranger.room
    stranger.upload("报告.md", b"# x\n")
    assert "读入。" not in document.answer()["text"]


def test_a_code_is_approved_by_button_and_outlives_a_restart(closed: Closed) -> None:
    newcomer = closed.bot.telegram.person("新人")
    code = code_in(newcomer.ask("/start")["text"])
    assert code_in(newcomer.ask(QUESTION)["text"]) == code, "asking again gives the same code"
    request = closed.admin.room.answer()
    assert {"批准", "拒绝"} <= set(labels(request))
    closed.admin.click(request, "批准").wait()
    assert newcomer.room.answer()["text"]
    assert newcomer.ask(QUESTION)["text"].startswith(ANSWER)
    assert closed.bot.stop() == 0
    closed.bot.start()
    assert newcomer.ask(QUESTION)["text"].startswith(ANSWER)


def test_a_code_is_approved_by_command_and_revoked(closed: Closed) -> None:
    newcomer = closed.bot.telegram.person("另一位")
    code = code_in(newcomer.ask("/start")["text"])
    closed.admin.room.answer()
    assert newcomer.ask(f"/approve {code}")["text"], "only administrators approve"
    assert ANSWER not in newcomer.ask(QUESTION)["text"]
    assert "批准" in closed.admin.ask(f"/approve {code.lower()}")["text"]
    newcomer.room.answer()
    assert newcomer.ask(QUESTION)["text"].startswith(ANSWER)
    assert str(newcomer.id) in closed.admin.ask("/users")["text"]
    assert closed.admin.ask(f"/revoke {newcomer.id}")["text"]
    assert ANSWER not in newcomer.ask(QUESTION)["text"]
    assert closed.admin.room.answer()["text"], "who comes back asks anew"
    assert "没有" in closed.admin.ask("/approve ZZZZ9999")["text"]


def test_a_declined_one_stays_outside(closed: Closed) -> None:
    newcomer = closed.bot.telegram.person("不速之客")
    newcomer.ask(QUESTION)
    request = closed.admin.room.answer()
    closed.admin.click(request, "拒绝").wait()
    assert ANSWER not in newcomer.ask(QUESTION)["text"]
    forged = newcomer.press_data(newcomer.room.from_bot()[0], f"a:{code_in(request['text'])}")
    forged.wait()
    assert not any(ANSWER in one["text"] for one in newcomer.room.from_bot())


def test_groups_of_a_closed_bot(closed: Closed) -> None:
    stranger = closed.bot.telegram.person("群里的陌生人")
    group = closed.bot.telegram.group("县情", closed.friend, stranger)
    closed.friend.say(f"@zhengwen_test_bot {QUESTION}", group)
    reply = group.answer()
    assert reply["text"].startswith(ANSWER)
    stranger.say(f"@zhengwen_test_bot {QUESTION}", group)
    closed.bot.telegram.wait_until(lambda: True, 1, str)
    assert ANSWER not in "".join(one["text"] for one in group.from_bot()[1:])
    pressed = stranger.click(reply, "原文 [1]").wait()
    assert pressed["text"], "a stranger's press is answered, with a word and no more"


def test_too_many_questions_meet_a_kind_word_once(closed: Closed) -> None:
    hasty = closed.bot.telegram.person("急性子")
    code = code_in(hasty.ask("/start")["text"])
    closed.admin.room.answer()
    closed.admin.ask(f"/approve {code}")
    hasty.room.answer()
    for _ in range(30):
        hasty.say(QUESTION)
    closed.bot.telegram.wait_until(
        lambda: any("请等" in one["text"] for one in hasty.room.from_bot()), 20, lambda: "no word on the limit"
    )
    texts = [one["text"] for one in hasty.room.from_bot()]
    assert sum("请等" in one for one in texts) == 1
    assert sum(one.startswith(ANSWER) for one in texts) <= 10
