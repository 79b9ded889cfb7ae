"""Writing one report into the tables: called inside a transaction, by `library.Library` alone."""

from __future__ import annotations

import datetime as dt
from bisect import bisect_right
from dataclasses import dataclass
from typing import Any

from sqlalchemy import Connection, delete, insert, select, update

from zhengwen.index import schema
from zhengwen.index.carrying import carry_vectors
from zhengwen.index.codec import CORRECTED, about_json, day, figure_json, pack, pack_records, print_period, to_json
from zhengwen.ingest.duplicates import fingerprint
from zhengwen.ingest.figure_ids import figure_ids, line_of, line_starts
from zhengwen.ingest.models import About, Figure, Report
from zhengwen.ingest.textmap import TextMap


def now() -> str:
    return dt.datetime.now(dt.UTC).isoformat(timespec="seconds")


@dataclass(frozen=True)
class Prepared:
    """A report as rows: plain values that travel between processes. Made by `prepare`."""

    id: str
    sha256: str
    source: str
    characters: int
    report: dict[str, Any]
    texts: dict[str, Any]
    passages: list[dict[str, Any]]
    figures: list[dict[str, Any]]
    """`passage_no` is the index into `passages` here, or None."""

    @property
    def corrected(self) -> bool:
        """Whether a correction beside the file has changed a figure."""
        return any(CORRECTED in row["record"] for row in self.figures)


def prepare(report: Report) -> Prepared:
    """The rows of a report: all the work of writing it that needs no database.

    Raises UnicodeEncodeError for a clean text that no database takes (half of a surrogate pair).
    """
    report.text.encode()
    return Prepared(
        id=report.id,
        sha256=report.sha256,
        source=report.source,
        characters=len(report.text),
        report=_report_values(report),
        texts=_text_values(report),
        passages=_passage_values(report),
        figures=_figure_values(report),
    )


def insert_report(connection: Connection, prepared: Prepared) -> int:
    """Insert the report with its texts, passages and figures; gives its new number."""
    values = prepared.report | {"read_at": now()}
    key = connection.execute(insert(schema.reports), values).inserted_primary_key
    assert key is not None
    number = int(key[0])
    mine = {"report_no": number}
    connection.execute(insert(schema.texts), prepared.texts | mine)
    if not prepared.passages:
        return number
    connection.execute(insert(schema.passages), [row | mine for row in prepared.passages])
    table = schema.passages
    query = select(table.c.no).where(table.c.report_no == number).order_by(table.c.seq)
    passages = list(connection.execute(query).scalars())
    if prepared.figures:
        rows = [
            row | mine | {"passage_no": None if row["passage_no"] is None else passages[row["passage_no"]]}
            for row in prepared.figures
        ]
        connection.execute(insert(schema.figures), rows)
    return number


def _report_values(report: Report) -> dict[str, Any]:
    about = report.about
    region = about.region.value
    years = years_of(about)
    return {
        "id": report.id,
        "sha256": report.sha256,
        "encoding": report.encoding,
        "region_code": region.code if region else None,
        "region_name": region.name if region else "",
        "region_level": region.level if region else "unknown",
        "level": about.level,
        "kind": about.kind,
        "title": about.title.value or "",
        "date": about.date.value.isoformat() if about.date.value else None,
        "year_reviewed": about.year_reviewed.value,
        "covers": print_period(about.covers),
        "speaks_from": years[0] if years else None,
        "speaks_to": years[-1] if years else None,
        "about": about_json(about),
        "warnings": to_json(report.warnings),
        "characters": len(report.text),
        "passages": len(report.passages),
        "figures": len(report.figures),
    }


def years_of(about: About) -> list[int]:
    """The years a report is about, in order: those it reviews, and the one it plans for."""
    years = {about.year_reviewed.value, about.year_planned if about.kind != "bulletin" else None}
    if about.covers is not None:
        years |= {about.covers.start.year, about.covers.end.year}
    return sorted(year for year in years if year is not None)


def _text_values(report: Report) -> dict[str, Any]:
    same = report.source_text in ("", report.text)
    return {
        "clean": pack(report.text),
        "source": b"" if same else pack(report.source_text),
        "offsets": pack(to_json(report.offsets)),
        "blocks": pack_records(report.blocks),
        "repairs": pack_records(report.repairs),
        "removals": pack_records(report.removals),
        "fingerprint": fingerprint(report.text),
    }


def _passage_values(report: Report) -> list[dict[str, Any]]:
    return [
        {
            "seq": seq,
            "id": passage.id,
            "start": passage.start,
            "end": passage.end,
            "source_start": passage.source_start,
            "source_end": passage.source_end,
            "line": passage.line,
            "headings": to_json(passage.headings),
            "mode": passage.mode,
            "period": print_period(passage.period),
        }
        for seq, passage in enumerate(report.passages)
    ]


def figure_columns(figure: Figure) -> dict[str, object]:
    """The columns by which a figure is found, as they follow from its record."""
    return {
        "region_code": figure.region.code if figure.region else None,
        "indicator": figure.indicator,
        "canonical": int(figure.canonical),
        "kind": figure.kind,
        "status": schema.WITHDRAWN if figure.withdrawn else figure.status,
        "unit": figure.unit,
        "period_start": day(figure.period.start) if figure.period else None,
        "period_end": day(figure.period.end) if figure.period else None,
        "value": format(figure.value, "f"),
    }


def _figure_values(report: Report) -> list[dict[str, Any]]:
    offsets = TextMap(report.offsets)
    lines = line_starts(report.source_text)
    home = report.about.region.value
    ids = figure_ids(report.figures, sha256=report.sha256, offsets=offsets)
    rows = []
    for identity, figure in zip(ids, report.figures, strict=True):
        at = passage_index(report, figure)
        sentence = offsets.source_span(figure.sentence_start, figure.sentence_end)[0]
        fallback = report.passages[at].line if at is not None else 1
        rows.append(
            {
                "passage_no": at,
                "id": identity,
                **figure_columns(figure),
                "line": line_of(lines, sentence) if report.source_text else fallback,
                "record": figure_json(figure, home),
            }
        )
    return rows


def passage_index(report: Report, figure: Figure) -> int | None:
    """The passage that holds the figure: the one in which its number begins."""
    at = bisect_right(report.passages, figure.start, key=lambda passage: passage.start) - 1
    return at if at >= 0 and figure.start < report.passages[at].end else None


def attach_source(
    connection: Connection, number: int, *, location: str, source: str, sha256: str, reading: str
) -> None:
    """Note that `source` gave the report `number`; a report that loses its last own source by this goes."""
    table = schema.sources
    old = connection.execute(select(table.c.report_no).where(table.c.location == location)).scalar()
    values = {"report_no": number, "source": source, "sha256": sha256, "reading": reading, "read_at": now()}
    if old is None:
        connection.execute(insert(table), {"location": location, **values})
    else:
        connection.execute(update(table).where(table.c.location == location).values(**values))
        if old != number:
            carry_vectors(connection, old, number)
            drop_if_orphan(connection, old)


def drop_if_orphan(connection: Connection, number: int) -> bool:
    """Delete the report when no source with its very bytes stands for it any more."""
    table, reports = schema.sources.c, schema.reports.c
    own = select(table.location).join(schema.reports, reports.no == table.report_no)
    if connection.execute(own.where(reports.no == number, table.sha256 == reports.sha256)).first() is not None:
        return False
    connection.execute(delete(schema.reports).where(schema.reports.c.no == number))
    return True
