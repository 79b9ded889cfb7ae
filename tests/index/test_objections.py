"""A reader's objection: stored with the figure as it stood, found again after a rebuild, closed once."""

from __future__ import annotations

import shutil
from collections.abc import Callable
from pathlib import Path

import pytest
from sqlalchemy import inspect

from zhengwen.index.library import Library
from zhengwen.index.lookup import FigureFilter, StoredFigure, lookup
from zhengwen.index.objections import (
    MAX_CHARACTERS,
    add_objection,
    as_they_are,
    changes,
    close_objection,
    objection,
    objections,
)
from zhengwen.index.settings import EmbedderSettings
from zhengwen.ingest.errors import InputError
from zhengwen.ingest.models import Report

MakeReport = Callable[..., Report]


def jobs(library: Library) -> StoredFigure:
    return lookup(library, FigureFilter(indicators=("城镇新增就业",)))[0]


@pytest.fixture
def library(empty_library: Library, make_report: MakeReport) -> Library:
    empty_library.add(make_report("a.md"))
    return empty_library


def test_an_objection_keeps_the_figure_as_it_stood(library: Library) -> None:
    figure = jobs(library)
    number = add_objection(library, figure_id=f"[{figure.id}]", text=" 这是\n全市的数 ", reader="tg:7")
    found = objections(library)
    assert [one.number for one in found] == [number]
    assert found[0].text == "这是 全市的数"
    assert found[0].reader == "tg:7"
    assert (found[0].surface, found[0].region, found[0].period) == ("7198人", "山东省滨州市滨城区", "2020")
    assert (found[0].indicator, found[0].status, found[0].source) == ("城镇新增就业", "actual", "a.md")
    assert (found[0].sha256, found[0].line) == (figure.report.sha256, figure.line)
    assert found[0].sentence == figure.sentence


def test_nothing_is_made_by_asking(library: Library) -> None:
    assert objections(library) == []
    assert not inspect(library.engine).has_table("objections")


@pytest.mark.parametrize("figure_id", ["f00000000000", "", "[]", "' or 1=1 --", "\x00", "f" * 500])
def test_an_unknown_figure_is_named(library: Library, figure_id: str) -> None:
    with pytest.raises(InputError, match="no figure"):
        add_objection(library, figure_id=figure_id, text="不对")
    assert objections(library) == []


@pytest.mark.parametrize(("text", "fault"), [("", "empty"), (" \n\u2028", "empty"), ("长" * 1001, "1001 characters")])
def test_texts_have_limits(library: Library, text: str, fault: str) -> None:
    with pytest.raises(InputError, match=fault):
        add_objection(library, figure_id=jobs(library).id, text=text)


def test_the_same_words_of_one_reader_are_stored_once(library: Library) -> None:
    figure = jobs(library).id
    first = add_objection(library, figure_id=figure, text="长" * MAX_CHARACTERS, reader="a")
    assert add_objection(library, figure_id=figure, text="长" * MAX_CHARACTERS, reader="a") == first
    other = add_objection(library, figure_id=figure, text="长" * MAX_CHARACTERS, reader="b")
    close_objection(library, first)
    again = add_objection(library, figure_id=figure, text="长" * MAX_CHARACTERS, reader="a")
    assert len({first, other, again}) == 3
    assert [one.number for one in objections(library, figure_id=figure)] == [other, again]


def test_closing_keeps_what_was_done(library: Library) -> None:
    number = add_objection(library, figure_id=jobs(library).id, text="不对")
    close_objection(library, number, note="已更正")
    assert objections(library) == []
    closed = objection(library, number)
    assert (closed.closed_note, closed.closed_at is None) == ("已更正", False)
    with pytest.raises(InputError, match="was closed on"):
        close_objection(library, number)
    with pytest.raises(InputError, match="no objection 99"):
        close_objection(library, 99)


def test_a_changed_and_a_gone_figure_are_told(library: Library, make_report: MakeReport) -> None:
    add_objection(library, figure_id=jobs(library).id, text="不对")
    one = objections(library)[0]
    assert changes(one, as_they_are(library, [one])[one.figure_id]) == {}
    report = make_report("a.md")
    corrected = report.figures[0].model_copy(update={"status": "target"})
    library.add(report.model_copy(update={"figures": (corrected,)}), reading="another")
    assert changes(one, as_they_are(library, [one])[one.figure_id]) == {"status": ("actual", "target")}
    library.remove([report.id])
    assert as_they_are(library, [one]) == {}
    assert objections(library) == [one]


def test_a_figure_keeps_its_id_when_the_library_is_rebuilt(
    tmp_path: Path, write_small_report: Callable[..., None]
) -> None:
    from zhengwen.index.ingesting import ingest_paths

    place = tmp_path / "reports" / "a.md"
    write_small_report(place, place="滨州市滨城区", year=2020, jobs=7198, homes=12, rate="3.1")
    ids = []
    for name in ("first", "second"):
        # Under another path and in another folder: an id comes from the bytes alone.
        shutil.copytree(tmp_path / "reports", tmp_path / name)
        with Library.open(tmp_path / f"{name}.library", embedder=EmbedderSettings(engine="none"), create=True) as held:
            ingest_paths(held, [tmp_path / name], processes=0)
            ids.append([one.id for one in lookup(held, FigureFilter())])
    assert ids[0] == ids[1]
    assert len(set(ids[0])) == len(ids[0]) > 3
