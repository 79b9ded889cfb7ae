"""The command line as a test runs it: an empty folder, an own library, no settings of the user."""

from __future__ import annotations

import shutil
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path

import pytest

from zhengwen.bot.cli import main

SAMPLES = Path(__file__).parents[2] / "samples"


@dataclass
class Done:
    code: int
    out: str
    err: str


Run = Callable[..., Done]


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
