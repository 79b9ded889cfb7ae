"""The tables of a library: one relational database is the truth, everything else is derived from it.

Written with SQLAlchemy Core, so SQLite (default) and PostgreSQL run the same statements. Numbers called `no` are
never given out twice, so that a derived index can tell an old report from the one that replaced it. Dates are stored
as ISO text, figure periods as YYYYMMDD integers (compared by the database), texts and maps as zlib-compressed UTF-8.
"""

from __future__ import annotations

from sqlalchemy import (
    BigInteger,
    Column,
    ForeignKey,
    Index,
    Integer,
    LargeBinary,
    MetaData,
    SmallInteger,
    String,
    Table,
    Text,
)

SCHEMA_VERSION = 1
"""Raised with every change of the tables; a library of a higher version is refused untouched."""

WITHDRAWN = "withdrawn"
"""The status of a figure that a correction took back: a look-up leaves it out unless it asks for it."""

metadata = MetaData()

# A plain INTEGER key is what SQLite's AUTOINCREMENT asks for; PostgreSQL gets an identity of 8 bytes.
_Number = BigInteger().with_variant(Integer(), "sqlite")


def _report_key() -> Column[int]:
    return Column("report_no", _Number, ForeignKey("reports.no", ondelete="CASCADE"), nullable=False)


meta = Table("meta", metadata, Column("key", String(64), primary_key=True), Column("value", Text, nullable=False))

reports = Table(
    "reports",
    metadata,
    Column("no", _Number, primary_key=True, autoincrement=True),
    Column("id", String(16), nullable=False, unique=True),
    Column("sha256", String(64), nullable=False),
    Column("encoding", String(32), nullable=False),
    Column("region_code", String(6)),
    Column("region_name", Text, nullable=False),
    Column("region_level", String(16), nullable=False),
    Column("level", String(16), nullable=False),
    Column("kind", String(16), nullable=False),
    Column("title", Text, nullable=False),
    Column("date", String(10)),
    Column("year_reviewed", Integer),
    Column("covers", String(24)),
    Column("speaks_from", Integer),  # the first and the last year its text is about, plans included
    Column("speaks_to", Integer),
    Column("about", Text, nullable=False),
    Column("warnings", Text, nullable=False),
    Column("characters", Integer, nullable=False),
    Column("passages", Integer, nullable=False),
    Column("figures", Integer, nullable=False),
    Column("read_at", String(32), nullable=False),
    Index("reports_region_year", "region_code", "year_reviewed"),
    sqlite_autoincrement=True,
)

sources = Table(
    "sources",
    metadata,
    Column("location", Text, primary_key=True),  # the absolute path or URL: what makes two sources the same
    _report_key(),
    Column("source", Text, nullable=False),  # as ingested: what is shown
    Column("sha256", String(64), nullable=False),  # of this source; differs from the report's for a near-duplicate
    Column("reading", String(64), nullable=False),  # digest of what else the reading depends on (sidecar, settings)
    Column("read_at", String(32), nullable=False),
    Index("sources_report", "report_no"),
    Index("sources_sha256", "sha256"),
)

texts = Table(
    "texts",
    metadata,
    Column("report_no", _Number, ForeignKey("reports.no", ondelete="CASCADE"), primary_key=True, autoincrement=False),
    Column("clean", LargeBinary, nullable=False),
    Column("source", LargeBinary, nullable=False),  # empty where it equals the clean text
    Column("offsets", LargeBinary, nullable=False),
    Column("blocks", LargeBinary, nullable=False),
    Column("repairs", LargeBinary, nullable=False),
    Column("removals", LargeBinary, nullable=False),
    Column("fingerprint", LargeBinary, nullable=False),  # of ingest.duplicates: finds the same report from another site
)

passages = Table(
    "passages",
    metadata,
    Column("no", _Number, primary_key=True, autoincrement=True),
    _report_key(),
    Column("seq", Integer, nullable=False),
    Column("id", String(16), nullable=False),
    Column("start", Integer, nullable=False),
    Column("end", Integer, nullable=False),
    Column("source_start", Integer, nullable=False),
    Column("source_end", Integer, nullable=False),
    Column("line", Integer, nullable=False),
    Column("headings", Text, nullable=False),
    Column("mode", String(16), nullable=False),
    Column("period", String(24)),
    Index("passages_report", "report_no", "seq"),
    Index("passages_id", "id"),
    sqlite_autoincrement=True,
)

figures = Table(
    "figures",
    metadata,
    Column("no", _Number, primary_key=True, autoincrement=True),
    _report_key(),
    Column("passage_no", _Number, ForeignKey("passages.no", ondelete="CASCADE")),
    Column("id", String(16), nullable=False),
    Column("region_code", String(6)),
    Column("indicator", Text, nullable=False),
    Column("canonical", SmallInteger, nullable=False),
    Column("kind", String(16), nullable=False),
    Column("status", String(16), nullable=False),  # WITHDRAWN whatever the record says, where a correction took it back
    Column("unit", Text, nullable=False),
    Column("period_start", Integer),
    Column("period_end", Integer),
    Column("value", Text, nullable=False),
    Column("line", Integer, nullable=False),
    Column("record", Text, nullable=False),
    Index("figures_region_period", "region_code", "period_start", "period_end"),
    Index("figures_indicator", "indicator", "region_code"),
    Index("figures_report", "report_no"),
    Index("figures_passage", "passage_no"),
    Index("figures_id", "id"),
    sqlite_autoincrement=True,
)

embedders = Table(
    "embedders",
    metadata,
    Column("no", _Number, primary_key=True, autoincrement=True),
    Column("identity", Text, nullable=False, unique=True),
    Column("dimensions", Integer, nullable=False),
    sqlite_autoincrement=True,
)

embeddings = Table(
    "embeddings",
    metadata,
    Column("embedder_no", _Number, ForeignKey("embedders.no", ondelete="CASCADE"), primary_key=True),
    Column("passage_no", _Number, ForeignKey("passages.no", ondelete="CASCADE"), primary_key=True),
    Column("vector", LargeBinary, nullable=False),  # little-endian fp16
    Index("embeddings_passage", "passage_no"),
)
