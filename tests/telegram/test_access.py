"""Who is let in, how fast, and what never reaches the log."""

from __future__ import annotations

import asyncio
import datetime as dt
import logging
from collections.abc import Iterator
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st
from sqlalchemy import Connection

from zhengwen.bot.telegram.access import CODE_LENGTH, Access
from zhengwen.bot.telegram.approving import approve_code
from zhengwen.bot.telegram.documents import safe_name
from zhengwen.bot.telegram.keyboards import MAX_BYTES, data, parsed
from zhengwen.bot.telegram.limits import Bucket, Limits
from zhengwen.bot.telegram.metrics import Metrics
from zhengwen.bot.telegram.secrets import HIDDEN, Redacting, derived, read_token
from zhengwen.bot.telegram.settings import LimitSettings, TelegramSettings
from zhengwen.bot.telegram.store import Store
from zhengwen.index import access_list
from zhengwen.index.library import Library
from zhengwen.index.settings import EmbedderSettings
from zhengwen.index.state import make
from zhengwen.ingest.errors import InputError, UsageError

NOW = dt.datetime(2026, 11, 22, 8, tzinfo=dt.UTC)
TOKEN = "123456789:AAtoken-of_the_bot-that-nobody-sees01"


@pytest.fixture
def library(tmp_path: Path) -> Iterator[Library]:
    with Library.open(tmp_path / "library", embedder=EmbedderSettings(engine="none"), create=True) as opened:
        yield opened


@pytest.fixture
def connection(library: Library) -> Iterator[Connection]:
    with library.writing() as opened:
        make(opened, tables=access_list.tables)
        yield opened


def knock(connection: Connection, user: int, code: str, *, minute: int = 0) -> tuple[str, bool] | None:
    now = NOW + dt.timedelta(minutes=minute)
    return access_list.ask_in(connection, user=user, name=f"user {user}", code=code, now=now, minutes=60)


def test_a_code_holds_until_its_time_is_over(connection: Connection) -> None:
    assert knock(connection, 1, "AAAA") == ("AAAA", True)
    assert knock(connection, 1, "BBBB", minute=59) == ("AAAA", False)
    assert knock(connection, 1, "CCCC", minute=61) == ("CCCC", True)
    late = NOW + dt.timedelta(minutes=122)
    assert access_list.approve(connection, code="CCCC", by=9, now=late) is None
    assert access_list.allowed(connection) == {}


def test_a_code_lets_in_once_whoever_writes_it_how(connection: Connection) -> None:
    knock(connection, 1, "AAAA")
    found = access_list.approve(connection, code=" aaaa ", by=9, now=NOW)
    assert found is not None and found.user == 1
    assert access_list.approve(connection, code="AAAA", by=9, now=NOW) is None
    assert access_list.allowed(connection) == {1: "user 1"}
    assert access_list.revoke(connection, user=1) is True
    assert access_list.revoke(connection, user=1) is False
    assert access_list.allowed(connection) == {}


def test_a_declined_user_may_ask_again(connection: Connection) -> None:
    knock(connection, 1, "AAAA")
    assert access_list.decline(connection, code="AAAA", now=NOW) is not None
    assert access_list.approve(connection, code="AAAA", by=9, now=NOW) is None
    assert knock(connection, 1, "BBBB") == ("BBBB", True)


def test_a_crowd_at_the_door_does_not_fill_the_disk(connection: Connection) -> None:
    for user in range(access_list.MAX_WAITING):
        assert knock(connection, user, f"C{user}") is not None
    assert knock(connection, 9999, "LAST") is None
    assert knock(connection, 9999, "LAST", minute=61) == ("LAST", True)


def test_access_follows_settings_and_what_was_approved_elsewhere(library: Library) -> None:
    async def story() -> None:
        store = Store(library)
        await store.begin()
        access = Access(TelegramSettings(allowed_users=(1,), administrators=(2,)), store)
        await access.begin()
        assert access.may_ask(1) and access.may_ask(2) and not access.may_ask(3)
        assert access.administers(2) and not access.administers(1)
        knocked = await access.knock(3, "drei")
        assert knocked is not None and len(knocked[0]) == CODE_LENGTH
        assert not await access.lets_in(3)
        assert approve_code(library, knocked[0].lower()).user == 3
        assert await access.lets_in(3) and access.let_in == {3: "drei"}
        await access.revoke(3)
        assert not await access.lets_in(3)
        store.close()

    asyncio.run(story())


def test_open_lets_everybody_in_but_nobody_administer(library: Library) -> None:
    store = Store(library)
    access = Access(TelegramSettings(access="open"), store)
    assert access.may_ask(5) and not access.administers(5)
    store.close()


def test_an_unknown_code_is_said_in_one_line(library: Library) -> None:
    with pytest.raises(InputError, match="no user holds the pairing code 'NOPE'"):
        approve_code(library, "NOPE")


def test_a_user_who_is_too_fast_is_told_once_and_goes_on_later() -> None:
    limits = Limits(LimitSettings(user_per_minute=3, all_per_minute=0))
    assert [limits.check(1, now=10.0).allowed for _ in range(3)] == [True] * 3
    stopped = limits.check(1, now=10.0)
    assert (stopped.allowed, stopped.say) == (False, "user") and 20 <= stopped.seconds <= 21
    assert limits.check(1, now=11.0).say == ""
    assert limits.check(2, now=11.0).allowed
    assert limits.check(1, now=31.0).allowed


