"""Headings, modes and periods of paragraphs."""

from __future__ import annotations

import datetime as dt
from pathlib import Path
from typing import Any

import pytest
import yaml
from hypothesis import given
from hypothesis import strategies as st

from zhengwen.ingest.models import About, Block, Known, Period
from zhengwen.ingest.outline import outline

HERE = Path(__file__).parent
CASES: list[dict[str, Any]] = yaml.safe_load((HERE / "cases" / "outline.yaml").read_text(encoding="utf-8"))
LETTERS = {
    "front": "F", "review": "R", "multi_review": "M", "plan": "P", "glossary": "G", "annex": "A", "other": "O",
}  # fmt: skip


def about_of(fields: dict[str, Any]) -> About:
    """The facts of a case as a record."""
    date, covers = fields.get("date"), fields.get("covers")
    return About(
        kind=fields["kind"],
        year_reviewed=Known[int](value=fields.get("reviewed"), how="text"),
        date=Known[dt.date](value=dt.date.fromisoformat(str(date)) if date else None, how="text"),
        covers=Period.parse(str(covers)) if covers else None,
    )


def said(block: Block) -> tuple[str, str]:
    return LETTERS[block.mode] + ("h" if block.kind == "heading" else ""), str(block.period or "")


@pytest.mark.parametrize("case", CASES, ids=lambda case: case["name"])
def test_reports(case: dict[str, Any]) -> None:
    text = "\n".join(line for _, _, line in case["lines"])
    blocks = outline(text, about_of(case["about"]))
    assert [(*said(block), text[block.start : block.end]) for block in blocks] == [
        (mode, str(period), line) for mode, period, line in case["lines"]
    ]


def test_a_paragraph_that_turns_is_two_blocks() -> None:
    first, second = (
        "五年来，新增就业3万人，财政收入年均增长6%，改造老旧小区120个。",
        "特别是刚刚过去的2021年，新增就业7000人。",
    )
    text = f"一、过去五年工作回顾\n{first}{second}"
    about = about_of({"kind": "work_report", "reviewed": 2021, "date": "2022-01-10", "covers": "2017-2021"})
    assert [(*said(b), text[b.start : b.end]) for b in outline(text, about)][1:] == [
        ("M", "2017-2021", first),
        ("R", "2021", second),
    ]


def test_headings_stand_above_their_paragraphs() -> None:
    text = "一、2020年工作回顾\n（一）经济\n增长3%。\n（二）民生\n新增就业7000人。\n二、2021年工作安排\n增长6%。"
    blocks = outline(text, about_of({"kind": "work_report", "reviewed": 2020, "date": "2021-01-20"}))
    paragraphs = {text[block.start : block.end]: block.headings for block in blocks if block.kind == "text"}
    assert paragraphs == {
        "增长3%。": ("一、2020年工作回顾", "（一）经济"),
        "新增就业7000人。": ("一、2020年工作回顾", "（二）民生"),
        "增长6%。": ("二、2021年工作安排",),
    }


def test_a_heading_and_its_paragraph_on_one_line_are_two_blocks() -> None:
    paragraph = "过去的一年，极不平凡，我们完成了大会确定的各项任务，取得了来之不易的成绩，经济总量再上台阶。"
    text = f"一、2022年工作回顾 {paragraph}"
    blocks = outline(text, about_of({"kind": "work_report", "reviewed": 2022, "date": "2023-01-10"}))
    assert [(block.kind, text[block.start : block.end]) for block in blocks] == [
        ("heading", "一、2022年工作回顾"),
        ("text", paragraph),
    ]


@given(
    st.lists(
        st.sampled_from(
            [
                "一、2020年工作回顾",
                "（一）经济",
                "增长3%。五年来，增长6%。",
                "二、2021年安排",
                "| a | b |",
                "",
                "名词解释",
            ]
        ),
        max_size=12,
    )
)
def test_blocks_cover_the_text_in_order(lines: list[str]) -> None:
    text = "\n".join(lines)
    blocks = outline(text, about_of({"kind": "work_report", "reviewed": 2020, "date": "2021-01-20"}))
    end = 0
    for block in blocks:
        assert not text[end : block.start].strip()
        assert text[block.start : block.end].strip() == text[block.start : block.end] != ""
        end = block.end
    assert not text[end:].strip()


def test_paragraphs_checked_by_hand(shared: Path) -> None:
    """Twenty reports that the rules were developed on: at least 97 of 100 paragraphs right in mode and period."""
    right, wrong = compare(shared, "outline_checked.yaml")
    assert right > 1000
    assert right / (right + len(wrong)) >= 0.97, wrong[:20]


def test_paragraphs_labelled_blindly(shared: Path) -> None:
    """Reports drawn by chance and labelled before the program read them: no worse than the measured floor."""
    right, wrong = compare(shared, "outline_blind.yaml")
    assert right > 2800
    assert right / (right + len(wrong)) >= 0.99, wrong[:20]


def compare(shared: Path, name: str) -> tuple[int, list[tuple[object, ...]]]:
    """The paragraphs right in mode and period, and those that are not: path, line, wanted, got."""
    from zhengwen.ingest.about import describe

    checked = yaml.safe_load((HERE / "cases" / name).read_text(encoding="utf-8"))
    right, wrong = 0, list[tuple[object, ...]]()
    for report in checked:
        path = shared / "corpus" / "reports" / report["path"]
        source = path.read_text(encoding="utf-8")
        # Same length, so that lines and offsets stay those of the source.
        text = _blank_front_matter(source).replace("*", " ")
        spans = {
            text.count("\n", 0, b.start) + 1: said(b)
            for b in reversed(outline(text, describe(text, source="1.md", front_matter={})))
        }
        for first, last, mode, period in report["lines"]:
            for line in range(first, last + 1):
                if line in spans:
                    got = (spans[line][0].rstrip("h"), spans[line][1])
                    if got == (mode, str(period)):
                        right += 1
                    else:
                        wrong.append((report["path"], line, mode, period, got))
    return right, wrong


def _blank_front_matter(source: str) -> str:
    if not source.startswith("---\n"):
        return source
    end = source.index("\n---\n", 4) + 5
    return "\n" * source.count("\n", 0, end) + source[end:]
