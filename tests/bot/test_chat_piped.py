"""The conversation without a terminal: what a pipe gives, holds or closes."""

from __future__ import annotations

import io
import os
import subprocess
import sys
import threading
from pathlib import Path

import pytest

from tests.bot.commands import Run
from tests.bot.talking import QUESTION


def piped(library: Path, text: bytes, *, cwd: Path, **environment: str) -> subprocess.CompletedProcess[bytes]:
    (cwd / "plain.yaml").write_text("embedder: {engine: none}\n", encoding="utf-8")
    command = [sys.executable, "-m", "zhengwen.bot.cli", "--library", str(library), "--config", "plain.yaml", "chat"]
    return subprocess.run(
        command, input=text, capture_output=True, cwd=cwd, timeout=120, check=False, env=os.environ | environment
    )


def test_a_pipe_gives_answers_and_nothing_else(samples_library: Path, tmp_path: Path) -> None:
    lines = f"\ufeff{QUESTION}\r\n\n那陵城区呢\n/source 1\n".encode()
    done = piped(samples_library, lines, cwd=tmp_path, LANG="C")
    out = done.stdout.decode()
    assert (done.returncode, done.stderr) == (0, b"")
    assert "7198人" in out and "陵城区" in out and "5596人" in out
    assert "\x1b" not in out and "问>" not in out and "/help" not in out
    assert out.index("7198人") < out.index("5596人") < out.index("SHA-256")


def test_bytes_that_are_no_text_are_only_a_bad_question(samples_library: Path, tmp_path: Path) -> None:
    done = piped(samples_library, b"\xff\xfe\x00\n\x1b[2J\n" + QUESTION.encode(), cwd=tmp_path)
    assert done.returncode == 0
    assert b"\x1b" not in done.stdout
    assert "7198人" in done.stdout.decode()


def test_each_answer_comes_before_the_next_question(samples_library: Path, tmp_path: Path) -> None:
    (tmp_path / "plain.yaml").write_text("embedder: {engine: none}\n", encoding="utf-8")
    command = [sys.executable, "-m", "zhengwen.bot.cli", "--library", str(samples_library), "--config", "plain.yaml"]
    with subprocess.Popen([*command, "chat"], stdin=subprocess.PIPE, stdout=subprocess.PIPE, cwd=tmp_path) as child:
        watchdog = threading.Timer(120, child.kill)
        watchdog.start()
        assert child.stdin is not None and child.stdout is not None
        for question, answer in ((QUESTION, "7198人"), ("那陵城区呢", "5596人")):
            child.stdin.write(f"{question}\n".encode())
            child.stdin.flush()
            line = child.stdout.readline().decode()
            while not line.strip() or line.startswith(("[", " ")):
                line = child.stdout.readline().decode()
            assert answer in line
        child.stdin.close()
        watchdog.cancel()
        assert child.wait(timeout=60) == 0


def test_an_empty_pipe_is_an_empty_conversation(filled: Run, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(sys, "stdin", io.TextIOWrapper(io.BytesIO(b"")))
    done = filled("chat")
    assert (done.code, done.out, done.err) == (0, "", "")


def test_without_a_library_one_line_says_what_to_do(run: Run) -> None:
    done = run("chat")
    assert done.code == 1
    assert "zhengwen ingest" in done.err


@pytest.mark.usefixtures("filled")
@pytest.mark.parametrize(("arguments", "code"), [("chat", 0), ("cite -", 2), ("ask --batch -", 0)])
def test_a_closed_input_is_an_empty_one(tmp_path: Path, arguments: str, code: int) -> None:
    command = f"{sys.executable} -m zhengwen.bot.cli --library {tmp_path}/library {arguments} <&-"
    done = subprocess.run(command, shell=True, capture_output=True, text=True, check=False, cwd=tmp_path)
    assert (done.returncode, done.stdout) == (code, "")
    assert "internal error" not in done.stderr
