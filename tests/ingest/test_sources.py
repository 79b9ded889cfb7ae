"""Folders, archives and sidecars are walked within limits; what cannot be read is named with a reason."""

from __future__ import annotations

import io
import os
import sys
import tarfile
import zipfile
import zlib
from collections.abc import Callable
from pathlib import Path

import pytest

from zhengwen.ingest import archives
from zhengwen.ingest.errors import InputError
from zhengwen.ingest.settings import IngestSettings
from zhengwen.ingest.sources import Found, Skipped, read_source, walk

TEXT = "2021年示例区政府工作报告\n过去一年，全区新增城镇就业7198人，完成年度目标的136%。\n"
Walked = tuple[dict[str, Found], dict[str, str]]


@pytest.fixture
def walked(tmp_path: Path) -> Callable[..., Walked]:
    workspace = tmp_path / "workspace"
    workspace.mkdir()

    def run(*paths: Path, settings: IngestSettings | None = None) -> Walked:
        found, skipped = walk(paths, workspace=workspace, settings=settings)
        base = f"{tmp_path}/"
        return (
            {one.source.removeprefix(base): one for one in found},
            {one.source.removeprefix(base): one.reason for one in skipped},
        )

    return run


def write(path: Path, data: str | bytes = TEXT) -> Path:
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_bytes(data if isinstance(data, bytes) else data.encode())
    return path


def make_zip(path: Path, members: dict[str, bytes]) -> Path:
    with zipfile.ZipFile(path, "w", zipfile.ZIP_DEFLATED) as archive:
        for name, data in members.items():
            archive.writestr(name, data)
    return path


def make_tar(path: Path, members: dict[str, bytes], *, mode: str = "w:xz") -> Path:
    with tarfile.open(path, mode) as archive:  # type: ignore[call-overload]
        for name, data in members.items():
            info = tarfile.TarInfo(name)
            info.size = len(data)
            archive.addfile(info, io.BytesIO(data))
    return path


def test_folders(tmp_path: Path, walked: Callable[..., Walked]) -> None:
    for name in ("a/1.md", "a/b/2.txt", "a/.hidden/3.md", "a/~$4.docx", "a/5.xlsx", "a/6.md.meta.yaml"):
        write(tmp_path / name)
    found, skipped = walked(tmp_path / "a", tmp_path / "a/1.md", tmp_path / "no")
    assert list(found) == ["a/1.md", "a/b/2.txt"]
    assert set(skipped) == {"a/5.xlsx", "no"}
    assert ".docx" in skipped["a/5.xlsx"]
    assert skipped["no"] == "no such file or folder: check the path"


def test_sidecars_and_manifest(tmp_path: Path, walked: Callable[..., Walked]) -> None:
    for name in ("r/1.md", "r/2.md", "r/3.md", "r/4.md"):
        write(tmp_path / name)
    write(tmp_path / "r/1.md.meta.yaml", "region: 371602\ndate: 2021-01-19\n标题: 报告")
    write(tmp_path / "r/2.meta.yaml", "url: https://www.example.cn/\n")
    write(tmp_path / "r/4.md.meta.yaml", "regoin: 371602")
    rows = "1.md,999999,2020-01-01,x\n3.md,辽宁省抚顺市望花区,,\n"
    write(tmp_path / "r/manifest.csv", f"\ufefffile,region,日期,unused\n{rows}")
    found, skipped = walked(tmp_path / "r")
    assert {name: dict(one.sidecar) for name, one in found.items()} == {
        "r/1.md": {"region": "371602", "date": "2021-01-19", "title": "报告"},
        "r/2.md": {"url": "https://www.example.cn/"},
        "r/3.md": {"region": "辽宁省抚顺市望花区"},
    }
    assert "unknown key 'regoin'" in skipped["r/4.md"]
    assert dict(read_source(tmp_path / "r/3.md").sidecar) == {"region": "辽宁省抚顺市望花区"}


@pytest.mark.parametrize(
    ("name", "content", "reason"),
    [
        ("1.md.meta.yaml", "region: [1", "no valid YAML, line 1"),
        ("1.md.meta.yaml", "region: [a, b]", "no single value"),
        ("1.md.meta.yaml", "just words", "no list of `key: value` lines"),
        ("1.md.meta.yaml", "a: &a [x]\nb: *a", "unknown key"),
    ],
)
def test_broken_sidecars(tmp_path: Path, name: str, content: str, reason: str) -> None:
    write(tmp_path / name, content)
    with pytest.raises(InputError, match=reason):
        read_source(write(tmp_path / "1.md"))


def test_a_broken_manifest_is_named_and_the_files_are_read(tmp_path: Path, walked: Callable[..., Walked]) -> None:
    write(tmp_path / "r/1.md")
    write(tmp_path / "r/manifest.csv", "name_of_nothing\nx\n")
    found, skipped = walked(tmp_path / "r")
    assert list(found) == ["r/1.md"]
    assert "no column `file`" in skipped["r/manifest.csv"]


