"""Makes the files of cases/hostile.yaml: each function writes one of them, small."""

from __future__ import annotations

import io
import os
import struct
import tarfile
import zipfile
from collections.abc import Callable, Iterable
from pathlib import Path

TEXT = "示例区\n过去一年，全区新增城镇就业{}人，改造老旧小区46个，各项工作稳步推进，群众更加满意。\n"
REPORT = TEXT.format(1111).encode()
ZEROS = b"0" * 30_000_000
_WORD = 'xmlns:w="http://schemas.openxmlformats.org/wordprocessingml/2006/main"'


def _zip(
    path: Path, members: Iterable[tuple[str | zipfile.ZipInfo, bytes]], method: int = zipfile.ZIP_DEFLATED
) -> None:
    with zipfile.ZipFile(path, "w", method, compresslevel=1) as archive:
        for name, data in members:
            archive.writestr(name, data)


def _tar(path: Path, members: Iterable[tuple[str, bytes]], links: Iterable[tuple[str, bytes]] = ()) -> None:
    with tarfile.open(path, "w:xz", preset=1) as archive:
        for name, data in members:
            info = tarfile.TarInfo(name)
            info.size = len(data)
            archive.addfile(info, io.BytesIO(data))
        for name, kind in links:
            info = tarfile.TarInfo(name)
            info.type, info.linkname = kind, "/etc/passwd"
            archive.addfile(info)


def _docx(path: Path, body: str, head: str = "") -> None:
    _zip(path, [("word/document.xml", f"{head}<w:document {_WORD}><w:body>{body}</w:body></w:document>".encode())])


def _pdf(path: Path, *objects: bytes, trailer: bytes = b"") -> None:
    out, places = bytearray(b"%PDF-1.4\n"), []
    for number, body in enumerate(objects, start=1):
        places.append(len(out))
        out += b"%d 0 obj\n%s\nendobj\n" % (number, body)
    start = len(out)
    out += b"xref\n0 %d\n0000000000 65535 f \n" % (len(objects) + 1)
    out += b"".join(b"%010d 00000 n \n" % place for place in places)
    out += b"trailer << /Size %d /Root 1 0 R %s >>\nstartxref\n%d\n%%%%EOF" % (len(objects) + 1, trailer, start)
    path.write_bytes(bytes(out))


def zip_bomb(path: Path) -> None:
    _zip(path, [("ok.md", REPORT), *((f"{at}.txt", ZEROS) for at in range(4))])


def tar_bomb(path: Path) -> None:
    _tar(path, [(f"{at}.txt", ZEROS) for at in range(4)])


def overlapping_zip(path: Path) -> None:
    """A hundred entries of the directory that all point at one member."""
    _zip(path, [("a.txt", ZEROS)])
    raw = path.read_bytes()
    first, end = raw.index(b"PK\x01\x02"), raw.rindex(b"PK\x05\x06")
    entry = raw[first:end]
    size = (0, 0, 100, 100, len(entry) * 100, first, 0)
    path.write_bytes(raw[:first] + entry * 100 + b"PK\x05\x06" + struct.pack("<HHHHIIH", *size))


def nested_zip(path: Path) -> None:
    zip_bomb(path)
    _zip(path, [("inner.zip", path.read_bytes())])


def outside_zip(path: Path) -> None:
    _zip(path, [(name, REPORT) for name in ("../evil.md", "/etc/evil.md", "..\\evil.md", "C:/evil.md")])


def outside_tar(path: Path) -> None:
    _tar(path, [("../evil.md", REPORT), ("/etc/evil.md", REPORT)])


def links_zip(path: Path) -> None:
    link = zipfile.ZipInfo("passwd.txt")
    link.external_attr = 0o120777 << 16
    _zip(path, [(link, b"/etc/passwd")])


def links_tar(path: Path) -> None:
    _tar(path, [], [("soft.txt", tarfile.SYMTYPE), ("hard.txt", tarfile.LNKTYPE), ("device.txt", tarfile.CHRTYPE)])


def many_zip(path: Path) -> None:
    _zip(path, ((f"{at}.doc", b"x") for at in range(10_001)), zipfile.ZIP_STORED)


def checksum_zip(path: Path) -> None:
    _zip(path, [("bad.md", REPORT.replace(b"1111", b"2222"))], zipfile.ZIP_STORED)
    path.write_bytes(path.read_bytes().replace(b"2222", b"3333", 1))


def secret_zip(path: Path) -> None:
    _zip(path, [("a.md", REPORT)], zipfile.ZIP_STORED)
    raw = bytearray(path.read_bytes())
    raw[6] |= 1
    raw[raw.index(b"PK\x01\x02") + 8] |= 1
    path.write_bytes(bytes(raw))


def cut_tar(path: Path) -> None:
    _tar(path, [("a.md", os.urandom(200_000))])
    path.write_bytes(path.read_bytes()[:100_000])


def gbk_zip(path: Path) -> None:
    """A name as Chinese Windows writes it: GBK, and no flag that says so."""
    name = "报告/第一份.md".encode("gbk")
    _zip(path, [("x" * len(name), TEXT.format(4444).encode())])
    path.write_bytes(path.read_bytes().replace(b"x" * len(name), name))


