"""Archives (.zip, .tar, .tar.xz, .tar.gz, .tar.bz2): members are unpacked within limits under names of our own.

Nothing inside an archive chooses a path on the disk, links and devices are left, nested archives are named and skipped,
and every limit counts unpacked bytes as they come, not what the archive claims.
"""

from __future__ import annotations

import lzma
import re
import stat
import tarfile
import tempfile
import zipfile
import zlib
from collections import defaultdict
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from pathlib import Path, PurePosixPath
from typing import IO, Protocol, cast

from zhengwen.ingest.errors import InputError
from zhengwen.ingest.readers import READERS
from zhengwen.ingest.settings import IngestSettings
from zhengwen.ingest.sources import Found, Skipped, _ignored, is_archive
from zhengwen.ingest.sources_sidecar import Sidecars, is_sidecar

MAX_MEMBERS = 10_000
MAX_TOTAL = 2_000_000_000
"""Unpacked bytes that one archive may give, read or skipped over; the corpus of 2,216 reports has 0.11e9."""
MAX_GROWTH = 100
FREE_TOTAL = 100_000_000
"""Beyond this an archive may give a hundred times its own size: texts of one kind give five times, a bomb thousands."""
MAX_XZ_MEMORY = 300_000_000
_CHUNK = 1 << 20
_LINK = "is a link or a device, not a file"
_DAMAGE = (zipfile.BadZipFile, tarfile.TarError, lzma.LZMAError, zlib.error, EOFError, OSError, NotImplementedError)


class _Readable(Protocol):
    def read(self, size: int, /) -> bytes: ...


@dataclass(slots=True)
class _Budget:
    """What the archive may still cost."""

    total: int = field(default_factory=lambda: MAX_TOTAL)
    members: int = field(default_factory=lambda: MAX_MEMBERS)
    limit: int = field(init=False)

    @classmethod
    def of(cls, path: Path) -> _Budget:
        return cls(total=min(MAX_TOTAL, max(FREE_TOTAL, MAX_GROWTH * path.stat().st_size)))

    def __post_init__(self) -> None:
        self.limit = self.total

    def spend(self, size: int) -> None:
        self.total -= size
        if self.total < 0:
            raise InputError(f"archive unpacks to more than {self.limit / 1e6:,.0f} MB; the rest is left: split it")

    def member(self) -> None:
        self.members -= 1
        if self.members < 0:
            raise InputError(f"archive holds more than {MAX_MEMBERS} files; the rest is left: split it")


@dataclass(slots=True)
class _Unpacked:
    """Members on the disk (inner path → file), sidecars by folder, and what was left."""

    files: dict[str, Path] = field(default_factory=dict)
    sidecars: dict[str, dict[str, bytes]] = field(default_factory=lambda: defaultdict(dict))
    skipped: dict[str, str] = field(default_factory=dict)


def unpack(path: Path, *, source: str, workspace: Path, settings: IngestSettings) -> Iterator[Found | Skipped]:
    """Unpack the reports of one archive into `workspace`; a bomb or damage ends it, keeping what came first.

    A member `dir/a.md` of `x.zip` gets the source `x.zip/dir/a.md`. Raises InputError if it is no archive at all.
    """
    budget, done = _Budget.of(path), _Unpacked()
    workspace = Path(tempfile.mkdtemp(dir=workspace))
    limit = int(settings.max_file_mb * 1_000_000)
    trouble = ""
    try:
        for inner, stream in _members(path, budget, done):
            try:
                _take(inner, stream, limit, budget, done, workspace)
            except zipfile.BadZipFile as error:  # a wrong checksum: the other members may be whole
                done.skipped[inner] = f"is damaged ({error}): unpack the archive yourself"
    except InputError as error:
        trouble = str(error)
    except RuntimeError as error:  # zipfile's for a wanted password
        trouble = f"archive cannot be unpacked ({error}): unpack it yourself and give the folder"
    except _DAMAGE as error:
        trouble = f"archive is damaged ({error}): unpack it yourself and give the folder"
    if trouble and not done.files:
        raise InputError(trouble)
    yield from _results(source, done)
    if trouble:
        yield Skipped(source, trouble)


def _results(source: str, done: _Unpacked) -> Iterator[Found | Skipped]:
    beside: Mapping[str, Sidecars] = {folder: Sidecars.of(files) for folder, files in done.sidecars.items()}
    for folder, sidecars in beside.items():
        yield from (Skipped(_joined(source, folder, name), reason) for name, reason in sidecars.faults)
    for inner, file in done.files.items():
        folder, name = str(PurePosixPath(inner).parent), PurePosixPath(inner).name
        try:
            yield Found(file, f"{source}/{inner}", beside.get(folder, Sidecars()).of_name(name))
        except InputError as error:
            yield Skipped(f"{source}/{inner}", str(error))
    yield from (Skipped(f"{source}/{inner}", reason) for inner, reason in done.skipped.items())


