"""Fifty kills at random moments of an ingest leave a library that opens, holds whole reports only, and completes."""

from __future__ import annotations

import hashlib
import multiprocessing
import os
import random
import signal
import subprocess
import sys
import time
from collections.abc import Callable
from pathlib import Path

import pytest

from zhengwen.index.check import check
from zhengwen.index.health import index_state
from zhengwen.index.ingesting import Summary, ingest_paths
from zhengwen.index.library import Library
from zhengwen.index.lookup import FigureFilter, lookup
from zhengwen.index.settings import EmbedderSettings
from zhengwen.index.sync import keyword_index
from zhengwen.ingest.errors import LibraryError

FILES = 10
LIBRARIES = 5
KILLS_EACH = 10
COMMAND_AT = 4
"""The kill that hits a whole command with its readers; the others hit a forked child, which starts at once."""

pytestmark = pytest.mark.skipif(not hasattr(os, "fork"), reason="needs a system that can fork")
NO_EMBEDDER = EmbedderSettings(engine="none")
COMMAND = """
import sys
from pathlib import Path
from zhengwen.index.ingesting import ingest_paths
from zhengwen.index.library import Library
from zhengwen.index.settings import EmbedderSettings
with Library.open(Path(sys.argv[1]), embedder=EmbedderSettings(engine="none"), create=True) as library:
    print("go", flush=True)
    ingest_paths(library, [Path(sys.argv[2])], processes=2)
"""


def ingest(folder: Path, reports: Path) -> Summary:
    with Library.open(folder, embedder=NO_EMBEDDER, create=True) as library:
        return ingest_paths(library, [reports], processes=0)


def in_child(folder: Path, reports: Path) -> None:
    ingest(folder, reports)
    os._exit(0)


def kill_forked(folder: Path, reports: Path, delay: float) -> bool:
    """Whether the kill came before the end."""
    child = multiprocessing.get_context("fork").Process(target=in_child, args=(folder, reports))
    child.start()
    child.join(timeout=delay)
    child.kill()
    child.join()
    return child.exitcode == -signal.SIGKILL


def kill_command(folder: Path, reports: Path, delay: float) -> bool:
    command = [sys.executable, "-c", COMMAND, str(folder), str(reports)]
    with subprocess.Popen(command, stdout=subprocess.PIPE) as child:
        assert child.stdout is not None
        child.stdout.readline()
        time.sleep(delay)
        child.kill()
    return child.returncode == -signal.SIGKILL


class Files:
    """The reports on disk: a few of them change before every ingest, so that there is always something to do."""

    def __init__(self, folder: Path, write: Callable[..., None], chance: random.Random) -> None:
        self.folder, self._write, self._chance = folder, write, chance
        self.versions: dict[str, set[str]] = {}
        self.change(range(FILES))

    def change(self, numbers: object = None) -> None:
        chosen = numbers if isinstance(numbers, range) else self._chance.sample(range(FILES), FILES // 2)
        for number in chosen:
            path = self.folder / f"{number:02}.md"
            jobs, homes = self._chance.randrange(1000, 9999), self._chance.randrange(2, 99)
            self._write(path, place="滨州市滨城区", year=2005 + number, jobs=jobs, homes=homes, rate=f"{homes / 10}")
            self.versions.setdefault(str(path), set()).add(hashlib.sha256(path.read_bytes()).hexdigest())

    def current(self) -> dict[str, str]:
        return {str(path): hashlib.sha256(path.read_bytes()).hexdigest() for path in self.folder.iterdir()}


def assert_whole(folder: Path, files: Files) -> int:
    """Everything that is there is whole and was on disk once; gives how many reports are current."""
    try:
        library = Library.open(folder, embedder=NO_EMBEDDER)
    except LibraryError as error:
        assert "no library yet" in str(error)  # killed before the tables were there
        return 0
    with library:
        assert list(check(library)) == []
        rows = library.reports()
        for row in rows:
            assert row.sha256 in files.versions[row.source]
            assert row.passages == len(library.passages_of(row)) > 0
            assert row.figures == len(lookup(library, FigureFilter(report_ids=(row.id,)))) > 0
        assert len({row.source for row in rows}) == len(rows)
    return len({(row.source, row.sha256) for row in rows} & set(files.current().items()))


def test_fifty_kills(tmp_path: Path, write_small_report: Callable[..., None]) -> None:
    chance = random.Random(20201119)
    files = Files(tmp_path / "reports", write_small_report, chance)
    ingest(tmp_path / "warm", files.folder)  # what the first reading loads is inherited by the forked children
    start = time.perf_counter()
    ingest(tmp_path / "measure", files.folder)
    whole = time.perf_counter() - start

    hits, current = 0, []
    for number in range(LIBRARIES):
        folder = tmp_path / f"library{number}"
        for round_ in range(KILLS_EACH):
            kill = kill_command if round_ == COMMAND_AT else kill_forked
            hits += kill(folder, files.folder, chance.uniform(0, whole * 0.8))
            current.append(assert_whole(folder, files))
            files.change()
        assert_completes(folder, files)
    assert hits > LIBRARIES * KILLS_EACH / 2, "most kills must come before the ingest has ended"
    assert len(set(current)) > 3, "kills must come at different moments"


def assert_completes(folder: Path, files: Files) -> None:
    """The next run does the rest, and the one after that has nothing to do."""
    assert ingest(folder, files.folder).skipped == []
    assert assert_whole(folder, files) == FILES
    with Library.open(folder, embedder=NO_EMBEDDER) as library:
        assert {row.source: row.sha256 for row in library.reports()} == files.current()
        state = index_state(library)
        assert (state.keywords, state.reports) == ("in step", FILES)
        assert len(keyword_index(library).search("改造老旧小区", top=100)) >= FILES
    assert ingest(folder, files.folder).unchanged == FILES