MEMBERS = {
    "a/1.md": TEXT.encode(),
    "a/1.md.meta.yaml": b"region: 371602",
    "b/2.txt": TEXT.encode("gb18030"),
    "manifest.csv": "file,title\n3.md,报告".encode(),
    "3.md": TEXT.encode(),
    "../evil.md": TEXT.encode(),
    "/etc/evil.md": TEXT.encode(),
    "inner.zip": b"PK",
    "c/picture.png": b"\x89PNG",
}


@pytest.mark.parametrize("name", ["x.zip", "x.tar.xz", "x.tar.gz", "x.tgz", "x.tar.bz2", "x.tar"])
def test_archives(tmp_path: Path, walked: Callable[..., Walked], name: str) -> None:
    modes = {"xz": "w:xz", "gz": "w:gz", "z2": "w:bz2"}
    if name == "x.zip":
        make_zip(tmp_path / name, MEMBERS)
    else:
        make_tar(tmp_path / name, MEMBERS, mode=modes.get(name[-2:], "w:gz" if name.endswith("tgz") else "w"))
    found, skipped = walked(tmp_path / name)
    assert list(found) == [f"{name}/a/1.md", f"{name}/b/2.txt", f"{name}/3.md"]
    assert dict(found[f"{name}/a/1.md"].sidecar) == {"region": "371602"}
    assert dict(found[f"{name}/3.md"].sidecar) == {"title": "报告"}
    assert all(read_source(one.path, sidecar={}).text == TEXT for one in found.values())
    assert sorted(reason.split(" ")[0] for reason in skipped.values()) == ["format", "has", "has", "is"]
    assert not any(path.name == "evil.md" for path in tmp_path.rglob("*"))
    assert not Path("/etc/evil.md").exists()


def test_names_from_chinese_windows() -> None:
    info = zipfile.ZipInfo("报告.md".encode("gb18030").decode("cp437"))
    assert archives._zip_name(info) == "报告.md"


def test_links_are_left(tmp_path: Path, walked: Callable[..., Walked]) -> None:
    with tarfile.open(tmp_path / "l.tar", "w") as archive:
        link = tarfile.TarInfo("passwd.txt")
        link.type, link.linkname = tarfile.SYMTYPE, "/etc/passwd"
        archive.addfile(link)
    found, skipped = walked(tmp_path / "l.tar")
    assert not found
    assert "link" in skipped["l.tar/passwd.txt"]


@pytest.mark.parametrize("name", ["b.zip", "b.tar.xz"])
def test_bombs_end_and_what_came_before_is_kept(
    tmp_path: Path, walked: Callable[..., Walked], monkeypatch: pytest.MonkeyPatch, name: str
) -> None:
    monkeypatch.setattr(archives, "MAX_TOTAL", 3_000_000)
    members = {"1.md": TEXT.encode()} | {f"bomb{at}.txt": b"0" * 900_000 for at in range(6)}
    (make_zip if name.endswith("zip") else make_tar)(tmp_path / name, members)
    found, skipped = walked(tmp_path / name)
    assert f"{name}/1.md" in found
    assert len(found) < 5
    assert "unpacks to more than" in skipped[name]


def test_a_single_huge_member_is_left(tmp_path: Path, walked: Callable[..., Walked]) -> None:
    make_zip(tmp_path / "h.zip", {"big.txt": b"0" * 3_000_000, "1.md": TEXT.encode()})
    found, skipped = walked(tmp_path / "h.zip", settings=IngestSettings(max_file_mb=1))
    assert list(found) == ["h.zip/1.md"]
    assert "larger than 1 MB" in skipped["h.zip/big.txt"]


def test_an_xz_that_asks_for_much_memory_is_refused(tmp_path: Path, walked: Callable[..., Walked]) -> None:
    data = bytearray(make_tar(tmp_path / "m.tar.xz", {"1.md": TEXT.encode()}).read_bytes())
    block = data.index(b"\x21\x01", 12)  # the LZMA2 filter of the first block: id, size of properties, dictionary
    data[block + 2] = 38  # 3 GiB
    header = bytes(data[12 : block + 2 + 10]).ljust(data[12] * 4, b"\0")[: data[12] * 4]
    data[12 : 12 + len(header) + 4] = header + zlib.crc32(header).to_bytes(4, "little")
    write(tmp_path / "m.tar.xz", bytes(data))
    _, skipped = walked(tmp_path / "m.tar.xz")
    assert "emory" in skipped["m.tar.xz"]


@pytest.mark.parametrize("name", ["d.zip", "d.tar.xz"])
def test_damaged_archives_keep_the_rest_of_the_folder(tmp_path: Path, walked: Callable[..., Walked], name: str) -> None:
    (tmp_path / "f").mkdir()
    whole = (make_zip if name.endswith("zip") else make_tar)(tmp_path / "f" / name, {"1.md": TEXT.encode() * 50})
    whole.write_bytes(whole.read_bytes()[:60])
    write(tmp_path / "f/ok.md")
    found, skipped = walked(tmp_path / "f")
    assert list(found) == ["f/ok.md"]
    assert "damaged" in skipped[f"f/{name}"]


