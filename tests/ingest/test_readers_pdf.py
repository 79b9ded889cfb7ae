"""PDF files are made here by hand: a text layer in a predefined Chinese font, which needs no font file."""

from __future__ import annotations

import pytest

from zhengwen.ingest.errors import InputError
from zhengwen.ingest.readers import extract

Line = tuple[float, float, str]
"""x, y in points, text."""


def make_pdf(pages: list[list[Line]], *, encrypt: str = "") -> bytes:
    objects: list[bytes] = [b"", b""]
    font = (
        b"<< /Type /Font /Subtype /Type0 /BaseFont /STSong-Light /Encoding /UniGB-UCS2-H /DescendantFonts"
        b" [<< /Type /Font /Subtype /CIDFontType0 /BaseFont /STSong-Light /CIDSystemInfo"
        b" << /Registry (Adobe) /Ordering (GB1) /Supplement 4 >> /DW 1000 >>] >>"
    )
    objects.append(font)
    kids = []
    for lines in pages:
        drawn = [f"1 0 0 1 {x} {y} Tm <{text.encode('utf-16-be').hex()}> Tj" for x, y, text in lines]
        content = ("BT /F1 12 Tf " + " ".join(drawn) + " ET").encode()
        objects.append(b"<< /Length %d >>\nstream\n%s\nendstream" % (len(content), content))
        stream = len(objects)
        objects.append(
            b"<< /Type /Page /Parent 2 0 R /MediaBox [0 0 595 842] /Resources << /Font << /F1 3 0 R >> >>"
            b" /Contents %d 0 R >>" % stream
        )
        kids.append(b"%d 0 R" % len(objects))
    objects[0] = b"<< /Type /Catalog /Pages 2 0 R >>"
    objects[1] = b"<< /Type /Pages /Kids [%s] /Count %d >>" % (b" ".join(kids), len(kids))
    out, places = bytearray(b"%PDF-1.4\n"), []
    for number, body in enumerate(objects, start=1):
        places.append(len(out))
        out += b"%d 0 obj\n%s\nendobj\n" % (number, body)
    start = len(out)
    out += b"xref\n0 %d\n0000000000 65535 f \n" % (len(objects) + 1)
    out += b"".join(b"%010d 00000 n \n" % place for place in places)
    trailer = (len(objects) + 1, encrypt.encode(), start)
    out += b"trailer << /Size %d /Root 1 0 R %s >>\nstartxref\n%d\n%%%%EOF" % trailer
    return bytes(out)


def page(number: int, paragraphs: list[str]) -> list[Line]:
    """Set paragraphs 30 characters wide, indented by two, with a running head and a page number."""
    lines: list[Line] = [(60, 800, "示例区政府工作报告")]
    y = 770.0
    for paragraph in paragraphs:
        room, indent = 28, 24.0
        while paragraph:
            lines.append((60 + indent, y, paragraph[:room]))
            paragraph, room, indent, y = paragraph[room:], 30, 0.0, y - 18
    lines.append((290, 40, f"- {number} -"))
    return lines


LONG = "过去一年全区完成一般公共预算收入35亿元，增长2.1%，新增城镇就业7198人，完成年度目标的136%，各项工作稳步向前。"
THIRD = "生态环境持续改善，空气优良天数增加11天，新增绿地90万平方米，河流水质稳定达标，居民普遍感到满意，评价良好。"
SECOND = "教育事业继续发展，新建学校7所，投入使用幼儿园6所，大班额问题全部解决，群众更加满意，社会更加安定。"


def test_paragraphs_are_joined_and_page_heads_go() -> None:
    found = extract(make_pdf([page(1, [LONG, SECOND]), page(2, [LONG + "再", THIRD]), page(3, [THIRD])]), ".pdf")
    assert found.body.text.strip().split("\n") == [LONG, SECOND, LONG + "再", THIRD, THIRD]
    assert {one.why for one in found.removals} == {"page head", "page number"}
    at = found.body.text.index("7198人")
    start, end = found.body.map.source_span(at, at + 5)
    assert found.text[start:end].replace("\n", "") == "7198人"


def test_a_scan_is_refused_with_advice() -> None:
    with pytest.raises(InputError, match=r"scanned PDF .*OCR"):
        extract(make_pdf([[], [], []]), ".pdf")


