"""Word files, made here from their XML: order, tables, hidden and deleted text, and unsafe or damaged ones."""

from __future__ import annotations

import io
import zipfile

import pytest

from zhengwen.ingest.errors import InputError
from zhengwen.ingest.readers import extract

NAMES = 'xmlns:w="http://schemas.openxmlformats.org/wordprocessingml/2006/main"'


def make_docx(body: str, *, head: str = "", part: str = "word/document.xml") -> bytes:
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w", zipfile.ZIP_DEFLATED) as archive:
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
