"""Encodings: every one that occurs is recognised on Chinese text, doubt is said, binary content is refused."""

from __future__ import annotations

import opencc
import pytest
from hypothesis import given
from hypothesis import strategies as st

from zhengwen.ingest.decode import declared_encoding, decode
from zhengwen.ingest.errors import InputError

TEXT = (
    "2021年示例区政府工作报告\n过去一年，全区完成一般公共预算收入35亿元，增长2.1%，新增城镇就业7198人。\n"
    "教育事业继续发展，新建学校7所，大班额问题全部解决，群众更加满意。\n"
)
TRADITIONAL = opencc.OpenCC("s2t").convert(TEXT)


@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "utf-16", "utf-16-le", "utf-16-be", "gb18030", "gbk"])
@pytest.mark.parametrize("text", [TEXT, TRADITIONAL], ids=["simplified", "traditional"])
def test_encodings(text: str, encoding: str) -> None:
    decoded = decode(text.encode(encoding))
    assert (decoded.text, decoded.certain, decoded.warnings) == (text, True, ())


def test_big5() -> None:
    decoded = decode(TRADITIONAL.encode("big5hkscs"))
    assert (decoded.text, decoded.encoding, decoded.certain) == (TRADITIONAL, "big5hkscs", True)


def test_a_declared_encoding_is_tried_first_but_not_believed_blindly() -> None:
    data = "濱城區".encode("big5")
    assert decode(data, declared="Big5").text == "濱城區"
    assert decode(TEXT.encode("utf-8"), declared="gb2312").text == TEXT
    assert decode(TEXT.encode("gbk"), declared="utf-8").text == TEXT


def test_mixed_encodings_are_read_line_by_line_and_said() -> None:
    decoded = decode(TEXT.encode() + "另一行用别的编码写成。\n".encode("gbk") + TEXT.encode())
    assert "另一行用别的编码写成。" in decoded.text
    assert not decoded.certain
    assert "another encoding" in decoded.warnings[0]


@pytest.mark.parametrize("foreign", [1, 3, 6])
def test_half_of_the_lines_in_another_encoding(foreign: int) -> None:
    lines = TEXT.strip().split("\n")
    decoded = decode("\n".join(lines).encode() + b"\n" + "\n".join(lines * foreign).encode("gbk"))
    assert decoded.text.split("\n") == lines * (foreign + 1)
    assert f"{3 * foreign} lines are in another encoding" in decoded.warnings[0]


def test_a_cut_character_is_marked() -> None:
    decoded = decode(TEXT.strip().encode()[:-1])
    assert decoded.text == TEXT.strip()[:-1] + "�"
    assert decoded.warnings == ("1 unreadable places marked with �",)


@pytest.mark.parametrize(
    ("data", "reason"),
    [
        (b"\x00\x01" * 50, "NUL bytes"),
        (TEXT.encode() + b"\x00", "NUL bytes"),
        (bytes(range(1, 256)) * 20, "no text"),
        (b"\x07\x08" * 500, "binary"),
        (b"%PDF-1.7 ...", "a PDF"),
        (b"PK\x03\x04....", "ZIP archive or Word file"),
        (b"\xd0\xcf\x11\xe0....", "old Office file"),
        (b"\x89PNG....", "picture"),
    ],
)
def test_no_text(data: bytes, reason: str) -> None:
    with pytest.raises(InputError, match=reason):
        decode(data)


def test_declared_encoding() -> None:
    assert declared_encoding(b'<meta charset="gb2312">') == "gb2312"
    assert declared_encoding(b'<meta http-equiv="Content-Type" content="text/html; charset=GBK" />') == "GBK"
    assert declared_encoding(b"<p>") is None


@given(st.text(st.characters(codec="utf-8", exclude_characters="\x00\ufeff"), min_size=1))
def test_utf8_comes_back_or_is_refused(text: str) -> None:
    try:
        assert decode(text.encode()).text == text
    except InputError:
        assert any(one < " " or "\x7f" <= one <= "\x9f" or one == "\ufffd" or one in "%P\x1f" for one in text)


@given(st.binary(max_size=400))
def test_any_bytes_give_text_or_a_reason(data: bytes) -> None:
    try:
        assert "\x00" not in decode(data).text
    except InputError as error:
        assert "\n" not in str(error)
