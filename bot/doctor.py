"""`zhengwen doctor`: everything that has to be right for answers, looked at in order; nothing is changed."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

from zhengwen.bot.doctor_environment import disk, environment, fonts
from zhengwen.bot.doctor_library import library
from zhengwen.bot.doctor_models import SEVERITIES, Finding, Severity, worst
from zhengwen.bot.doctor_settings import configuration, telegram
from zhengwen.bot.settings import Config, model_cache, user_library
from zhengwen.index.library import Library

__all__ = ["SEVERITIES", "Finding", "Severity", "examine", "worst"]


def examine(*, config_option: Path | None = None, library_option: Path | None = None) -> list[Finding]:
    """What is found, in the order looked at: environment, configuration, library, embedder, fonts, disk, Telegram.

    `[one.what for one in examine() if one.severity == "error"]` is empty where everything works.
    """
    config, configured = configuration(config_option)
    folder = library_option or config.library.path or user_library()
    return [
        *environment(),
        *configured,
        *library(folder, _opener(folder, config), database=config.library.database),
        *fonts(),
        *disk(folder),
        *telegram(config),
    ]


def _opener(folder: Path, config: Config) -> Callable[[], Library]:
    def open_library() -> Library:
        return Library.open(
            folder,
            settings=config.library,
            embedder=config.embedder,
            retrieval=config.retrieval,
            cache=model_cache(),
        )

    return open_library
