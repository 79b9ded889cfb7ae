"""Damage done to a library on purpose, and whether the check finds it: each at the place it was done."""

from __future__ import annotations

import shutil
import zlib
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest
from sqlalchemy import delete, insert, select, update

from zhengwen.index import schema
from zhengwen.index.check import check, stale_sources
from zhengwen.index.embed import Loaded
from zhengwen.index.embedding import embed_missing, save_vectors, vectors_file
from zhengwen.index.health import index_state
from zhengwen.index.library import Library
from zhengwen.index.sync import KEYWORDS, keyword_index
from zhengwen.ingest.models import Report

FACTS = (("城镇新增就业", "7198", "人"), ("造林面积", "4.1", "万亩"), ("地区生产总值", "3.5", "%"))


@pytest.fixture
def library(empty_library: Library, make_report: Callable[..., Report]) -> Iterator[Library]:
    """Two reports; whatever is done is done to the first one's rows or to all."""
    for source, year in (("a.md", 2020), ("b.md", 2019)):
        empty_library.add(make_report(source, year=year, facts=FACTS))
    yield empty_library


def found(library: Library) -> list[str]:
    """The damage found by a reader who opens the library afresh: nothing is remembered."""
    with Library.open(library.folder, embedder=library.embedder_settings) as again:
        return [f"{one.place}: {one.what}" for one in check(again)]


def change(library: Library, table: Any, where: Any, **values: Any) -> None:
    with library.writing() as connection:
        assert connection.execute(update(table).where(where).values(**values)).rowcount >= 1


def packed(library: Library, column: str) -> tuple[int, bytes]:
    table = schema.texts.c
    with library.reading() as connection:
        row = connection.execute(select(table.report_no, table[column]).order_by(table.report_no)).first()
    assert row is not None
    return row[0], row[1]


def test_a_sound_library_has_no_fault_and_tells_its_progress(library: Library) -> None:
    told: list[tuple[int, int, str]] = []
    assert list(check(library, progress=lambda *step: told.append(step))) == []
    assert [(done, total) for done, total, _ in told] == [(1, 2), (2, 2)]
    assert {source for _, _, source in told} == {"a.md", "b.md"}


