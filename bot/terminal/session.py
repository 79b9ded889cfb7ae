"""What every command shares: options, configuration, the opened library, the console."""

from __future__ import annotations

import datetime as dt
from dataclasses import dataclass
from functools import cached_property
from pathlib import Path
from typing import TYPE_CHECKING

from zhengwen.bot.settings import Config, load_config, model_cache, user_library

if TYPE_CHECKING:
    from rich.console import Console

    from zhengwen.index.library import Library

PIPE_WIDTH = 100_000
"""In a pipe there is no edge to wrap at: a line stays a line for grep and awk."""


@dataclass
class Session:
    """The options before the command's name, turned into settings and an open library when first asked for."""

    library_option: Path | None
    config_option: Path | None
    today_option: dt.date | None = None

    @property
    def today(self) -> dt.date:
        """--today, or the day on which it is asked: a server runs for weeks."""
        return self.today_option or dt.date.today()

    @cached_property
    def config(self) -> Config:
        return load_config(self.config_option)

    @property
    def folder(self) -> Path:
        """--library or ZHENGWEN_LIBRARY, then config.yaml, then the user's data directory."""
        return self.library_option or self.config.library.path or user_library()

    def open(self, *, create: bool = False) -> Library:
        """The library. Raises LibraryError when there is none (unless `create`), or it cannot be used."""
        from zhengwen.index.library import Library

        return Library.open(
            self.folder,
            settings=self.config.library,
            embedder=self.config.embedder,
            retrieval=self.config.retrieval,
            cache=model_cache(),
            create=create,
        )

    @cached_property
    def out(self) -> Console:
        """Standard output; plain where it is not a terminal."""
        return _console(stderr=False)

    @cached_property
    def err(self) -> Console:
        """Standard error: progress and summaries, so that output stays pipeable."""
        return _console(stderr=True)


def _console(*, stderr: bool) -> Console:
    from rich.console import Console

    console = Console(stderr=stderr, highlight=False)
    return console if console.is_terminal else Console(stderr=stderr, highlight=False, width=PIPE_WIDTH)
