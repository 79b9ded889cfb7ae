"""What an ingest reads: files found, where archives are unpacked, and what tells that a file must be read again."""

from __future__ import annotations

import functools
import hashlib
import os
import shutil
from collections.abc import Iterable, Iterator
from contextlib import contextmanager
from pathlib import Path

from zhengwen.index.codec import to_json
from zhengwen.index.files import part_of
from zhengwen.index.library import Library, location_of
from zhengwen.index.readers import Job
from zhengwen.ingest import ocr
from zhengwen.ingest.errors import LibraryError
from zhengwen.ingest.settings import IngestSettings
from zhengwen.ingest.sources import Found, Skipped, walk

_READER_FILES = (".py", ".yaml", ".csv")


@contextmanager
def workspace(folder: Path) -> Iterator[Path]:
    """Where archives are unpacked: beside the library, so that what a killed ingest left is found and swept."""
    place = part_of(folder / "unpacked")
    try:
        place.mkdir(parents=True)
    except OSError as error:
        raise LibraryError(f"{folder}: cannot be written ({error.strerror}); check its permissions") from None
    try:
        yield place
    finally:
        shutil.rmtree(place, ignore_errors=True)


def find(
    library: Library, paths: Iterable[Path], unpacked: Path, settings: IngestSettings
) -> tuple[list[Found], list[Skipped]]:
    """What to read and what not; the library's own files, where it lies in a folder that is read, are neither."""
    found, skipped = walk(paths, workspace=unpacked, settings=settings)
    own = location_of(str(library.folder)) + os.sep

    def foreign(one: Found | Skipped) -> bool:
        return one.named or not location_of(one.source).startswith(own)

    return list(filter(foreign, found)), list(filter(foreign, skipped))


def digest(path: Path, settings: IngestSettings) -> str:
    """SHA-256 of the file's bytes; empty where it cannot be read, which the reader will explain."""
    try:
        if path.stat().st_size > settings.max_file_mb * 1_000_000:
            return ""
        return hashlib.sha256(path.read_bytes()).hexdigest()
    except OSError:
        return ""


def reading_of(job: Job, settings: IngestSettings) -> str:
    """A digest of what the reading depends on besides the bytes: sidecar, settings that shape a report, the reader."""
    facts: list[object] = [sorted(job.sidecar.items()), settings.passage_characters, reader_digest()]
    if job.path.suffix.lower() == ".pdf":  # its scanned pages are read once the extra is there
        facts.append(settings.ocr == "auto" and ocr.available())
    return hashlib.sha256(to_json(facts).encode("utf-8", "surrogatepass")).hexdigest()[:16]


@functools.cache
def reader_digest() -> str:
    """A digest of the ingest room's own program and data files: a new release may read the same bytes differently."""
    import zhengwen.ingest

    return folder_digest(Path(next(iter(zhengwen.ingest.__path__))))


def folder_digest(folder: Path) -> str:
    """Names and contents of the files of a package, without what Python compiled; some 2 MB, a few milliseconds."""
    whole = hashlib.sha256()
    for path in sorted(folder.iterdir()):
        if path.is_file() and path.suffix in _READER_FILES:
            whole.update(f"{path.name}\0".encode())
            whole.update(hashlib.sha256(path.read_bytes()).digest())
    return whole.hexdigest()[:16]
