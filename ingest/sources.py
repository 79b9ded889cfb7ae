"""Files become sources: found in folders and archives, read within limits, decoded, with front matter and sidecar."""

from __future__ import annotations

import hashlib
import os
import stat
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, field
from pathlib import Path

from zhengwen.ingest.errors import InputError
from zhengwen.ingest.models import Removal, Repair
from zhengwen.ingest.readers import READERS, extract
from zhengwen.ingest.settings import IngestSettings
from zhengwen.ingest.sources_sidecar import Sidecars, is_sidecar, read_sidecar
from zhengwen.ingest.textmap import MappedText

FORMATS = tuple(READERS)
ARCHIVES = (".zip", ".tar", ".tar.xz", ".txz", ".tar.gz", ".tgz", ".tar.bz2")
_IGNORED = frozenset({"__MACOSX", "Thumbs.db", "desktop.ini"})


@dataclass(frozen=True, slots=True)
class Source:
    """One document as received: the hash of its bytes, the source text, and the body as a mapped part of that text."""

    source: str
    sha256: str
    text: str
    body: MappedText
    encoding: str
    front_matter: Mapping[str, str] = field(default_factory=dict)
    sidecar: Mapping[str, str] = field(default_factory=dict)
    removals: tuple[Removal, ...] = ()
    warnings: tuple[str, ...] = ()
    repairs: tuple[Repair, ...] = ()


@dataclass(frozen=True, slots=True)
class Found:
    """A file to read: where its bytes lie, the name to store, and what a sidecar or manifest says about it."""

    path: Path
    source: str
    sidecar: Mapping[str, str] = field(default_factory=dict)
    named: bool = False
    """True for a file that was named itself, not found in a folder or archive."""


@dataclass(frozen=True, slots=True)
class Skipped:
    """A file that will not be read, and why, in one line."""

    source: str
    reason: str
    named: bool = False


def read_source(
    path: Path,
    *,
    source: str | None = None,
    settings: IngestSettings | None = None,
    sidecar: Mapping[str, str] | None = None,
) -> Source:
    """Read one file; `sidecar=None` looks for NAME.meta.yaml or a manifest.csv beside it, a mapping is taken as it is.

    Raises InputError: "NAME: what is wrong: what to do", on one line.
    """
    name = source or str(path)
    settings = settings or IngestSettings()
    try:
        data = read_bytes(path, limit_mb=settings.max_file_mb)
        facts, notes = read_sidecar(path) if sidecar is None else (sidecar, ())
        found = extract(data, path.suffix, declared=facts.get("encoding"), ocr=settings.ocr)
    except InputError as error:
        raise InputError(f"{name}: {error}") from None
    return Source(
        source=name,
        sha256=hashlib.sha256(data).hexdigest(),
        text=found.text,
        body=found.body,
        encoding=found.encoding,
        front_matter=found.front_matter,
        sidecar={key: value for key, value in facts.items() if key != "encoding"},
        removals=found.removals,
        warnings=notes + found.warnings,
        repairs=found.repairs,
    )


def read_bytes(path: Path, *, limit_mb: float) -> bytes:
    """The bytes of a file of at most `limit_mb` megabytes. Raises InputError without the file's name."""
    limit = int(limit_mb * 1_000_000)
    try:
        if path.is_dir():
            raise InputError("is a folder: give it to `zhengwen ingest`, which reads the files in it")
        if path.exists() and not path.is_file():
            raise InputError("is no regular file")
        with path.open("rb") as file:
            data = file.read(limit + 1)
    except FileNotFoundError:
        raise InputError("no such file: check the path") from None
    except OSError as error:
        raise InputError(_unreadable(error)) from None
    if len(data) > limit:
        raise InputError(f"is larger than {limit_mb:g} MB: raise max_file_mb under ingest in config.yaml, or split it")
    return data


def walk(
    paths: Iterable[Path], *, workspace: Path, settings: IngestSettings | None = None
) -> tuple[tuple[Found, ...], tuple[Skipped, ...]]:
    """Files to read and files to leave, from files, folders and archives, each source once, in a stable order.

    Members of archives are unpacked into `workspace` (an existing folder of the caller, removed by it afterwards) under
    names of our own, so no path inside an archive is ever used; their `source` is `archive.zip/path/inside.md`.
    """
    settings = settings or IngestSettings()
    found: dict[str, Found] = {}
    skipped: dict[str, Skipped] = {}
    for path in paths:
        for one in _below(path, workspace, settings):
            if isinstance(one, Found):
                found.setdefault(one.source, one)
            else:
                skipped.setdefault(one.source, one)
    return tuple(found.values()), tuple(skipped.values())


def _below(path: Path, workspace: Path, settings: IngestSettings) -> Iterator[Found | Skipped]:
    if fault := _fault(path):
        yield Skipped(str(path), fault, named=True)
    elif not path.is_dir():
        sidecars = Sidecars.beside(path)
        yield from _one(path, str(path), sidecars, workspace, settings, named=True)
    else:
        faults: list[OSError] = []
        for folder, names, files in os.walk(path, onerror=faults.append):
            names[:] = sorted(name for name in names if not _ignored(name))
            here = Path(folder)
            sidecars = Sidecars.of_folder(here)
            yield from (Skipped(str(here / name), reason) for name, reason in sidecars.faults)
            links = (here / name for name in names if (here / name).is_symlink())
            yield from (Skipped(str(link), "is a link to a folder, not followed: give the folder") for link in links)
            for name in sorted(files):
                if not _ignored(name) and not is_sidecar(name):
                    yield from _one(here / name, str(here / name), sidecars, workspace, settings, named=False)
        yield from (Skipped(str(one.filename), _unreadable(one)) for one in faults)


def _fault(path: Path) -> str:
    """Why a path is not opened at all, or nothing: a pipe would keep us waiting, a device would never end."""
    try:
        str(path.absolute()).encode("utf-8")
        mode = path.stat().st_mode
    except UnicodeEncodeError:
        return "has a name that is not UTF-8: rename it"
    except FileNotFoundError:
        return "is a link to nothing" if path.is_symlink() else "no such file or folder: check the path"
    except OSError as error:
        return _unreadable(error)
    return "" if stat.S_ISREG(mode) or stat.S_ISDIR(mode) else "is no regular file"


def _unreadable(error: OSError) -> str:
    advice = "its permissions" if isinstance(error, PermissionError) else "the path"
    return f"cannot be read ({error.strerror}): check {advice}"


def _ignored(name: str) -> bool:
    return name.startswith((".", "~$")) or name in _IGNORED


def _one(
    path: Path, source: str, sidecars: Sidecars, workspace: Path, settings: IngestSettings, *, named: bool
) -> Iterator[Found | Skipped]:
    from zhengwen.ingest.archives import unpack

    if fault := _fault(path):
        yield Skipped(source, fault, named=named)
        return
    if is_archive(path.name):
        try:
            yield from unpack(path, source=source, workspace=workspace, settings=settings)
        except InputError as error:
            yield Skipped(source, str(error), named=named)
        return
    suffix = path.suffix.lower()
    if suffix not in FORMATS:
        reason = f"format {suffix or '(no extension)'} is not supported; supported are {' '.join(FORMATS + ARCHIVES)}"
        yield Skipped(source, reason, named=named)
        return
    try:
        yield Found(path, source, sidecars.of_name(path.name), named=named)
    except InputError as error:
        yield Skipped(source, str(error), named=named)


def is_archive(name: str) -> bool:
    """True for the archives that are walked: `reports.tar.xz`."""
    return name.lower().endswith(ARCHIVES)
