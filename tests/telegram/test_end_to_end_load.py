"""Two hundred people at once, three questions each: 600 answers, none lost, none twice, each chat's in order."""

from __future__ import annotations

from tests.telegram.asking import Crowd
from tests.telegram.bot_process import BotProcess
from tests.telegram.emulator import Emulator


def test_two_hundred_people_at_once(served: Emulator, shared_bot: BotProcess) -> None:
    crowd = Crowd(served, 200, 3)
    before = shared_bot.metric("questions")
    crowd.ask()
    crowd.wait(timeout=180)
    assert crowd.faults() == []
    assert crowd.answered() == 600
    assert shared_bot.metric("questions") - before == 600
