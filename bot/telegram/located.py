"""Where the figures of an answer stand: their ids, and their places in the quotations."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field

from zhengwen.bot.models import Answer


@dataclass(frozen=True)
class Located:
    """What the buttons and the marks of an answer point at."""

    spots: Mapping[int, list[tuple[int, int]]] = field(default_factory=dict)
    """For a citation's number, half-open offsets in its quotation."""
    by_citation: Mapping[int, str] = field(default_factory=dict)
    """For a citation's number, the first figure shown from it."""
    main: str = ""
    """The id of the answer's first figure; empty where it does not stand in its quotation."""


def locate(answer: Answer) -> Located:
    """The places of the shown figures; a refusal's nearest figure has none."""
    cited = {one.n: one for one in answer.citations if one.id}
    spots: dict[int, list[tuple[int, int]]] = {}
    ids: dict[int, str] = {}
    main = ""
    for number, shown in enumerate(answer.figures):
        citation = cited.get(shown.citation)
        if citation is None or not (shown.id and citation.start <= shown.start and shown.end <= citation.end):
            continue  # a figure beyond the length of a quotation
        spots.setdefault(citation.n, []).append((shown.start - citation.start, shown.end - citation.start))
        ids.setdefault(citation.n, shown.id)
        main = shown.id if number == 0 else main
    return Located(spots, ids, main)
