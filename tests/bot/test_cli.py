"""The command line end to end over the samples, and what it says to bad input."""

from __future__ import annotations

import json
import os
import subprocess
import sys
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path

import pytest

from zhengwen.bot.cli import main

ROOT = Path(__file__).parents[2]
SAMPLES = ROOT / "samples"
QUESTION = "滨城区2020年新增就业多少"


@dataclass
class Done:
    code: int
    out: str
    err: str


Run = Callable[..., Done]


@pytest.fixture
def run(tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]) -> Run:
    """`run("ask", …)` in an empty folder with its own library and without the user's settings."""
    monkeypatch.chdir(tmp_path)
    monkeypatch.setenv("XDG_CONFIG_HOME", str(tmp_path / "config"))
    monkeypatch.delenv("ZHENGWEN_LIBRARY", raising=False)
    config = tmp_path / "plain.yaml"
    config.write_text("embedder: {engine: none}\n", encoding="utf-8")

    def call(*arguments: str, library: str = "library", settings: Path = config) -> Done:
        capsys.readouterr()
        code = main(["--library", library, "--config", str(settings), "--today", "2026-11-22", *arguments])
        printed = capsys.readouterr()
        assert "Traceback" not in printed.err
        return Done(code, printed.out, printed.err)

    return call


@pytest.fixture
def filled(run: Run) -> Run:
    assert run("ingest", "--quiet", str(SAMPLES)).code == 0
    return run


def only_line(text: str) -> str:
    lines = text.strip().splitlines()
    assert len(lines) == 1, text
    return lines[0]


def test_a_question_is_answered_with_its_source(filled: Run) -> None:
    done = filled("ask", QUESTION)
    assert done.code == 0
    assert "7198人" in done.out
    assert "滨城区-2020年成绩单.md" in done.out


def test_json_has_the_public_shape_and_the_quote_can_be_cited(filled: Run) -> None:
    answer = json.loads(filled("ask", "--json", QUESTION).out)
    assert {"question", "answered", "text", "figures", "citations", "derived", "reason", "choices"} <= set(answer)
    figure, citation = answer["figures"][0], answer["citations"][0]
    assert (figure["value"], figure["unit"], figure["period"]) == ("7198", "人", "2020")
    assert figure["region"].endswith("滨城区")
    assert figure["surface"] in citation["quote"]
    assert len(citation["quote"]) <= 800
    cited = filled("cite", citation["id"])
    assert cited.code == 0
    assert "7198人" in cited.out
    assert json.loads(filled("cite", citation["id"], "--json").out)["sha256"]


def test_a_refusal_says_so_and_is_no_error(filled: Run) -> None:
    done = filled("ask", "--json", "苏州市2020年地区生产总值是多少？")
    answer = json.loads(done.out)
    assert done.code == 0
    assert not answer["answered"]
    assert answer["figures"] == []
    assert answer["reason"] == "region"


def test_a_batch_answers_line_by_line(filled: Run, tmp_path: Path) -> None:
    lines = [{"id": "a", "question": QUESTION}, {"id": "b", "turns": [QUESTION, "地区生产总值呢？"]}]
    (tmp_path / "batch.jsonl").write_text("\n".join(map(json.dumps, lines)), encoding="utf-8")
    answers = [json.loads(line) for line in filled("ask", "--batch", "batch.jsonl").out.splitlines()]
    assert [(answer["id"], len(answer["turns"])) for answer in answers] == [("a", 1), ("b", 2)]


def test_only_what_changed_is_read_again(filled: Run, tmp_path: Path) -> None:
    again = filled("ingest", str(SAMPLES))
    assert "unchanged" in again.err
    count = len(filled("reports", "--json").out.splitlines())
    assert count == len([path for path in SAMPLES.iterdir() if path.suffix in {".md", ".txt", ".html"}])
    copy = tmp_path / "report.md"
    copy.write_text("# 甲市工作总结\n\n2020年，滨城区新增城镇就业100人。\n", encoding="utf-8")
    assert filled("ingest", str(copy)).code == 0
    assert len(filled("reports", "--json").out.splitlines()) == count + 1
    assert filled("remove", str(copy)).code == 0
    assert len(filled("reports", "--json").out.splitlines()) == count


def test_figures_are_listed_with_their_citations(filled: Run) -> None:
    rows = [
        json.loads(line)
        for line in filled("figures", "--json", "--region", "滨城区", "--year", "2020").out.splitlines()
    ]
    assert any(row["surface"] == "7198人" for row in rows)
    for row in rows:
        assert {"id", "source", "line", "sentence", "citation", "value", "unit", "kind", "status"} <= set(row)
        assert row["surface"] in row["sentence"]
    assert "7198人" in filled("figures", "--indicator", "新增就业").out


