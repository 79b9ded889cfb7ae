"""Files and folders go into a library: what is unchanged is left, what changed is replaced, the rest is said.

summary = ingest_paths(library, [Path("reports")])
summary.counts()  →  {"reports": 240, "added": 240, "passages": 15873, "figures": 42011, …}
"""

from __future__ import annotations

import json
import os
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass, field
from pathlib import Path

from zhengwen.index.adding import Added
from zhengwen.index.finding import digest, find, reading_of, workspace
from zhengwen.index.library import Library, SourceState, location_of
from zhengwen.index.readers import Job, read_all
from zhengwen.index.writing import Prepared
from zhengwen.ingest.settings import IngestSettings
from zhengwen.ingest.sources import Found

Progress = Callable[[str, int, int, str], None]
"""Called with (stage, done, total, what was just done); stages are "read", "keywords" and "embed"."""

_INLINE = 6
"""Up to so many short texts are read in this process: starting readers takes about a second."""
_INLINE_FORMATS = (".txt", ".md", ".markdown", ".html", ".htm")
_INLINE_BYTES = 400_000
"""The longest report known has some 100,000."""
_SECONDS_PER_FILE = 180.0
_NOT_KEPT = "its corrections are left out, the report is kept from another file; put them beside that one"


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
    paths = list(paths)
    summary = Summary()
    with workspace(library.folder) as unpacked:
        found, skipped = find(library, paths, unpacked, settings)
        summary.skipped += [Skipped(one.source, one.reason, named=one.named) for one in skipped]
        if not found and not skipped:
            summary.notes.append(f"nothing to read in {', '.join(map(str, paths))}")
        _read_into(library, found, settings, processes, _Work(summary, progress, len(found)))
    _derive(library, summary, progress, embed=embed)
    return summary


@dataclass
class _Work:
    """Counts what is done and tells the caller."""

    summary: Summary
    progress: Progress | None
    total: int
    done: int = 0

    def settled(self, library: Library, job: Job, settings: IngestSettings) -> bool:
        """Whether the job needs no reading: it is unchanged, or the same bytes are held from elsewhere."""
        state = _state(library, job, settings)
        if state == "unchanged":
            self.summary.unchanged += 1
        elif state == "elsewhere":
            library.attach(job.source, sha256=digest(job.path, settings), reading=reading_of(job, settings))
            self.summary.attached += 1
        else:
            return False
        self.step(job.source)
        return True

    def count(self, added: Added, report: Prepared) -> None:
        self.summary.added += added == "added"
        self.summary.replaced += added == "replaced"
        self.summary.attached += added == "attached"
        self.summary.unchanged += added == "unchanged"
        if added in ("added", "replaced"):
            self.summary.passages += len(report.passages)
            self.summary.figures += len(report.figures)
            self.summary.characters += report.characters
        elif added == "attached" and report.corrected:
            self.summary.notes.append(f"{report.source}: {_NOT_KEPT}")
        warnings: list[str] = json.loads(report.report["warnings"])
        self.summary.notes += [f"{report.source}: {one}" for one in warnings]

    def step(self, what: str) -> None:
        self.done += 1
        _tell(self.progress, "read", self.done, self.total, what)


def _read_into(
    library: Library, found: Sequence[Found], settings: IngestSettings, processes: int | None, work: _Work
) -> None:
    """Read what is new or changed and add it, one report after another."""
    jobs = [Job(one.path, one.source, one.sidecar) for one in found]
    fresh = [job for job in jobs if not work.settled(library, job, settings)]
    _read_jobs(library, fresh, {one.source for one in found if one.named}, settings, processes, work)
    if work.summary.replaced:
        # What was replaced may have stood for a near-duplicate that was left out because of it.
        left = [job for job in jobs if job not in fresh and _state(library, job, settings) == "new"]
        work.summary.unchanged -= len(left)
        _read_jobs(library, left, set(), settings, processes, work)


def _read_jobs(
    library: Library,
    fresh: Sequence[Job],
    named: set[str],
    settings: IngestSettings,
    processes: int | None,
    work: _Work,
) -> None:
    if processes is None:
        processes = 0 if _harmless(fresh) else max(1, min(os.cpu_count() or 1, len(fresh) // 2))
    for job, outcome in read_all(fresh, settings=settings, processes=processes, seconds=_SECONDS_PER_FILE):
        if isinstance(outcome, Prepared):
            work.count(library.add(outcome, reading=reading_of(job, settings)), outcome)
        else:
            reason = str(outcome).removeprefix(f"{job.source}: ")
            work.summary.skipped.append(Skipped(job.source, reason, named=job.source in named))
        work.step(job.source)


def _harmless(jobs: Sequence[Job]) -> bool:
    """Few, and each a short text: nothing that could crash its reader or keep it busy."""
    if len(jobs) > _INLINE or not all(job.path.suffix.lower() in _INLINE_FORMATS for job in jobs):
        return False
    try:
        return all(job.path.stat().st_size <= _INLINE_BYTES for job in jobs)
    except OSError:  # gone meanwhile, which the reading will say
        return True


def _state(library: Library, job: Job, settings: IngestSettings) -> SourceState:
    sha256 = digest(job.path, settings)
    return library.state_of(job.source, sha256, reading=reading_of(job, settings)) if sha256 else "new"


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
