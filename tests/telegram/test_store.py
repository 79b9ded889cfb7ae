"""What must outlive a restart: updates, chats, answers; and what is written together."""

from __future__ import annotations

import asyncio
import datetime as dt
import json
from collections.abc import Iterator
from functools import partial
from pathlib import Path
from typing import Any

import pytest
from sqlalchemy import Connection, insert

from zhengwen.bot.answer import answer
from zhengwen.bot.dialogue import Chat
from zhengwen.bot.telegram.desk import read_state, write_state
from zhengwen.bot.telegram.store import Store
from zhengwen.bot.telegram.wire import mark
from zhengwen.index import chat_store, update_inbox
from zhengwen.index.chat_store import KeptAnswer
from zhengwen.index.library import Library
from zhengwen.index.settings import EmbedderSettings
from zhengwen.index.state import make
from zhengwen.index.state_writer import StateWriter

NOW = dt.datetime(2026, 11, 22, 8, tzinfo=dt.UTC)


@pytest.fixture
def library(tmp_path: Path) -> Iterator[Library]:
    with Library.open(tmp_path / "library", embedder=EmbedderSettings(engine="none"), create=True) as opened:
        yield opened


@pytest.fixture
def connection(library: Library) -> Iterator[Connection]:
    with library.writing() as opened:
        make(opened, tables=(*update_inbox.tables, *chat_store.tables))
        yield opened


def kept(**fields: Any) -> KeptAnswer:
    return KeptAnswer(**{"chat": "telegram:1", "asked": 7, "question": "甲市2020年出口", **fields})


def test_an_update_is_taken_once_and_struck_off(connection: Connection) -> None:
    assert update_inbox.take(connection, bodies={5: "five", 4: "four"}, now=NOW) == {4, 5}
    assert update_inbox.take(connection, bodies={5: "again", 6: "six"}, now=NOW) == {6}
    update_inbox.done(connection, number=5, now=NOW)
    assert update_inbox.unfinished(connection) == ["four", "six"]
    assert update_inbox.take(connection, bodies={5: "later"}, now=NOW) == set()
    assert update_inbox.highest(connection) == 6


def test_old_numbers_are_forgotten_but_never_the_highest_nor_what_waits(connection: Connection) -> None:
    update_inbox.take(connection, bodies={1: "a", 2: "b", 3: "c"}, now=NOW)
    for number in (1, 3):
        update_inbox.done(connection, number=number, now=NOW)
    assert update_inbox.forget(connection, now=NOW + dt.timedelta(days=update_inbox.KEPT_DAYS)) == 0
    assert update_inbox.forget(connection, now=NOW + dt.timedelta(days=update_inbox.KEPT_DAYS + 1)) == 1
    assert update_inbox.unfinished(connection) == ["b"]
    assert update_inbox.highest(connection) == 3


def test_an_answer_keeps_its_number_when_it_is_given_anew(connection: Connection) -> None:
    number = chat_store.keep_answer(connection, answer=kept(), now=NOW)
    chat_store.note_replies(connection, number=number, replies=[8, 9])
    again = kept(question="甲市2021年出口", replies=(8, 9), offers={"choices": ["甲市", "乙县"]})
    assert chat_store.keep_answer(connection, answer=again, now=NOW) == number
    found = chat_store.answer_to(connection, chat="telegram:1", asked=7)
    assert found == again.model_copy(update={"number": number})
    assert chat_store.answer_numbered(connection, number=number) == found
    assert {number for _, number in chat_store.recent_replies(connection)} == {8, 9}


def test_numbers_are_not_given_out_twice(connection: Connection) -> None:
    first = chat_store.keep_answer(connection, answer=kept(), now=NOW)
    chat_store.forget_chat(connection, chat="telegram:1")
    assert chat_store.answer_numbered(connection, number=first) is None
    assert chat_store.keep_answer(connection, answer=kept(), now=NOW) > first


def test_old_answers_are_forgotten(connection: Connection) -> None:
    number = chat_store.keep_answer(connection, answer=kept(), now=NOW)
    assert chat_store.forget_answers(connection, now=NOW + dt.timedelta(days=89)) == 0
    assert chat_store.forget_answers(connection, now=NOW + dt.timedelta(days=91)) == 1
    assert chat_store.answer_numbered(connection, number=number) is None


