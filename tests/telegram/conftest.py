"""Fixtures of the Telegram tests."""

from __future__ import annotations

from collections.abc import Iterator

import pytest

from tests.telegram.emulator import Emulator
from tests.telegram.emulator.people import Person
from tests.telegram.plain_client import Client


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