@pytest.mark.parametrize("damage", ["cut", "noise", "xref"])
def test_damage_is_an_error_or_read_around(damage: str) -> None:
    data = make_pdf([page(1, [LONG, SECOND])])
    noise = b"%PDF-1.7\n" + b"\x93\x00\xff" * 500
    broken = {"cut": data[:300], "noise": noise, "xref": data[:-60] + b"xref 999"}[damage]
    try:
        assert LONG in extract(broken, ".pdf").body.text
    except InputError as error:
        assert "\n" not in str(error)
        assert "damaged PDF" in str(error) or "scanned" in str(error)


def test_a_password_is_named() -> None:
    encrypt = (
        "/Encrypt << /Filter /Standard /V 1 /R 2 /Length 40 /P -4 /O <" + "ab" * 32 + "> /U <" + "cd" * 32 + "> >>"
        " /ID [<00112233445566778899aabbccddeeff> <00112233445566778899aabbccddeeff>]"
    )
    with pytest.raises(InputError, match="password"):
        extract(make_pdf([page(1, [LONG])], encrypt=encrypt), ".pdf")


def column(left: float, top: float, text: str, width: int = 20) -> list[Line]:
    """Text set in a column of `width` characters, its first line indented by two."""
    lines: list[Line] = [(left + 24, top, text[: width - 2])]
    rest = text[width - 2 :]
    return lines + [(left, top - 18 * (1 + at // width), rest[at : at + width]) for at in range(0, len(rest), width)]


@pytest.mark.parametrize("across", [False, True])
def test_two_columns_are_read_one_after_the_other(across: bool) -> None:
    lines = [*column(50, 740, LONG), *column(310, 740, THIRD)]
    if across:  # as some programs draw them
        lines.sort(key=lambda line: (-line[1], line[0]))
    found = extract(make_pdf([[(200, 780, "两栏的工作报告"), *lines]]), ".pdf")
    assert found.body.text.split("\n") == ["两栏的工作报告", LONG, THIRD]
    start, end = found.body.map.source_span(found.body.text.index("7198人"), found.body.text.index("7198人") + 5)
    assert found.text[start:end].replace("\n", "") == "7198人"


def test_tables_are_rows() -> None:
    table = [("指标", "完成数", "增长"), ("财政收入", "35.2亿元", "2.1%"), ("就业", "7198人", "-1.2%")]
    cells: list[Line] = [
        (x, 600 - 18 * row, cell)
        for row, line in enumerate(table)
        for x, cell in zip((80, 240, 400), line, strict=True)
    ]
    found = extract(make_pdf([[*column(60, 700, LONG, 38), *cells, *column(60, 500, THIRD, 38)]]), ".pdf")
    rows = ["| 指标 | 完成数 | 增长 |", "| 财政收入 | 35.2亿元 | 2.1% |", "| 就业 | 7198人 | -1.2% |"]
    assert found.body.text.split("\n") == [LONG, *rows, THIRD]


def test_a_number_that_a_line_may_cut_apart_gives_no_figure() -> None:
    lines: list[Line] = [(60, 700, "全年完成投资共计512"), (60, 682, ".36亿元，增长2.1%")]
    lines += [*column(60, 600, THIRD, 38), *column(60, 500, LONG, 38)]
    found = extract(make_pdf([lines]), ".pdf")
    (doubt,) = found.repairs
    assert (doubt.before, doubt.certainty) == ("2\n.", "undecided")
    assert found.text[doubt.start : doubt.end] == doubt.before


def test_a_running_head_goes_and_a_sentence_that_returns_stays() -> None:
    found = extract(make_pdf([page(number, [LONG, SECOND]) for number in (1, 2, 3)]), ".pdf")
    assert found.body.text.count(SECOND) == 3
    assert sorted(one.why for one in found.removals) == ["page head"] * 3 + ["page number"] * 3


def test_a_page_of_endless_characters_is_refused(monkeypatch: pytest.MonkeyPatch) -> None:
    from zhengwen.ingest import readers_pdf_text

    monkeypatch.setattr(readers_pdf_text, "MAX_PAGE_CHARACTERS", 100)
    with pytest.raises(InputError, match=r"a page of .* characters, which no report has"):
        extract(make_pdf([page(1, [LONG, SECOND])]), ".pdf")
