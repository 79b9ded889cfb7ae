"""A built wheel, installed outside the checkout, answers from the samples it carries."""

from __future__ import annotations

import json
import os
import subprocess
import sys
from collections.abc import Mapping
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[1]

ASK = """
import pathlib, subprocess, sys, zhengwen.samples
samples = pathlib.Path(next(iter(zhengwen.samples.__path__)))
assert pathlib.Path(sys.argv[1]) in samples.parents, samples
run = [sys.executable, "-S", "-m", "zhengwen.bot.cli", "--library", sys.argv[2]]
subprocess.run([*run, "ingest", "--quiet", str(samples)], check=True)
subprocess.run([*run, "ask", "--json", "滨城区2020年新增就业多少"], check=True)
"""


@pytest.fixture(scope="module")
def installed(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A folder with the wheel's files; the dependencies come from the environment of the tests."""
    work = tmp_path_factory.mktemp("wheel")
    checkout = copy_checkout(work / "checkout")
    # Without isolation: the build neither asks a package index nor waits for one.
    printed(sys.executable, "-m", "build", "--wheel", "--no-isolation", "--outdir", work / "dist", checkout)
    (wheel,) = (work / "dist").glob("*.whl")
    printed(sys.executable, "-m", "pip", "install", "--quiet", "--no-deps", "--target", work / "site", wheel)
    return work / "site"


def copy_checkout(folder: Path) -> Path:
    """The project's own files, so that `build/` and the like of the checkout are no part of the wheel.

    Those not yet added to git are copied too: a file that is in git may already import them.
    """
    listing = ["git", "ls-files", "-z", "--cached", "--others", "--exclude-standard"]
    files = subprocess.run(listing, cwd=ROOT, capture_output=True, check=False)
    if files.returncode != 0:
        pytest.skip("needs a git checkout, so that only the project's own files are built")
    for name in filter(None, files.stdout.decode().split("\0")):
        if (ROOT / name).is_file():  # one that was deleted is listed until the next commit
            (folder / name).parent.mkdir(parents=True, exist_ok=True)
            (folder / name).write_bytes((ROOT / name).read_bytes())
    return folder


def printed(*command: str | Path, cwd: Path | None = None, env: Mapping[str, str] | None = None) -> str:
    """What a command prints; what it complains of is shown when it fails."""
    done = subprocess.run(list(map(str, command)), capture_output=True, text=True, cwd=cwd, env=env, check=False)
    assert done.returncode == 0, done.stdout + done.stderr
    return done.stdout


def bare_environment(home: Path) -> dict[str, str]:
    """The tests' environment without anybody's library, settings and caches."""
    kept = {name: value for name, value in os.environ.items() if not name.startswith(("XDG_", "ZHENGWEN_", "PYTHON"))}
    return kept | {"HOME": str(home), "PYTHONNOUSERSITE": "1"}


def test_wheel_answers_outside_the_checkout(installed: Path, tmp_path: Path) -> None:
    # -S leaves out the checkout's editable hook; the environment's packages are put back on the path by hand.
    packages = next(path for path in sys.path if path.endswith("site-packages"))
    environment = bare_environment(tmp_path) | {"PYTHONPATH": os.pathsep.join([str(installed), packages])}
    command = (sys.executable, "-S", "-c", ASK, installed, tmp_path / "library")
    answer = json.loads(printed(*command, cwd=tmp_path, env=environment))
    assert answer["figures"][0]["value"] == "7198", answer["text"]


def test_wheel_carries_the_data(installed: Path) -> None:
    package = installed / "zhengwen"
    assert (package / "config.yaml").is_file()
    data = [path for room in ("ingest", "bot", "prompts", "samples") for path in (ROOT / room).rglob("*")]
    wanted = {path.relative_to(ROOT) for path in data if path.suffix in {".yaml", ".csv", ".md", ".txt", ".html"}}
    assert {path for path in wanted if not (package / path).is_file()} == set()
    assert not (package / "tests").exists()
    assert not (package / "benchmarks").exists()
