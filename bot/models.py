"""What an answer is: the shape that `zhengwen ask --json` prints and every front end renders.

The field names are a public interface (scripts and scorers read them): extend, do not rename.
"""

from __future__ import annotations

import datetime as dt
from typing import Any, Literal

from pydantic import Field

from zhengwen.ingest.models import Bound, FigureKind, PeriodText, PlainDecimal, Record, Status

Reason = Literal["region", "period", "indicator", "ambiguous", "out_of_scope"]
DerivedWhat = Literal["difference", "ratio", "growth", "sum", "winner", "direction"]


class FigureShown(Record):
    """One figure of an answer, read from a report and checked against its stored text.

    `{"indicator": "城镇新增就业", "value": "7198", "unit": "人", "surface": "7198人", "region": "山东省滨州市滨城区",
    "period": "2020", "status": "actual", "bound": "exact", "citation": 1, "id": "…", "start": 5131, "end": 5136}`
    """

    indicator: str
    value: str
    """A plain decimal with 万/亿 multiplied out; for compositions as printed, `10:48.6:41.4`."""
    value_max: str | None = None
    """The upper end of a range."""
    unit: str
    surface: str
    region: str
    """The full name, `山东省滨州市滨城区`; empty where the report does not say."""
    period: PeriodText | None = None
    status: Status = "actual"
    bound: Bound = "exact"
    kind: FigureKind = "level"
    estimated: bool = False
    scope: str = ""
    basis: str = ""
    corrected: str = ""
    """What a correction beside the file has changed in it, why and by whom; empty where nothing was."""
    repaired: bool = False
    """Its sentence lies in part in a place that was mended, or was read by OCR from a picture."""
    citation: int
    """The `n` of the citation that holds it."""
    id: str = ""
    """The stored figure's: `zhengwen cite ID` and `figures --why ID` take it."""
    start: int = 0
    """Half-open offsets of the surface in the report's clean text."""
    end: int = 0


class Citation(Record):
    """A source passage as shown: a slice of the report's clean text."""

    n: int
    id: str
    """Stable over re-ingestion; `zhengwen cite ID` prints the paragraph."""
    title: str
    source: str
    """The path as ingested."""
    date: dt.date | None = None
    quote: str
    start: int
    """Half-open offsets of the quote in the report's clean text."""
    end: int


class Derived(Record):
    """A value that the bot computed (or a verdict it drew) from figures of the answer; never read from a text."""

    what: DerivedWhat
    value: PlainDecimal | None = None
    unit: str = ""
    label: str = ""
    """For a winner: the region or year on top."""
    sources: tuple[int, ...] = Field(default=(), serialization_alias="from")
    """1-based positions in `Answer.figures`."""


class Choice(Record):
    """One way to go on after a question that could not be answered as it stood."""

    label: str
    question: str = ""
    """The question to ask for it, complete."""


class Considered(Record):
    """A candidate that was looked at, for `ask --why`."""

    figure: str
    """The stored figure's id; empty for a passage."""
    indicator: str
    surface: str
    region: str
    period: str
    status: str
    score: float
    why: str
    """Empty for what was shown, otherwise the reason why it lost."""
    source: str = ""
    line: int = 0


class Answer(Record):
    """An answer or a refusal (`answered=False`, with `reason`)."""

    question: str
    answered: bool
    text: str
    """What the user reads: plain text or Markdown with [1] markers, no terminal codes."""
    figures: tuple[FigureShown, ...] = ()
    """Main figure first."""
    citations: tuple[Citation, ...] = ()
    derived: tuple[Derived, ...] = ()
    reason: Reason | None = None
    choices: tuple[str, ...] = ()
    considered: tuple[Considered, ...] = Field(default=(), exclude=True)
    """What was looked at and why it lost; not part of the JSON."""
    understood: str = Field(default="", exclude=True)
    """How the question was read, one line; not part of the JSON."""

    def to_json(self) -> dict[str, Any]:
        """The JSON shape of the answer (`from` for derived inputs), ready for json.dumps."""
        return self.model_dump(mode="json", by_alias=True)
