"""`zhengwen chat` in a real terminal: typing, completion, history, Ctrl-C, Ctrl-D, saving, colours."""

from __future__ import annotations

import os
import re
import sys
import time
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest

pexpect = pytest.importorskip("pexpect", reason="needs the extra [test]")
pytestmark = pytest.mark.skipif(sys.platform == "win32", reason="needs a pseudo-terminal")

QUESTION = "滨城区2020年新增就业多少"
CTRL_C, CTRL_D, TAB, UP, ENTER = "\x03", "\x04", "\t", "\x1b[A", "\r"
COLOUR = re.compile(r"\x1b\[[0-9;]*(?:3[0-7]|4[0-7]|9[0-7]|[34]8;)[0-9;]*m")


class Terminal:
    """One conversation. `said` waits for a text to appear after what has been seen before."""

    def __init__(self, library: Path, folder: Path, *arguments: str, **environment: str) -> None:
        (folder / "plain.yaml").write_text("embedder: {engine: none}\n", encoding="utf-8")
        start = ["-m", "zhengwen.bot.cli", "--library", str(library), "--config", "plain.yaml", "chat", *arguments]
        plain = {
            "XDG_DATA_HOME": str(folder / "data"),
            "TERM": "xterm-256color",
            "LANG": "C.UTF-8",
            "LC_ALL": "C.UTF-8",
        }
        kept = {name: value for name, value in os.environ.items() if name not in ("NO_COLOR", "FORCE_COLOR")}
        self.child = pexpect.spawn(
            sys.executable, start, cwd=str(folder), env=kept | plain | environment, encoding="utf-8", timeout=30,
            dimensions=(40, 120),
        )  # fmt: skip
        self.seen = ""
        self.said("问>")

    def type(self, *keys: str) -> None:
        for key in keys:
            self.child.send(key)
            time.sleep(0.15)  # as typed: what arrives in one piece is taken for pasted text

    def said(self, text: str) -> str:
        """What came up to and with `text`, which has to come."""
        self.child.expect_exact(text)
        part = str(self.child.before) + text
        self.seen += part
        return part

    def left(self) -> int:
        """The exit code, once it has left."""
        self.child.expect(pexpect.EOF)
        self.seen += str(self.child.before)
        self.child.close()
        assert "Traceback" not in self.seen
        return int(self.child.exitstatus)


Start = Callable[..., Terminal]


@pytest.fixture
def start(samples_library: Path, tmp_path: Path) -> Iterator[Start]:
    started: list[Terminal] = []

    def begin(*arguments: str, **environment: str) -> Terminal:
        started.append(Terminal(samples_library, tmp_path, *arguments, **environment))
        return started[-1]

    yield begin
    for terminal in started:
        terminal.child.close(force=True)


def test_a_conversation_from_greeting_to_goodbye(start: Start, tmp_path: Path) -> None:
    terminal = start()
    assert "8篇报告" in terminal.seen
    terminal.child.send("\x1b[200~滨城区2020年\n新增就业多少\x1b[201~")  # pasted in two lines
    time.sleep(0.3)
    terminal.type(ENTER)
    terminal.said("7198人[1]")
    terminal.said("问>")
    terminal.type("那陵城区呢", ENTER)
    terminal.said("5596人[1]")
    terminal.said("问>")
    terminal.type("/source 1", ENTER)
    terminal.said("SHA-256")
    terminal.said("问>")
    terminal.type("/save notes.md", ENTER)
    terminal.said("已保存")
    terminal.said("问>")
    terminal.type(CTRL_D)
    terminal.said("再见")
    assert terminal.left() == 0
    assert COLOUR.search(terminal.seen)
    notes = (tmp_path / "notes.md").read_text(encoding="utf-8")
    assert QUESTION in notes.replace(" ", "") and "5596人" in notes
    (history,) = (tmp_path / "data").rglob("chat_history")
    assert history.stat().st_mode & 0o777 == 0o600
    assert "那陵城区呢" in history.read_text(encoding="utf-8")


def test_what_was_asked_in_an_earlier_conversation_is_there(start: Start, tmp_path: Path) -> None:
    history = tmp_path / "data" / "zhengwen" / "chat_history"
    history.parent.mkdir(parents=True)
    history.write_text(f"\n# 2026-11-22 09:00:00\n+{QUESTION}\n", encoding="utf-8")
    terminal = start()
    terminal.type(UP, ENTER)
    terminal.said("7198人[1]")
    terminal.said("问>")
    terminal.type("/quit", ENTER)
    assert terminal.left() == 0
    assert history.stat().st_mode & 0o777 == 0o600


def test_tab_completes_a_region_an_indicator_and_a_command(start: Start, tmp_path: Path) -> None:
    terminal = start("--no-history")
    terminal.type("滨城", TAB)
    terminal.said("滨城区")
    terminal.type("2020年城镇登记失", TAB)
    terminal.said("城镇登记失业率")
    terminal.type(CTRL_C)
    terminal.said("问>")
    terminal.type("/he", TAB, ENTER)
    terminal.said("/reset")
    terminal.type("/quit", ENTER)
    assert terminal.left() == 0
    assert not list(tmp_path.rglob("chat_history"))


def test_ctrl_c_stops_an_answer_and_clears_a_line_and_never_leaves(start: Start) -> None:
    terminal = start()
    terminal.type(QUESTION, ENTER)  # the first one takes longest: what answers it is loaded for it
    terminal.said("查找中")
    terminal.child.sendintr()
    terminal.said("已停止")
    terminal.said("问>")
    terminal.type("没有写完的问题", CTRL_C)
    terminal.said("问>")
    terminal.type(CTRL_C)
    terminal.said("Ctrl-D")
    terminal.type(QUESTION, ENTER)
    terminal.said("7198人[1]")
    terminal.said("问>")
    terminal.type(CTRL_D)
    assert terminal.left() == 0


def test_no_colours_where_they_are_not_wanted_and_lost_history_is_said(start: Start, tmp_path: Path) -> None:
    (tmp_path / "data").write_text("in the way", encoding="utf-8")
    terminal = start(NO_COLOR="1")
    assert "输入历史不能保存" in terminal.seen
    terminal.type(QUESTION, ENTER)
    terminal.said("7198人[1]")
    terminal.said("问>")
    terminal.type(CTRL_D)
    assert terminal.left() == 0
    assert not COLOUR.search(terminal.seen)
