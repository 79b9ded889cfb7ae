"""A built wheel, installed outside the checkout, answers from the samples it carries."""

from __future__ import annotations

import json
import os
import subprocess
import sys
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
    tracked = subprocess.run(["git", "ls-files", "-z"], cwd=ROOT, capture_output=True, check=False)
    if tracked.returncode != 0:
        pytest.skip("needs a git checkout, so that only the project's own files are built")
    copy = work / "checkout"
    for name in filter(None, tracked.stdout.decode().split("\0")):
        if (ROOT / name).is_file():
            (copy / name).parent.mkdir(parents=True, exist_ok=True)
            (copy / name).write_bytes((ROOT / name).read_bytes())
    build = [sys.executable, "-m", "build", "--wheel", "--outdir", str(work / "dist"), str(copy)]
    subprocess.run(build, check=True, capture_output=True)
    (wheel,) = (work / "dist").glob("*.whl")
    target = work / "site"
    pip = [sys.executable, "-m", "pip", "install", "--quiet", "--no-deps", "--target", str(target), str(wheel)]
    subprocess.run(pip, check=True, capture_output=True)
    return target


def test_wheel_answers_outside_the_checkout(installed: Path, tmp_path: Path) -> None:
    # -S leaves out the checkout's editable hook; the environment's packages are put back on the path by hand.
    packages = next(path for path in sys.path if path.endswith("site-packages"))
    environment = os.environ | {"PYTHONPATH": os.pathsep.join([str(installed), packages]), "HOME": str(tmp_path)}
    command = [sys.executable, "-S", "-c", ASK, str(installed), str(tmp_path / "library")]
    environment["PYTHONNOUSERSITE"] = "1"
    done = subprocess.run(command, capture_output=True, text=True, cwd=tmp_path, env=environment, check=False)
    assert done.returncode == 0, done.stderr
    answer = json.loads(done.stdout)
    assert answer["figures"][0]["value"] == "7198"


def test_wheel_carries_the_data(installed: Path) -> None:
    package = installed / "zhengwen"
    assert (package / "config.yaml").is_file()
    data = [path for room in ("ingest", "bot", "prompts", "samples") for path in (ROOT / room).rglob("*")]
    wanted = {path.relative_to(ROOT) for path in data if path.suffix in {".yaml", ".csv", ".md", ".txt", ".html"}}
    assert {path for path in wanted if not (package / path).is_file()} == set()
    assert not (package / "tests").exists()
    assert not (package / "benchmarks").exists()
