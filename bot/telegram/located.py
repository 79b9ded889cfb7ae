"""Where the figures of an answer stand: their ids, and their places in the quotations."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field

from zhengwen.bot.models import Answer, Citation, FigureShown
from zhengwen.index.library import Library
from zhengwen.index.lookup import FigureFilter, StoredFigure, lookup


@dataclass(frozen=True)
class Located:
    """Found again in the library by their words, place and time."""

    spots: Mapping[int, list[tuple[int, int]]] = field(default_factory=dict)
    """For a citation's number, half-open offsets in its quotation."""
    by_citation: Mapping[int, str] = field(default_factory=dict)
    """For a citation's number, the first figure shown from it."""
    main: str = ""
    """The id of the answer's first figure; empty where it was not found."""


def locate(library: Library, answer: Answer) -> Located:
    """The places of the shown figures; a refusal's nearest figure has none."""
    cited = {one.n: one for one in answer.citations}
    passages = tuple({one.id for one in answer.citations if one.id})
    if not answer.figures or not passages:
        return Located()
    stored: dict[tuple[str, str], list[StoredFigure]] = {}
    for one in lookup(library, FigureFilter(passage_ids=passages)):
        stored.setdefault((one.passage_id, one.figure.surface), []).append(one)
    spots: dict[int, list[tuple[int, int]]] = {}
    ids: dict[int, str] = {}
    main = ""
    for number, shown in enumerate(answer.figures):
        citation = cited.get(shown.citation)
        if citation is None:
            continue
        found = _same(stored.get((citation.id, shown.surface), []), shown, citation)
        if found is None:
            continue
        start = found.figure.start - citation.start
        spots.setdefault(citation.n, []).append((start, start + len(shown.surface)))
        ids.setdefault(citation.n, found.id)
        main = found.id if number == 0 else main
    return Located(spots, ids, main)


def _same(candidates: list[StoredFigure], shown: FigureShown, citation: Citation) -> StoredFigure | None:
    """The stored figure that was shown: one that stands in the quotation and agrees in the most fields."""
    inside = [one for one in candidates if citation.start <= one.figure.start and one.figure.end <= citation.end]

    def agreement(one: StoredFigure) -> int:
        figure = one.figure
        pairs = ((figure.indicator, shown.indicator), (figure.period, shown.period), (figure.status, shown.status))
        return sum(left == right for left, right in (*pairs, (figure.kind, shown.kind)))

    return max(inside, key=agreement, default=None)