def _joined(source: str, folder: str, name: str) -> str:
    return f"{source}/{name}" if folder == "." else f"{source}/{folder}/{name}"


def _take(inner: str, stream: IO[bytes], limit: int, budget: _Budget, done: _Unpacked, workspace: Path) -> None:
    """Copy one member, counting; too large a one is left and named."""
    pure = PurePosixPath(inner)
    if pure.is_absolute() or ".." in pure.parts or "\\" in inner or re.match("[A-Za-z]:", inner):
        done.skipped[inner] = "has a path that leads out of the archive"
        return
    if any(_ignored(part) for part in pure.parts):
        return
    if is_archive(pure.name):
        done.skipped[inner] = "is an archive inside an archive: unpack it first"
        return
    if not is_sidecar(pure.name) and pure.suffix.lower() not in READERS:
        done.skipped[inner] = f"format {pure.suffix or '(no extension)'} is not supported"
        return
    data = bytearray()
    while chunk := stream.read(min(_CHUNK, limit + 1 - len(data))):
        budget.spend(len(chunk))
        data += chunk
        if len(data) > limit:
            done.skipped[inner] = f"is larger than {limit / 1e6:g} MB: raise max_file_mb under ingest in config.yaml"
            return
    if is_sidecar(pure.name):
        done.sidecars[str(pure.parent)][pure.name] = bytes(data)
        return
    file = workspace / f"{len(done.files):06d}{pure.suffix.lower()}"
    file.write_bytes(data)
    done.files[inner] = file


def _members(path: Path, budget: _Budget, done: _Unpacked) -> Iterator[tuple[str, IO[bytes]]]:
    if path.name.lower().endswith(".zip"):
        yield from _zip_members(path, budget, done)
    else:
        yield from _tar_members(path, budget, done)


def _zip_members(path: Path, budget: _Budget, done: _Unpacked) -> Iterator[tuple[str, IO[bytes]]]:
    with zipfile.ZipFile(path) as archive:
        for info in archive.infolist():
            budget.member()
            name = _zip_name(info)
            if info.is_dir():
                continue
            if stat.S_ISLNK(info.external_attr >> 16):
                done.skipped[name] = _LINK
                continue
            if info.flag_bits & 1:
                done.skipped[name] = "needs a password: unpack the archive yourself"
                continue
            with archive.open(info) as stream:
                yield name, stream


def _zip_name(info: zipfile.ZipInfo) -> str:
    """Names without the UTF-8 flag come from Chinese Windows as a rule: GB18030 read as code page 437."""
    if info.flag_bits & 0x800:
        return info.filename
    raw = info.filename.encode("cp437", errors="replace")
    for encoding in ("utf-8", "gb18030"):
        try:
            return raw.decode(encoding)
        except UnicodeDecodeError:
            continue
    return info.filename


class _Counted:
    """What a tar reader may read from: every unpacked byte counts, also of members that are skipped."""

    def __init__(self, stream: _Readable, budget: _Budget) -> None:
        self._stream = stream
        self._budget = budget

    def read(self, size: int) -> bytes:
        data = self._stream.read(size)
        self._budget.spend(len(data))
        return data


class _Xz:
    """An .xz stream with a limit on the memory its dictionary may ask for, which `lzma.open` does not have."""

    def __init__(self, raw: IO[bytes]) -> None:
        self._raw = raw
        self._unxz = lzma.LZMADecompressor(memlimit=MAX_XZ_MEMORY)

    def read(self, size: int) -> bytes:
        pieces = bytearray()
        while len(pieces) < size:
            if self._unxz.eof:
                more = self._unxz.unused_data or self._raw.read(_CHUNK)
                if not more.strip(b"\0"):
                    break
                self._unxz = lzma.LZMADecompressor(memlimit=MAX_XZ_MEMORY)
            else:
                more = self._raw.read(_CHUNK) if self._unxz.needs_input else b""
                if not more and self._unxz.needs_input:
                    raise EOFError("the archive ends too soon")
            pieces += self._unxz.decompress(more, max_length=size - len(pieces))
        return bytes(pieces)


def _opened(raw: IO[bytes], name: str) -> _Readable:
    import bz2
    import gzip

    if name.endswith("xz"):
        return _Xz(raw)
    if name.endswith("gz"):
        return gzip.GzipFile(fileobj=raw)
    return bz2.BZ2File(raw) if name.endswith("bz2") else raw


def _tar_members(path: Path, budget: _Budget, done: _Unpacked) -> Iterator[tuple[str, IO[bytes]]]:
    with path.open("rb") as raw:
        every_byte = _Budget(total=budget.total)
        stream = cast("IO[bytes]", _Counted(_opened(raw, path.name.lower()), every_byte))
        with tarfile.open(fileobj=stream, mode="r|") as archive:
            for member in archive:
                budget.member()
                if member.isdir():
                    continue
                content = archive.extractfile(member) if member.isreg() else None
                if content is None:
                    done.skipped[member.name] = _LINK
                    continue
                yield member.name.removeprefix("./"), content
