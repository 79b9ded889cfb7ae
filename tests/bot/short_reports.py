"""A library of the short reports that a case file holds as text, and the answers it gives."""

from __future__ import annotations

import datetime as dt
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Any

from zhengwen.bot.answer import answer
from zhengwen.bot.dialogue import Chat
from zhengwen.bot.models import Answer, FigureShown
from zhengwen.index.ingesting import ingest_paths
from zhengwen.index.library import Library
from zhengwen.index.settings import EmbedderSettings


def library_of(folder: Path, reports: Mapping[str, str]) -> Library:
    """A library in `folder` that holds these reports, text by path: `{"青州市/2021.md": "…"}`."""
    for name, text in reports.items():
        path = folder / "reports" / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(text, encoding="utf-8")
    return library_from(folder / "library", [folder / "reports"])


def library_from(folder: Path, paths: Sequence[Path]) -> Library:
    """A library in `folder` with what is read from the paths, without vectors."""
    library = Library.open(folder, create=True, embedder=EmbedderSettings(engine="none"))
    ingest_paths(library, paths)
    return library


def last_answer(library: Library, turns: Sequence[str], *, today: dt.date, chat: Chat | None = None) -> Answer:
    """The answer to the last of the turns, all of one chat."""
    chat = chat or Chat()
    return [answer(library, turn, today=today, chat=chat) for turn in turns][-1]


def assert_main_figure(main: FigureShown, case: Mapping[str, Any]) -> None:
    """The main figure is what the case says of it: value, unit, status, period, and how its region's name ends."""
    shown = {"value": main.value, "unit": main.unit, "status": main.status, "period": str(main.period)}
    assert {key: shown[key] for key in shown if key in case} == {key: case[key] for key in shown if key in case}
    assert main.region.endswith(case.get("region", ""))
