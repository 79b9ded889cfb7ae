"""Fixtures of the Telegram tests: a bare emulator, and the real bot beside one over a library read for these tests."""

from __future__ import annotations

import shutil
from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.telegram.bot_process import BotProcess
from tests.telegram.emulator import Emulator, Person
from tests.telegram.library import build_library
from tests.telegram.plain_client import Client
from tests.telegram.reading import untidy


@pytest.fixture
def telegram() -> Iterator[Emulator]:
    with Emulator() as emulator:
        yield emulator


@pytest.fixture
def anna(telegram: Emulator) -> Person:
    person = telegram.person("Anna")
    person.say("/start")
    return person


@pytest.fixture
def bot(telegram: Emulator) -> Client:
    return Client(telegram)


@pytest.fixture(scope="session")
def built_library(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Read once; whoever runs a bot over it takes a copy."""
    return build_library(tmp_path_factory.mktemp("telegram"))


@pytest.fixture
def library(built_library: Path, tmp_path: Path) -> Path:
    return shutil.copytree(built_library, tmp_path / "library")


@pytest.fixture(scope="session")
def shared_bot(built_library: Path, tmp_path_factory: pytest.TempPathFactory) -> Iterator[BotProcess]:
    """One bot, open to everyone, for all tests that neither stop it nor need other settings."""
    folder = tmp_path_factory.mktemp("shared_bot")
    with Emulator() as emulator:
        copy = shutil.copytree(built_library, folder / "library")
        chief = emulator.person("管理员")
        process = BotProcess(emulator, copy, folder, administrators=[chief.id], max_document_mb=20)
        process.admin = chief
        with process:
            yield process


@pytest.fixture
def served(shared_bot: BotProcess) -> Iterator[Emulator]:
    """The emulator beside the shared bot; what the bot sends in a test has to be tidy."""
    emulator = shared_bot.telegram
    before = len(emulator.calls())
    yield emulator
    emulator.faults.clear()
    assert untidy(emulator, emulator.calls()[before:]) == []
    assert shared_bot.process is not None and shared_bot.process.poll() is None


@pytest.fixture
def reader(served: Emulator) -> Person:
    """Somebody who has not asked anything yet."""
    return served.person("读者")


@pytest.fixture
def admin(served: Emulator, shared_bot: BotProcess) -> Person:  # noqa: ARG001 - the tidiness is checked for admins too
    assert shared_bot.admin is not None
    return shared_bot.admin
