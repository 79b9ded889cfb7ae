"""The progress bar of an ingest: one line a stage, on standard error, only in a terminal."""

from __future__ import annotations

from pathlib import PurePath
from types import TracebackType
from typing import Self

from rich.console import Console
from rich.progress import BarColumn, MofNCompleteColumn, Progress, TaskID, TextColumn, TimeRemainingColumn

STAGES = {"read": "reading", "keywords": "keyword index", "embed": "embedding", "check": "checking"}


class IngestProgress:
    """Called by `ingest_paths` with (stage, done, total, what); draws nothing when quiet or piped."""

    def __init__(self, console: Console, *, quiet: bool) -> None:
        columns = (
            TextColumn("{task.description:<14}"),
            BarColumn(),
            MofNCompleteColumn(),
            TimeRemainingColumn(),
            TextColumn("{task.fields[what]}", style="dim"),
        )
        self._bar = Progress(*columns, console=console, disable=quiet or not console.is_terminal)
        self._tasks: dict[str, TaskID] = {}

    def __enter__(self) -> Self:
        self._bar.start()
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self._bar.stop()

    def __call__(self, stage: str, done: int, total: int, what: str) -> None:
        if stage not in self._tasks:
            self._tasks[stage] = self._bar.add_task(STAGES.get(stage, stage), total=total, what="")
        self._bar.update(self._tasks[stage], completed=done, total=total, what=PurePath(what).name[:30])
