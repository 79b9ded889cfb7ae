"""OCR: a scan, drawn here from words of our own, is read where the extra is installed, and never a digit is guessed."""

from __future__ import annotations

import importlib.util
import io
import sys
from pathlib import Path
from types import ModuleType

import pytest

from zhengwen.ingest import ocr
from zhengwen.ingest.errors import InputError
from zhengwen.ingest.pipeline import read_report
from zhengwen.ingest.readers import extract
from zhengwen.ingest.settings import IngestSettings

LINES = (
    "2023年滨州市滨城区政府工作报告",
    "一、2022年工作回顾",
    "　　过去一年，全区实现地区生产总值512.36亿元，增长4.2%；城镇",
    "新增就业7305人，改造老旧小区46个，各项工作稳步推进，群众满意。",
)
MISSING = [name for name in ("rapidocr", "PIL", "pylopdf_fonts_zh_cn") if importlib.util.find_spec(name) is None]


def _beside(name: str) -> ModuleType:
    spec = importlib.util.spec_from_file_location(f"{name}_for_ocr", Path(__file__).parent / f"{name}.py")
    assert spec is not None
    assert spec.loader is not None
    module = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(module)
    return module


TEXT_PAGES = _beside("test_readers_pdf")
needs_ocr = pytest.mark.skipif(bool(MISSING), reason=f"needs the extras [ocr] and [charts]: no {', '.join(MISSING)}")


def scan(*pages: tuple[str, ...]) -> bytes:
    """A PDF whose pages are pictures of the lines."""
    import pylopdf_fonts_zh_cn
    from PIL import Image, ImageDraw, ImageFont

    font = ImageFont.truetype(str(pylopdf_fonts_zh_cn.sans_path()), 30)
    pictures = []
    for lines in pages:
        picture = Image.new("L", (1160, 640), 255)
        for at, line in enumerate(lines):
            ImageDraw.Draw(picture).text((80, 80 + 56 * at), line, font=font, fill=0)
        pictures.append(picture)
    out = io.BytesIO()
    pictures[0].save(out, "PDF", save_all=True, append_images=pictures[1:], resolution=150)
    return out.getvalue()


@pytest.fixture(scope="module")
def scanned(tmp_path_factory: pytest.TempPathFactory) -> Path:
    path = tmp_path_factory.mktemp("scan") / "scan.pdf"
    path.write_bytes(scan(LINES))
    return path


@needs_ocr
def test_a_scan_is_read_and_says_so(scanned: Path) -> None:
    report = read_report(scanned)
    assert report.text.split("\n") == [*LINES[:2], (LINES[2] + LINES[3]).strip()]
    assert any("read by OCR" in warning for warning in report.warnings)
    figures = {figure.surface: figure for figure in report.figures}
    assert {"512.36亿元", "4.2%", "7305人", "46个"} <= set(figures)
    assert all(figure.repaired for figure in figures.values())
    assert {repair.why.partition(",")[0] for repair in report.repairs} == {"read by OCR"}
    assert all(report.source_text[one.start : one.end] == one.before == one.after for one in report.repairs)


@needs_ocr
def test_a_scan_is_refused_with_advice_where_ocr_is_switched_off(scanned: Path) -> None:
    with pytest.raises(InputError, match=r"scanned PDF .*ingest\.ocr.*zhengwen\[ocr\]"):
        read_report(scanned, settings=IngestSettings(ocr="never"))


@needs_ocr
def test_a_scan_is_refused_with_advice_where_the_extra_is_missing(
    scanned: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setitem(sys.modules, "rapidocr", None)
    assert not ocr.available()
    with pytest.raises(InputError, match=r"scanned PDF .*install zhengwen\[ocr\]"):
        read_report(scanned)


@needs_ocr
def test_time_and_pages_are_bounded(scanned: Path) -> None:
    import pypdfium2

    page = pypdfium2.PdfDocument(scanned)[0]
    with pytest.raises(InputError, match="more than 0 pages"):
        ocr.Reader(pages=0).read(page)
    with pytest.raises(InputError, match="could not read in -1 s"):
        ocr.Reader(seconds=-1.0).read(page)


def scored(text: str, **low: float) -> list[tuple[str, float]]:
    names = {"point": ".", "comma": ",", "two": "2", "seven": "7", "gain": "增"}
    return [(char, next((value for name, value in low.items() if names[name] == char), 0.999)) for char in text]


@pytest.mark.parametrize(
    ("text", "low", "unsure"),
    [
        ("增长4.2%，7305人", {}, []),
        ("增长4.2%，7305人", {"two": 0.9}, ["4.2%"]),
        ("增长4.2%，7305人", {"seven": 0.96}, ["7305"]),
        ("增长4.2%，7305人", {"point": 0.97}, ["4.2%"]),
        ("增长4.2%，7305人", {"gain": 0.1}, []),
        ("产量26.630吨，人口26,630人", {}, ["26.630"]),
        ("收入1，234万元", {"two": 0.5}, ["1，234万"]),
    ],
)
def test_a_number_with_an_unsure_character_is_undecided(text: str, low: dict[str, float], unsure: list[str]) -> None:
    assert [text[start:end] for start, end, _ in ocr.unsure_numbers(text, scored(text, **low))] == unsure


def test_numbers_of_a_poor_page_or_without_scores_are_all_undecided() -> None:
    text = "增长4.2%，7305人"
    for found in (ocr.unsure_numbers(text, scored(text), poor=True), ocr.unsure_numbers(text, [])):
        assert [text[start:end] for start, end, _ in found] == ["4.2%", "7305"]


def test_a_picture_among_pages_of_text_is_said(monkeypatch: pytest.MonkeyPatch) -> None:
    if MISSING:
        pytest.skip(f"needs the extras [ocr] and [charts]: no {', '.join(MISSING)}")
    import pypdfium2

    whole = pypdfium2.PdfDocument(TEXT_PAGES.make_pdf([TEXT_PAGES.page(1, [TEXT_PAGES.LONG] * 3)]))
    whole.import_pages(pypdfium2.PdfDocument(scan(LINES)))
    out = io.BytesIO()
    whole.save(out)
    read = extract(out.getvalue(), ".pdf")
    assert "城镇新增就业7305人" in read.body.text
    assert "page 2 is read by OCR" in read.warnings[0]
    monkeypatch.setitem(sys.modules, "rapidocr", None)
    unread = extract(out.getvalue(), ".pdf")
    assert "7305" not in unread.body.text
    assert TEXT_PAGES.LONG in unread.body.text
    assert "page 2 is a picture without text and not read: install zhengwen[ocr]" in unread.warnings[0]