def test_clear_errors(tmp_path: Path) -> None:
    cases = {
        "empty.txt": (b" \n", "is empty"),
        "binary.txt": (b"\x93\xfe\x00\x01" * 50, "no text"),
        "a.xlsx": (b"PK", "not supported; supported are .txt"),
        "noext": (b"x", "not supported"),
        "only.md": (b"---\ntitle: x\n---\n", "holds no text"),
        "long.txt": (("全区" * 1_600_000).encode(), "million characters"),
    }
    for name, (data, reason) in cases.items():
        with pytest.raises(InputError, match=reason) as caught:
            read_source(write(tmp_path / name, data))
        assert str(caught.value).startswith(f"{tmp_path / name}: ")
        assert "\n" not in str(caught.value)
    with pytest.raises(InputError, match="no such file"):
        read_source(tmp_path / "missing.txt")
    with pytest.raises(InputError, match="is a folder"):
        read_source(tmp_path)
    with pytest.raises(InputError, match=r"larger than 0\.001 MB"):
        read_source(write(tmp_path / "big.txt", TEXT * 100), settings=IngestSettings(max_file_mb=0.001))


@pytest.mark.skipif(os.geteuid() == 0, reason="root may read everything")
def test_an_unreadable_file(tmp_path: Path) -> None:
    path = write(tmp_path / "1.md")
    path.chmod(0)
    with pytest.raises(InputError, match="cannot be read"):
        read_source(path)


def test_pipes_and_devices_are_refused(tmp_path: Path) -> None:
    os.mkfifo(tmp_path / "pipe.txt")
    with pytest.raises(InputError, match="no regular file"):
        read_source(tmp_path / "pipe.txt")


def test_front_matter(tmp_path: Path) -> None:
    urls = "source:\n- https://www.example.cn/1\n- https://www.example.cn/2"
    text = f"---\n{urls}\ntitle: '报告：全文'\nbad line\n---\n{TEXT}"
    source = read_source(write(tmp_path / "1.md", text))
    assert source.front_matter == {"source": "https://www.example.cn/1 https://www.example.cn/2", "title": "报告：全文"}
    assert source.text == text
    assert source.body.text == TEXT
    assert source.body.map.source_span(0, 4) == (text.index(TEXT), text.index(TEXT) + 4)
    assert "1" in source.warnings[0]


def test_skipped_and_found_are_plain_records() -> None:
    assert Skipped("a", "b") == Skipped("a", "b", named=False)


@pytest.mark.skipif(not hasattr(os, "mkfifo"), reason="needs named pipes")
def test_what_is_no_file_is_named_and_never_waited_for(tmp_path: Path) -> None:
    folder = tmp_path / "in"
    folder.mkdir()
    os.mkfifo(folder / "pipe.txt")
    (folder / "device.txt").symlink_to("/dev/zero")
    (folder / "gone.txt").symlink_to("nowhere")
    (folder / "a.txt").symlink_to("b.txt")
    (folder / "b.txt").symlink_to("a.txt")
    (folder / "up").symlink_to(tmp_path, target_is_directory=True)
    (folder / "folder.txt").mkdir()
    (folder / "folder.txt" / "good.md").write_text("全年新增就业5人。", encoding="utf-8")
    said = {
        "pipe.txt": "no regular file",
        "device.txt": "no regular file",
        "gone.txt": "link to nothing",
        "a.txt": "symbolic links",
        "b.txt": "symbolic links",
        "up": "link to a folder",
    }
    found, skipped = walk([folder], workspace=tmp_path)
    assert [one.path.name for one in found] == ["good.md"]
    assert {Path(one.source).name for one in skipped} == set(said)
    for one in skipped:
        assert said[Path(one.source).name] in one.reason, one
        assert not one.named
    for name in ("pipe.txt", "device.txt", "a.txt"):
        _, (one,) = walk([folder / name], workspace=tmp_path)
        assert one.named


@pytest.mark.parametrize("name", ["a" * 1000 + ".txt", "a/" * 5000])
def test_names_beyond_the_systems_limit_are_said(tmp_path: Path, name: str) -> None:
    _, (one,) = walk([tmp_path / name], workspace=tmp_path)
    assert "too long" in one.reason


@pytest.mark.skipif(os.name == "nt" or sys.platform == "darwin", reason="names there are always text")
def test_a_name_that_is_no_text_is_said(tmp_path: Path) -> None:
    folder = tmp_path / "in"
    folder.mkdir()
    Path(os.fsdecode(os.fsencode(folder) + b"/\xff\xfe.txt")).write_text("2020年", encoding="utf-8")
    (folder / "行\n\x1b[31m😀.txt").write_text("2020年", encoding="utf-8")
    found, (one,) = walk([folder], workspace=tmp_path)
    assert len(found) == 1
    assert "not UTF-8" in one.reason
