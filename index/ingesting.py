"""Files and folders go into a library: what is unchanged is left, what changed is replaced, the rest is said.

summary = ingest_paths(library, [Path("reports")])
summary.counts()  →  {"reports": 240, "added": 240, "passages": 15873, "figures": 42011, …}
"""

from __future__ import annotations

import hashlib
import os
from collections import Counter
from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import dataclass, field
from pathlib import Path

from zhengwen.index.codec import to_json
from zhengwen.index.library import Library
from zhengwen.index.readers import Job, read_all
from zhengwen.index.writing import Prepared
from zhengwen.ingest.errors import InputError
from zhengwen.ingest.settings import IngestSettings

Progress = Callable[[str, int, int, str], None]
"""Called with (stage, done, total, what was just done); stages are "read", "keywords" and "embed"."""

_INLINE = 6
"""Up to so many files are read in this process: starting readers takes about a second."""
_SECONDS_PER_FILE = 180.0


@dataclass(frozen=True)
class Skipped:
    """A file that was left out, and why."""

    path: str
    reason: str
    named: bool = False
    """It was named itself, not found in a folder: a single named file that cannot be read is an error."""


@dataclass
class Summary:
    """What an ingest did."""

    added: int = 0
    replaced: int = 0
    attached: int = 0
    """Further sources of reports that were held already."""
    unchanged: int = 0
    passages: int = 0
    """Of the reports added or replaced."""
    figures: int = 0
    characters: int = 0
    embedded: int = 0
    skipped: list[Skipped] = field(default_factory=list)
    notes: list[str] = field(default_factory=list)
    """What the user should know: no vectors and why, for instance."""

    def counts(self) -> dict[str, int]:
        """The rows of the table that is shown."""
        rows = {
            "reports added": self.added,
            "reports replaced": self.replaced,
            "further sources of held reports": self.attached,
            "unchanged": self.unchanged,
            "passages": self.passages,
            "figures": self.figures,
            "passages embedded": self.embedded,
            "skipped": len(self.skipped),
        }
        always = ("reports added", "passages", "figures", "skipped")
        return {name: count for name, count in rows.items() if count or name in always}


def ingest_paths(
    library: Library,
    paths: Iterable[Path],
    *,
    settings: IngestSettings | None = None,
    progress: Progress | None = None,
    processes: int | None = None,
    embed: bool = True,
) -> Summary:
    """Read files and folders into the library, each report in one transaction, then bring the indexes into step.

    Killed at any moment it leaves whole reports only, and the next run does the rest. `processes` is how many readers
    work at once (default: one a processor; 0: in this process). Raises LibraryError when the library fails; what is
    wrong with a file is in the summary.
    """
    settings = settings or IngestSettings()
    summary = Summary()
    jobs, named = _find(paths, settings, summary)
    fresh = list(_changed(library, jobs, settings, summary, progress))
    if processes is None:
        processes = 0 if len(fresh) <= _INLINE else min(os.cpu_count() or 1, len(fresh) // 2)
    readings = {job.source: _reading(job, settings) for job in fresh}
    done = len(jobs) - len(fresh)
    for job, outcome in read_all(fresh, settings=settings, processes=processes, seconds=_SECONDS_PER_FILE):
        if isinstance(outcome, Prepared):
            _count(summary, library.add(outcome, reading=readings[job.source]), outcome)
        else:
            summary.skipped.append(_skip(job, outcome, named))
        done += 1
        _tell(progress, "read", done, len(jobs), job.source)
    _derive(library, summary, progress, embed=embed)
    return summary


def _find(paths: Iterable[Path], settings: IngestSettings, summary: Summary) -> tuple[list[Job], set[str]]:
    """The files to read, and the names of those that were named themselves."""
    jobs: dict[str, Job] = {}
    named: set[str] = set()
    for path in paths:
        if path.is_dir():
            for file in sorted(one for one in path.rglob("*") if one.is_file() and not one.name.startswith(".")):
                jobs[str(file)] = Job(file, str(file))
        else:
            named.add(str(path))
            jobs[str(path)] = Job(path, str(path))
    return list(jobs.values()), named


def _changed(
    library: Library, jobs: Sequence[Job], settings: IngestSettings, summary: Summary, progress: Progress | None
) -> Iterator[Job]:
    """The jobs that need reading; the others are counted, or noted as further sources of what is held."""
    seen: set[str] = set()
    done = 0
    for job in jobs:
        sha256 = _digest(job.path, settings)
        reading = _reading(job, settings)
        state = library.state_of(job.source, sha256, reading=reading) if sha256 else "new"
        if state == "unchanged":
            summary.unchanged += 1
        elif state == "elsewhere":
            library.attach(job.source, sha256=sha256, report_id=sha256[:16], reading=reading)
            summary.attached += 1
        else:
            seen.add(sha256)
            yield job
            continue
        done += 1
        _tell(progress, "read", done, len(jobs), job.source)


def _digest(path: Path, settings: IngestSettings) -> str:
    """SHA-256 of the file's bytes; empty where it cannot be read, which the reader will explain."""
    try:
        if path.stat().st_size > settings.max_file_mb * 1_000_000:
            return ""
        return hashlib.sha256(path.read_bytes()).hexdigest()
    except OSError:
        return ""


def _reading(job: Job, settings: IngestSettings) -> str:
    """A digest of what the reading depends on besides the bytes: the sidecar and the settings that shape a report."""
    facts = [sorted(job.sidecar.items()), settings.passage_characters]
    return hashlib.sha256(to_json(facts).encode("utf-8", "surrogatepass")).hexdigest()[:16]


def _count(summary: Summary, added: str, report: Prepared) -> None:
    counts = Counter({added: 1})
    summary.added += counts["added"]
    summary.replaced += counts["replaced"]
    summary.attached += counts["attached"]
    summary.unchanged += counts["unchanged"]
    if added in ("added", "replaced"):
        summary.passages += len(report.passages)
        summary.figures += len(report.figures)
        summary.characters += report.characters


def _skip(job: Job, error: InputError, named: set[str]) -> Skipped:
    reason = str(error).removeprefix(f"{job.source}: ")
    return Skipped(job.source, reason, named=job.source in named)


def _derive(library: Library, summary: Summary, progress: Progress | None, *, embed: bool) -> None:
    """Keyword index first: with it every report can be found; vectors take longest and follow."""
    from zhengwen.index.embedding import embed_missing, load_embedder, save_vectors
    from zhengwen.index.sync import keyword_index

    _tell(progress, "keywords", 0, 1, "")
    keyword_index(library, writer=True)
    _tell(progress, "keywords", 1, 1, "")
    if not embed:
        return
    loaded = load_embedder(library)
    if loaded.embedder is None:
        summary.notes.append(loaded.reason)
        return
    summary.embedded = embed_missing(
        library, loaded.embedder, progress=lambda done, total: _tell(progress, "embed", done, total, "")
    )
    save_vectors(library, loaded.embedder)


def _tell(progress: Progress | None, stage: str, done: int, total: int, what: str) -> None:
    if progress is not None:
        progress(stage, done, total, what)


def remove_reports(library: Library, target: str) -> int:
    """Remove by report id, by path as ingested, or all below a folder; gives the number of reports that are gone."""
    from zhengwen.index.library import location_of

    rows = library.reports()
    ids = [row.id for row in rows if row.id == target]
    if ids:
        return library.remove(ids)
    location = location_of(target)
    below = location.rstrip("/") + "/"
    sources = [
        source.location
        for row in rows
        for source in row.sources
        if source.location == location or source.location.startswith(below) or source.source == target
    ]
    return library.remove(sources=sources)
