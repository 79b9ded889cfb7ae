"""Word files, made here from their XML: order, tables, hidden and deleted text, and unsafe or damaged ones."""

from __future__ import annotations

import io
import zipfile
from collections.abc import Mapping

import pytest

from zhengwen.ingest.errors import InputError
from zhengwen.ingest.readers import extract

NAMES = 'xmlns:w="http://schemas.openxmlformats.org/wordprocessingml/2006/main"'


def make_docx(
    body: str, *, head: str = "", part: str = "word/document.xml", others: Mapping[str, str] | None = None
) -> bytes:
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w", zipfile.ZIP_DEFLATED) as archive:
        for name, xml in (others or {}).items():
            archive.writestr(name, xml)
        archive.writestr(part, f'<?xml version="1.0"?>{head}<w:document {NAMES}><w:body>{body}</w:body></w:document>')
    return out.getvalue()


def paragraph(*runs: str) -> str:
    return "<w:p>" + "".join(f"<w:r>{run}</w:r>" for run in runs) + "</w:p>"


def text(words: str) -> str:
    return f"<w:t>{words}</w:t>"


def test_paragraphs_and_tables_in_order() -> None:
    cell = "<w:tc>{}</w:tc>".format
    row = "<w:tr>{}{}</w:tr>".format
    table = "<w:tbl>{}{}</w:tbl>".format(
        row(cell(paragraph(text("指标"))), cell(paragraph(text("值")))),
        row(cell(paragraph(text("收入"))), cell(paragraph(text("35亿元")) + paragraph(text("（预计）")))),
    )
    body = paragraph(text("工作报告")) + paragraph(text("新增就业"), text("7198"), text("人。")) + table
    body += "<w:sdt><w:sdtContent>" + paragraph(text("再一段。")) + "</w:sdtContent></w:sdt>"
    found = extract(make_docx(body), ".docx")
    assert found.body.text.split("\n") == [
        "工作报告", "新增就业7198人。", "| 指标 | 值 |", "| 收入 | 35亿元 （预计） |", "再一段。",
    ]  # fmt: skip


def test_hidden_and_deleted_text_is_left_out() -> None:
    hidden = "<w:rPr><w:vanish/></w:rPr>" + text("隐藏")
    body = paragraph(text("看得见"), hidden) + "<w:p><w:del><w:r><w:delText>删去</w:delText></w:r></w:del></w:p>"
    assert extract(make_docx(body), ".docx").body.text.strip() == "看得见"


def test_external_entities_do_nothing() -> None:
    head = '<!DOCTYPE x [<!ENTITY e SYSTEM "file:///etc/hostname">]>'
    with pytest.raises(InputError, match="XML entities"):
        extract(make_docx(paragraph(text("甲&e;乙")), head=head), ".docx")
    late = "<!--" + " " * 200_000 + "-->" + head
    found = extract(make_docx(paragraph(text("甲&e;乙丙丁")), head=late), ".docx")
    assert found.body.text == "甲乙丙丁"


def test_an_entity_bomb_does_nothing() -> None:
    bomb = '<!ENTITY a "哈哈哈哈哈哈哈哈哈哈">' + "".join(
        f'<!ENTITY {name} "{f"&{before};" * 10}">' for before, name in zip("abcdefgh", "bcdefghi", strict=True)
    )
    late = "<!--" + " " * 200_000 + f"--><!DOCTYPE x [{bomb}]>"
    try:
        assert len(extract(make_docx(paragraph(text("甲&i;")), head=late), ".docx").text) < 100
    except InputError as error:
        assert "damaged Word file" in str(error)


@pytest.mark.parametrize(
    ("data", "reason"),
    [
        (b"PK\x03\x04 no archive", "damaged Word file"),
        (make_docx("", part="other.xml"), "no word/document.xml"),
        (make_docx(paragraph("")), "holds no text"),
        (make_docx("<w:p>").replace(b"PK\x01\x02", b"PK\x09\x09"), "damaged Word file"),
        (b"\xd0\xcf\x11\xe0" + b"\x00" * 600, "old or encrypted Office file"),
    ],
)
def test_damage(data: bytes, reason: str) -> None:
    with pytest.raises(InputError, match=reason):
        extract(data, ".docx")


