"""Puts an answer together: every figure and quotation is checked against the stored text before it is shown."""

from __future__ import annotations

import re
from collections.abc import Sequence

from zhengwen.bot.match import Candidate, Scored
from zhengwen.bot.messages import say
from zhengwen.bot.models import Answer, Citation, Considered, Derived, FigureShown
from zhengwen.bot.wording import amount, decimal_text
from zhengwen.index.library import Library
from zhengwen.index.lookup import FigureFilter, StoredFigure, lookup
from zhengwen.index.rows import ReportRow, StoredPassage
from zhengwen.ingest.models import Figure

LONGEST_QUOTE = 800
_PLACE = {"id": "", "start": 0, "end": 0}
_FALL = re.compile("降|减少|回落|跌|负|缩减")


class Draft:
    """An answer in the making. Figures and citations are numbered in the order in which they are added."""

    def __init__(self, library: Library, question: str) -> None:
        self.library = library
        self.question = question
        self.figures: list[FigureShown] = []
        self.citations: list[Citation] = []
        self.derived: list[Derived] = []
        self.considered: list[Considered] = []

    def figure(self, candidate: Candidate) -> int | None:
        """Add a figure and its citation; gives the citation's number, None where the text no longer holds it."""
        stored, figure = candidate.stored, candidate.figure
        if not stored.verify():
            return None
        number = self._cite_figure(stored)
        shown = FigureShown(
            indicator=figure.indicator,
            value=self._value(candidate),
            value_max=None if figure.value_max is None else format(figure.value_max, "f"),
            unit=figure.unit,
            surface=figure.surface,
            region=figure.region.name if figure.region else stored.report.region_name,
            period=figure.period,
            status=figure.status,
            bound=figure.bound,
            kind=figure.kind,
            estimated=figure.estimated,
            scope=figure.scope,
            basis=figure.basis,
            corrected=figure.corrected,
            repaired=figure.repaired,
            citation=number,
            id=stored.id,
            start=figure.start,
            end=figure.end,
        )
        if all(_but_place(shown) != _but_place(known) for known in self.figures):
            self.figures.append(shown)
        return number

    def source(self, candidate: Candidate) -> int | None:
        """Cite a figure that is not shown again; None where the text no longer holds it."""
        return self._cite_figure(candidate.stored) if candidate.stored.verify() else None

    def position(self, figure: Figure) -> int | None:
        """Where the answer shows a figure, counted from 1; None where it does not."""
        wanted = (figure.surface, figure.period, figure.region.name if figure.region else None)
        for number, shown in enumerate(self.figures, start=1):
            if wanted[:2] == (shown.surface, shown.period) and wanted[2] in (None, shown.region):
                return number
        return None

    def _value(self, candidate: Candidate) -> str:
        """The value for JSON. A fall is negative (下降3.9%); 压减12.9% says the size of the cut, which is positive."""
        figure = candidate.figure
        text = decimal_text(figure)
        if figure.value < 0 and figure.kind == "change":
            return text if _FALL.search(self.amount(candidate)) else text.lstrip("-")
        return text

    def amount(self, candidate: Candidate, *, alone: bool = False) -> str:
        """The figure in words, as its clause says it; see `wording.amount`."""
        figure, stored = candidate.figure, candidate.stored
        text = self.library.text(stored.report).clean
        start, end = figure.sentence_start, figure.sentence_end
        return amount(figure, text[start:end], figure.start - start, alone=alone)

    def _cite_figure(self, stored: StoredFigure) -> int:
        figure = stored.figure
        passage = self.library.passage(stored.passage_id) if stored.passage_id else None
        held = passage is not None and passage.passage.start <= figure.start and figure.end <= passage.passage.end
        if passage is not None and held and len(passage.text) <= LONGEST_QUOTE:
            return self.passage(passage)
        start, end = figure.sentence_start, min(figure.sentence_end, figure.sentence_start + LONGEST_QUOTE)
        return self._cite(stored.report, stored.passage_id, start, end)

    def passage(self, passage: StoredPassage) -> int:
        """Cite a passage; gives its number."""
        start = passage.passage.start
        return self._cite(passage.report, passage.id, start, min(passage.passage.end, start + LONGEST_QUOTE))

    def span(self, report: ReportRow, passage_id: str, start: int, end: int) -> int:
        """Cite a piece of a report's clean text."""
        return self._cite(report, passage_id, start, min(end, start + LONGEST_QUOTE))

    def _cite(self, report: ReportRow, passage_id: str, start: int, end: int) -> int:
        for known in self.citations:
            if known.source == report.source and known.start <= start and end <= known.end:
                return known.n
        quote = self.library.text(report).clean[start:end]
        number = len(self.citations) + 1
        self.citations.append(
            Citation(
                n=number,
                id=passage_id,
                title=report.title,
                source=report.source,
                date=report.date,
                quote=quote,
                start=start,
                end=end,
            )
        )
        return number

    def with_notes(self, text: str) -> str:
        """The text, a line for each corrected figure that it gives or quotes, and one for figures of mended places."""
        if not text:
            return ""
        told = [(one.surface, one.citation, one.corrected) for one in self.figures if one.corrected]
        told += [] if self.figures else self._corrected_in_quotes()
        notes = [say("corrected", surface=surface, mark=f"[{number}]", what=what) for surface, number, what in told]
        mended = dict.fromkeys(f"{one.surface}[{one.citation}]" for one in self.figures if one.repaired)
        notes += [say("mended", what="、".join(mended))] if mended else []
        return "\n".join([text, *notes])

    def _corrected_in_quotes(self) -> list[tuple[str, int, str]]:
        """Surface, citation and correction of the corrected figures in the quotations, the withdrawn ones too."""
        ids = tuple(one.id for one in self.citations if one.id)
        found = lookup(self.library, FigureFilter(passage_ids=ids, withdrawn=None, corrected=True)) if ids else []
        return [
            (row.figure.surface, one.n, row.figure.corrected)
            for one in self.citations
            for row in found
            if row.passage_id == one.id and one.start <= row.figure.start and row.figure.end <= one.end
        ]

    def consider(self, scored: Sequence[Scored], *, chosen: Sequence[Scored] = ()) -> None:
        """Note what was looked at, for `ask --why`."""
        picked = {id(one.candidate.figure) for one in chosen}
        for one in scored:
            figure, stored = one.figure, one.candidate.stored
            self.considered.append(
                Considered(
                    figure=stored.id,
                    indicator=figure.indicator_text,
                    surface=figure.surface,
                    region=figure.region.name if figure.region else "",
                    period=str(figure.period or ""),
                    status=figure.status,
                    score=round(one.score, 4),
                    why="" if id(figure) in picked else one.why or "lower score",
                    source=stored.report.source,
                    line=stored.line,
                )
            )

    def finish(self, text: str, *, understood: str = "") -> Answer:
        """The answer with what was gathered; a corrected figure is told to be one, whatever shows the answer."""
        return Answer(
            question=self.question,
            answered=True,
            text=self.with_notes(text),
            figures=tuple(self.figures),
            citations=tuple(self.citations),
            derived=tuple(self.derived),
            considered=tuple(self.considered),
            understood=understood,
        )


def _but_place(shown: FigureShown) -> FigureShown:
    """A figure without its place, for telling whether a passage prints the same one again."""
    return shown.model_copy(update=_PLACE)
