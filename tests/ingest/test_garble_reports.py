"""Repair of damaged sentences of real reports, which are not shipped; `zhengwen` has their counts, not their text."""

from __future__ import annotations

import random
import re
from pathlib import Path
from typing import Any

import pytest

from tests.ingest import test_garble as garble

FLOORS = {"whole": 1_800, "exact": 0.88, "wrong": 0.03}
"""Sentences with readings alone, all exact; of those with a slip the shares: exact at least, wrong at most."""
SLIPPED_PAGES = 6


@pytest.fixture(scope="module")
def sentences(shared: Path) -> list[str]:
    """Some sentences of each of the 240 reports."""
    chance = random.Random(8)
    found: list[str] = []
    for path in sorted((shared / "corpus" / "reports").rglob("*.md")):
        body = re.sub(r"\A---.*?\n---", "", path.read_text(encoding="utf-8"), flags=re.S)
        some = [item for line in body.split("\n") for item in re.findall(r"[^。！？]{12,}[。！？]”?", line.strip())]
        found += chance.sample(some, min(10, len(some)))
    return found


def page_of(lines: list[Any]) -> tuple[str, list[Any]]:
    return "\n".join(line.shown for line in lines), lines


def test_sentences_with_readings_alone_come_back_exactly(sentences: list[str]) -> None:
    pages = [page_of([line for line in lines if not line.slips]) for _, lines in garble.damaged(sentences, 0.1, 60)]
    fates = garble.judged(pages)
    assert fates["whole"] >= FLOORS["whole"]
    assert fates["clean wrong"] == 0


def test_sentences_with_slips_come_back_or_are_marked(sentences: list[str]) -> None:
    fates = garble.judged(garble.damaged(sentences, 0.05, 60)[:SLIPPED_PAGES])
    slipped = sum(fates[name] for name in ("exact", "marked", "wrong"))  # without those whose digit is gone
    assert slipped >= 15
    assert fates["exact"] >= FLOORS["exact"] * slipped
    assert fates["wrong"] <= FLOORS["wrong"] * slipped
    assert fates["clean wrong"] == 0