def long_line(path: Path) -> None:
    path.write_bytes("全年新增就业7198人，".encode() * 300_000)


def huge_file(path: Path) -> None:
    """200 MB that take no room on the disk."""
    with path.open("wb") as file:
        file.write(REPORT)
        file.truncate(200_000_000)


def deep_html(path: Path) -> None:
    path.write_text("<html><body>" + "<div>" * 40_000 + TEXT.format(5551) + "</div>" * 40_000, "utf-8")


def unclosed_html(path: Path) -> None:
    path.write_text("<html><body>" + "<table><tr><td>" * 10_000 + TEXT.format(5552), "utf-8")


def angles_html(path: Path) -> None:
    path.write_text("<html>" + "<" * 100_000 + TEXT.format(5553), "utf-8")


def password_pdf(path: Path) -> None:
    key = "/Filter /Standard /V 1 /R 2 /Length 40 /P -4 /O <" + "ab" * 32 + "> /U <" + "cd" * 32 + ">"
    trailer = f"/Encrypt << {key} >> /ID [<00112233445566778899aabbccddeeff> <00112233445566778899aabbccddeeff>]"
    pages = b"<< /Type /Pages /Kids [3 0 R] /Count 1 >>"
    page = b"<< /Type /Page /Parent 2 0 R /MediaBox [0 0 595 842] >>"
    _pdf(path, b"<< /Type /Catalog /Pages 2 0 R >>", pages, page, trailer=trailer.encode())


def xref_pdf(path: Path) -> None:
    loop_pdf(path)
    path.write_bytes(path.read_bytes()[:-40] + b"xref 999999")


def noise_pdf(path: Path) -> None:
    path.write_bytes(b"%PDF-1.7\n" + os.urandom(100_000))


def loop_pdf(path: Path) -> None:
    """Its tree of pages is its own child, and claims a million of them."""
    _pdf(path, b"<< /Type /Catalog /Pages 2 0 R >>", b"<< /Type /Pages /Kids [2 0 R] /Count 1000000 >>")


def html_page(path: Path) -> None:
    path.write_text(f"<html><body><p>{TEXT.format(6666)}</p></body></html>", "utf-8")


def word_file(path: Path) -> None:
    _docx(path, "<w:p><w:r><w:t>全年新增就业6667人。</w:t></w:r></w:p>")


def entity_docx(path: Path) -> None:
    head = '<!DOCTYPE x [<!ENTITY e SYSTEM "file:///etc/hostname">]>'
    _docx(path, "<w:p><w:r><w:t>甲&e;乙</w:t></w:r></w:p>", head)


def laughs_docx(path: Path) -> None:
    """Entities behind a long comment, each ten times the one before."""
    pairs = zip("abcdefgh", "bcdefghi", strict=True)
    bomb = '<!ENTITY a "哈哈哈哈哈哈哈哈哈哈">' + "".join(f'<!ENTITY {new} "{f"&{old};" * 10}">' for old, new in pairs)
    head = "<!--" + " " * 200_000 + f"--><!DOCTYPE x [{bomb}]>"
    _docx(path, "<w:p><w:r><w:t>&i;</w:t></w:r></w:p>", head)


def bomb_docx(path: Path) -> None:
    _zip(path, [("word/document.xml", b"<w>" + b" " * 101_000_000)])


def deep_docx(path: Path) -> None:
    _docx(path, "<w:sdt>" * 60_000 + "</w:sdt>" * 60_000)


def nul_text(path: Path) -> None:
    path.write_bytes(REPORT + b"\0" * 100 + REPORT)


def mixed_text(path: Path) -> None:
    path.write_bytes(TEXT.format(7771).encode() * 2 + "另一行用别的编码写成。\n".encode("gbk"))


def empty(path: Path) -> None:
    path.write_bytes(b"")


def folder(path: Path) -> None:
    path.mkdir()
    (path / "inside.txt").write_text(TEXT.format(8881), "utf-8")


def broken_link(path: Path) -> None:
    path.symlink_to("nowhere")


def circular_link(path: Path) -> None:
    path.symlink_to(path.name)


def link_up(path: Path) -> None:
    path.symlink_to("..", target_is_directory=True)


def brackets(path: Path) -> None:
    path.write_text(TEXT.format(9991) + "（[(" * 60_000, "utf-8")


def digits(path: Path) -> None:
    path.write_text(TEXT.format(9992) + "1234567890" * 20_000 + "\n" + "1,234" * 10_000, "utf-8")


def blanks(path: Path) -> None:
    path.write_text(TEXT.format(9993) + "全 " * 50_000 + " " * 300_000 + "年\n" * 5_000, "utf-8")


def question_marks(path: Path) -> None:
    path.write_text(TEXT.format(9994) + "?" * 300_000 + "區(qū)?" * 100, "utf-8")


def comments(path: Path) -> None:
    path.write_text(TEXT.format(9995) + "<!--" * 20_000 + "![](" * 10_000, "utf-8")


def make(folder_of_files: Path, name: str, made: str) -> None:
    """Write one file of the cases."""
    writer: Callable[[Path], None] = globals()[made]
    writer(folder_of_files / name)
