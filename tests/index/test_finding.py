"""What is read again, what is never read, and what a killed ingest leaves behind."""

from __future__ import annotations

import os
import shutil
import time
from collections.abc import Callable
from pathlib import Path

import pytest

import zhengwen.ingest
from zhengwen.index import finding
from zhengwen.index.ingesting import ingest_paths
from zhengwen.index.library import Library

Write = Callable[..., None]


@pytest.fixture
def report(tmp_path: Path, write_small_report: Write) -> Path:
    path = tmp_path / "reports" / "2020.md"
    write_small_report(path, place="滨州市滨城区", year=2020, jobs=7198, homes=41, rate="3.9")
    return path


def test_a_new_reader_reads_again(empty_library: Library, report: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    assert ingest_paths(empty_library, [report]).added == 1
    assert ingest_paths(empty_library, [report]).unchanged == 1
    monkeypatch.setattr(finding, "reader_digest", lambda: "of the next release")
    again = ingest_paths(empty_library, [report])
    assert (again.replaced, again.unchanged) == (1, 0)
    assert len(empty_library.reports()) == 1
    assert ingest_paths(empty_library, [report]).unchanged == 1


def test_the_readers_digest_follows_its_program_and_its_data(tmp_path: Path) -> None:
    room = Path(next(iter(zhengwen.ingest.__path__)))
    copy = tmp_path / "ingest"
    shutil.copytree(room, copy, ignore=shutil.ignore_patterns("__pycache__"))
    before = finding.folder_digest(copy)
    (copy / "__pycache__").mkdir()
    (copy / "__pycache__" / "periods.pyc").write_bytes(b"compiled")
    assert finding.folder_digest(copy) == before == finding.folder_digest(copy)
    for name in ("units.yaml", "periods.py", "regions.csv"):
        text = (copy / name).read_bytes()
        (copy / name).write_bytes(text + b"\n")
        assert finding.folder_digest(copy) != before, name
        (copy / name).write_bytes(text)
    (copy / "new.py").write_bytes(b"")
    assert finding.folder_digest(copy) != before


def test_a_library_inside_the_folder_is_not_read(report: Path) -> None:
    with Library.open(report.parent / "library", create=True) as library:
        assert ingest_paths(library, [report.parent]).added == 1
        again = ingest_paths(library, [report.parent])
    assert (again.unchanged, again.skipped) == (1, [])


def test_what_a_killed_ingest_unpacked_is_swept(empty_library: Library, report: Path) -> None:
    left = empty_library.folder / ".unpacked.abc.part"
    left.mkdir()
    (left / "000000.md").write_text("left")
    long_ago = time.time() - 7200
    os.utime(left, (long_ago, long_ago))
    ingest_paths(empty_library, [report])
    assert list(empty_library.folder.glob(".unpacked.*")) == []
