"""Where pieces of text stand on a page becomes an order to read them in: columns, tables, headlines."""

from __future__ import annotations

from collections import Counter
from pathlib import Path
from typing import Any

import pytest
import yaml
from hypothesis import given
from hypothesis import strategies as st

from zhengwen.ingest.layout import Piece, reading_order

CASES: list[dict[str, Any]] = yaml.safe_load((Path(__file__).parent / "cases/layout.yaml").read_text("utf-8"))


def piece(left: float, height: float, text: str) -> Piece:
    return Piece(text, left * 10, height * 10, (left + len(text)) * 10, height * 10 + 10)


@pytest.mark.parametrize("case", CASES, ids=lambda case: str(case["name"]))
def test_case(case: dict[str, Any]) -> None:
    pieces = [piece(*one) for one in case["pieces"]]
    assert [line.text for line in reading_order(pieces)] == case["lines"]
    assert [line.text for line in reading_order(pieces[::-1])] == case["lines"], "whatever order the file draws them in"


@given(
    st.lists(
        st.tuples(
            st.integers(0, 50),
            st.integers(0, 30),
            st.sampled_from(["全区", "35亿元，增长2.1%", "写满栏宽的一行文字呀"]),
        ),
        max_size=40,
    )
)
def test_nothing_is_lost_or_said_twice(placed: list[tuple[int, int, str]]) -> None:
    pieces = [piece(*one) for one in placed]
    lines = reading_order(pieces)
    assert Counter(one for line in lines for one in line.pieces) == Counter(pieces)
    words = Counter("".join(line.text for line in lines).replace(" ", "").replace("|", ""))
    assert words == Counter("".join(one.text for one in pieces))


def test_rows_at_the_edges_of_a_page_are_known() -> None:
    pieces = [piece(0, 75, "页眉"), *(piece(0, 60 - 2 * at, "正文一行") for at in range(10)), piece(9, 2, "12")]
    lines = reading_order(pieces)
    assert [line.text for line in lines if line.apart] == ["页眉", "12"]
    assert sum(line.edge for line in lines) == 4
