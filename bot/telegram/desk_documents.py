"""Documents in a worker: what can be read, reading it in, and taking it back."""

from __future__ import annotations

import hashlib
import shutil
import time
from collections.abc import Callable
from pathlib import Path

from zhengwen.bot.settings import Config
from zhengwen.bot.telegram.desk_models import FOLDER, Read
from zhengwen.index.ingesting import Summary, ingest_paths, remove_reports
from zhengwen.index.library import Library
from zhengwen.index.rows import ReportRow
from zhengwen.ingest.errors import InputError
from zhengwen.ingest.sources import ARCHIVES, FORMATS

_BETWEEN = 0.5


def unreadable(name: str) -> str:
    """The formats that can be read when the name is of none of them; empty when it is."""
    return "" if name.lower().endswith((*FORMATS, *ARCHIVES)) else "、".join((*FORMATS, *ARCHIVES))


def ingest(library: Library, config: Config, path: Path, tell: Callable[[str, int, int], None]) -> Read:
    """Read one file into the library; `tell` hears (stage, done, total) at most twice a second."""
    last = ("", 0.0)

    def progress(stage: str, done: int, total: int, _what: str) -> None:
        nonlocal last
        now = time.monotonic()
        if stage != last[0] or now - last[1] > _BETWEEN:
            last = (stage, now)
            tell(stage, done, total)

    if held := _held(library, path):
        path.unlink()
        counts = {"passages": held.passages, "figures": held.figures}
        return Read(outcome="unchanged", **_facts([held]), **counts)
    summary = ingest_paths(library, [path], settings=config.ingest, progress=progress)
    return _outcome(library, path, summary)


def _outcome(library: Library, path: Path, summary: Summary) -> Read:
    below = [row for row in library.reports() if any(_is_below(one.location, path) for one in row.sources)]
    counts = {"passages": sum(row.passages for row in below), "figures": sum(row.figures for row in below)}
    report = path.parent.name
    if summary.added:
        return Read(outcome="added", report=report, **_facts(below), **counts)
    if summary.replaced:
        return Read(outcome="replaced", **_facts(below), **counts)
    if summary.attached:
        return Read(outcome="attached", report=report, **_facts(below), **counts)
    if summary.unchanged:
        return Read(outcome="unchanged", **_facts(below), **counts)
    reasons = [skipped.reason.replace(str(path), path.name) for skipped in summary.skipped]
    return Read(outcome="failed", reason=next(iter(reasons), ""))


def _held(library: Library, path: Path) -> ReportRow | None:
    """The report that was read from these very bytes."""
    sha256 = hashlib.sha256(path.read_bytes()).hexdigest()
    same = (row for row in library.reports() if any(source.sha256 == sha256 for source in row.sources))
    return next(same, None)


def _is_below(location: str, path: Path) -> bool:
    """A report read from the file itself or from an archive."""
    return location == str(path.resolve()) or location.startswith(str(path.resolve()))


def _facts(rows: list[ReportRow]) -> dict[str, object]:
    if not rows:
        return {}
    titles = "\n".join(row.title for row in rows[:5])
    return {"title": titles, "region": rows[0].region_name, "year": rows[0].year_reviewed}


def take_back(library: Library, name: str) -> str:
    """Remove what was read from the document kept under this name; gives its file's name.

    Raises InputError when there is nothing of it any more.
    """
    folder = library.folder / FOLDER / name
    held = name.isalnum() and folder.is_dir()
    files = [path.name for path in folder.iterdir() if path.is_file()] if held else []
    if not files:
        raise InputError(f"no document '{name[:40]}' was received, or it has been taken back")
    remove_reports(library, str(folder))
    shutil.rmtree(folder, ignore_errors=True)
    from zhengwen.index.sync import keyword_index

    keyword_index(library, writer=True)
    return files[0]
