"""Bad input, bad settings, damaged libraries: one line that says what to do, and nothing lost."""

from __future__ import annotations

import json
import os
import shutil
import sqlite3
import subprocess
import sys
from pathlib import Path

import pytest

from tests.bot.commands import Run

SAMPLES = Path(__file__).parents[2] / "samples"
QUESTION = "滨城区2020年新增就业多少"


def only_line(text: str) -> str:
    lines = text.strip().splitlines()
    assert len(lines) == 1, text
    return lines[0]


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
        (["clean", "a" * 1000 + ".txt"], 1, "too long"),
        (["ingest", "a" * 1000 + ".txt"], 1, "too long"),
        (["ingest", ""], 2, "path is empty"),
        (["ingest", "/dev/null"], 1, "regular file"),
        (["--today", "2026-02-30", "reports"], 2, "not a date"),
        (["figures", "--json", "--csv"], 2, "one of"),
        (["figures", "--year", "20"], 2, "--year"),
        (["ask", "--batch", "missing.jsonl", "问"], 2, "not both"),
        (["nonsense"], 2, "No such command"),
        (["ask", "--colour", "a"], 2, "--colour"),
    ],
)
def test_what_cannot_be_done_is_said_in_one_line(run: Run, arguments: list[str], code: int, said: str) -> None:
    done = run(*arguments)
    assert done.code == code
    assert said in only_line(done.err)


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


@pytest.mark.parametrize(
    ("lines", "said"),
    [
        ('{"id": 1, "question": "甲"}\n{bad', "line 2: not JSON"),
        ('{"question": "甲"}', "line 1: expected"),
        ("[1]", "line 1: expected"),
        ('{"id": 1, "turns": "滨城区"}', "must be text"),
        ('{"id": 1, "turns": [1, null]}', "must be text"),
        ('{"id": 1, "question": null}', "must be text"),
        ("[" * 100_000, "line 1: not JSON"),
    ],
)
def test_a_broken_batch_names_its_line(filled: Run, tmp_path: Path, lines: str, said: str) -> None:
    (tmp_path / "batch.jsonl").write_text(lines, encoding="utf-8")
    done = filled("ask", "--batch", "batch.jsonl")
    assert (done.code, done.out) == (1, "")
    assert said in only_line(done.err)


def test_odd_characters_in_a_batch_are_no_line_breaks(filled: Run, tmp_path: Path) -> None:
    lines = '{"id": 1, "question": "\\ud800滨城区2020年\u2028新增就业多少"}\r\n'
    (tmp_path / "batch.jsonl").write_bytes(lines.encode())
    (answer,) = filled("ask", "--batch", "batch.jsonl").out.splitlines()
    assert json.loads(answer)["turns"][0]["answered"]


@pytest.mark.parametrize(
    ("config", "said"),
    [
        ("ingest: {max_file_mb: lots}", "ingest.max_file_mb"),
        ("ingest: 5", "ingest"),
        ("- a", "found list"),
        ("a: [", "not valid YAML"),
        ("answer: {threshold: 7}", "answer.threshold"),
        ("embedder: {engine: gpt}", "embedder.engine"),
        ('!!python/object/apply:os.system ["true"]', "not valid YAML"),
    ],
)
def test_a_wrong_setting_is_named(run: Run, tmp_path: Path, config: str, said: str) -> None:
    (tmp_path / "bad.yaml").write_text(config + "\n", encoding="utf-8")
    done = run("reports", settings=tmp_path / "bad.yaml")
    assert done.code == 2
    assert said in only_line(done.err)


def test_names_cannot_steer_the_terminal(run: Run, tmp_path: Path) -> None:
    name = "a\x1b[31m\n[bold]b\u202e.txt"
    (tmp_path / name).write_text("# 滨州市滨城区工作总结\n\n2020年，滨城区新增城镇就业7人。\n", encoding="utf-8")
    (tmp_path / f"empty{name}").write_text("", encoding="utf-8")
    said = [run("ingest", name), run("ingest", f"empty{name}"), run("ask", "滨城区2020年城镇新增就业多少")]
    said += [run("figures"), run("remove", name)]
    assert [done.code for done in said] == [0, 1, 0, 0, 0]
    printed = "".join(done.out + done.err for done in said)
    assert "\x1b" not in printed and "\u202e" not in printed
    assert "[bold]b" in printed


DAMAGE = {
    "no library yet": lambda folder: (folder / "library.sqlite").unlink(),
    "is damaged": lambda folder: (folder / "library.sqlite").write_bytes(bytes(range(256)) * 40),
    "not a zhengwen library": lambda folder: _another_program_s(folder / "library.sqlite"),
}


def _another_program_s(path: Path) -> None:
    path.unlink()
    with sqlite3.connect(path) as connection:
        connection.execute("CREATE TABLE mine (a)")


@pytest.mark.parametrize("said", DAMAGE)
def test_a_damaged_library_is_said_and_left_alone(filled: Run, tmp_path: Path, said: str) -> None:
    DAMAGE[said](tmp_path / "library")
    done = filled("ask", QUESTION)
    assert done.code == 1
    assert said in only_line(done.err)


@pytest.mark.parametrize("damage", ["missing", "junk", "a file"])
def test_a_damaged_keyword_index_mends_itself(filled: Run, tmp_path: Path, damage: str) -> None:
    folder = tmp_path / "library" / "keywords"
    before = filled("ask", "天津报告里的一制三化指什么？").out
    for path in folder.iterdir():
        path.write_bytes(b"junk")
    if damage != "junk":
        shutil.rmtree(folder)
    if damage == "a file":
        folder.write_text("junk")
    assert filled("ask", "天津报告里的一制三化指什么？").out == before
    assert "承诺制" in before


def test_a_library_that_may_not_be_written_answers(filled: Run, tmp_path: Path) -> None:
    folder = tmp_path / "library"
    places = [folder / "keywords", folder]
    for place in places:
        place.chmod(0o555)
    try:
        if os.access(folder, os.W_OK):
            pytest.skip("root may write everywhere")
        assert "7198人" in filled("ask", QUESTION).out
        assert "承诺制" in filled("ask", "天津报告里的一制三化指什么？").out
        done = filled("remove", str(SAMPLES))
        assert done.code == 1
        assert "permissions" in only_line(done.err)
    finally:
        for place in places:
            place.chmod(0o755)


@pytest.mark.usefixtures("filled")
@pytest.mark.parametrize("output", [">&-", ">/dev/full"])
def test_an_output_that_cannot_be_written(tmp_path: Path, output: str) -> None:
    if output.endswith("full") and not Path("/dev/full").exists():
        pytest.skip("needs /dev/full")
    command = f"{sys.executable} -m zhengwen.bot.cli --library {tmp_path}/library reports {output}"
    done = subprocess.run(command, shell=True, capture_output=True, text=True, check=False, cwd=tmp_path)
    assert "Traceback" not in done.stderr and "Exception" not in done.stderr
    assert (done.returncode, "space" in done.stderr) == ((1, True) if output.endswith("full") else (0, False))