def test_merged_cells_leave_empty_ones_so_that_columns_stay_below_their_headings() -> None:
    cell = "<w:tc>{}</w:tc>".format
    wide = '<w:tc><w:tcPr><w:gridSpan w:val="2"/></w:tcPr>{}</w:tc>'.format
    rows = (
        cell(paragraph(text("指标"))) + wide(paragraph(text("2022年"))),
        cell(paragraph(text("收入"))) + cell(paragraph(text("35亿元"))) + cell(paragraph(text("2.1%"))),
    )
    table = "<w:tbl>" + "".join(f"<w:tr>{row}</w:tr>" for row in rows) + "</w:tbl>"
    assert extract(make_docx(table), ".docx").text.split("\n") == ["| 指标 | 2022年 |  |", "| 收入 | 35亿元 | 2.1% |"]


def test_a_table_inside_a_cell_is_said_once() -> None:
    inner = "<w:tbl><w:tr><w:tc>" + paragraph(text("35亿元")) + "</w:tc></w:tr></w:tbl>"
    outer = "<w:tbl><w:tr><w:tc>" + paragraph(text("收入")) + inner + "</w:tc></w:tr></w:tbl>"
    assert extract(make_docx(outer), ".docx").text == "| 收入 35亿元 |"


def test_footnotes_stand_at_the_end_with_their_marks() -> None:
    note = '<w:footnote w:id="{}">{}</w:footnote>'.format
    notes = (
        note(0, paragraph("<w:separator/>"))
        + note(2, paragraph(text("指4类企业。")))
        + note(3, paragraph(text("没有人引。")))
    )
    body = paragraph(text("“四上”企业312家。"), '<w:footnoteReference w:id="2"/>') + paragraph(text("完。"))
    others = {"word/footnotes.xml": f"<w:footnotes {NAMES}>{notes}</w:footnotes>"}
    found = extract(make_docx(body, others=others), ".docx")
    assert found.text.split("\n") == ["“四上”企业312家。[1]", "完。", "[1] 指4类企业。"]
    assert extract(make_docx(body), ".docx").text.split("\n") == ["“四上”企业312家。", "完。"]


def test_text_boxes_are_lines_of_their_own_and_said_once() -> None:
    inside = (
        "<w:txbxContent>"
        + paragraph(text("专栏：新增床位260张。"))
        + paragraph(text("新增停车位1800个。"))
        + "</w:txbxContent>"
    )
    mc = 'xmlns:mc="http://schemas.openxmlformats.org/markup-compatibility/2006"'
    forms = f"<mc:Choice>{inside}</mc:Choice><mc:Fallback>{inside}</mc:Fallback>"
    drawn = f"<mc:AlternateContent {mc}>{forms}</mc:AlternateContent>"
    found = extract(make_docx(paragraph(text("正文35亿元"), drawn, text("，增长2%。"))), ".docx")
    assert found.text.split("\n") == ["正文35亿元，增长2%。", "专栏：新增床位260张。", "新增停车位1800个。"]


def test_readings_above_characters_and_the_strict_form() -> None:
    ruby = "<w:ruby><w:rt><w:r><w:t>qū</w:t></w:r></w:rt><w:rubyBase><w:r><w:t>区</w:t></w:r></w:rubyBase></w:ruby>"
    body = paragraph(text("全"), ruby, text("35亿元"))
    assert extract(make_docx(body), ".docx").text == "全区35亿元"
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w") as archive:
        name = "http://purl.oclc.org/ooxml/wordprocessingml/main"
        archive.writestr("word/document.xml", f'<w:document xmlns:w="{name}"><w:body>{body}</w:body></w:document>')
    assert extract(out.getvalue(), ".docx").text == "全区35亿元"
