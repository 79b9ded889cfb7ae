"""Reports go in whole, come out as they were, and every failure is one line that says what to do."""

from __future__ import annotations

import hashlib
import sqlite3
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from typing import Any

import pytest
from sqlalchemy import select, update

from zhengwen.index import database, schema
from zhengwen.index.check import check
from zhengwen.index.codec import pack, read_about
from zhengwen.index.health import index_state
from zhengwen.index.library import Library
from zhengwen.index.lookup import FigureFilter, lookup
from zhengwen.index.settings import LibrarySettings
from zhengwen.ingest.errors import LibraryError
from zhengwen.ingest.models import Report

MakeReport = Callable[..., Report]


def test_a_report_comes_out_as_it_went_in(empty_library: Library, make_report: MakeReport) -> None:
    report = make_report("a.md", facts=[("城镇新增就业", "7198", "人"), ("税收", "3.9", "%"), ("税收", "5", "%")])
    assert empty_library.add(report) == "added"
    (row,) = empty_library.reports()
    assert (row.id, row.sha256, row.source, row.region, row.year_reviewed) == (
        report.id, report.sha256, "a.md", report.about.region.value, 2020,
    )  # fmt: skip
    assert row.about == report.about == read_about(row.about_record)
    text = empty_library.text(row)
    assert (text.clean, text.source, text.offsets.segments) == (report.text, report.source_text, report.offsets)
    assert [stored.passage for stored in empty_library.passages_of(row)] == list(report.passages)
    assert [found.figure for found in lookup(empty_library, FigureFilter())] == list(report.figures)
    assert list(check(empty_library)) == []


def test_a_citation_leads_to_the_source_and_its_neighbours(empty_library: Library, make_report: MakeReport) -> None:
    report = make_report("a.md", facts=[("甲", "1", "个"), ("乙", "2", "个"), ("丙", "3", "个")])
    empty_library.add(report)
    middle = empty_library.passage(report.passages[1].id)
    assert middle is not None
    passage = report.passages[1]
    assert middle.text == report.text[passage.start : passage.end]
    assert middle.source_text == report.source_text[passage.source_start : passage.source_end]
    assert [stored.id for stored in empty_library.neighbours(middle)] == [report.passages[0].id, report.passages[2].id]
    assert empty_library.passage("ffffffffffff") is None


def test_the_line_is_that_of_the_source(empty_library: Library, make_report: MakeReport) -> None:
    empty_library.add(make_report("a.md", facts=[("甲", "11", "个"), ("乙", "22", "个")]))
    found = lookup(empty_library, FigureFilter())
    # The menu is line 1 of the source, the heading line 2.
    assert [(one.figure.surface, one.line) for one in found] == [("11个", 3), ("22个", 4)]


def test_a_new_version_replaces_the_old_one(empty_library: Library, make_report: MakeReport) -> None:
    old, new = make_report("a.md"), make_report("a.md", facts=[("城镇新增就业", "8000", "人")])
    assert empty_library.state_of("a.md", old.sha256) == "new"
    empty_library.add(old)
    assert empty_library.state_of("a.md", old.sha256) == "unchanged"
    assert empty_library.state_of("a.md", new.sha256) == "changed"
    assert empty_library.add(old) == "unchanged"
    assert empty_library.add(new) == "replaced"
    assert [row.id for row in empty_library.reports()] == [new.id]
    assert [one.figure.value for one in lookup(empty_library, FigureFilter())] == [8000]


def test_ids_survive_reading_again(empty_library: Library, make_report: MakeReport) -> None:
    report = make_report("a.md", facts=[("甲", "1", "个"), ("乙", "2", "%")])
    empty_library.add(report, reading="old settings")
    before = [(one.id, one.passage_id) for one in lookup(empty_library, FigureFilter())]
    assert empty_library.state_of("a.md", report.sha256, reading="new settings") == "changed"
    assert empty_library.add(report, reading="new settings") == "replaced"
    assert [(one.id, one.passage_id) for one in lookup(empty_library, FigureFilter())] == before
    assert len(empty_library.reports()) == 1


def test_the_same_bytes_from_two_places_are_one_report(empty_library: Library, make_report: MakeReport) -> None:
    report = make_report("a.md")
    empty_library.add(report)
    assert empty_library.state_of("copy/a.md", report.sha256) == "elsewhere"
    assert empty_library.add(report.model_copy(update={"source": "copy/a.md"})) == "attached"
    (row,) = empty_library.reports()
    assert [source.source for source in row.sources] == ["a.md", "copy/a.md"]
    assert empty_library.remove(sources=["a.md"]) == 0
    assert [source.source for source in empty_library.reports()[0].sources] == ["copy/a.md"]
    assert empty_library.remove(sources=["copy/a.md"]) == 1
    assert empty_library.reports() == []


