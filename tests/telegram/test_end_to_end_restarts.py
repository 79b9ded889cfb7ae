"""The bot is stopped and killed in the middle of its work, and started again over the same library."""

from __future__ import annotations

import os
import signal
import time
from pathlib import Path

import pytest

from tests.telegram.asking import KNOWN, Crowd
from tests.telegram.bot_process import BotProcess
from tests.telegram.emulator import Emulator, Fault
from tests.telegram.reading import untidy


def test_a_graceful_stop_loses_nothing(telegram: Emulator, library: Path, tmp_path: Path) -> None:
    bot = BotProcess(telegram, library, tmp_path, workers=1)
    crowd = Crowd(telegram, 30, 3)
    with bot:
        crowd.ask()
        crowd.wait(10)
        assert bot.stop() == 0
        stopped = crowd.answered()
        assert stopped < crowd.expected(), "the stop came in the middle"
        time.sleep(0.3)
        assert crowd.answered() == stopped, "a bot that has ended says nothing"
        bot.start()
        crowd.wait()
        assert crowd.faults() == []
    assert untidy(telegram, telegram.calls()) == []


def test_the_plug_is_pulled_in_the_middle(telegram: Emulator, library: Path, tmp_path: Path) -> None:
    bot = BotProcess(telegram, library, tmp_path, workers=1)
    crowd = Crowd(telegram, 30, 3)
    telegram.faults.add(Fault("sendMessage", "delay", times=10_000, seconds=0.05))
    with bot:
        crowd.ask()
        crowd.wait(20)
        pull_the_plug(bot)
        bot.start()
        crowd.wait()
        time.sleep(0.5)
        assert crowd.faults() == []


def test_the_plug_is_pulled_where_every_chat_counts_its_own(telegram: Emulator, library: Path, tmp_path: Path) -> None:
    """Commands, sources and answers in one chat; the numbers of other chats say nothing about it."""
    telegram.world.own_numbers = True
    bot = BotProcess(telegram, library, tmp_path, workers=1)
    crowd = Crowd(telegram, 12, 3)
    with bot:
        firsts = [person.ask("桓台县2022年GDP") for person in crowd.people]
        telegram.faults.add(Fault("sendMessage", "delay", times=10_000, seconds=0.05))
        for person, first in zip(crowd.people, firsts, strict=True):
            person.say("/about")
            person.click(first, "原文 [1]")
        crowd.ask()
        for beyond in (15, 35):
            crowd.wait(len(crowd.people) + beyond)
            pull_the_plug(bot)
            bot.start()
        crowd.wait(len(crowd.people) * 6)
        time.sleep(1)
    for person, first in zip(crowd.people, firsts, strict=True):
        texts = [one["text"] for one in person.room.from_bot()]
        assert len(texts) == 6 and texts.count(first["text"]) >= 1, texts
        assert sum(one.startswith("政问") for one in texts) == 1 and sum("编号" in one for one in texts) == 1, texts
        starts = [KNOWN[one] for one in crowd.questions[person.id]]
        answers = [one for one in texts[1:] if not one.startswith("政问") and "编号" not in one]
        assert all(map(str.startswith, answers, starts)), texts


def test_what_a_kill_leaves_behind(telegram: Emulator, library: Path, tmp_path: Path) -> None:
    """Workers end; a message that was out without its receipt is found; follow-ups, buttons and edits go on."""
    bot = BotProcess(telegram, library, tmp_path, workers=1)
    person, other = telegram.person("读者"), telegram.person("另一位")
    with bot:
        reply = person.ask("桓台县2022年GDP")
        series = person.ask("桓台县2019年到2023年历年GDP")
        question = person.say("滨城区2020年地区生产总值是多少")
        before_edit = person.room.answer()
        telegram.faults.add(Fault("sendMessage", "hang_after", seconds=2))
        other.say("桓台县2022年GDP")
        other.room.answer()
        workers = children(bot)
        pull_the_plug(bot)
        until = time.monotonic() + 15
        while any(map(alive, workers)) and time.monotonic() < until:
            time.sleep(0.05)
        assert not [one for one in workers if alive(one)]
        bot.start()
        assert other.ask("桓台县2023年GDP")["text"].startswith("392.7亿元")
        assert person.ask("新增就业呢？")["text"].startswith("7198人")
        person.click(reply, "原文 [1]").wait()
        assert "368.3亿元" in person.room.answer()["text"]
        person.click(reply, "相邻年份").wait()
        assert "351.6亿元" in person.room.answer()["text"]
        person.click(series, "图").wait()
        assert person.room.answer(30)["photo"]
        person.edit(question, "桓台县2023年GDP")
        assert person.room.wait_edit(before_edit)["text"].startswith("392.7亿元")
        other.room.stays_silent(0.3)
        assert len(other.room.from_bot()) == 2


def pull_the_plug(bot: BotProcess) -> None:
    """SIGKILL for the bot alone: its workers have to notice by themselves."""
    assert bot.process is not None
    os.kill(bot.process.pid, signal.SIGKILL)
    bot.process.wait(10)


def children(bot: BotProcess) -> list[str]:
    assert bot.process is not None
    listed = Path(f"/proc/{bot.process.pid}/task/{bot.process.pid}/children")
    return listed.read_text().split() if listed.exists() else []


def alive(number: str) -> bool:
    status = Path(f"/proc/{number}/status")
    try:
        return "State:\tZ" not in status.read_text()
    except OSError:
        return False


@pytest.mark.parametrize(("token", "words"), [("", "ZHENGWEN_TELEGRAM_TOKEN"), ("1:wrong-token-0123456789", "token")])
def test_without_a_good_token_it_says_so_and_ends(
    telegram: Emulator, library: Path, tmp_path: Path, token: str, words: str
) -> None:
    bot = BotProcess(telegram, library, tmp_path, token=token)
    bot.start(ready=False)
    assert bot.process is not None
    assert bot.process.wait(30) in (1, 2)
    last = bot.log().strip().splitlines()[-1]
    assert last.startswith("zhengwen: ") and words in last
    assert "Traceback" not in bot.log() and (not token or token.partition(":")[2] not in bot.log())
