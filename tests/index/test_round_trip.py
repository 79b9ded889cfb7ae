"""Every shown character leads back to the file: through all steps of cleaning, and through the library."""

from __future__ import annotations

from pathlib import Path

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from zhengwen.index.figure_lines import figure_lines
from zhengwen.index.library import Library
from zhengwen.ingest.pipeline import read_report
from zhengwen.ingest.textmap import TextMap

# A line as a site shows it, what of it is shown, and its figures: as printed clean → as they stand in the file.
# Width, blanks inside numbers, traditional characters, bracketed readings, cut lines, letters for digits, furniture.
LINES: list[tuple[str, str, dict[str, str]]] = [
    ("全年城镇新增就业７１９８人，进展顺利。", "全年城镇新增就业7198人，进展顺利。", {"7198人": "７１９８人"}),
    ("外贸进出口比上年增长181 . 6％。", "外贸进出口比上年增长181.6%。", {"181.6%": "181 . 6％"}),
    ("改造老舊小區271個，惠及羣眾5萬人。", "改造老旧小区271个，惠及群众5万人。", {"271个": "271個", "5万人": "5萬人"}),
    ("新建公路 148 公里，道路更加通暢。", "", {"148公里": "148 公里"}),
    ("财政收入完成12,345万元，比上年增长8.\n6%。", "财政收入完成12,345万元，比上年增长8.6%。", {"8.6%": "8.\n6%"}),
    ("引进项目20l个，到位资金4O亿元。", "引进项目201个，到位资金40亿元。", {"201个": "20l个", "40亿元": "4O亿元"}),
    ("**农业**稳步发展，新建合作社36家。", "农业稳步发展，新建合作社36家。", {"36家": "36家"}),
    ("责任编辑：某某", "", {}),
    ("浏览次数：1203次", "", {}),
    ("首页 > 政务公开 > 正文", "", {}),
]  # fmt: skip
GONE = {source for source, _, figures in LINES if not figures}
MENDED = {"181.6%", "8.6%", "201个", "40亿元"}

pages = st.tuples(
    st.lists(st.sampled_from(range(len(LINES))), min_size=2, max_size=8, unique=True),
    st.sampled_from(["\n", "\r\n", "\n\n", "\n　　"]),
)


@pytest.fixture(scope="module")
def shelf(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return tmp_path_factory.mktemp("shelf")


@settings(max_examples=40, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(page=pages)
def test_every_figure_leads_to_the_place_it_was_read_from(page: tuple[list[int], str], shelf: Path) -> None:
    chosen, end = page
    lines = [LINES[at] for at in chosen]
    path = shelf / "page.txt"
    path.write_bytes(("2021年示例报告" + end + end.join(line for line, _, _ in lines) + end).encode())
    if all(line in GONE for line, _, _ in lines):
        return
    report = read_report(path, source="page.txt")
    offsets = TextMap(report.offsets)
    read = {one.surface: one for one in report.figures}
    for _, clean, figures in lines:
        assert clean in report.text
        for surface, printed in figures.items():
            start, stop = offsets.source_span(read[surface].start, read[surface].end)
            assert report.source_text[start:stop].replace("\r", "") == printed
            assert read[surface].repaired or surface not in MENDED
    assert not any(one in report.text for one in GONE)


@settings(max_examples=15, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(page=pages)
def test_the_library_gives_back_what_was_read(page: tuple[list[int], str], shelf: Path) -> None:
    chosen, end = page
    lines = [LINES[at] for at in chosen]
    if all(line in GONE for line, _, _ in lines):
        return
    path = shelf / "page.txt"
    path.write_bytes(("2021年示例报告" + end + end.join(line for line, _, _ in lines) + end).encode())
    report = read_report(path, source="page.txt")
    with Library.open(shelf / "library", create=True) as library:
        library.add(report)
        (row,) = library.reports()
        text = library.text(row)
        assert (text.clean, text.source) == (report.text, report.source_text)
        assert text.offsets.segments == report.offsets
        for stored, passage in zip(library.passages_of(row), report.passages, strict=True):
            assert stored.passage == passage
            assert stored.text == report.text[passage.start : passage.end]
            assert stored.source_text == report.source_text[passage.source_start : passage.source_end]
        figures = [line.stored().figure for line in figure_lines(library, row)]
        assert sorted(figures, key=lambda one: one.start) == sorted(report.figures, key=lambda one: one.start)
        assert {one.surface for one in figures if one.repaired} == {
            one.surface for one in report.figures if one.repaired
        }
