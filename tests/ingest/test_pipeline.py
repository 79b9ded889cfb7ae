"""The whole way of a report: what comes out leads back to the file; bad and hostile files end with one clear line."""

from __future__ import annotations

import time
from pathlib import Path

import pytest

from zhengwen.ingest.errors import InputError
from zhengwen.ingest.models import Report
from zhengwen.ingest.pipeline import read_report
from zhengwen.ingest.textmap import TextMap

REPORT = """---
title: 2021年示例区政府工作报告
---

　　各位代表：

　　一、2020年工作回顾

　　过去一年，全区新增城镇就业７１９８人，完成年度目标的136％，增长181 . 6%。改造老旧小区271个。引进1 2家银行。

　　教育事业稳步推进。坚持联防联

控、群防群治，新建学校7所，大班额问题全部解决。

　　二、2021年工作安排

　　力争全年新增城镇就业7000人以上。

责任编辑：某某
"""


def write(path: Path, text: str = REPORT) -> Path:
    path.write_text(text, "utf-8")
    return path


@pytest.fixture
def report(tmp_path: Path) -> Report:
    return read_report(write(tmp_path / "a.md"), source="reports/a.md")


def test_clean_text(report: Report) -> None:
    assert report.text.split("\n") == [
        "各位代表：",
        "一、2020年工作回顾",
        "过去一年，全区新增城镇就业7198人，完成年度目标的136%，增长181.6%。改造老旧小区271个。引进1 2家银行。",
        "教育事业稳步推进。坚持联防联控、群防群治，新建学校7所，大班额问题全部解决。",
        "二、2021年工作安排",
        "力争全年新增城镇就业7000人以上。",
    ]
    assert report.source == "reports/a.md"
    assert [one.why for one in report.removals] == ["editor's line"]
    assert {one.certainty for one in report.repairs} == {"certain", "undecided"}


def test_spans_lead_back_to_the_file(report: Report) -> None:
    offsets = TextMap(report.offsets)
    pairs = {"7198人": "７１９８人", "181.6%": "181 . 6%", "联防联控": "联防联\n\n控", "136%": "136％"}
    for words, source in pairs.items():
        at = report.text.index(words)
        start, end = offsets.source_span(at, at + len(words))
        assert REPORT[start:end] == source
    assert all(REPORT[one.start : one.end] == one.before for one in report.repairs)
    assert all(REPORT[one.start : one.end].strip("\n") == one.text for one in report.removals)
    for passage in report.passages:
        assert report.source_text[passage.source_start : passage.source_end].strip()
        assert REPORT.split("\n")[passage.line - 1].strip()


def test_no_figure_touches_an_undecided_place(report: Report) -> None:
    assert any(one.surface == "7198人" for one in report.figures)
    assert not any("2家" in one.surface for one in report.figures)


def test_the_same_file_gives_the_same_report(report: Report, tmp_path: Path) -> None:
    assert read_report(tmp_path / "a.md", source="reports/a.md") == report


def test_sidecar_wins_and_its_faults_are_named(tmp_path: Path) -> None:
    path = write(tmp_path / "a.md")
    given = read_report(path, sidecar={"region": "371602", "date": "2021-01-19"})
    assert given.about.region.value is not None
    assert (given.about.region.value.name, given.about.region.how) == ("山东省滨州市滨城区", "sidecar")
    with pytest.raises(InputError, match="sidecar"):
        read_report(path, sidecar={"region": "没有这个区"})


def test_only_furniture_is_no_report(tmp_path: Path) -> None:
    with pytest.raises(InputError, match="no text besides page furniture"):
        read_report(write(tmp_path / "a.txt", "责任编辑：某某\n相关新闻\n网站地图\n"))


HOSTILE = {
    "long line": "全年新增就业7198人，" * 30_000,
    "no stops": "全" * 300_000,
    "many lines": "全年新增就业7198人。\n" * 20_000,
    "open quotes": "“（" * 50_000 + "全年",
    "digits": "1234567890" * 20_000,
    "commas": "1,234" * 20_000,
    "marks": "，" * 100_000 + "全年",
    "bars": "|" * 50_000 + "\n全年",
    "stars": "*" * 100_000 + "全年",
    "brackets": "[" * 50_000 + "全年" + "](" * 20_000,
    "angles": "<!--" * 30_000 + "全年",
    "blanks": "全 " * 100_000,
    "repeats": "培育社会组织20余家，服务群众" * 10_000,
}


def test_no_figures_are_read_from_an_endless_paragraph(tmp_path: Path) -> None:
    report = read_report(write(tmp_path / "a.txt", f"全年新增就业7198人。\n{'一' * 40_000}\n"))
    assert [one.surface for one in report.figures] == ["7198人"]
    assert "no figures read from 1 paragraphs" in report.warnings[0]


@pytest.mark.parametrize("name", HOSTILE)
def test_reading_and_cleaning_hostile_text_is_bounded(name: str) -> None:
    """Before describing and figures: a third of a million characters in seconds, whatever they are."""
    from zhengwen.ingest.furniture import remove_furniture
    from zhengwen.ingest.normalise import normalise
    from zhengwen.ingest.normalise_numbers import mend_numbers
    from zhengwen.ingest.textmap import MappedText

    text = HOSTILE[name]
    started = time.process_time()
    body = MappedText.of(text).edit(mend_numbers(text).edits)
    cleaned, _ = remove_furniture(normalise(body))
    print(f"{name}: {len(text)} characters, {len(cleaned.text)} clean, {time.process_time() - started:.2f} s")
    assert len(cleaned.text) <= len(text)


GARBLED = """我區(qū)級(jí)財政收入35億元。建成農(nóng)村公路12公里。
推動(dòng)?jì)D幼保健院建設，新增床位300張。
"""
"""Made for this test: the second line lost a byte, the first holds readings alone."""


def test_figures_of_a_mended_sentence_are_flagged(tmp_path: Path) -> None:
    text = GARBLED + "“十三五”開局良好，改造老舊小區(qū)271個。\n"
    report = read_report(write(tmp_path / "a.txt", text))
    assert "推动妇幼保健院建设" in report.text
    flagged = {one.surface: one.repaired for one in report.figures}
    assert flagged == {"35亿元": False, "12公里": False, "300张": True, "271个": False}
