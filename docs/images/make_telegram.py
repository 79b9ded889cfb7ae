"""Draw docs/images/telegram.png: what the bot really says about the samples, as a phone shows it; and a chart.

    apt-get install chromium && pip install pylopdf-fonts-zh-cn
    python -m docs.images.make_telegram

The bot runs as `zhengwen telegram` beside the emulator of tests/telegram; nothing here is written by hand but the
questions. Run from the project's folder.
"""

from __future__ import annotations

import tempfile
from pathlib import Path

from docs.images.browser import shoot
from docs.images.telegram_page import bubble, event, page
from tests.telegram.bot_process import BotProcess
from tests.telegram.emulator import Emulator, Person
from tests.telegram.library import ROOT, plain_config, zhengwen

HERE = Path(__file__).parent


class Screen:
    """What one phone shows, row by row."""

    def __init__(self, telegram: Emulator, person: Person) -> None:
        self.telegram = telegram
        self.person = person
        self.rows: list[str] = []
        self.minute = 0

    def _add(self, message: dict[str, object], *, mine: bool) -> None:
        clock = f"9:{41 + self.minute:02d}"
        self.rows.append(
            bubble(message, mine=mine, clock=clock, picture=lambda one: self.telegram.world.files[one].data)
        )

    def ask(self, text: str) -> dict[str, object]:
        self._add(self.person.say(text), mine=True)
        answer = self.person.room.answer(60)
        self._add(answer, mine=False)
        self.minute += 1
        return answer

    def press(self, message: dict[str, object], label: str) -> dict[str, object]:
        self.rows.append(event(f"按下「{label}」"))
        self.person.click(message, label)
        answer = self.person.room.answer(60)
        self._add(answer, mine=False)
        self.minute += 1
        return answer


def main() -> None:
    with tempfile.TemporaryDirectory() as scratch, Emulator() as telegram:
        folder = Path(scratch)
        config = plain_config(folder / "plain.yaml")
        zhengwen("--library", folder / "library", "--config", config, "ingest", "--quiet", ROOT / "samples")
        with BotProcess(telegram, folder / "library", folder):
            left = Screen(telegram, telegram.person("读者"))
            left.press(left.ask("滨城区2020年新增就业多少"), "原文 [1]")
            left.ask("那陵城区呢？")
            right = Screen(telegram, telegram.person("读者"))
            compared = right.ask("滨城区和陵城区2020年城镇新增就业谁多？")
            chart = right.press(compared, "图")
            right.ask("天津2021年地区生产总值增长目标是多少")
            right.ask("苏州市2020年GDP是多少")
        picture = telegram.world.files[chart["photo"][-1]["file_id"]].data  # type: ignore[index]
    (HERE / "telegram_chart.png").write_bytes(picture)
    shoot(page("政问", [left.rows, right.rows]), HERE / "telegram.png", width=906, scale=1.6)


if __name__ == "__main__":
    main()