LONG = [(f"第{number}项指标", str(1000 + number), "个") for number in range(60)]


def test_the_same_report_from_another_site_is_kept_once(empty_library: Library, make_report: MakeReport) -> None:
    kept, other = make_report("a.md", facts=LONG), make_report("b.md", facts=LONG, remark="（转载自政府网站）")
    assert empty_library.add(kept) == "added"
    assert empty_library.add(other) == "attached"
    assert [source.source for source in empty_library.reports()[0].sources] == ["a.md", "b.md"]
    assert empty_library.state_of("b.md", other.sha256) == "unchanged"
    assert empty_library.state_of("c.md", other.sha256) == "elsewhere"
    empty_library.attach("c.md", sha256=other.sha256)
    # Without the bytes that were kept the others are to be read again.
    assert empty_library.remove(sources=["a.md"]) == 1
    assert empty_library.state_of("b.md", other.sha256) == "new"


def test_the_better_of_two_texts_is_kept(empty_library: Library, make_report: MakeReport) -> None:
    excerpt, whole = make_report("a.md", facts=LONG[:55], code=None), make_report("b.md", facts=LONG)
    empty_library.add(excerpt)
    assert empty_library.add(whole) == "replaced"
    (row,) = empty_library.reports()
    assert row.sha256 == whole.sha256
    assert [source.source for source in row.sources] == ["b.md", "a.md"]
    assert empty_library.state_of("a.md", excerpt.sha256) == "unchanged"
    assert list(check(empty_library)) == []


def test_sources_that_disagree_stay_apart(empty_library: Library, make_report: MakeReport) -> None:
    other = [*LONG[:-1], ("第59项指标", "4711", "个")]
    empty_library.add(make_report("a.md", facts=LONG))
    assert empty_library.add(make_report("b.md", facts=other)) == "added"
    assert len(empty_library.reports()) == 2


def test_another_year_is_another_report(empty_library: Library, make_report: MakeReport) -> None:
    empty_library.add(make_report("a.md", facts=LONG))
    assert empty_library.add(make_report("b.md", facts=LONG, year=2019)) == "added"


def test_attaching_needs_the_bytes(empty_library: Library) -> None:
    with pytest.raises(LibraryError, match="not held"):
        empty_library.attach("c.md", sha256="0" * 64)


def test_removing_leaves_nothing_behind(empty_library: Library, make_report: MakeReport) -> None:
    gone, kept = make_report("a.md"), make_report("b.md", year=2019)
    empty_library.add(gone)
    empty_library.add(kept)
    assert empty_library.remove([gone.id, "unknown"]) == 1
    assert empty_library.passage(gone.passages[0].id) is None
    state = index_state(empty_library)
    assert (state.reports, state.passages, state.figures) == (1, len(kept.passages), len(kept.figures))
    with empty_library.reading() as connection:
        assert len(connection.execute(select(schema.texts.c.report_no)).all()) == 1


def test_reports_are_chosen_by_what_they_are(empty_library: Library, make_report: MakeReport) -> None:
    for source, code, year in (("a", "371602", 2020), ("b", "371600", 2020), ("c", "120101", 2019), ("d", None, 2018)):
        empty_library.add(make_report(source, code=code, year=year))

    def sources(**wanted: Any) -> list[str]:
        return [row.source for row in empty_library.reports(**wanted)]

    assert sources(regions=["371602"]) == ["a"]
    assert sorted(sources(regions=["370000"], descendants=True)) == ["a", "b"]
    assert sorted(sources(regions=["000000"], descendants=True)) == ["a", "b", "c"]
    assert sources(year=2019) == ["c"]
    assert sources(source="d") == ["d"]
    assert sources(regions=[]) == []


def test_tampering_is_found(empty_library: Library, make_report: MakeReport) -> None:
    empty_library.add(make_report("a.md"))
    (row,) = empty_library.reports()
    text = empty_library.text(row).clean.replace("7198", "7199")
    with empty_library.writing() as connection:
        connection.execute(update(schema.texts).values(clean=pack(text)))
    with Library.open(empty_library.folder) as again:
        assert any("7199人" in problem.what for problem in check(again))


