"""Normalisation: cases as data, and what must hold for any text: the map leads back, and no digit changes."""

from __future__ import annotations

import re
import unicodedata
from pathlib import Path
from typing import Any

import opencc
import pytest
import yaml
from hypothesis import given
from hypothesis import strategies as st

from zhengwen.ingest.normalise import normalise
from zhengwen.ingest.normalise_numbers import mend_numbers
from zhengwen.ingest.textmap import MappedText

CASES: list[dict[str, Any]] = yaml.safe_load((Path(__file__).parent / "cases/normalise.yaml").read_text("utf-8"))
NUMBERS: list[dict[str, Any]] = yaml.safe_load((Path(__file__).parent / "cases/numbers.yaml").read_text("utf-8"))
T2S = opencc.OpenCC("t2s")

SIGNS = (
    "区县全年增长约达到著与和为。，、；：“”（）()%％:,;!?.*#|[]<>&- \u3000\n\t\r\u200b\ufeff１２３４５０ＡＢ12345670O"
)
WORDS = """\
新增就業7198 人/穩步發展/沿著道路/12,345/10,20/181 . 6%/&middot;/各位代表：/一、回顾/2020年/3.5％/【注】/……/**/\r\n/
| 甲 | 乙 |/——2021年1月27日在某区第十八届/人民代表大会第一次会议上"""
PIECES = st.sampled_from([*SIGNS, *WORDS.replace("/\n", "/").split("/")])
TEXTS = st.lists(PIECES, max_size=60).map("".join)


def clean(text: str) -> str:
    return normalise(MappedText.of(text)).text


def canonical(text: str) -> str:
    simplified: str = T2S.convert(unicodedata.normalize("NFKC", text))
    return simplified.replace("著", "着").replace("〇", "○")


@pytest.mark.parametrize("case", CASES, ids=lambda case: str(case["name"]))
def test_case(case: dict[str, Any]) -> None:
    assert clean(case["before"]) == (case["before"] if case.get("same") else case["after"])


@pytest.mark.parametrize("case", NUMBERS, ids=lambda case: str(case["text"]))
def test_numbers(case: dict[str, Any]) -> None:
    mended = mend_numbers(case["text"])
    assert [[one.before, one.after, one.certainty] for one in mended.repairs] == case.get("repairs", [])
    assert all(one.why and case["text"][one.start : one.end] == one.before for one in mended.repairs)


@given(TEXTS)
def test_every_clean_character_leads_to_its_source(text: str) -> None:
    result = normalise(MappedText.of(text))
    last = 0
    for start, end, source_start, source_end in result.map.segments:
        assert last <= source_start <= source_end <= len(text)
        last = source_end
        before, after = text[source_start:source_end], result.text[start:end]
        if len(before) == len(after):
            for one, other in zip(canonical(before), canonical(after), strict=True):
                assert one == other or (one, other) in {(".", "。"), ("─", "—"), ("-", "—")} or one.isspace()
        else:
            assert after in ("\n", " ", "——", "·") or "".join(canonical(before).split()) == "".join(canonical(after))
    assert sum(end - start for start, end, *_ in result.map.segments) == len(result.text)


@given(TEXTS)
def test_no_digit_is_lost_added_or_changed(text: str) -> None:
    digits = re.findall(r"\d", unicodedata.normalize("NFKC", text))
    assert re.findall(r"\d", unicodedata.normalize("NFKC", clean(text))) == digits


@given(TEXTS)
def test_clean_text_is_tidy(text: str) -> None:
    for line in clean(text).split("\n"):
        assert line == line.strip() or line.startswith("|")
        assert not re.search(r"[\t\r\u3000\u200b\ufeff]|  ", line)


@given(TEXTS)
def test_numbers_are_mended_to_the_same_digits(text: str) -> None:
    mended = mend_numbers(text)
    after = MappedText.of(text).edit(mended.edits).text
    if not any("letter" in one.why for one in mended.repairs):
        assert [one for one in after if one.isdigit()] == [one for one in text if one.isdigit()]
    assert all(one.before == one.after for one in mended.repairs if one.certainty == "undecided")
