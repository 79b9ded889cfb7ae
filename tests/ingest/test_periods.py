"""Expressions of time."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest
import yaml
from hypothesis import given
from hypothesis import strategies as st

from zhengwen.ingest.models import Period
from zhengwen.ingest.periods import Anchor, chinese_number, find_periods, plan_ordinal, plan_years, year_number

CASES: list[dict[str, Any]] = yaml.safe_load(
    (Path(__file__).parent / "cases" / "periods.yaml").read_text(encoding="utf-8")
)
_USUAL = {"reviewed": 2020, "date": "2021-01-20", "covers": "2016-2020"}


def anchor_of(fields: dict[str, Any]) -> Anchor:
    """An anchor from the fields of a case."""
    import datetime as dt

    date, covers = fields.get("date"), fields.get("covers")
    return Anchor(
        reviewed=fields.get("reviewed"),
        date=dt.date.fromisoformat(str(date)) if date else None,
        covers=Period.parse(str(covers)) if covers else None,
    )


@pytest.mark.parametrize("case", CASES, ids=lambda case: f"{case['text']} {case.get('mode', '')}")
def test_cases(case: dict[str, Any]) -> None:
    found = find_periods(case["text"], anchor_of(case.get("anchor", _USUAL)), mode=case.get("mode", "review"))
    said = [f"{case['text'][m.start : m.end]} = {m.period if m.period else '-'} {m.role}" for m in found]
    assert said == case["found"]


@given(
    st.text(alphabet="2016年至—十三五“”末底去今前月11季度近来。，比较从一二〇", max_size=30),
    st.sampled_from(["review", "plan"]),
)
def test_mentions_are_in_order_and_inside(text: str, mode: Any) -> None:
    end = 0
    for mention in find_periods(text, anchor_of(_USUAL), mode=mode):
        assert end <= mention.start < mention.end <= len(text)
        end = mention.end


@given(st.integers(1, 99))
def test_chinese_numbers_come_back(number: int) -> None:
    digits = "零一二三四五六七八九"
    tens, ones = divmod(number, 10)
    written = ("" if tens == 0 else "十" if tens == 1 else digits[tens] + "十") + (digits[ones] if ones else "")
    assert chinese_number(written) == number


@given(st.integers(1950, 2049))
def test_years_come_back(year: int) -> None:
    written = "".join("〇一二三四五六七八九"[int(digit)] for digit in str(year))
    assert year_number(written) == year_number(str(year)) == year


@pytest.mark.parametrize("number", range(6, 19))
def test_five_year_plans(number: int) -> None:
    first, last = plan_years(plan_ordinal(number))
    assert last - first == 4
    assert first == 1981 + (number - 6) * 5