def test_the_limit_of_all_counts_everybody() -> None:
    limits = Limits(LimitSettings(user_per_minute=0, all_per_minute=2))
    assert limits.check(1, now=5.0).allowed and limits.check(2, now=5.0).allowed
    assert limits.check(3, now=5.0).say == "all"
    assert limits.check(3, now=36.0).allowed


def test_no_limit_is_no_limit() -> None:
    limits = Limits(LimitSettings(user_per_minute=0, all_per_minute=0))
    assert all(limits.check(1, now=1.0).allowed for _ in range(1000))


@given(st.lists(st.floats(0, 5), max_size=60), st.integers(1, 20))
def test_no_more_leave_than_the_rate_allows(gaps: list[float], rate: int) -> None:
    bucket, now, sent = Bucket(rate=rate, burst=rate), 0.0, []
    for gap in gaps:
        now += gap
        sent.append(now + bucket.book(now=now))
    for at, first in enumerate(sent):
        assert sum(one < first + 1 - 1e-6 for one in sent[at:]) <= 2 * rate + 1


def test_the_token_comes_from_the_environment_or_a_file(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    file = tmp_path / "token"
    file.write_text(f"{TOKEN}\n")
    monkeypatch.delenv("ZHENGWEN_TELEGRAM_TOKEN", raising=False)
    assert read_token(file) == TOKEN
    monkeypatch.setenv("ZHENGWEN_TELEGRAM_TOKEN", "42:other")
    assert read_token(file) == "42:other"


@pytest.mark.parametrize("content", ["", "no token", "98765", "bot123456:AAAA", "\xff"])
def test_a_wrong_token_is_refused_without_being_quoted(
    content: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.delenv("ZHENGWEN_TELEGRAM_TOKEN", raising=False)
    file = tmp_path / "token"
    file.write_text(content, encoding="latin-1")
    with pytest.raises(UsageError) as error:
        read_token(file)
    assert not content or content not in str(error.value).replace(str(file), "")


def test_no_token_at_all_names_the_variable(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.delenv("ZHENGWEN_TELEGRAM_TOKEN", raising=False)
    with pytest.raises(UsageError, match="ZHENGWEN_TELEGRAM_TOKEN"):
        read_token(None)


def test_nothing_that_is_logged_holds_the_token() -> None:
    formatter = Redacting(TOKEN)
    try:
        raise ValueError(f"https://api.telegram.org/bot{TOKEN}/getMe")
    except ValueError as error:
        record = logging.LogRecord("x", logging.INFO, "", 0, "POST %s", (f"/bot{TOKEN}/x",), (type(error), error, None))
        lines = [formatter.format(record), formatter.hide(TOKEN.replace(":", "%3A")), formatter.hide(TOKEN[10:])]
    assert not any(part in line for line in lines for part in (TOKEN, TOKEN.split(":")[1]))
    assert all(HIDDEN in line for line in lines)


def test_derived_secrets_are_stable_different_and_tell_nothing() -> None:
    path, secret = derived(TOKEN, "webhook path"), derived(TOKEN, "webhook secret")
    assert path == derived(TOKEN, "webhook path") != secret != derived("1:other", "webhook secret")
    assert len(path) == 48 and path not in TOKEN


def test_callback_data_is_never_cut() -> None:
    whole = data("s", "9334bc92a59e", "f048e732d2237")
    assert parsed(whole) == ("s", "9334bc92a59e", "f048e732d2237")
    assert parsed(None) == ("",) and parsed("::") == ("", "", "")
    with pytest.raises(ValueError, match="64 bytes"):
        data("s", "地" * MAX_BYTES)


@pytest.mark.parametrize(
    ("given_name", "safe"),
    [
        ("报告.md", "报告.md"),
        ("../../etc/passwd", "passwd"),
        ("C:\\temp\\报告.docx", "报告.docx"),
        ("..", "report"),
        ("", "report"),
        (".hidden", "hidden"),
        ("a\x00b\n.txt", "ab.txt"),
        ("长" * 300 + ".pdf", "长" * 80 + ".pdf"),
    ],
)
def test_a_file_name_is_a_name_alone(given_name: str, safe: str) -> None:
    assert safe_name(given_name) == safe


def test_counters_read_as_prometheus_text() -> None:
    metrics = Metrics(waiting=lambda: 3)
    metrics.count("questions")
    metrics.count("api_errors", 'a"b\\c\nd')
    metrics.latency(0.04)
    metrics.latency(99)
    lines = metrics.text().splitlines()
    assert "zhengwen_telegram_questions_total 1" in lines
    assert "zhengwen_telegram_refusals_total 0" in lines
    assert 'zhengwen_telegram_api_errors_total{kind="a\\"b\\\\c\\nd"} 1' in lines
    assert 'zhengwen_telegram_answer_seconds_bucket{le="0.025"} 0' in lines
    assert 'zhengwen_telegram_answer_seconds_bucket{le="0.05"} 1' in lines
    assert 'zhengwen_telegram_answer_seconds_bucket{le="+Inf"} 2' in lines
    assert "zhengwen_telegram_waiting 3" in lines
    with pytest.raises(KeyError):
        metrics.count("unheard of")
