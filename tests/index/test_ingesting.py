"""Files go in once, changed ones replace, bad ones are named, and what is derived follows."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

import pytest

from zhengwen.index.ingesting import ingest_paths, remove_reports
from zhengwen.index.library import Library
from zhengwen.index.readers import Job, read_all
from zhengwen.index.sync import keyword_index
from zhengwen.ingest.errors import InputError
from zhengwen.ingest.settings import IngestSettings

Write = Callable[..., None]


@pytest.fixture
def reports(tmp_path: Path, write_small_report: Write) -> Path:
    folder = tmp_path / "reports"
    for year in (2018, 2019, 2020):
        write_small_report(
            folder / f"{year}.md", place="滨州市滨城区", year=year, jobs=7000 + year, homes=41, rate="3.9"
        )
    (folder / "empty.txt").write_text("")
    (folder / "binary.txt").write_bytes(bytes(range(256)) * 40)
    (folder / "song.mp3").write_bytes(b"ID3")
    return folder


def test_only_what_changed_is_read_again(empty_library: Library, reports: Path, write_small_report: Write) -> None:
    first = ingest_paths(empty_library, [reports])
    assert (first.added, first.unchanged) == (3, 0)
    assert {Path(skip.path).name for skip in first.skipped} == {"empty.txt", "binary.txt", "song.mp3"}
    assert all(skip.reason and "\n" not in skip.reason and not skip.named for skip in first.skipped)
    assert first.figures > 0 and first.passages > 0

    write_small_report(reports / "2020.md", place="滨州市滨城区", year=2020, jobs=9999, homes=41, rate="3.9")
    second = ingest_paths(empty_library, [reports])
    assert (second.added, second.replaced, second.unchanged) == (0, 1, 2)
    assert len(empty_library.reports()) == 3
    third = ingest_paths(empty_library, [reports])
    assert (third.replaced, third.unchanged) == (0, 3)


def test_what_is_named_and_cannot_be_read(empty_library: Library, reports: Path) -> None:
    summary = ingest_paths(empty_library, [reports / "empty.txt", reports / "missing.md", reports / "2020.md"])
    assert {Path(skip.path).name: skip.named for skip in summary.skipped} == {"empty.txt": True, "missing.md": True}
    assert summary.added == 1


def test_an_empty_folder_is_said(empty_library: Library, tmp_path: Path) -> None:
    (tmp_path / "nothing").mkdir()
    assert any("nothing to read" in note for note in ingest_paths(empty_library, [tmp_path / "nothing"]).notes)


def test_a_copy_is_a_second_source(empty_library: Library, reports: Path, tmp_path: Path) -> None:
    ingest_paths(empty_library, [reports])
    copy = tmp_path / "copy.md"
    copy.write_bytes((reports / "2020.md").read_bytes())
    summary = ingest_paths(empty_library, [copy])
    assert (summary.added, summary.attached, len(empty_library.reports())) == (0, 1, 3)


def test_other_settings_mean_another_reading(empty_library: Library, reports: Path) -> None:
    ingest_paths(empty_library, [reports])
    before = sum(row.passages for row in empty_library.reports())
    summary = ingest_paths(empty_library, [reports], settings=IngestSettings(passage_characters=80))
    assert (summary.replaced, summary.unchanged) == (3, 0)
    assert sum(row.passages for row in empty_library.reports()) >= before


def test_progress_and_the_missing_embedder_are_told(empty_library: Library, reports: Path) -> None:
    seen: list[tuple[str, int, int]] = []
    summary = ingest_paths(
        empty_library, [reports], progress=lambda stage, done, total, _: seen.append((stage, done, total))
    )
    reading = [step for step in seen if step[0] == "read"]
    assert [done for _, done, _ in reading] == list(range(1, reading[-1][2] + 1))
    assert ("keywords", 1, 1) in seen
    assert any("keyword search alone" in note for note in summary.notes)


def test_readers_give_the_same_as_reading_here(reports: Path) -> None:
    jobs = [Job(path, str(path)) for path in sorted(reports.glob("*.md"))] + [Job(reports / "empty.txt", "empty")]
    here = list(read_all(jobs, settings=IngestSettings(), processes=0, seconds=60))
    there = list(read_all(jobs, settings=IngestSettings(), processes=2, seconds=60))
    assert [job for job, _ in there] == jobs
    for (_, mine), (_, theirs) in zip(here, there, strict=True):
        assert str(mine) == str(theirs) if isinstance(mine, InputError) else mine == theirs


def test_a_file_that_takes_too_long_costs_itself_alone(reports: Path) -> None:
    jobs = [Job(path, path.name) for path in sorted(reports.glob("*.md"))]
    outcomes = [outcome for _, outcome in read_all(jobs, settings=IngestSettings(), processes=1, seconds=0.01)]
    assert [str(outcome) for outcome in outcomes] == [f"{job.source}: took longer than 0 s; left out" for job in jobs]


def test_a_reader_that_is_not_read_from_ends(reports: Path) -> None:
    jobs = [Job(path, path.name) for path in sorted(reports.glob("*.md"))] * 5
    readings = read_all(jobs, settings=IngestSettings(), processes=2, seconds=60)
    next(readings)
    readings.close()  # the caller was interrupted: the readers are gone, nothing hangs


def test_removing_by_id_path_and_folder(empty_library: Library, reports: Path) -> None:
    ingest_paths(empty_library, [reports])
    first = empty_library.reports()[0]
    assert remove_reports(empty_library, first.id) == 1
    assert remove_reports(empty_library, str(reports / "2019.md")) == 1
    assert remove_reports(empty_library, str(reports)) == 1
    assert remove_reports(empty_library, str(reports)) == 0
    assert keyword_index(empty_library).held() == set()
