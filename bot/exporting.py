"""Stored figures as a table for other programs: CSV that Excel opens rightly, and Parquet."""

from __future__ import annotations

import csv
import os
import re
from collections.abc import Iterable, Iterator
from pathlib import Path
from typing import TYPE_CHECKING, Any, TextIO

from zhengwen.bot.jsonl import json_line
from zhengwen.bot.listing import figure_json
from zhengwen.ingest.errors import InputError, UsageError

if TYPE_CHECKING:
    from zhengwen.index.lookup import StoredFigure

COLUMNS = (
    "id", "region", "region_code", "period", "indicator", "indicator_text", "canonical", "qualifiers", "value",
    "value_max", "unit", "surface", "kind", "status", "estimated", "bound", "basis", "per", "among", "part_of",
    "scope", "sentence", "source", "line", "report_id", "citation", "corrected", "withdrawn",
)  # fmt: skip
BOM = "\ufeff"
_NUMBER = re.compile(r"-?\d+(\.\d+)?")
_FORMULA = ("=", "+", "-", "@", "\t", "\r")


def table_rows(rows: Iterable[StoredFigure]) -> Iterator[dict[str, Any]]:
    """Flat records with the fields of COLUMNS."""
    for row in rows:
        record = figure_json(row)
        region = record["region"] or {}
        flat = record | {
            "region": region.get("name", ""),
            "region_code": region.get("code", ""),
            "qualifiers": "、".join(record["qualifiers"]),
        }
        yield {name: flat[name] for name in COLUMNS}


def write_csv(rows: Iterable[StoredFigure], stream: TextIO) -> None:
    """UTF-8 with a byte order mark, as Excel needs; what a spreadsheet would run as a formula gets a leading '."""
    stream.write(BOM)
    writer = csv.writer(stream, lineterminator="\r\n")
    writer.writerow(COLUMNS)
    for record in table_rows(rows):
        writer.writerow([_safe(value) for value in record.values()])


def _safe(value: object) -> str:
    text = "" if value is None else str(value)
    risky = text.startswith(_FORMULA) and not _NUMBER.fullmatch(text)
    return f"'{text}" if risky else text


def write_parquet(rows: Iterable[StoredFigure], path: Path) -> None:
    """One row a figure; `value` is exact text, `value_number` the same as a double for sorting and charts.

    Raises UsageError when the extra is not installed, InputError when the file cannot be written.
    """
    try:
        import pyarrow  # type: ignore[import-untyped,unused-ignore]
        import pyarrow.parquet  # type: ignore[import-untyped,unused-ignore]
    except ImportError as error:
        raise UsageError("--parquet needs the extra: pip install 'zhengwen[parquet]'; or use --csv") from error
    records = [record | {"value_number": _number(record["value"])} for record in table_rows(rows)]
    types = {name: pyarrow.bool_() for name in ("canonical", "estimated", "withdrawn")} | {"line": pyarrow.int64()}
    fields = [(name, types.get(name, pyarrow.string())) for name in COLUMNS]
    schema = pyarrow.schema([*fields, ("value_number", pyarrow.float64())])
    try:
        pyarrow.parquet.write_table(pyarrow.Table.from_pylist(records, schema=schema), path)
    except OSError as error:
        reason = os.strerror(error.errno) if error.errno else str(error)
        raise InputError(f"{path}: cannot be written ({reason}); give a file in a folder that exists") from None


def _number(text: str) -> float | None:
    return float(text) if _NUMBER.fullmatch(text) else None


def write_jsonl(rows: Iterable[StoredFigure], stream: TextIO) -> None:
    """One figure a line, every field of the record."""
    for row in rows:
        stream.write(json_line(figure_json(row)) + "\n")
