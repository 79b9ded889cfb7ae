"""Where a message may stand that was perhaps sent."""

from __future__ import annotations

import datetime as dt
from pathlib import Path

import pytest

from zhengwen.bot.telegram.documents import why
from zhengwen.bot.telegram.numbers import Numbers, Since
from zhengwen.index import sent_messages
from zhengwen.index.library import Library
from zhengwen.index.state import make


def test_known_numbers_of_the_chat_are_left_out() -> None:
    numbers = Numbers()
    for one in (7, 8, 10):
        numbers.note(42, one)
    numbers.note(43, 9)
    assert numbers.candidates(42, Since(chat=7, all=10, far=False))[:3] == [9, 11, 12]


def test_a_supergroup_counts_for_itself() -> None:
    numbers = Numbers()
    numbers.note(-1_000_000_000_555, 7)
    numbers.note(42, 5000)
    assert max(numbers.candidates(-1_000_000_000_555, Since(chat=7, all=5000))) < 20
    assert 5001 in numbers.candidates(42, Since(chat=4000, all=5000))


def test_what_was_sent_for_an_update_is_kept(tmp_path: Path) -> None:
    library = Library.open(tmp_path, create=True)
    now = dt.datetime(2026, 5, 1, tzinfo=dt.UTC)
    with library.writing() as connection:
        make(connection, tables=sent_messages.tables)
        for number in (5, 6):
            sent_messages.note(connection, update=100, chat=42, number=number, now=now)
        sent_messages.note(connection, update=101, chat=43, number=5, now=now)
        assert sent_messages.of_update(connection, update=100) == (5, 6)
        assert sent_messages.recent(connection) == {(42, 5), (42, 6), (43, 5)}
        assert sent_messages.forget(connection, now=now + dt.timedelta(days=8)) == 3


@pytest.mark.parametrize(
    ("reason", "told"),
    [
        ("is a damaged PDF (no page): open it in a viewer and save it anew", "已损坏"),
        ("is a PDF with a password: save a copy without it", "密码"),
        ("is an old or encrypted Office file: save a copy as .docx without a password", "Office"),
        ("is no text but a picture: run OCR over it first", "图片"),
        ("is in no known encoding or no text at all: save it as UTF-8", "UTF-8"),
        ("is larger than 64 MB: raise max_file_mb", "太大"),
        ("whatever else", "读不出"),
        ("", "没有可读的报告"),
    ],
)
def test_reasons_are_told_in_chinese(reason: str, told: str) -> None:
    assert told in why(reason) and not any(word in why(reason) for word in ("is ", "save"))
