"""How records are written into columns and read back: compact JSON, compressed texts, periods as integers."""

from __future__ import annotations

import datetime as dt
import json
import zlib
from collections.abc import Sequence
from decimal import Decimal
from functools import lru_cache
from typing import Any, get_args

from pydantic import BaseModel
from pydantic_core import from_json

from zhengwen.ingest.models import About, Block, Figure, MarkRole, Period, Region, Removal, Repair

_ROLES: tuple[str, ...] = get_args(MarkRole)
_DECIMALS = ("value", "value_max")
_PLAIN: dict[str, object] = {
    name: Figure.model_fields[name].default
    for name in (
        "indicator", "indicator_text", "canonical", "unit", "surface", "kind", "status", "estimated", "bound",
        "scope", "basis", "per", "among", "part_of", "repaired", "corrected", "withdrawn",
    )
}  # fmt: skip
"""Fields that JSON takes as they are, with their defaults (of a required field one that no value equals)."""
CORRECTED = '"corrected":"'
"""Stands in the record of a corrected figure, and in no other: a quotation mark inside a value is escaped."""
_OFFSETS = ("start", "end", "sentence_start", "sentence_end", "clause_start", "clause_end")


def pack(text: str) -> bytes:
    """Compressed UTF-8; lone surrogates survive, because the source of a damaged page may hold them."""
    return zlib.compress(text.encode("utf-8", "surrogatepass"), 6) if text else b""


def unpack(data: bytes) -> str:
    """The inverse of `pack`. Raises zlib.error for damaged data."""
    return zlib.decompress(data).decode("utf-8", "surrogatepass") if data else ""


def to_json(value: object) -> str:
    return json.dumps(value, ensure_ascii=False, separators=(",", ":"))


def pack_records(records: Sequence[BaseModel]) -> bytes:
    """A list of records without the fields that have their defaults."""
    return pack(to_json([one.model_dump(mode="json", exclude_defaults=True) for one in records]) if records else "")


def unpack_blocks(data: bytes) -> tuple[Block, ...]:
    return tuple(Block.model_validate(with_period(one)) for one in json.loads(unpack(data) or "[]"))


def unpack_repairs(data: bytes) -> tuple[Repair, ...]:
    return tuple(Repair.model_validate(one) for one in json.loads(unpack(data) or "[]"))


def unpack_removals(data: bytes) -> tuple[Removal, ...]:
    return tuple(Removal.model_validate(one) for one in json.loads(unpack(data) or "[]"))


def about_json(about: About) -> str:
    return about.model_dump_json(exclude_defaults=True)


def read_about(text: str) -> About:
    """The inverse of `about_json`; periods were written as they print."""
    return About.model_validate(with_period(json.loads(text), key="covers"))


def with_period(fields: dict[str, Any], *, key: str = "period") -> dict[str, Any]:
    """JSON fields with the printed period turned back into a Period."""
    if isinstance(fields.get(key), str):
        fields[key] = parse_period(fields[key])
    return fields


@lru_cache(maxsize=4096)
def parse_period(text: str) -> Period:
    """`Period.parse`, and `2021-03-05..2021-03-11` for periods that are not whole months."""
    first, _, last = text.partition("..")
    if len(first) == len(last) == 10:
        return Period(start=dt.date.fromisoformat(first), end=dt.date.fromisoformat(last))
    return Period.parse(text)


def print_period(period: Period | None) -> str | None:
    """As `str(period)`, in full days where whole months would lose something."""
    if period is None:
        return None
    text = str(period)
    return text if Period.parse(text) == period else f"{period.start}..{period.end}"


def day(date: dt.date) -> int:
    """`2021-01-19` → 20210119: what period columns hold."""
    return date.year * 10000 + date.month * 100 + date.day


def figure_json(figure: Figure, home: Region | None) -> str:
    """The whole figure without defaults; the region is left out where it is the report's own (`home`)."""
    fields: dict[str, Any] = {
        name: value for name, default in _PLAIN.items() if (value := getattr(figure, name)) != default
    }
    fields |= {name: format(value, "f") for name in _DECIMALS if (value := getattr(figure, name)) is not None}
    if figure.parts:
        fields["parts"] = [format(part, "f") for part in figure.parts]
    if figure.qualifiers:
        fields["qualifiers"] = figure.qualifiers
    if figure.period is not None:
        fields["period"] = print_period(figure.period)
    if figure.region != home:
        fields["region"] = figure.region.model_dump() if figure.region else None
    fields["at"] = [getattr(figure, name) for name in _OFFSETS]
    if figure.marks:
        flat = ((_ROLES.index(mark.role), mark.start, mark.end) for mark in figure.marks)
        fields["marks"] = [number for mark in flat for number in mark]
    return to_json(fields)


def sentence_span(record: str) -> tuple[int, int]:
    """Where a stored figure's sentence lies in the clean text, without reading the rest of the record."""
    at: list[int] = from_json(record)["at"]
    return at[_OFFSETS.index("sentence_start")], at[_OFFSETS.index("sentence_end")]


@lru_cache(maxsize=4096)
def read_figure(record: str, home: Region | None) -> Figure:
    """The inverse of `figure_json`; the last ones are kept, because a chat stays with its place.

    Raises ValueError for a damaged record.
    """
    fields: dict[str, Any] = from_json(record)
    fields.update(zip(_OFFSETS, fields.pop("at"), strict=True))
    for name in ("unit", "indicator", "indicator_text"):
        fields.setdefault(name, "")  # an index number has no unit; empty texts are not written
    fields["region"] = Region.model_validate(fields["region"]) if fields.get("region") else fields.get("region", home)
    for name in _DECIMALS:
        if name in fields:
            fields[name] = Decimal(fields[name])
    if "parts" in fields:
        fields["parts"] = tuple(Decimal(part) for part in fields["parts"])
    flat = iter(fields.pop("marks", ()))
    # Plain dicts: pydantic builds the marks several times faster from them than from ready-made records.
    fields["marks"] = [
        {"role": _ROLES[role], "start": start, "end": end} for role, start, end in zip(flat, flat, flat, strict=True)
    ]
    return Figure.model_validate(with_period(fields))
