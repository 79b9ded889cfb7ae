"""Vectors outlive a new reading: a passage whose text stayed as it was is not embedded again."""

from __future__ import annotations

import json
from collections.abc import Sequence
from typing import Any

from sqlalchemy import Connection, insert, select

from zhengwen.index import schema
from zhengwen.index.reading import read_text


def vector_text(headings: Sequence[str], text: str) -> str:
    """What a passage's vector is made from: the heading above it, for what 其中 is about, and itself."""
    return " ".join((*headings[-1:], text))


def carry_vectors(connection: Connection, old: int, new: int) -> int:
    """Give the passages of report `new` the vectors of report `old` whose texts are the same; how many that were.

    Called inside the transaction in which `new` takes the place of `old`, while both are there.
    """
    vectors, passages = schema.embeddings.c, schema.passages.c
    own = select(vectors.embedder_no, vectors.vector, passages.start, passages.end, passages.headings)
    joined = own.join_from(schema.embeddings, schema.passages, vectors.passage_no == passages.no)
    held = connection.execute(joined.where(passages.report_no == old)).all()
    if not held:
        return 0
    by_text: dict[str, dict[int, bytes]] = {}
    for row, text in zip(held, _texts(connection, old, held), strict=True):
        by_text.setdefault(text, {})[row.embedder_no] = row.vector
    columns = select(passages.no, passages.start, passages.end, passages.headings)
    wanted = connection.execute(columns.where(passages.report_no == new)).all()
    known = select(vectors.embedder_no, vectors.passage_no).join(schema.passages, vectors.passage_no == passages.no)
    there = {tuple(row) for row in connection.execute(known.where(passages.report_no == new))}
    rows = [
        {"embedder_no": embedder, "passage_no": row.no, "vector": vector}
        for row, text in zip(wanted, _texts(connection, new, wanted), strict=True)
        for embedder, vector in by_text.get(text, {}).items()
        if (embedder, row.no) not in there
    ]
    if rows:
        connection.execute(insert(schema.embeddings), rows)
    return len(rows)


def _texts(connection: Connection, number: int, rows: Sequence[Any]) -> list[str]:
    stored = read_text(connection, number)
    clean = stored.clean if stored is not None else ""
    return [vector_text(json.loads(row.headings), clean[row.start : row.end]) for row in rows]
