"""Corrections beside a file: what they change, what they are refused for, and that none is lost in silence."""

from __future__ import annotations

import json
import re
import tempfile
import zipfile
from functools import cache
from pathlib import Path
from typing import Any

import pytest
import yaml
from hypothesis import given
from hypothesis import strategies as st

from zhengwen.ingest.corrections import MOST, WARNING, apply_corrections, read_corrections
from zhengwen.ingest.errors import InputError
from zhengwen.ingest.figure_ids import figure_ids
from zhengwen.ingest.models import Figure, Period, Region, Report
from zhengwen.ingest.pipeline import read_report
from zhengwen.ingest.regions import gazetteer
from zhengwen.ingest.sources import walk
from zhengwen.ingest.textmap import TextMap

CASES: dict[str, Any] = yaml.safe_load((Path(__file__).parent / "cases/corrections.yaml").read_text(encoding="utf-8"))


def read(folder: Path, entries: object = None) -> Report:
    path = folder / "a.md"
    path.write_text(CASES["text"], encoding="utf-8")
    sidecar = folder / "a.md.meta.yaml"
    if entries is not None:
        sidecar.write_text(yaml.safe_dump({"corrections": entries}, allow_unicode=True), encoding="utf-8")
    return read_report(path)


def said(figure: Figure) -> dict[str, Any]:
    fields = figure.model_dump(mode="json")
    return fields | {"region": fields["region"] and fields["region"]["name"]}


def surface_of(entry: dict[str, Any]) -> str:
    return str(entry.get("surface") or entry["原文"])


@pytest.mark.parametrize("case", CASES["applied"], ids=lambda case: case["name"])
def test_a_correction_changes_one_figure_and_says_so(tmp_path: Path, case: dict[str, Any]) -> None:
    before = read(tmp_path)
    after = read(tmp_path, [case["entry"]])
    assert after.warnings == before.warnings
    (at,) = [at for at, (a, b) in enumerate(zip(before.figures, after.figures, strict=True)) if a != b]
    changed = said(after.figures[at])
    assert changed["surface"] == surface_of(case["entry"])
    assert {name: changed[name] for name in case["becomes"]} == case["becomes"]
    untouched = ("indicator", "value", "unit", "surface", "start", "end", "kind", "bound")
    assert all(changed[name] == said(before.figures[at])[name] for name in untouched)
    assert after.text == before.text


@pytest.mark.parametrize("case", CASES["applied"], ids=lambda case: case["name"])
def test_naming_the_figure_by_its_id_does_the_same(tmp_path: Path, case: dict[str, Any]) -> None:
    report = read(tmp_path)
    ids = figure_ids(report.figures, sha256=report.sha256, offsets=TextMap(report.offsets))
    places = ("surface", "line", "原文", "行")
    entry = {key: value for key, value in case["entry"].items() if key not in places}
    at = [figure.surface for figure in report.figures].index(surface_of(case["entry"]))
    assert read(tmp_path, [entry | {"figure": ids[at]}]).figures == read(tmp_path, [case["entry"]]).figures


@pytest.mark.parametrize("case", CASES["warned"], ids=lambda case: case["name"])
def test_what_cannot_be_applied_is_a_warning_that_names_it(tmp_path: Path, case: dict[str, Any]) -> None:
    report = read(tmp_path, case["entries"])
    (warning,) = [one for one in report.warnings if one.startswith(WARNING)]
    assert re.search(case["warning"], warning)
    assert "\n" not in warning
    corrected = [figure for figure in report.figures if figure.corrected]
    assert len(corrected) == len(case["entries"]) - 1


@pytest.mark.parametrize("case", CASES["refused"], ids=lambda case: case["fault"])
def test_a_wrong_entry_is_one_line_that_names_it(tmp_path: Path, case: dict[str, Any]) -> None:
    with pytest.raises(InputError) as error:
        read(tmp_path, case["value"])
    assert case["fault"] in str(error.value)
    assert "a.md.meta.yaml" in str(error.value)
    assert "\n" not in str(error.value)


def test_too_many_entries_are_refused() -> None:
    entry = {"figure": "f152f8a235caa", "withdraw": True, "why": "x"}
    assert read_corrections([entry] * MOST)
    with pytest.raises(InputError, match="1001 entries"):
        read_corrections([entry] * (MOST + 1))


def test_equal_lists_give_equal_texts_and_changed_ones_do_not() -> None:
    one = {"figure": "f152f8a235caa", "withdraw": True, "why": "x"}
    assert read_corrections([one]) == read_corrections([dict(reversed(one.items()))])
    assert read_corrections([one]) != read_corrections([one | {"why": "y"}])
    assert read_corrections([]) == ""


