"""A folder of files that mean harm, read by the real command under limits of memory and processor time: each is named
with its reason in one line, and the reports beside them are in the library."""

from __future__ import annotations

import importlib.util
import json
import os
import subprocess
import sys
from pathlib import Path
from types import ModuleType
from typing import Any

import pytest
import yaml

HERE = Path(__file__).parent
CASES: list[dict[str, str]] = yaml.safe_load((HERE / "cases/hostile.yaml").read_text("utf-8"))
GOOD = ("first.txt", "last.md")
_MEMORY = 2_000_000_000
_SECONDS = 240

pytestmark = [
    pytest.mark.skipif(os.name == "nt", reason="limits of a process and symbolic links are those of Unix"),
    pytest.mark.xdist_group("hostile"),  # the folder takes half a minute to read: one process does it for all
]


def _files() -> ModuleType:
    spec = importlib.util.spec_from_file_location("hostile_files", HERE / "hostile_files.py")
    assert spec is not None
    assert spec.loader is not None
    module = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(module)
    return module


def _bounded() -> None:
    """In the child, before the command begins: what it and its readers may hold, and how long they may compute."""
    import resource

    for limit, most in ((resource.RLIMIT_DATA, _MEMORY), (resource.RLIMIT_CPU, _SECONDS), (resource.RLIMIT_CORE, 0)):
        resource.setrlimit(limit, (most, most))


def zhengwen(base: Path, *arguments: str) -> subprocess.CompletedProcess[str]:
    config = base / "plain.yaml"
    config.write_text("embedder: {engine: none}\n", "utf-8")
    start = [sys.executable, "-m", "zhengwen.bot.start", "--library", str(base / "library"), "--config", str(config)]
    command = [*start, *arguments]
    return subprocess.run(command, capture_output=True, text=True, check=False, cwd=base, preexec_fn=_bounded)


@pytest.fixture(scope="module")
def ingested(tmp_path_factory: pytest.TempPathFactory) -> dict[str, Any]:
    base = tmp_path_factory.mktemp("hostile")
    folder = base / "folder"
    folder.mkdir()
    files = _files()
    for number, name in enumerate(GOOD, start=1):
        (folder / name).write_text(files.TEXT.format(1000 + number), "utf-8")
    for case in CASES:
        files.make(folder, case["file"], case["made"])
    done = zhengwen(base, "ingest", "folder")
    listed = zhengwen(base, "reports", "--json").stdout.splitlines()
    sources = {source for line in listed for source in json.loads(line)["sources"]}
    return {"code": done.returncode, "said": done.stderr.splitlines(), "sources": sources, "base": base}


def test_the_rest_of_the_folder_is_read(ingested: dict[str, Any]) -> None:
    assert ingested["code"] == 0
    assert {f"folder/{name}" for name in GOOD} <= ingested["sources"]
    assert not any("internal error" in line or "Traceback" in line for line in ingested["said"])


@pytest.mark.parametrize("case", CASES, ids=lambda case: str(case["file"]))
def test_case(ingested: dict[str, Any], case: dict[str, str]) -> None:
    about = [line for line in ingested["said"] if f"folder/{case['file']}" in line]
    if "reason" in case:
        assert any(case["reason"] in line for line in about), about
        assert all(len(line) < 400 for line in about)
    read = {source for source in ingested["sources"] if source.startswith(f"folder/{case['file']}")}
    assert (f"folder/{case['reads']}" in read) if "reads" in case else not read - {"folder/bomb.zip/ok.md"}


def test_nothing_is_written_outside_the_library(ingested: dict[str, Any]) -> None:
    assert {path.name for path in ingested["base"].iterdir()} == {"folder", "library", "plain.yaml"}
    assert not any("evil" in path.name or "unpacked" in path.name for path in ingested["base"].rglob("*"))
    assert not Path("/etc/evil.md").exists()


def test_one_file_that_was_named_is_an_error(ingested: dict[str, Any]) -> None:
    for name, reason in (("noise.pdf", "damaged PDF"), ("bomb.docx", "over 100 MB"), ("many.zip", "more than 10000")):
        done = zhengwen(ingested["base"], "ingest", f"folder/{name}")
        assert done.returncode == 1
        assert reason in done.stderr
        assert len(done.stderr.strip().splitlines()) == 1
