"""Quantities: cases as data, and what holds for every text."""

from __future__ import annotations

from decimal import Decimal
from itertools import pairwise
from pathlib import Path
from typing import Any

import pytest
import yaml
from hypothesis import given
from hypothesis import strategies as st

from zhengwen.ingest.numerals import MULTIPLIERS, arabic, chinese, to_chinese
from zhengwen.ingest.quantities import Quantity, find_quantities

CASES: list[dict[str, Any]] = yaml.safe_load((Path(__file__).parent / "cases/quantities.yaml").read_text("utf-8"))
PIECES = [
    "增长", "5.2%", "3,456户", "，", "、", "约", "1.2亿元", "以上", "第3位", "三百二十人", "2020年", "百分之五",
    "4—5个", "1:2:3", "和", "分别", "“", "”", "PM2.5", "近", "千亿元", "。",
]  # fmt: skip


def written(found: Quantity) -> str:
    """`7198人 = 7198 人 [about]`, as the cases write it."""
    value = ":".join(str(part) for part in found.parts) if found.parts else f"{found.value:f}"
    if found.value_max is not None:
        value += f"~{found.value_max:f}"
    bound = f" [{found.bound}]" if found.bound != "exact" else ""
    return f"{found.surface} = {value} {found.unit}".rstrip() + bound


@pytest.mark.parametrize("case", CASES, ids=lambda case: case["text"][:24])
def test_case(case: dict[str, Any]) -> None:
    assert [written(found) for found in find_quantities(case["text"])] == case["figures"]


@given(st.lists(st.sampled_from(PIECES), max_size=20).map("".join))
def test_surfaces_are_slices_in_order_and_never_overlap(text: str) -> None:
    found = find_quantities(text)
    assert all(text[one.start : one.end] == one.surface for one in found)
    assert all(before.end <= after.start for before, after in pairwise(found))


@given(st.text(max_size=60))
def test_any_text_is_read_without_an_error(text: str) -> None:
    assert all(isinstance(one.value, Decimal) for one in find_quantities(text))


@given(st.integers(min_value=0, max_value=10**16 - 1))
def test_chinese_numerals_come_back(number: int) -> None:
    assert chinese(to_chinese(number)) == number


@given(st.integers(0, 10**7), st.integers(0, 9999), st.sampled_from(["", *MULTIPLIERS]))
def test_values_are_exact(whole: int, fraction: int, multiplier: str) -> None:
    """No rounding on the way: 3.18亿元 is 318000000 元 to the last digit."""
    number = f"{whole}.{fraction:04d}"
    (found,) = find_quantities(f"投资{number}{multiplier}元")
    assert found.value == Decimal(number) * MULTIPLIERS.get(multiplier, 1)
    assert found.unit == "元"


@given(st.decimals(0, 10**8, places=2))
def test_thousands_separators_change_nothing(number: Decimal) -> None:
    assert arabic(f"{number:,}") == number


@pytest.mark.parametrize("text", ["", "点五", "abc", "五x"])
def test_what_is_no_numeral_is_refused(text: str) -> None:
    with pytest.raises(ValueError, match="not a Chinese numeral"):
        chinese(text)
