"""The conversation: line in, answer out; commands, choices, saving, and Ctrl-C at any moment."""

from __future__ import annotations

import io
import os
import signal
import subprocess
import sys
import threading
from collections.abc import Callable, Iterator
from datetime import date
from pathlib import Path
from typing import Any

import pytest
from markdown_it import MarkdownIt
from prompt_toolkit.completion import CompleteEvent
from prompt_toolkit.document import Document
from rich.console import Console

from zhengwen.bot.settings import AnswerSettings
from zhengwen.bot.terminal.chat_complete import ChatCompleter, Name, Names
from zhengwen.bot.terminal.chat_prompt import PrivateHistory
from zhengwen.bot.terminal.chat_show import EXCERPT, excerpt
from zhengwen.bot.terminal.chat_talk import COMMANDS, Talk, read_command
from zhengwen.bot.terminal.chat_work import interruptible
from zhengwen.index.library import Library

QUESTION = "滨城区2020年新增就业多少"
Run = Callable[..., Any]


@pytest.fixture(scope="module")
def library(samples_library: Path) -> Iterator[Library]:
    with Library.open(samples_library) as opened:
        yield opened


@pytest.fixture
def talk(library: Library, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Talk:
    monkeypatch.chdir(tmp_path)
    console = Console(file=io.StringIO(), width=500)
    return Talk(library, console, date(2026, 11, 22), AnswerSettings())


def said(talk: Talk, line: str) -> str:
    """What one line gives."""
    stream = talk.console.file
    assert isinstance(stream, io.StringIO)
    before = len(stream.getvalue())
    assert talk.take(line)
    return stream.getvalue()[before:]


def piped(library: Path, text: bytes, *, cwd: Path, **environment: str) -> subprocess.CompletedProcess[bytes]:
    (cwd / "plain.yaml").write_text("embedder: {engine: none}\n", encoding="utf-8")
    command = [sys.executable, "-m", "zhengwen.bot.cli", "--library", str(library), "--config", "plain.yaml", "chat"]
    return subprocess.run(
        command, input=text, capture_output=True, cwd=cwd, timeout=120, check=False, env=os.environ | environment
    )


def test_a_pipe_gives_answers_and_nothing_else(samples_library: Path, tmp_path: Path) -> None:
    lines = f"\ufeff{QUESTION}\r\n\n那陵城区呢\n/source 1\n".encode()
    done = piped(samples_library, lines, cwd=tmp_path, LANG="C")
    out = done.stdout.decode()
    assert (done.returncode, done.stderr) == (0, b"")
    assert "7198人" in out and "陵城区" in out and "5596人" in out
    assert "\x1b" not in out and "问>" not in out and "/help" not in out
    assert out.index("7198人") < out.index("5596人") < out.index("SHA-256")


def test_bytes_that_are_no_text_are_only_a_bad_question(samples_library: Path, tmp_path: Path) -> None:
    done = piped(samples_library, b"\xff\xfe\x00\n\x1b[2J\n" + QUESTION.encode(), cwd=tmp_path)
    assert done.returncode == 0
    assert b"\x1b" not in done.stdout
    assert "7198人" in done.stdout.decode()


def test_each_answer_comes_before_the_next_question(samples_library: Path, tmp_path: Path) -> None:
    (tmp_path / "plain.yaml").write_text("embedder: {engine: none}\n", encoding="utf-8")
    command = [sys.executable, "-m", "zhengwen.bot.cli", "--library", str(samples_library), "--config", "plain.yaml"]
    with subprocess.Popen([*command, "chat"], stdin=subprocess.PIPE, stdout=subprocess.PIPE, cwd=tmp_path) as child:
        watchdog = threading.Timer(120, child.kill)
        watchdog.start()
        assert child.stdin is not None and child.stdout is not None
        for question, answer in ((QUESTION, "7198人"), ("那陵城区呢", "5596人")):
            child.stdin.write(f"{question}\n".encode())
            child.stdin.flush()
            line = child.stdout.readline().decode()
            while not line.strip() or line.startswith(("[", " ")):
                line = child.stdout.readline().decode()
            assert answer in line
        child.stdin.close()
        watchdog.cancel()
        assert child.wait(timeout=60) == 0


def test_an_empty_pipe_is_an_empty_conversation(filled: Run, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(sys, "stdin", io.TextIOWrapper(io.BytesIO(b"")))
    done = filled("chat")
    assert (done.code, done.out, done.err) == (0, "", "")


def test_without_a_library_one_line_says_what_to_do(run: Run) -> None:
    done = run("chat")
    assert done.code == 1
    assert "zhengwen ingest" in done.err


def test_a_follow_up_takes_what_it_leaves_out_until_reset(talk: Talk) -> None:
    assert "7198人" in said(talk, QUESTION)
    assert "5596人" in said(talk, "那陵城区呢")
    said(talk, "/reset")
    assert "5596人" not in said(talk, "新增就业多少")


def test_source_opens_the_paragraph_with_its_neighbours(talk: Talk) -> None:
    assert "还没有" in said(talk, "/source 1")
    answer = said(talk, QUESTION)
    opened = said(talk, "/source 1")
    assert "7198人" in opened and "滨城区-2020年成绩单.md" in opened
    assert len(opened) > len(answer)
    assert "27.04亿元" in opened, "the paragraph after it"
    assert opened == said(talk, "/source") == said(talk, "／source［1］") == said(talk, "/出处 １")
    assert "[1]" in said(talk, "/source 7")
    assert "/source" in said(talk, "/source 甲")
    citation = talk.turns[-1].citations[0].id
    assert citation in said(talk, f"/source {citation}")


def test_why_shows_how_it_was_read_and_what_lost(talk: Talk) -> None:
    assert "还没有" in said(talk, "/why")
    said(talk, QUESTION)
    why = said(talk, "/why")
    assert "value" in why and "7198人" in why


def test_a_quoted_sentence_is_looked_up(talk: Talk) -> None:
    assert "滨城区-2020年成绩单.md" in said(talk, "“全年城镇新增就业7198人”这句话出自哪里？")
    assert "天津市-2021年政府工作报告.md" in said(talk, "/cite 五年来，引進北京項目3062個")
    assert "没有这句话" in said(talk, "/cite 今天天气很好，我们一起去公园放风筝吧")
    assert "/cite" in said(talk, "/cite")
    assert talk.turns == [], "no question was asked"


def test_a_choice_is_taken_by_its_number(talk: Talk) -> None:
    said(talk, "山东省2020年新增就业多少")
    choices = talk.turns[-1].choices
    assert choices
    number = next(at for at, choice in enumerate(choices, 1) if choice.endswith("滨城区"))
    assert "没有第99项" in said(talk, "99")
    assert "7198人" in said(talk, str(number))
    assert talk.turns[-1].question == choices[number - 1]


@pytest.mark.parametrize(
    ("line", "expected"),
    [
        ("/source 2", ("source", "2")),
        ("／ＳＯＵＲＣＥ2", None),
        ("、why", ("why", "")),
        ("/so", ("source", "")),
        ("/s", ("s", "")),
        ("/exit", ("quit", "")),
        ("/帮助", ("help", "")),
        ("/save 笔记 一.md", ("save", "笔记 一.md")),
        ("/", ("", "")),
        ("滨城区/陵城区2020年", None),
        ("/source2", ("source", "2")),
    ],
)
def test_commands_are_read_as_they_are_typed(line: str, expected: tuple[str, str] | None) -> None:
    assert read_command(line) == expected


def test_help_names_every_command_and_a_slip_is_put_right(talk: Talk) -> None:
    shown = said(talk, "/help")
    assert all(f"/{name}" in shown for name in COMMANDS)
    assert "/source" in said(talk, "/soruce 1")
    assert "/help" in said(talk, "/xyzzy")
    assert "/help" in said(talk, "/")
    assert not talk.take("/quit")


def test_odd_lines_never_raise(talk: Talk) -> None:
    for line in (
        "",
        "   ",
        "\x00\x1b[2J",
        "\ud800",
        "滨" * 10_000,
        "/" * 5_000,
        "/source " + "9" * 5_000,
        "/save \x00",
    ):
        assert "\x1b" not in said(talk, line)


def saved_text(path: Path) -> str:
    tokens = MarkdownIt("commonmark").parse(path.read_text(encoding="utf-8"))
    return "".join(child.content for token in tokens for child in token.children or () if child.type == "text")


def test_saving_writes_markdown_with_every_source(talk: Talk, tmp_path: Path) -> None:
    assert "还没有" in said(talk, "/save")
    for question in (QUESTION, "那陵城区呢", "苏州市2020年地区生产总值是多少？"):
        said(talk, question)
    assert "notes.md" in said(talk, "/save notes")
    text = saved_text(tmp_path / "notes.md")
    for turn in talk.turns:
        assert turn.question in text
        assert "".join(turn.text.split()) in "".join(text.split())
        for citation in turn.citations:
            assert citation.id in text and citation.source in text
            assert "".join(citation.quote.split()) in "".join(text.split())
    assert "[R]. " in text or "[Z]. " in text
    headings = MarkdownIt("commonmark").parse((tmp_path / "notes.md").read_text(encoding="utf-8"))
    assert sum(token.type == "heading_open" and token.tag == "h2" for token in headings) == 3


def test_saving_never_overwrites_what_it_did_not_write(talk: Talk, tmp_path: Path) -> None:
    (tmp_path / "mine.md").write_text("mine", encoding="utf-8")
    said(talk, QUESTION)
    assert "没有覆盖" in said(talk, "/save mine.md")
    assert (tmp_path / "mine.md").read_text(encoding="utf-8") == "mine"
    assert "不存在" in said(talk, "/save missing/a.md")
    said(talk, "/save")
    (first,) = tmp_path.glob("政问对话-*.md")
    said(talk, "那陵城区呢")
    said(talk, "/save")
    assert list(tmp_path.glob("政问对话-*.md")) == [first], "the same conversation goes on in its file"
    assert "5596人" in first.read_text(encoding="utf-8")
    said(talk, f"/save {tmp_path}")
    assert len(list(tmp_path.glob("政问对话-*.md"))) == 2, "a folder takes a file of its own"


def test_ctrl_c_stops_what_is_slow_at_once() -> None:
    started, release = threading.Event(), threading.Event()

    def slow() -> bool:
        started.set()
        return release.wait(30)

    def stop() -> None:
        started.wait(30)
        os.kill(os.getpid(), signal.SIGINT)

    before = signal.getsignal(signal.SIGINT)
    threading.Thread(target=stop).start()
    with pytest.raises(KeyboardInterrupt):
        interruptible(slow)
    assert not release.is_set(), "it was not waited for"
    release.set()
    assert signal.getsignal(signal.SIGINT) is before
    assert interruptible(lambda: 7) == 7
    with pytest.raises(ZeroDivisionError):
        interruptible(lambda: 1 // 0)


def test_ctrl_c_at_any_moment_leaves_the_conversation_whole(talk: Talk) -> None:
    before = signal.signal(signal.SIGINT, signal.SIG_IGN)  # between two answers it is not this test's concern
    try:
        for step in range(20):
            turns, state = len(talk.turns), talk.chat.state
            timer = threading.Timer(step * 0.002, os.kill, (os.getpid(), signal.SIGINT))
            timer.start()
            said(talk, QUESTION)
            timer.join()
            assert len(talk.turns) == turns + 1 or talk.chat.state == state
    finally:
        signal.signal(signal.SIGINT, before)
    assert "7198人" in said(talk, QUESTION)


def completions(talk: Talk, line: str) -> list[str]:
    document = Document(line, len(line))
    found = ChatCompleter(talk).get_completions(document, CompleteEvent(completion_requested=True))
    return [line[: len(line) + one.start_position] + one.text for one in found]


@pytest.mark.parametrize(
    ("line", "expected"),
    [
        ("滨", "滨城区"),
        ("2020年滨城", "2020年滨城区"),
        ("山东省滨州市滨", "山东省滨州市滨城区"),
        ("滨城区2020年一般公共预", "滨城区2020年一般公共预算收入"),
        ("滨城区2020年新增就", "滨城区2020年新增就业"),
        ("/so", "/source"),
        ("/帮", "/help"),
        ("/", "/quit"),
    ],
)
def test_completion_knows_regions_indicators_and_commands(talk: Talk, line: str, expected: str) -> None:
    assert expected in completions(talk, line)


def test_completion_offers_the_sources_of_the_last_answer_and_files(talk: Talk, tmp_path: Path) -> None:
    assert completions(talk, "/source ") == []
    said(talk, QUESTION)
    assert completions(talk, "/source ") == ["/source 1"]
    (tmp_path / "notes.md").touch()
    assert completions(talk, "/save no") == ["/save notes.md"]
    assert completions(talk, "苏州") == [], "only places that have a report"


def test_names_are_found_by_the_longest_end_of_a_line() -> None:
    names = Names([Name("滨城区", 0, ""), Name("城区人口", 1, ""), Name("滨州市", 0, "")])
    assert [name.text for name in names.after("问滨城")] == ["滨城区"]
    assert names.common("问滨城") == 2
    assert [name.text for name in names.after("滨城区")] == ["城区人口"]
    assert names.after("") == names.after("xyz") == []


def test_history_is_private_and_comes_back(tmp_path: Path) -> None:
    path = tmp_path / "data" / "chat_history"
    path.parent.mkdir()
    path.touch(mode=0o644)
    history = PrivateHistory(path)
    history.append_string(QUESTION)
    history.append_string("半个字\ud800")
    assert path.stat().st_mode & 0o777 == 0o600
    assert list(PrivateHistory(path).load_history_strings()) == ["半个字?", QUESTION]


@pytest.mark.parametrize("length", [10, EXCERPT, EXCERPT * 5])
def test_an_excerpt_holds_the_figure(length: int) -> None:
    quote = "前面的话。" + "长" * length + "新增就业7198人" + "。后面的话。"
    assert "7198人" in excerpt(quote, ["7198人"])
    assert len(excerpt(quote, ["7198人"])) <= EXCERPT + 2
    assert excerpt("短句。", []) == "短句。"


def test_ctrl_c_while_the_program_loads_is_no_traceback(tmp_path: Path) -> None:
    code = """
import sys
class Stopping:
    def find_spec(self, name, *rest):
        if name == "zhengwen.bot.cli":
            raise KeyboardInterrupt
sys.meta_path.insert(0, Stopping())
from zhengwen.bot.start import main
sys.exit(main())
"""
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, cwd=tmp_path, check=False)
    assert (done.returncode, done.stdout, done.stderr) == (130, "", "zhengwen: stopped\n")


@pytest.mark.usefixtures("filled")
@pytest.mark.parametrize(("arguments", "code"), [("chat", 0), ("cite -", 2), ("ask --batch -", 0)])
def test_a_closed_input_is_an_empty_one(tmp_path: Path, arguments: str, code: int) -> None:
    command = f"{sys.executable} -m zhengwen.bot.cli --library {tmp_path}/library {arguments} <&-"
    done = subprocess.run(command, shell=True, capture_output=True, text=True, check=False, cwd=tmp_path)
    assert (done.returncode, done.stdout) == (code, "")
    assert "internal error" not in done.stderr