def test_many_threads_may_write_and_read(empty_library: Library, make_report: MakeReport) -> None:
    def work(number: int) -> int:
        empty_library.add(make_report(f"{number}.md", remark=str(number)))
        return len(lookup(empty_library, FigureFilter(regions=("371602",))))

    with ThreadPoolExecutor(max_workers=8) as pool:
        seen = list(pool.map(work, range(40)))
    assert max(seen) == 40
    assert list(check(empty_library)) == []


def _digest(folder: Path) -> str:
    return hashlib.sha256((folder / database.FILE).read_bytes()).hexdigest()


def test_no_library_yet(tmp_path: Path) -> None:
    with pytest.raises(LibraryError, match="no library yet; run `zhengwen ingest"):
        Library.open(tmp_path / "none")
    assert not (tmp_path / "none").exists()


def test_an_ingest_killed_at_its_start_left_no_library(tmp_path: Path) -> None:
    (tmp_path / database.FILE).touch()
    with pytest.raises(LibraryError, match="no library yet"):
        Library.open(tmp_path)
    Library.open(tmp_path, create=True).close()
    Library.open(tmp_path).close()


def test_a_newer_library_is_not_touched(empty_library: Library) -> None:
    with empty_library.writing() as connection:
        connection.execute(update(schema.meta).where(schema.meta.c.key == "schema_version").values(value="99"))
    empty_library.close()
    before = _digest(empty_library.folder)
    for create in (False, True):
        with pytest.raises(LibraryError, match=r"newer zhengwen \(library version 99.*upgrade.*nothing was changed"):
            Library.open(empty_library.folder, create=create)
    assert _digest(empty_library.folder) == before


@pytest.mark.parametrize("content", [b"not a database at all" * 99, b"SQLite format 3\x00" + bytes(4000)])
def test_a_damaged_database_is_said(tmp_path: Path, content: bytes) -> None:
    (tmp_path / database.FILE).write_bytes(content)
    with pytest.raises(LibraryError, match=r"damaged|no library yet"):
        Library.open(tmp_path)
    assert (tmp_path / database.FILE).read_bytes() == content


def test_a_cut_off_database_is_said(empty_library: Library, make_report: MakeReport) -> None:
    for number in range(20):
        empty_library.add(make_report(f"{number}.md", remark=str(number)))
    empty_library.close()
    file = empty_library.folder / database.FILE
    file.write_bytes(file.read_bytes()[: file.stat().st_size // 2])
    with pytest.raises(LibraryError, match="damaged"), Library.open(empty_library.folder) as library:
        list(lookup(library, FigureFilter()))


def test_another_database_is_left_alone(tmp_path: Path) -> None:
    connection = sqlite3.connect(tmp_path / database.FILE)
    connection.execute("CREATE TABLE songs (title TEXT)")
    connection.close()
    before = _digest(tmp_path)
    with pytest.raises(LibraryError, match="not a zhengwen library"):
        Library.open(tmp_path, create=True)
    assert _digest(tmp_path) == before


def test_a_file_is_no_folder(tmp_path: Path) -> None:
    (tmp_path / "file").write_text("x")
    with pytest.raises(LibraryError, match="must be a folder"):
        Library.open(tmp_path / "file", create=True)
    with pytest.raises(LibraryError, match="cannot be made"):
        Library.open(tmp_path / "file" / "library", create=True)


def test_a_locked_library_is_waited_for_then_said(
    empty_library: Library, make_report: MakeReport, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(database, "LOCK_SECONDS", 0.2)
    other = sqlite3.connect(empty_library.folder / database.FILE, isolation_level=None)
    other.execute("BEGIN IMMEDIATE")
    with Library.open(empty_library.folder) as library:
        with pytest.raises(LibraryError, match="another process"):
            library.add(make_report("a.md"))
        assert library.reports() == []  # readers need not wait
        other.execute("ROLLBACK")
        assert library.add(make_report("a.md")) == "added"
    other.close()


WRONG_URLS = {
    "no url": "not a database URL",
    "nosuch://host/name": "use sqlite or postgresql",
    "sqlite:////proc/none/x.db": "cannot be opened or written",
}


@pytest.mark.parametrize(("url", "says"), WRONG_URLS.items())
def test_a_wrong_database_url_is_said(tmp_path: Path, url: str, says: str) -> None:
    with pytest.raises(LibraryError, match=says):
        Library.open(tmp_path / "library", settings=LibrarySettings(database=url), create=True)