def test_a_sidecar_that_is_too_long_is_not_cut_in_half(tmp_path: Path) -> None:
    entries = [
        {"surface": "7所", "line": number, "withdraw": True, "why": "很长的理由" * 40} for number in range(1, 400)
    ]
    with pytest.raises(InputError, match=r"a\.md\.meta\.yaml"):
        read(tmp_path, entries)


def test_a_printed_form_of_the_source_finds_its_figure(tmp_path: Path) -> None:
    """The source prints full-width digits, the clean text does not: either is how the figure is printed."""
    text = CASES["text"].replace("7198人", "７１９８人")
    (tmp_path / "a.md").write_text(text, encoding="utf-8")
    for surface in ("７１９８人", "7198人"):
        entry = {"surface": surface, "line": 5, "withdraw": True, "why": "x"}
        sidecar = yaml.safe_dump({"更正": [entry]}, allow_unicode=True)
        (tmp_path / "a.md.meta.yaml").write_text(sidecar, encoding="utf-8")
        report = read_report(tmp_path / "a.md")
        assert [figure.surface for figure in report.figures if figure.withdrawn] == ["7198人"]


def test_a_sidecar_in_an_archive_corrects_too(tmp_path: Path) -> None:
    entry = {"surface": "7198人", "line": 5, "withdraw": True, "why": "x"}
    with zipfile.ZipFile(tmp_path / "all.zip", "w") as archive:
        archive.writestr("r/a.md", CASES["text"])
        archive.writestr("r/a.md.meta.yaml", yaml.safe_dump({"corrections": [entry]}, allow_unicode=True))
    (tmp_path / "workspace").mkdir()
    ((found,), skipped) = walk([tmp_path / "all.zip"], workspace=tmp_path / "workspace")
    report = read_report(found.path, source=found.source, sidecar=found.sidecar)
    assert (skipped, [one.surface for one in report.figures if one.withdrawn]) == ((), ["7198人"])


def test_marks_of_replaced_fields_go(tmp_path: Path) -> None:
    entry = {"surface": "7500人", "line": 7, "status": "实际", "why": "x"}
    before, after = (
        next(figure for figure in report.figures if figure.surface == "7500人")
        for report in (read(tmp_path), read(tmp_path, [entry]))
    )
    assert (before.status, after.status) == ("target", "actual")
    assert {mark.role for mark in before.marks} - {mark.role for mark in after.marks} == {"status"}


def region(code: str) -> Region:
    found = gazetteer().by_code(code)
    assert found is not None
    return found


STATUSES = st.sampled_from(["actual", "target", "cumulative", "average"])
YEARS = st.integers(1950, 2100).flatmap(lambda year: st.sampled_from([year, f"{year}-{year + 4}", f"{year}-03"]))
CHANGES = st.fixed_dictionaries(
    {}, optional={"status": STATUSES, "period": YEARS, "region": st.sampled_from(["371602", "120101", "000000"])}
).filter(bool)
PLAIN = st.text(st.characters(exclude_categories=["Cs", "Cc", "Zl", "Zp", "Zs"]), min_size=1, max_size=40)


@given(changes=CHANGES, why=PLAIN, by=st.just("") | PLAIN, at=st.integers(0, 4))
def test_what_is_given_stands_and_the_rest_stays(changes: dict[str, Any], why: str, by: str, at: int) -> None:
    report = plain_report()
    ids = figure_ids(report.figures, sha256=report.sha256, offsets=TextMap(report.offsets))
    packed = read_corrections([changes | {"figure": ids[at], "why": why, "by": by}])
    assert read_corrections([json.loads(packed)[0] | {"why": why}]) == packed
    figures, warnings = apply_corrections(
        report.figures, packed, sha256=report.sha256, offsets=TextMap(report.offsets), source_text=report.source_text
    )
    before, after = report.figures[at], figures[at]
    wanted = {
        "status": changes.get("status", before.status),
        "period": Period.parse(str(changes["period"])) if "period" in changes else before.period,
        "region": region(changes["region"]) if "region" in changes else before.region,
    }
    assert {name: getattr(after, name) for name in wanted} == wanted
    changed = any(getattr(before, name) != value for name, value in wanted.items())
    assert (bool(after.corrected), len(warnings)) == (changed, int(not changed))
    assert not changed or (why in after.corrected and by in after.corrected)
    kept = {"value", "unit", "surface", "indicator", "start", "end", "kind", "bound", "sentence_start", "sentence_end"}
    assert after.model_dump(include=kept) == before.model_dump(include=kept)
    assert figures[:at] + figures[at + 1 :] == report.figures[:at] + report.figures[at + 1 :]


@cache
def plain_report() -> Report:
    with tempfile.TemporaryDirectory() as folder:
        return read(Path(folder))