@pytest.mark.parametrize("column", ["clean", "source", "offsets", "blocks"])
def test_a_flipped_byte_in_a_stored_text_is_found(library: Library, column: str) -> None:
    number, data = packed(library, column)
    spoiled = bytearray(data)
    spoiled[len(data) // 2] ^= 0xFF
    change(library, schema.texts, schema.texts.c.report_no == number, **{column: bytes(spoiled)})
    faults = found(library)
    assert faults
    assert all(fault.startswith("a.md: ") for fault in faults)


def test_a_text_rewritten_with_another_digit_is_found_through_the_map(library: Library) -> None:
    number, data = packed(library, "clean")
    text = zlib.decompress(data).decode().replace("7198", "7298")
    change(library, schema.texts, schema.texts.c.report_no == number, clean=zlib.compress(text.encode()))
    faults = "\n".join(found(library))
    assert "not those of its source" in faults
    assert "'7198人', but its text has '7298人'" in faults


def test_a_source_rewritten_with_another_digit_is_found(library: Library) -> None:
    number, data = packed(library, "source")
    text = zlib.decompress(data).decode().replace("7198", "7298")
    change(library, schema.texts, schema.texts.c.report_no == number, source=zlib.compress(text.encode()))
    assert any("but its source has '7298人'" in fault for fault in found(library))


FIGURE_EDITS = {
    "value": ({"value": "9999"}, "value"),
    "unit": ({"unit": "元"}, "unit"),
    "status": ({"status": "cumulative"}, "status"),
    "region": ({"region_code": "370000"}, "region_code"),
    "period": ({"period_start": 20190101}, "period_start"),
    "line": ({"line": 7}, "line 7"),
    "id": ({"id": "f0000000"}, "another source span"),
}


@pytest.mark.parametrize(("values", "said"), FIGURE_EDITS.values(), ids=FIGURE_EDITS.keys())
def test_an_edited_figure_row_is_found(library: Library, values: dict[str, Any], said: str) -> None:
    change(library, schema.figures, schema.figures.c.no == 1, **values)
    faults = found(library)
    assert len(faults) == 1
    assert faults[0].startswith("a.md: figure ")
    assert said in faults[0]


def test_a_value_that_its_surface_does_not_say_is_found_even_where_row_and_record_agree(library: Library) -> None:
    table = schema.figures
    with library.reading() as connection:
        record = connection.execute(select(table.c.record).where(table.c.no == 1)).scalar_one()
    change(library, table, table.c.no == 1, record=record.replace('"value":"7198"', '"value":"8198"'), value="8198")
    assert any("value 8198, which '7198人' does not say" in fault for fault in found(library))


def test_lost_and_moved_rows_are_found(library: Library) -> None:
    table = schema.passages
    change(library, table, table.c.no == 1, source_end=table.c.source_end + 1)
    with library.writing() as connection:
        connection.execute(delete(schema.figures).where(schema.figures.c.no == 2))
    faults = "\n".join(found(library))
    assert "has another source span than its id says" in faults
    assert "holds 2 figures, not 3" in faults


def test_a_report_row_that_differs_from_what_was_read_is_found(library: Library) -> None:
    change(library, schema.reports, schema.reports.c.no == 1, year_reviewed=2011)
    assert found(library) == ["a.md: its region, title, date or year differs from what was read"]


@pytest.fixture
def embedded(library: Library, bigram_embedder: Any) -> Library:
    library.kept_embedder = Loaded(bigram_embedder)
    embed_missing(library, bigram_embedder)
    save_vectors(library, bigram_embedder)
    keyword_index(library, writer=True)
    return library


def test_cut_and_senseless_vectors_are_found(embedded: Library) -> None:
    table = schema.embeddings
    change(embedded, table, table.c.passage_no == 1, vector=b"\x00" * 10)
    change(embedded, table, table.c.passage_no == 2, vector=b"\xff\x7f" * 64)
    assert found(embedded) == [
        "library: 1 vectors of bigrams/64 do not have 64 dimensions",
        "library: 1 vectors of bigrams/64 hold values that are no numbers",
    ]


def test_a_row_without_its_report_is_found(library: Library) -> None:
    with library.writing() as connection:
        connection.exec_driver_sql("PRAGMA defer_foreign_keys=ON")
        row = connection.execute(select(schema.sources).limit(1)).one()._asdict()
    raw = library.engine.raw_connection()
    try:
        raw.execute("PRAGMA foreign_keys=OFF")
        columns = ", ".join(row)
        marks = ", ".join("?" for _ in row)
        values = tuple((row | {"location": "/elsewhere", "report_no": 99}).values())
        raw.execute(f"INSERT INTO sources ({columns}) VALUES ({marks})", values)
        raw.commit()
    finally:
        raw.close()
    assert "library: a row of sources belongs to a missing row of reports" in found(library)


def test_the_derived_indexes_say_how_they_are_and_are_left_as_they_are(embedded: Library, bigram_embedder: Any) -> None:
    state = index_state(embedded)
    assert (state.keywords, state.vectors, state.without_vector) == ("in step", "in step", 0)
    file, folder = vectors_file(embedded, bigram_embedder), embedded.folder / KEYWORDS
    whole = file.read_bytes()
    file.write_bytes(whole[:-100])
    assert index_state(embedded).vectors == "damaged"
    file.unlink()
    assert index_state(embedded).vectors == "missing"
    for one in folder.iterdir():
        one.unlink()
    assert index_state(embedded).keywords == "damaged"
    shutil.rmtree(folder)  # the engine may have left a lock file meanwhile
    state = index_state(embedded)
    assert (state.keywords, state.keywords_behind) == ("missing", 2)
    assert not folder.exists()
    assert not file.exists()


def test_an_index_behind_the_database_is_said_to_be(embedded: Library, make_report: Callable[..., Report]) -> None:
    embedded.add(make_report("c.md", year=2018, facts=FACTS))
    state = index_state(embedded)
    assert (state.keywords, state.keywords_behind) == ("behind", 1)
    assert state.without_vector > 0
    with embedded.writing() as connection:
        connection.execute(delete(schema.embeddings).where(schema.embeddings.c.passage_no == 1))
    assert index_state(embedded).vectors == "behind"


def test_files_that_changed_or_went_are_told_and_pages_and_archives_are_not(library: Library, tmp_path: Path) -> None:
    kept, gone = tmp_path / "kept.md", tmp_path / "gone.md"
    kept.write_text("other words", encoding="utf-8")
    archive = tmp_path / "reports.zip"
    archive.write_bytes(b"PK")
    with library.writing() as connection:
        connection.execute(delete(schema.sources))
        shared = {"report_no": 1, "sha256": "0" * 64, "reading": "", "read_at": "2026-01-01"}
        for location in (str(kept), str(gone), f"{archive}/member.md", "https://example.org/report.html"):
            connection.execute(insert(schema.sources).values(location=location, source=location, **shared))
    assert {(one.source, one.state) for one in stale_sources(library)} == {(str(kept), "changed"), (str(gone), "gone")}
