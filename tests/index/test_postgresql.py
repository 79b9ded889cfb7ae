"""PostgreSQL is a setting: the same library over a real server, started for the test where one is installed."""

from __future__ import annotations

import os
import shutil
import socket
import subprocess
import tempfile
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest

from zhengwen.index.check import check
from zhengwen.index.embed import Embedder
from zhengwen.index.embedding import embed_missing
from zhengwen.index.health import index_state
from zhengwen.index.library import Library
from zhengwen.index.lookup import FigureFilter, count, lookup
from zhengwen.index.objections import add_objection, changes, close_objection, objections
from zhengwen.index.retrieve import Scope, retrieve
from zhengwen.index.settings import EmbedderSettings, LibrarySettings
from zhengwen.ingest.models import Period, Report

USER = "zhengwen"


def program(name: str) -> str:
    places = [shutil.which(name), *map(str, sorted(Path("/usr/lib/postgresql").glob(f"*/bin/{name}")))]
    found = next((place for place in places if place), None)
    if found is None:
        pytest.skip(f"needs PostgreSQL's {name}")
    return found


@pytest.fixture(scope="module")
def url() -> Iterator[str]:
    pytest.importorskip("psycopg", reason="needs psycopg: pip install 'zhengwen[postgresql]'")
    initdb, postgres = program("initdb"), program("postgres")
    # The server refuses to run as root: it gets an account of its own there, and a folder that account can reach.
    account = "postgres" if os.geteuid() == 0 else None
    folder = Path(tempfile.mkdtemp(prefix="zhengwen-pg-"))
    if account:
        shutil.chown(folder, account)
    data = folder / "data"
    quiet = {"stdout": subprocess.DEVNULL, "stderr": subprocess.DEVNULL, "user": account, "cwd": folder}
    subprocess.run([initdb, "-D", data, "-U", USER, "-A", "trust", "-E", "UTF8", "--no-sync"], check=True, **quiet)  # type: ignore[call-overload]
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        port = probe.getsockname()[1]
    options = ["-D", data, "-p", str(port), "-k", folder, "-h", "127.0.0.1", "-F"]
    with subprocess.Popen([postgres, *options], **quiet) as server:  # type: ignore[call-overload]
        try:
            _wait(port, server)
            yield f"postgresql+psycopg://{USER}@127.0.0.1:{port}/postgres"
        finally:
            server.terminate()
    shutil.rmtree(folder, ignore_errors=True)


def _wait(port: int, server: subprocess.Popen[bytes]) -> None:
    import time

    import psycopg

    for _ in range(200):
        try:
            psycopg.connect(host="127.0.0.1", port=port, user=USER, dbname="postgres").close()
            return
        except psycopg.OperationalError:
            assert server.poll() is None, "the server has ended"
            time.sleep(0.1)
    pytest.fail("the server does not answer")


def test_a_library_over_postgresql(url: str, tmp_path: Path, make_report: Callable[..., Report]) -> None:
    settings, embedder = LibrarySettings(database=url), EmbedderSettings(engine="none")
    facts = [("城镇新增就业", "7198", "人"), ("改造老旧小区", "41", "个")]
    old, new = make_report("a.md", facts=facts), make_report("a.md", facts=[*facts[:1], ("改造老旧小区", "42", "个")])
    with Library.open(tmp_path / "library", settings=settings, embedder=embedder, create=True) as library:
        assert library.add(old) == "added"
        assert library.add(old) == "unchanged"
        assert library.add(new) == "replaced"
        assert library.add(make_report("b.md", facts=facts, code="371600", year=2019)) == "added"
        found = lookup(library, FigureFilter(regions=("371602",), period=Period.years(2021)))
        assert [one.figure for one in found] == [new.figures[1]]
        hits = retrieve(library, "老旧小区", scope=Scope(regions=("370000",), descendants=True))
        assert {hit.report.source for hit in hits} == {"a.md", "b.md"}
        assert list(check(library)) == []
        assert index_state(library).database == "postgresql"
    with Library.open(tmp_path / "library", settings=settings, embedder=embedder) as library:
        assert library.remove(sources=["a.md"]) == 1
        assert [row.source for row in library.reports()] == ["b.md"]
        assert lookup(library, FigureFilter(regions=("371602",))) == []


def test_objections_corrections_and_kept_vectors_over_postgresql(
    url: str, tmp_path: Path, make_report: Callable[..., Report], bigram_embedder: Embedder
) -> None:
    settings, embedder = LibrarySettings(database=url), EmbedderSettings(engine="none")
    report = make_report("c.md", code="120101", year=2018)
    figure = report.figures[0].model_copy(update={"withdrawn": True, "corrected": "撤回：x"})
    with Library.open(tmp_path / "other", settings=settings, embedder=embedder, create=True) as library:
        library.add(report)
        assert embed_missing(library, bigram_embedder) > 0
        found = lookup(library, FigureFilter(regions=("120101",), words="新增", offset=0))
        assert count(library, FigureFilter(regions=("120101",))) == len(found) == 1
        assert objections(library) == []
        number = add_objection(library, figure_id=found[0].id, text="不对", reader="王五")
        library.add(report.model_copy(update={"figures": (figure,)}), reading="with corrections")
        assert embed_missing(library, bigram_embedder) == 0
        assert count(library, FigureFilter(regions=("120101",))) == 0
        (gone,) = lookup(library, FigureFilter(regions=("120101",), withdrawn=True, corrected=True))
        (one,) = objections(library)
        assert (one.number, changes(one, gone)) == (number, {"status": ("actual", "withdrawn")})
        close_objection(library, number)
        assert objections(library) == []
