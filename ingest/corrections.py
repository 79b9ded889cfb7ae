"""Corrections kept beside a file: they change what a figure says about itself, or take it back, and say why.

reports/a.md.meta.yaml:   corrections:
                            - figure: f0c1d2e3a4b5          # or: surface: 7198人, line: 12
                              status: target                # region, period, status; or withdraw: true
                              why: 原文写的是次年的目标
                              by: 李四
                              date: 2026-11-22

They live in the file, so they survive a rebuild. The number itself is never changed: it is a slice of the source.
"""

from __future__ import annotations

import datetime as dt
import json
import re
from collections.abc import Mapping, Sequence
from functools import cache
from pathlib import Path
from typing import Any, Self

import yaml
from pydantic import Field, ValidationError, field_validator, model_validator

from zhengwen.ingest.errors import InputError
from zhengwen.ingest.figure_ids import figure_ids, line_of, line_starts
from zhengwen.ingest.figures_scope import scope_in
from zhengwen.ingest.models import Figure, MarkRole, Period, PeriodText, Record, Region, Status
from zhengwen.ingest.textmap import TextMap

KEY = "corrections"
"""The sidecar's key; in `Source.sidecar` its value is the JSON that `read_corrections` gives."""
MOST = 1000
"""Corrections of one report; the longest report known has some 900 figures."""
WARNING = "correction "
"""How the warnings begin that `apply_corrections` gives."""


class Correction(Record):
    """One entry of the list. Which figure: `figure`, or `surface` as printed and `line` of the source."""

    figure: str | None = None
    surface: str | None = Field(default=None, min_length=1, max_length=100)
    line: int | None = Field(default=None, ge=1)
    region: Region | None = None
    period: PeriodText | None = None
    status: Status | None = None
    withdraw: bool = False
    why: str = Field(min_length=1, max_length=500)
    by: str = Field(default="", max_length=100)
    date: dt.date | None = None

    @field_validator("figure", "surface", "why", "by", mode="before")
    @classmethod
    def _line(cls, value: Any) -> Any:
        return " ".join(str(value).split()) if isinstance(value, (str, int, float)) else value

    @field_validator("figure")
    @classmethod
    def _id(cls, value: str | None) -> str | None:
        if value is not None and not re.fullmatch(r"f[0-9a-f]{12}", value):
            raise ValueError(f"{value[:40]!r} is no figure's id (f and 12 hex digits; `zhengwen figures --json`)")
        return value

    @field_validator("region", mode="before")
    @classmethod
    def _region(cls, value: Any) -> Any:
        from zhengwen.ingest.about import region_named

        return region_named(str(value)) if isinstance(value, (str, int)) else value

    @field_validator("period", mode="before")
    @classmethod
    def _period(cls, value: Any) -> Any:
        return Period.parse(str(value)) if isinstance(value, (str, int)) else value

    @field_validator("status", mode="before")
    @classmethod
    def _status(cls, value: Any) -> Any:
        said = {said: name for name, said in _words()["status"].items()}
        return said.get(value, value) if isinstance(value, str) else value

    @model_validator(mode="after")
    def _whole(self) -> Self:
        if (self.figure is None) == (self.surface is None) or (self.surface is None) != (self.line is None):
            raise ValueError("name the figure by its id (figure), or by surface and line")
        changes = [one for one in (self.region, self.period, self.status) if one is not None]
        if self.withdraw == bool(changes):
            raise ValueError("give region, period or status, or else withdraw: true")
        return self

    @property
    def named(self) -> str:
        """The figure as the correction names it: `f0c1d2e3a4b5`, `'7198人' in line 12`."""
        return self.figure or f"{self.surface!r} in line {self.line}"


def read_corrections(value: object) -> str:
    """The list of a sidecar as JSON that `apply_corrections` takes; equal lists give equal texts.

    Raises InputError without the sidecar's name: which entry, which key, what was expected.
    """
    if not isinstance(value, list):
        raise InputError(f"{KEY} must be a list of entries that begin with `-`")
    if len(value) > MOST:
        raise InputError(f"{KEY} has {len(value)} entries; at most {MOST} are read")
    found = []
    for number, entry in enumerate(value, 1):
        try:
            found.append(_correction(entry).model_dump(mode="json", exclude_defaults=True))
        except (ValidationError, ValueError, RecursionError) as error:
            raise InputError(f"{KEY}, entry {number}: {_explain(error)}") from None
    return json.dumps(found, ensure_ascii=False, sort_keys=True) if found else ""


def _correction(entry: object) -> Correction:
    if not isinstance(entry, dict):
        raise ValueError("expected `key: value` lines")
    keys: Mapping[str, str] = _words()["keys"]
    fields: dict[str, object] = {}
    for given, value in entry.items():
        key = keys.get(str(given).strip(), str(given).strip())
        if key not in Correction.model_fields:
            raise ValueError(f"unknown key {str(given)[:40]!r}; known are {', '.join(Correction.model_fields)}")
        if key in fields:
            raise ValueError(f"{key} is given twice")
        fields[key] = value
    return Correction.model_validate(fields)


