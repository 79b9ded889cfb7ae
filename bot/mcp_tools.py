"""The tools of `zhengwen mcp`: what the command line answers, for an assistant.

Each method takes plain values and gives the object that is sent; bot/mcp_server.py makes ZhengwenErrors tool errors.
"""

from __future__ import annotations

import datetime as dt
import threading
from contextlib import suppress
from typing import TYPE_CHECKING, Annotated, Any

from pydantic import Field

from zhengwen.bot.mcp_models import FiguresFound, ReportsFound
from zhengwen.ingest.errors import InputError, ZhengwenError
from zhengwen.ingest.models import Status

if TYPE_CHECKING:
    from zhengwen.bot.terminal.session import Session
    from zhengwen.index.library import Library

Words = Annotated[str, Field(max_length=200)]
Year = Annotated[int | None, Field(ge=1949, le=2100)]
Offset = Annotated[int, Field(ge=0, le=10_000_000)]


class Tools:
    """One open library for as long as the server runs; safe to call from several threads."""

    def __init__(self, session: Session) -> None:
        self._session = session
        self._lock = threading.Lock()
        self._warming = threading.Lock()
        self._library: Library | None = None

    def library(self) -> Library:
        """The library, opened at the first call that finds one. Raises LibraryError while there is none."""
        with self._lock:
            if self._library is None:
                self._library = self._session.open()
            return self._library

    def warm(self, question: str) -> None:
        """Open the library and load the tables that a question reads; the calls tell of a library that is missing."""
        with self._warming, suppress(ZhengwenError):
            self._answer(question, self._session.today)

    def close(self) -> None:
        with self._lock:
            if self._library is not None:
                self._library.close()
                self._library = None

    def ask(
        self,
        question: Annotated[str, Field(min_length=1, max_length=2000)],
        today: Annotated[str, Field(pattern=r"^(\d{4}-\d{2}-\d{2})?$")] = "",
    ) -> dict[str, Any]:
        """An answer or a refusal, as `zhengwen ask --json`."""
        day = _day(today) if today else self._session.today
        with self._warming:  # two threads that load the same tables take twice as long
            pass
        return self._answer(question, day)

    def _answer(self, question: str, day: dt.date) -> dict[str, Any]:
        from zhengwen.bot.answer import answer

        return answer(self.library(), question, today=day, settings=self._session.config.answer).to_json()

    def figures(
        self,
        region: Words = "",
        year: Year = None,
        indicator: Words = "",
        status: Status | None = None,
        report: Words = "",
        withdrawn: bool = False,
        limit: Annotated[int, Field(ge=1, le=200)] = 20,
        offset: Offset = 0,
    ) -> dict[str, Any]:
        """A part of the stored figures, see `FiguresFound`."""
        from zhengwen.bot.listing import figure_filter, figure_json
        from zhengwen.index.lookup import count, lookup

        library = self.library()
        wanted = figure_filter(
            library,
            region=region or None,
            year=year,
            indicator=indicator or None,
            status=status,
            report=report or None,
            withdrawn=withdrawn,
        )
        total = count(library, wanted)
        part = wanted.model_copy(update={"offset": offset, "limit": limit})
        shown = [figure_json(row) for row in lookup(library, part)]
        for record in shown:
            del record["marks"]  # the colours of `figures --why`: half of the bytes, and of no use to a reader
        found = FiguresFound(figures=tuple(shown), total=total, next_offset=_next(offset + limit, total))
        return found.model_dump(mode="json")

    def cite(
        self,
        what: Annotated[str, Field(min_length=1, max_length=2000)],
        limit: Annotated[int, Field(ge=1, le=20)] = 3,
    ) -> dict[str, Any]:
        """The source paragraph, as `zhengwen cite --json`."""
        from zhengwen.bot.citing_lookup import look_up, places_json

        if not what.strip():
            raise InputError("nothing to look up; give a citation's id, a figure's id or a sentence")
        return places_json(look_up(self.library(), what.strip(), limit=limit))

    def reports(
        self,
        region: Words = "",
        year: Year = None,
        limit: Annotated[int, Field(ge=1, le=500)] = 50,
        offset: Offset = 0,
    ) -> dict[str, Any]:
        """A part of the list of reports, see `ReportsFound`."""
        from zhengwen.bot.listing import region_codes, report_json

        regions = region_codes(region) if region else None
        rows = self.library().reports(regions=regions, descendants=True, year=year)
        shown = tuple(report_json(row) for row in rows[offset : offset + limit])
        found = ReportsFound(reports=shown, total=len(rows), next_offset=_next(offset + limit, len(rows)))
        return found.model_dump(mode="json")

    def passage(self, citation: str) -> str:
        """The source paragraph as Markdown. Raises InputError for an id that the library does not hold."""
        from zhengwen.bot.citing import cite
        from zhengwen.bot.citing_markdown import cited_markdown

        return cited_markdown(cite(self.library(), citation))


def _next(offset: int, total: int) -> int | None:
    return offset if offset < total else None


def _day(text: str) -> dt.date:
    try:
        return dt.date.fromisoformat(text)
    except ValueError:
        raise InputError(f"today: '{text}' is not a date; write it as 2026-11-22") from None
