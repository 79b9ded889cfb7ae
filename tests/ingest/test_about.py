"""What a report is."""

from __future__ import annotations

import datetime as dt
from pathlib import Path
from typing import Any

import pytest
import yaml

from zhengwen.ingest.about import describe
from zhengwen.ingest.models import Known, Region

PAGES: list[dict[str, Any]] = yaml.safe_load(
    (Path(__file__).parent / "cases" / "about_pages.yaml").read_text(encoding="utf-8")
)
CASES: list[dict[str, Any]] = yaml.safe_load(
    (Path(__file__).parent / "cases" / "about.yaml").read_text(encoding="utf-8")
)


@pytest.mark.parametrize("case", CASES, ids=lambda case: case["name"])
def test_cases(case: dict[str, Any]) -> None:
    about = describe(case["text"], source=case.get("source", "1.md"), front_matter={}, sidecar=case.get("sidecar"))
    if "region" in case:
        name, how = case["region"]
        assert ((about.region.value.name if about.region.value else None), about.region.how) == (name, how)
    if "date" in case:
        day, how = case["date"]
        assert (about.date.value, about.date.how) == (dt.date.fromisoformat(str(day)) if day else None, how)
    if "reviewed" in case:
        assert about.year_reviewed.value == case["reviewed"]
    for field in ("level", "kind"):
        if field in case:
            assert getattr(about, field) == case[field]
    if "author" in case:
        assert about.author.value == case["author"]
    if "covers" in case:
        assert str(about.covers) == case["covers"]


@pytest.mark.parametrize("case", PAGES, ids=lambda case: case["name"])
def test_whole_pages(case: dict[str, Any], tmp_path: Path) -> None:
    """The way of a page from its bytes: each fact, and how it is said to be known."""
    from zhengwen.ingest.pipeline import read_report

    page = tmp_path / case["file"]
    page.write_text(case["page"], encoding="utf-8")
    about, expected = read_report(page, source=page.name).about, dict(case["expected"])
    for name in ("kind", "level"):
        assert getattr(about, name) == expected.pop(name, getattr(about, name))
    assert about.year_reviewed.value == expected.pop("reviewed", about.year_reviewed.value)
    assert all(name in about.region.note for name in expected.pop("ambiguous", []))
    assert about.region.note == expected.pop("note", about.region.note)
    assert {name: said(getattr(about, name)) for name in expected} == expected


def said(known: Known[Any]) -> str:
    """`山东省滨州市滨城区 text`, or `unknown`."""
    if known.value is None:
        return known.how
    return f"{known.value.name if isinstance(known.value, Region) else known.value} {known.how}"


@pytest.mark.parametrize(
    "sidecar", [{"date": "20 January"}, {"region": "Atlantis"}, {"kind": "poem"}, {"year_reviewed": "last"}]
)
def test_sidecar_that_cannot_be(sidecar: dict[str, str]) -> None:
    with pytest.raises(ValueError, match="sidecar"):
        describe("", source="1.md", front_matter={}, sidecar=sidecar)


def test_an_unreadable_date_in_front_matter_is_no_date() -> None:
    assert describe("", source="1.md", front_matter={"date": "soon"}).date.value is None


def test_pages(shared: Path) -> None:
    """The pages that are not damaged (mending the other one is tested by itself): right, or honestly unknown."""
    from zhengwen.ingest.pipeline import read_report

    pages = [page for page in sorted((shared / "corpus" / "pages").iterdir()) if not page.name.startswith("002")]
    regions = [known.value.name if known.value else None for known in (read_report(p).about.region for p in pages)]
    assert regions == ["山东省滨州市滨城区", None, "山东省滨州市滨城区", "天津市和平区"]
