"""The command line and the conversation as tests run them: an empty folder, an own library, no settings of the user."""

from __future__ import annotations

import io
import shutil
from collections.abc import Iterator
from datetime import date
from pathlib import Path

import pytest
from rich.console import Console

from tests.bot.commands import Done, Run
from zhengwen.bot.cli import main
from zhengwen.bot.settings import AnswerSettings
from zhengwen.bot.terminal.chat_talk import Talk
from zhengwen.index.library import Library

SAMPLES = Path(__file__).parents[2] / "samples"


@pytest.fixture
def run(tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]) -> Run:
    """`run("ask", …)` in an empty folder with its own library and without the user's settings."""
    monkeypatch.chdir(tmp_path)
    monkeypatch.setenv("XDG_CONFIG_HOME", str(tmp_path / "config"))
    monkeypatch.delenv("ZHENGWEN_LIBRARY", raising=False)
    config = tmp_path / "plain.yaml"
    config.write_text("embedder: {engine: none}\n", encoding="utf-8")

    def call(*arguments: str, library: str = "library", settings: Path = config) -> Done:
        capsys.readouterr()
        code = main(["--library", library, "--config", str(settings), "--today", "2026-11-22", *arguments])
        printed = capsys.readouterr()
        assert "Traceback" not in printed.err
        return Done(code, printed.out, printed.err)

    return call


@pytest.fixture(scope="session")
def samples_library(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The samples read once; each test works on its own copy."""
    folder = tmp_path_factory.mktemp("samples")
    config = folder / "plain.yaml"
    config.write_text("embedder: {engine: none}\n", encoding="utf-8")
    start = ["--library", str(folder / "library"), "--config", str(config)]
    assert main([*start, "ingest", "--quiet", str(SAMPLES)]) == 0
    return folder / "library"


@pytest.fixture
def filled(run: Run, samples_library: Path, tmp_path: Path) -> Run:
    shutil.copytree(samples_library, tmp_path / "library")
    return run


@pytest.fixture(scope="module")
def library(samples_library: Path) -> Iterator[Library]:
    """The samples, opened; a module with reports of its own puts its library in this place."""
    with Library.open(samples_library) as opened:
        yield opened


@pytest.fixture
def talk(library: Library, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Talk:
    """A conversation over the samples, in an empty folder, that writes into a string."""
    monkeypatch.chdir(tmp_path)
    console = Console(file=io.StringIO(), width=500)
    return Talk(library, console, date(2026, 11, 22), AnswerSettings())
