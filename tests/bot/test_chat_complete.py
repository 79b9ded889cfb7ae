"""What the prompt offers and remembers: completion and history."""

from __future__ import annotations

from pathlib import Path

import pytest
from prompt_toolkit.completion import CompleteEvent
from prompt_toolkit.document import Document

from tests.bot.talking import QUESTION, said
from zhengwen.bot.terminal.chat_complete import ChatCompleter, Name, Names
from zhengwen.bot.terminal.chat_prompt import PrivateHistory
from zhengwen.bot.terminal.chat_talk import Talk


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
