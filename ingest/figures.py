"""Every number of a report as a typed record: which indicator, whose period, result or target (docs/figures.md).

`"全年城镇新增就业7198人，完成年度目标的120%"` gives 7198 人 of 城镇新增就业 and its completion, 120 %.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace

from zhengwen.ingest.cues import cues
from zhengwen.ingest.figures_build import Reader
from zhengwen.ingest.figures_scope import Scopes
from zhengwen.ingest.models import About, Block, Figure
from zhengwen.ingest.periods import Anchor
from zhengwen.ingest.quantities import Quantity, find_quantities
from zhengwen.ingest.sentences import sentence_spans


def read_figures(text: str, blocks: Sequence[Block], about: About) -> tuple[Figure, ...]:
    """The figures of a clean text in order. Spans are offsets into `text`; values are base units (元, 人 …)."""
    told = about.date.value is not None or about.year_reviewed.how != "inferred"
    dated = told or about.kind not in ("news", "unknown")
    anchor = Anchor(about.year_reviewed.value, about.date.value, about.covers, dated)
    scopes = Scopes(about)
    found: list[Figure] = []
    for block in blocks:
        if block.kind == "table" or block.mode == "glossary":
            continue
        quantities = find_quantities(text[block.start : block.end])
        if not quantities:
            continue
        quantities = [_moved(quantity, block.start) for quantity in quantities]
        reader = Reader(text, block, about, anchor=anchor, cues=cues(), scopes=scopes)
        for start, end in sentence_spans(text, block.start, block.end):
            inside = [quantity for quantity in quantities if start <= quantity.start and quantity.end <= end]
            found.extend(reader.sentence(start, end, inside))
    return tuple(found)


def _moved(quantity: Quantity, by: int) -> Quantity:
    """The quantity with offsets into the whole text."""
    low, high = (quantity.bound_start + by, quantity.bound_end + by) if quantity.bound_start >= 0 else (-1, -1)
    return replace(quantity, start=quantity.start + by, end=quantity.end + by, bound_start=low, bound_end=high)