def test_forgetting_a_chat_leaves_the_others(connection: Connection) -> None:
    for chat in ("telegram:1", "telegram:2"):
        chat_store.save_chat(connection, chat=chat, state="{}", now=NOW)
        chat_store.keep_answer(connection, answer=kept(chat=chat), now=NOW)
    chat_store.forget_chat(connection, chat="telegram:1")
    assert chat_store.chat_state(connection, chat="telegram:1") == ""
    assert chat_store.chat_state(connection, chat="telegram:2") == "{}"
    assert chat_store.answer_to(connection, chat="telegram:1", asked=7) is None
    assert chat_store.answer_to(connection, chat="telegram:2", asked=7) is not None


def test_a_write_that_fails_leaves_nothing_and_the_others_are_done(library: Library) -> None:
    writer = StateWriter(library)
    writer.submit(partial(make, tables=update_inbox.tables)).result()

    def broken(connection: Connection) -> None:
        row = {"number": 2, "body": "half", "taken_at": "now"}
        connection.execute(insert(update_inbox.table), [row])
        raise ZeroDivisionError

    futures = [
        writer.submit(partial(update_inbox.take, bodies={1: "a"}, now=NOW)),
        writer.submit(broken),
        writer.submit(partial(update_inbox.take, bodies={3: "c"}, now=NOW)),
    ]
    assert futures[0].result() == {1} and futures[2].result() == {3}
    with pytest.raises(ZeroDivisionError):
        futures[1].result()
    assert writer.submit(update_inbox.unfinished).result() == ["a", "c"]
    writer.close()


def test_closing_finishes_what_waits(library: Library) -> None:
    writer = StateWriter(library)
    writer.submit(partial(make, tables=update_inbox.tables))
    futures = [writer.submit(partial(update_inbox.take, bodies={n: str(n)}, now=NOW)) for n in range(1000)]
    writer.close()
    assert [future.result() for future in futures] == [{n} for n in range(1000)]


def test_a_store_over_the_same_library_remembers(library: Library) -> None:
    async def first() -> int:
        store = Store(library)
        await store.begin()
        assert await store.take({10: json.dumps({"update_id": 10})}) == {10}
        await store.save_state("telegram:1", "state")
        number = await store.keep(kept())
        store.close()
        return number

    async def second(number: int) -> None:
        store = Store(library)
        await store.begin()
        assert await store.take({10: "again"}) == set()
        assert await store.unfinished() == ['{"update_id": 10}']
        assert await store.state("telegram:1") == "state"
        assert (await store.answer(number)) == kept(number=number)
        assert await store.forget("telegram:1") is True
        assert await store.forget("telegram:1") is False
        assert await store.answer(number) is None
        store.close()

    asyncio.run(second(asyncio.run(first())))


def test_a_chats_state_comes_back_whole(built_library: Path) -> None:
    today, chat = dt.date(2024, 5, 1), Chat()
    with Library.open(built_library, embedder=EmbedderSettings(engine="none")) as opened:
        answer(opened, "滨城区2020年地区生产总值是多少？", today=today, chat=chat)
        assert chat.state.ask is not None and chat.state.period is not None
        assert read_state(write_state(chat.state)) == chat.state


@pytest.mark.parametrize("state", ["", "{", "[]", '{"old": 1}', '{"regions": [{"code": 1}]}'])
def test_a_state_of_another_version_is_a_fresh_chat(state: str) -> None:
    assert read_state(state) == Chat().state


def test_a_number_that_another_server_gives_is_new(connection: Connection) -> None:
    one, other = "a" * 16, "b" * 16
    assert update_inbox.take(connection, bodies={5: "{1}"}, marks={5: one}, now=NOW) == {5}
    assert update_inbox.take(connection, bodies={5: "{1}"}, marks={5: one}, now=NOW) == set()
    assert update_inbox.unfinished(connection) == ["{1}"]
    update_inbox.done(connection, number=5, now=NOW)
    assert update_inbox.take(connection, bodies={5: "{1}"}, marks={5: one}, now=NOW) == set()
    assert update_inbox.take(connection, bodies={5: "{2}"}, marks={5: other}, now=NOW) == {5}
    assert update_inbox.unfinished(connection) == ["{2}"]


def test_what_marks_an_update() -> None:
    message = {"message_id": 7, "date": 1, "chat": {"id": 42}, "text": "甲市2020年GDP"}
    first = mark({"update_id": 5, "message": message})
    assert first == mark({"update_id": 5, "message": {**message, "text": "甲市2021年GDP"}})
    assert first != mark({"update_id": 5, "message": {**message, "date": 2}})
    assert first != mark({"update_id": 5, "edited_message": {**message, "edit_date": 2}})
    pressed = {"id": "9", "message": message}
    assert mark({"callback_query": pressed}) == mark({"callback_query": {**pressed, "message": None}})
    assert len(mark({"update_id": 5})) == len(mark({"update_id": 5, "message": {"chat": 3}})) == 16
