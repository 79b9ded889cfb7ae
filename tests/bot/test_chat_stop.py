"""Ctrl-C at any moment: stopped at once, and nothing half done."""

from __future__ import annotations

import os
import signal
import subprocess
import sys
import threading
from pathlib import Path

import pytest

from tests.bot.talking import QUESTION, said
from zhengwen.bot.terminal.chat_talk import Talk
from zhengwen.bot.terminal.chat_work import interruptible


def test_ctrl_c_stops_what_is_slow_at_once() -> None:
    started, release = threading.Event(), threading.Event()

    def slow() -> bool:
        started.set()
        return release.wait(30)

    def stop() -> None:
        started.wait(30)
        os.kill(os.getpid(), signal.SIGINT)

    before = signal.getsignal(signal.SIGINT)
    threading.Thread(target=stop).start()
    with pytest.raises(KeyboardInterrupt):
        interruptible(slow)
    assert not release.is_set(), "it was not waited for"
    release.set()
    assert signal.getsignal(signal.SIGINT) is before
    assert interruptible(lambda: 7) == 7
    with pytest.raises(ZeroDivisionError):
        interruptible(lambda: 1 // 0)


def test_ctrl_c_at_any_moment_leaves_the_conversation_whole(talk: Talk) -> None:
    before = signal.signal(signal.SIGINT, signal.SIG_IGN)  # between two answers it is not this test's concern
    try:
        for step in range(20):
            turns, state = len(talk.turns), talk.chat.state
            timer = threading.Timer(step * 0.002, os.kill, (os.getpid(), signal.SIGINT))
            timer.start()
            said(talk, QUESTION)
            timer.join()
            assert len(talk.turns) == turns + 1 or talk.chat.state == state
    finally:
        signal.signal(signal.SIGINT, before)
    assert "7198人" in said(talk, QUESTION)


def test_ctrl_c_while_the_program_loads_is_no_traceback(tmp_path: Path) -> None:
    code = """
import sys
class Stopping:
    def find_spec(self, name, *rest):
        if name == "zhengwen.bot.cli":
            raise KeyboardInterrupt
sys.meta_path.insert(0, Stopping())
from zhengwen.bot.start import main
sys.exit(main())
"""
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, cwd=tmp_path, check=False)
    assert (done.returncode, done.stdout, done.stderr) == (130, "", "zhengwen: stopped\n")
