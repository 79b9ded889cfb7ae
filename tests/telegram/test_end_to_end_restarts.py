"""The bot is stopped and killed in the middle of its work, and started again over the same library."""

from __future__ import annotations

import os
import signal
import time
from pathlib import Path

import pytest

from tests.telegram.asking import Crowd
from tests.telegram.bot_process import BotProcess
from tests.telegram.emulator import Emulator, Fault
from tests.telegram.reading import untidy


def test_a_graceful_stop_loses_nothing(telegram: Emulator, library: Path, tmp_path: Path) -> None:
    bot = BotProcess(telegram, library, tmp_path)
    crowd = Crowd(telegram, 40, 3)
    with bot:
        crowd.ask()
        crowd.wait(10)
        assert bot.stop() == 0
        stopped = crowd.answered()
        time.sleep(0.5)
        assert crowd.answered() == stopped, "a bot that has ended says nothing"
        reply = crowd.people[0].room.from_bot()[0]
        bot.start()
        crowd.wait()
        assert crowd.faults() == []
        crowd.people[0].click(reply, "原文 [1]").wait()
        crowd.people[0].room.wait(4)
    assert untidy(telegram, telegram.calls()) == []


@pytest.mark.parametrize("kills", [3])
def test_the_plug_is_pulled_again_and_again(telegram: Emulator, library: Path, tmp_path: Path, kills: int) -> None:
    bot = BotProcess(telegram, library, tmp_path)
    crowd = Crowd(telegram, 40, 3)
    telegram.faults.add(Fault("sendMessage", "delay", times=10_000, seconds=0.05))
    with bot:
        crowd.ask()
        for kill in range(kills):
            crowd.wait(10 + kill * 25)
            assert bot.process is not None
            os.kill(bot.process.pid, signal.SIGKILL)
            bot.process.wait(10)
            bot.start()
        crowd.wait()
        time.sleep(0.5)
        assert crowd.faults() == []


def test_killed_between_sending_and_writing_it_down(telegram: Emulator, library: Path, tmp_path: Path) -> None:
    """The message is out, its receipt is not in yet: the next start finds the message instead of sending it again."""
    bot = BotProcess(telegram, library, tmp_path)
    person = telegram.person("读者")
    with bot:
        telegram.faults.add(Fault("sendMessage", "hang_after", seconds=2))
        person.say("桓台县2022年GDP")
        person.room.answer()
        assert bot.process is not None
        os.kill(bot.process.pid, signal.SIGKILL)
        bot.process.wait(10)
        bot.start()
        assert person.ask("桓台县2023年GDP")["text"].startswith("392.7亿元")
        person.room.stays_silent(0.5)
        assert len(person.room.from_bot()) == 2


def test_follow_ups_and_buttons_outlive_a_kill(telegram: Emulator, library: Path, tmp_path: Path) -> None:
    bot = BotProcess(telegram, library, tmp_path)
    person = telegram.person("读者")
    with bot:
        reply = person.ask("桓台县2022年GDP")
        series = person.ask("桓台县2019年到2023年历年GDP")
        question = person.say("滨城区2020年地区生产总值是多少")
        before_edit = person.room.answer()
        bot.kill()
        bot.start()
        assert person.ask("新增就业呢？")["text"].startswith("7198人")
        person.click(reply, "原文 [1]").wait()
        assert "368.3亿元" in person.room.answer()["text"]
        person.click(reply, "相邻年份").wait()
        assert "351.6亿元" in person.room.answer()["text"]
        person.click(series, "图").wait()
        assert person.room.answer(30)["photo"]
        person.edit(question, "桓台县2023年GDP")
        assert person.room.wait_edit(before_edit)["text"].startswith("392.7亿元")


def test_workers_end_with_their_parent(telegram: Emulator, library: Path, tmp_path: Path) -> None:
    with BotProcess(telegram, library, tmp_path) as bot:
        telegram.person("读者").ask("桓台县2022年GDP")
        assert bot.process is not None
        children = Path(f"/proc/{bot.process.pid}/task/{bot.process.pid}/children")
        if not children.exists():
            pytest.skip("needs /proc to see the children of a process")
        numbers = children.read_text().split()
        assert numbers
        os.kill(bot.process.pid, signal.SIGKILL)
        bot.process.wait(10)
        until = time.monotonic() + 15
        while any(_alive(number) for number in numbers) and time.monotonic() < until:
            time.sleep(0.1)
        assert not [number for number in numbers if _alive(number)]


def _alive(number: str) -> bool:
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
