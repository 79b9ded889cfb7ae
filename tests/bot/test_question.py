"""How questions are read: cases as data, and properties for any text."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest
import yaml
from hypothesis import given, settings
from hypothesis import strategies as st

from zhengwen.bot.question import plain, read_question
from zhengwen.bot.wording import short
from zhengwen.ingest.models import Region

DATA = yaml.safe_load((Path(__file__).parent / "cases" / "questions.yaml").read_text(encoding="utf-8"))


def _region(code: str, name: str) -> Region:
    return Region(
        code=code, name=name, level="national" if code == "000000" else "city" if code[4:] == "00" else "county"
    )


KNOWN = {code: _region(code, name) for code, name in DATA["known"].items()}


@pytest.mark.parametrize("case", DATA["cases"], ids=lambda case: case["q"])
def test_question(case: dict[str, Any]) -> None:
    query = read_question(case["q"], today=DATA["today"], known=KNOWN)
    seen = {
        "regions": [short(region) for region in query.regions],
        "periods": [str(period) for period in query.periods],
        "intent": query.intent,
        "status": query.asks[0].status or query.status if query.asks else query.status,
        "asks": [[ask.want, ask.words] for ask in query.asks],
        "unclear": len(query.unclear),
        "absent": len(query.absent),
        "report_years": list(query.report_years),
    }
    assert {key: seen[key] for key in seen if key in case} == {key: case[key] for key in seen if key in case}


PIECES = ["青岛", "济南", "2020年", "去年", "“十三五”", "GDP", "新增就业", "多少"]
PIECES += ["和", "分别", "增长", "从", "到", "第几", "？", "比"]


@settings(max_examples=150, deadline=None)
@given(st.lists(st.sampled_from(PIECES), max_size=12).map("".join))
def test_any_mixture_is_read(text: str) -> None:
    query = read_question(text, today=DATA["today"], known=KNOWN)
    assert set(query.regions) <= set(KNOWN.values())
    assert all(word in query.text or word for word in query.words.split())


@settings(max_examples=150, deadline=None)
@given(st.text(max_size=60))
def test_plain_is_idempotent_and_never_fails(text: str) -> None:
    assert plain(plain(text)) == plain(text)
