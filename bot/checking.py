"""`zhengwen check`: every stored span read again, what is damaged, what has only grown stale, and what to do."""

from __future__ import annotations

from collections.abc import Callable, Iterator

from zhengwen.index.check import LIBRARY, check, stale_sources
from zhengwen.index.health import index_state
from zhengwen.index.library import Library
from zhengwen.ingest.models import Record

INDEX = "index"
_SHOWN = 50
"""Problems printed for a person; --json has all."""


class StoredProblem(Record):
    """Something stored that does not agree with itself."""

    source: str
    """The report's source; `library` for what belongs to no single report, `index` for what is derived from it."""
    what: str


class Checked(Record):
    """The outcome of a check."""

    reports: int
    passages: int
    figures: int
    vectors: int
    """Passages that the embedder in use has embedded; 0 without an embedder."""
    problems: tuple[StoredProblem, ...] = ()
    hints: tuple[str, ...] = ()
    """No damage: stale files, derived indexes that the next question puts right."""

    @property
    def remedy(self) -> str:
        """One line for the exit."""
        count = len(self.problems)
        found = f"{count} stored span{'' if count == 1 else 's'} or rows damaged"
        places = {one.source for one in self.problems}
        if places == {INDEX}:
            return "an index is damaged; the next question or ingest builds it anew from the database"
        if LIBRARY in places:
            return f"{found}; move the library's folder away and run `zhengwen ingest` on your reports again"
        return f"{found}; run `zhengwen remove SOURCE` and `zhengwen ingest SOURCE` for each source named above"


def checked(library: Library, *, progress: Callable[[str, int, int, str], None] | None = None) -> Checked:
    """Check a whole library. `progress` is called with ("check", reports done, reports, source).

    Raises LibraryError where the database cannot be read at all.
    """

    def told(done: int, total: int, source: str) -> None:
        if progress is not None:
            progress("check", done, total, source)

    problems = [StoredProblem(source=one.place, what=one.what) for one in check(library, progress=told)]
    state = index_state(library)
    derived = {"keyword": state.keywords, "vector": state.vectors}
    problems += [
        StoredProblem(source=INDEX, what=f"the {name} index is damaged")
        for name, how in derived.items()
        if how == "damaged"
    ]
    return Checked(
        reports=state.reports,
        passages=state.passages,
        figures=state.figures,
        vectors=state.passages - state.without_vector if state.embedder else 0,
        problems=tuple(problems),
        hints=(*_stale(library), *(note for note in state.notes if "damaged" not in note)),
    )


def _stale(library: Library) -> Iterator[str]:
    for one in stale_sources(library):
        if one.state == "changed":
            yield f"{one.source} has changed since it was read; `zhengwen ingest` it again for what it says now"
        else:
            yield f"{one.source} is no longer there; its stored text is whole, but it cannot be read again"


def report_lines(result: Checked, *, quiet: bool) -> Iterator[tuple[str, str]]:
    """(style, line) for a person: problems, then hints, then the sum."""
    for one in result.problems[:_SHOWN]:
        yield "red", f"damaged  {one.source}: {one.what}"
    if len(result.problems) > _SHOWN:
        yield "red", f"… and {len(result.problems) - _SHOWN} more; --json lists all"
    if quiet:
        return
    for hint in result.hints[:_SHOWN]:
        yield "cyan", f"hint     {hint}"
    if len(result.hints) > _SHOWN:
        yield "cyan", f"… and {len(result.hints) - _SHOWN} more; --json lists all"
    counts = f"{result.reports:,} reports, {result.passages:,} passages, {result.figures:,} figures and"
    counts += f" {result.vectors:,} vectors re-read"
    yield "", f"{counts}; {len(result.problems):,} damaged" if result.problems else f"{counts}; all as stored"
