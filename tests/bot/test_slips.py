"""Slips of the ear in the names of places and indicators: cases as data, real names left alone."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest
import yaml
from hypothesis import given, settings
from hypothesis import strategies as st

from zhengwen.bot.slips import mend_slips
from zhengwen.bot.slips_sounds import sounds
from zhengwen.ingest.indicators import indicators
from zhengwen.ingest.models import Region
from zhengwen.ingest.regions import gazetteer

DATA = yaml.safe_load((Path(__file__).parent / "cases" / "slips.yaml").read_text(encoding="utf-8"))


def held(codes: list[str]) -> dict[str, Region]:
    places = {code: gazetteer().by_code(code) for code in codes}
    return {code: region for code, region in places.items() if region is not None}


KNOWN = held(DATA["known"])
NAMES = sorted({row.name for row in indicators() if len(row.name) >= 3})
PLACES = sorted({gazetteer().short_name(code) for code in KNOWN} - {"全国"})


@pytest.mark.parametrize("case", DATA["slips"], ids=lambda case: case["q"])
def test_a_slip_is_mended_and_said(case: dict[str, Any]) -> None:
    mended = mend_slips(case["q"], KNOWN)
    assert mended.text == case["reads"]
    assert any(case["said"] in note and case["meant"] in note for note in mended.notes)


@pytest.mark.parametrize("question", DATA["same"])
def test_what_means_something_is_left_alone(question: str) -> None:
    mended = mend_slips(question, KNOWN)
    assert (mended.text, mended.notes, mended.unclear) == (question, (), ())


@pytest.mark.parametrize("case", DATA["asks_back"], ids=lambda case: case["q"])
def test_a_slip_that_may_mean_several_places_gives_the_choices(case: dict[str, Any]) -> None:
    mended = mend_slips(case["q"], held(case["known"]))
    assert len(mended.unclear) == case["choices"]


@settings(max_examples=120, deadline=None)
@given(st.sampled_from(PLACES), st.sampled_from(NAMES), st.integers(1990, 2026))
def test_real_names_never_become_others(place: str, name: str, year: int) -> None:
    question = f"{place}{year}年{name}是多少"
    assert mend_slips(question, KNOWN).text == question


@settings(max_examples=150, deadline=None)
@given(st.text(max_size=40))
def test_any_text_is_read(text: str) -> None:
    mended = mend_slips(text, KNOWN)
    assert bool(mended.notes) == (mended.text != text) or mended.unclear


def test_sounds_that_many_do_not_keep_apart_are_one_when_read_loosely() -> None:
    assert sounds("宁", loose=True) & sounds("零", loose=True)
    assert not sounds("宁") & sounds("零")