def test_clean_prints_the_text_alone_and_explains_on_standard_error(filled: Run) -> None:
    page = str(SAMPLES / "滨州市-2023年政府工作报告.html")
    done = filled("clean", page, "--explain")
    assert "城乡居民收入比缩小到1.85以下" in done.out
    assert "999亿元" not in done.out
    assert "removed" in done.err


@pytest.mark.parametrize(
    ("arguments", "code", "said"),
    [
        (["ask", QUESTION], 1, "zhengwen ingest"),
        (["reports"], 1, "zhengwen ingest"),
        (["cite", "abc"], 1, "zhengwen ingest"),
        (["ask"], 2, "question is empty"),
        (["ask", "  "], 2, "question is empty"),
        (["ask", "--batch", "missing.jsonl"], 1, "cannot be read"),
        (["ingest", "missing"], 1, "missing"),
        (["ingest"], 2, "PATH"),
        (["clean", "."], 2, "folder"),
        (["nonsense"], 2, "No such command"),
        (["ask", "--colour", "a"], 2, "--colour"),
    ],
)
def test_what_cannot_be_done_is_said_in_one_line(run: Run, arguments: list[str], code: int, said: str) -> None:
    done = run(*arguments)
    assert done.code == code
    assert said in done.err


def test_bad_files_are_named_with_their_reason(run: Run, tmp_path: Path) -> None:
    (tmp_path / "empty.txt").write_bytes(b"")
    (tmp_path / "binary.txt").write_bytes(bytes(range(256)) * 40)
    (tmp_path / "table.xlsx").write_bytes(b"PK")
    for name in ("empty.txt", "binary.txt", "table.xlsx"):
        done = run("ingest", name)
        assert done.code == 1, name
        assert name in done.err
    (tmp_path / "folder").mkdir()
    assert run("ingest", "folder").code in {0, 1}
    assert "folder" in run("ingest", "folder").err
    for name in ("empty.txt", "binary.txt", "table.xlsx"):
        (tmp_path / name).rename(tmp_path / "folder" / name)
    (tmp_path / "folder" / "good.txt").write_text("滨州市滨城区\n2020年新增就业5人。\n", encoding="utf-8")
    done = run("ingest", "folder")
    assert done.code == 0
    assert all(name in done.err for name in ("empty.txt", "binary.txt", "table.xlsx"))
    assert len(run("reports", "--json").out.splitlines()) == 1


@pytest.mark.skipif(not hasattr(os, "geteuid") or os.geteuid() == 0, reason="root may read every file")
def test_an_unreadable_file_is_named(run: Run, tmp_path: Path) -> None:
    path = tmp_path / "secret.txt"
    path.write_text("2020年新增就业5人。", encoding="utf-8")
    path.chmod(0)
    done = run("ingest", "secret.txt")
    assert done.code == 1
    assert "permission" in done.err.lower()


def test_an_unknown_setting_is_named(run: Run, tmp_path: Path) -> None:
    config = tmp_path / "bad.yaml"
    config.write_text("embedder: {engin: none}\n", encoding="utf-8")
    done = run("ask", QUESTION, settings=config)
    assert done.code == 2
    assert "embedder.engin" in only_line(done.err)


def test_long_and_odd_questions_get_a_polite_refusal(filled: Run) -> None:
    for question in ("滨" * 10_000, "？？？", "😀", "12345", "' OR 1=1 --", "<b>滨城区</b>"):
        done = filled("ask", "--json", question)
        assert done.code == 0, question
        assert json.loads(done.out)["text"]


def test_a_library_of_a_newer_version_is_left_alone(filled: Run, tmp_path: Path) -> None:
    import sqlite3

    database = next((tmp_path / "library").glob("*.sqlite*"))
    with sqlite3.connect(database) as connection:
        connection.execute("UPDATE meta SET value = '999' WHERE key = 'schema_version'")
    before = database.read_bytes()
    for arguments in (["ask", QUESTION], ["ingest", str(SAMPLES)]):
        done = filled(*arguments)
        assert done.code == 1
        assert "newer" in only_line(done.err)
    assert database.read_bytes() == before


@pytest.mark.usefixtures("filled")
def test_a_pipe_that_closes_early_is_no_error(tmp_path: Path) -> None:
    command = f"{sys.executable} -m zhengwen.bot.cli --library {tmp_path}/library figures --json | head -n 1"
    done = subprocess.run(command, shell=True, capture_output=True, text=True, check=False, cwd=tmp_path)
    assert "Traceback" not in done.stderr
    assert "Exception" not in done.stderr