def _explain(error: Exception) -> str:
    if not isinstance(error, ValidationError):
        return str(error)
    first = error.errors(include_url=False)[0]
    place = ".".join(map(str, first["loc"][:1]))
    message = first["msg"].removeprefix("Value error, ")
    return " ".join(f"{place}: {message}".split()).removeprefix(": ")


def apply_corrections(
    figures: Sequence[Figure], packed: str, *, sha256: str, offsets: TextMap, source_text: str
) -> tuple[tuple[Figure, ...], tuple[str, ...]]:
    """The figures with the corrections of `read_corrections` applied, and a warning for each that did nothing."""
    if not packed:
        return tuple(figures), ()
    ids = figure_ids(figures, sha256=sha256, offsets=offsets)
    places = _Places(figures, offsets, source_text)
    changed, warnings = dict[int, Figure](), list[str]()
    for number, entry in enumerate(json.loads(packed), 1):
        wanted = Correction.model_validate(entry)
        found = [at for at, name in enumerate(ids) if name == wanted.figure] if wanted.figure else places.of(wanted)
        fault = _fault(found, ids, changed)
        if not fault:
            corrected = _corrected(figures[found[0]], wanted)
            changed[found[0]] = corrected
            fault = "" if corrected.corrected else "changes nothing, the figure already says so: remove it"
        if fault:
            warnings.append(f"{WARNING}{number} ({wanted.named}) {fault}")
    return tuple(changed.get(at, figure) for at, figure in enumerate(figures)), tuple(warnings)


def _fault(found: Sequence[int], ids: Sequence[str], changed: Mapping[int, Figure]) -> str:
    if not found:
        return "is left out: this report has no such figure; `zhengwen figures --json` lists ids and lines"
    if len(found) > 1:
        return f"is left out: it fits several figures, name one by its id: {', '.join(ids[at] for at in found[:5])}"
    return f"is left out: {ids[found[0]]} is corrected by an entry before it" if found[0] in changed else ""


class _Places:
    """Finds figures by how they are printed and where."""

    def __init__(self, figures: Sequence[Figure], offsets: TextMap, source_text: str) -> None:
        self._figures, self._offsets, self._source = figures, offsets, source_text
        self._starts = line_starts(source_text)

    def of(self, wanted: Correction) -> list[int]:
        """The figures printed so on the line of their number, or in a sentence that begins there."""
        printed = [at for at, figure in enumerate(self._figures) if wanted.surface in self._surfaces(figure)]
        exact = [at for at in printed if self._line(self._figures[at].start) == wanted.line]
        return exact or [at for at in printed if self._line(self._figures[at].sentence_start) == wanted.line]

    def _surfaces(self, figure: Figure) -> tuple[str, str]:
        start, end = self._offsets.source_span(figure.start, figure.end)
        return figure.surface, self._source[start:end]

    def _line(self, clean: int) -> int:
        return line_of(self._starts, self._offsets.source_span(clean, clean + 1)[0])


def _corrected(figure: Figure, wanted: Correction) -> Figure:
    said = _words()["said"]
    if wanted.withdraw:
        return figure.model_copy(update={"withdrawn": True, "corrected": _told(said["withdrawn"], wanted)})
    given = {"region": wanted.region, "period": wanted.period, "status": wanted.status}
    update: dict[str, Any] = {
        name: value for name, value in given.items() if value is not None and value != getattr(figure, name)
    }
    if not update:
        return figure
    changes = [
        said["change"].format(field=_words()["fields"][name], was=_printed(getattr(figure, name)), now=_printed(value))
        for name, value in update.items()
    ]
    # The words that a field was read from are no longer what gives it, and a place named instead of a region gives way.
    replaced: set[MarkRole] = {name for name in ("period", "status") if name in update}
    if "region" in update:
        replaced.add("scope")
        update["scope"] = scope_in(update["region"], figure.scope)
    update["marks"] = tuple(mark for mark in figure.marks if mark.role not in replaced)
    return figure.model_copy(update=update | {"corrected": _told(said["join"].join(changes), wanted)})


def _told(what: str, wanted: Correction) -> str:
    """`状态由实际改为目标：原文写的是次年的目标（李四，2026-11-22）`."""
    said = _words()["said"]
    who = "，".join(part for part in (wanted.by, str(wanted.date or "")) if part)
    return str(said["because"].format(what=what, why=wanted.why)) + (said["by"].format(who=who) if who else "")


def _printed(value: Region | Period | Status | None) -> str:
    if isinstance(value, Region):
        return value.name
    return str(_words()["status"].get(value, value)) if value is not None else str(_words()["said"]["unknown"])


@cache
def _words() -> dict[str, Any]:
    text = Path(__file__).with_name("corrections.yaml").read_text(encoding="utf-8")
    table: dict[str, Any] = yaml.load(text, Loader=getattr(yaml, "CSafeLoader", yaml.SafeLoader))
    return table
