"""What looking up a quotation needs: passages that share its words, and the repairs of a report.

near = passages_like(library, "新增高标准农田二十万亩", top=50)
repairs_of(library, near[0].report)
"""

from __future__ import annotations

import zlib
from collections.abc import Collection
from typing import TYPE_CHECKING

from sqlalchemy import select

from zhengwen.index import schema
from zhengwen.index.codec import unpack_repairs
from zhengwen.ingest.errors import LibraryError
from zhengwen.ingest.models import Repair

if TYPE_CHECKING:
    from zhengwen.index.library import Library
    from zhengwen.index.rows import ReportRow, StoredPassage


def passages_like(
    library: Library, text: str, *, top: int, reports: Collection[int] | None = None
) -> list[StoredPassage]:
    """At most `top` passages that share most words with `text` (simplified), best first; by the keyword index alone.

    `reports` are internal numbers to search within. Raises LibraryError when the index can neither be read nor made.
    """
    from zhengwen.index.keywords import KeywordIndexDamaged
    from zhengwen.index.sync import keyword_index

    index = keyword_index(library)
    try:
        numbers = [number for number, _ in index.search(text, top=top, reports=reports)]
    except KeywordIndexDamaged as error:
        raise LibraryError(
            f"{library.folder}: the keyword index is damaged ({error}); ask again to rebuild it"
        ) from None
    stored = {one.no: one for one in library.passages(numbers)}
    return [stored[number] for number in numbers if number in stored]


def repairs_of(library: Library, report: ReportRow) -> tuple[Repair, ...]:
    """The mended and the marked places of a report, in source offsets. Raises LibraryError for a damaged record."""
    table = schema.texts.c
    with library.reading() as connection:
        packed = connection.execute(select(table.repairs).where(table.report_no == report.no)).scalar()
    try:
        return unpack_repairs(packed) if packed else ()
    except (zlib.error, ValueError) as error:
        raise LibraryError(
            f"{library.folder}: the repairs of {report.source} are damaged ({error}); ingest it again"
        ) from None
