"""The figures that may answer: those of the reports of a region that touch the years asked and hold a word asked."""

from __future__ import annotations

import json
import re
from collections.abc import Callable, Iterable, Sequence
from functools import lru_cache
from itertools import islice
from typing import Self, TypeVar

from zhengwen.bot.held import reports_of
from zhengwen.bot.match import Candidate, Keys, Weights, keys_of
from zhengwen.bot.match_words import fold
from zhengwen.bot.query import Query
from zhengwen.index.codec import day
from zhengwen.index.figure_lines import REPORTS_KEPT, FigureLine, figure_lines
from zhengwen.index.library import Library
from zhengwen.index.lookup import FigureFilter, StoredFigure, lookup
from zhengwen.index.rows import ReportRow
from zhengwen.ingest.models import Period, Region

_Found = TypeVar("_Found", "_Short", StoredFigure)


class Pool(list[Candidate]):
    """Candidates, with the weights of words among all texts that might have answered, also without a word asked."""

    def __init__(
        self, candidates: Iterable[Candidate], texts: frozenset[str], *, weights: Weights | None = None
    ) -> None:
        super().__init__(candidates)
        self.texts = texts
        self.weights = weights or Weights(texts)

    @classmethod
    def plain(cls, candidates: Sequence[Candidate]) -> Self:
        """Candidates that are judged among themselves."""
        return cls(candidates, frozenset(one.sentence + one.headings for one in candidates))

    def keep(self, test: Callable[[Candidate], bool]) -> Self:
        """Fewer candidates, judged among the same texts."""
        return type(self)([one for one in self if test(one)], self.texts, weights=self.weights)


def candidates(library: Library, query: Query, region: Region | None, period: Period | None) -> Pool:
    """The figures of a region that touch the period (all of them where none is asked), undated ones included."""
    reports = reports_of(library, region.code) if region is not None else ()
    if region is None or not reports:
        return _from_others(library, query, region, period)
    shorts = [short for row in sorted(reports, key=lambda row: row.no) for short in _shorts(library, row)]
    if period is not None:
        first, last = day(period.start), day(period.end)
        shorts = [one for one in shorts if one.line.first <= last and one.line.last >= first]
    return _narrowed(library, query, region, _meant(query, shorts))


def load_figures(library: Library, reports: Iterable[ReportRow]) -> None:
    """Read the figures of reports in short, as many as are kept, before somebody waits for an answer from them."""
    for report in islice(reports, REPORTS_KEPT):
        _shorts(library, report)


def _from_others(library: Library, query: Query, region: Region | None, period: Period | None) -> Pool:
    """Of a place without a report of its own, as its city's or province's reports give them."""
    wanted = FigureFilter(period=period, undated=True, regions=(region.code,) if region is not None else ())
    found = _meant(query, lookup(library, wanted))
    place = str(library.folder)
    ready = [_candidate(_Kept(place, found, at)) for at in range(len(found))]
    return Pool.plain(ready)


def _meant(query: Query, found: Sequence[_Found]) -> Sequence[_Found]:
    """Those of the kind and the year of report that the question names."""
    if re.search(r"公报|统计局", query.text):
        return [one for one in found if one.report.kind == "bulletin"] or found
    if query.report_years:
        said = [one for one in found if report_year(one.report) in query.report_years]
        return [one for one in said if one.report.kind != "bulletin"]
    return found


def _narrowed(library: Library, query: Query, region: Region, shorts: Sequence[_Short]) -> Pool:
    """The figures whose sentence holds a word asked, or whose indicator is asked, read in full.

    `match.all_scored` would pass over the others; their texts still say how rare a word is.
    """
    place, code = str(library.folder), region.code
    keys = [keys_of(ask.words) for ask in query.asks if ask.words or not ask.elliptical]
    names = frozenset(name for one in keys for name in one.names)
    anything = not keys or any(not one.words for one in keys)
    held_by = Keys(() if anything else tuple({word for one in keys for word in one.words}), names).held_by
    lines = [one.line for one in shorts]
    found: list[Candidate] = []
    known: dict[str, bool] = {}
    # The region's own figures, and those of a port or park in it that is no division.
    own = [(at, one) for at, one in enumerate(shorts) if one.line.region_code is None or one.line.region_code == code]
    for at, one in own:
        held = known.get(one.sentence)
        if held is None:
            held = known[one.sentence] = held_by(one.sentence)
        if held or one.line.canonical in names or held_by(one.named):
            found.append(_candidate(_Kept(place, lines, at)))
    return Pool(found, frozenset(one.whole for _, one in own))


class _Short:
    """A figure in short with its texts as they are compared."""

    __slots__ = ("line", "named", "sentence", "whole")

    def __init__(self, line: FigureLine, sentence: str, whole: str) -> None:
        self.line = line
        self.named = fold(line.named)
        self.sentence = sentence
        self.whole = whole
        """The sentence and its headings."""

    @property
    def report(self) -> ReportRow:
        return self.line.report


@lru_cache(maxsize=REPORTS_KEPT)
def _shorts(library: Library, report: ReportRow) -> tuple[_Short, ...]:
    """The figures of a report; figures of one sentence share its texts. Report numbers are never given out twice."""
    folded: dict[tuple[str, str], tuple[str, str]] = {}
    found = []
    for line in figure_lines(library, report):
        key = (line.sentence, line.headings)
        if key not in folded:
            alone = fold(line.sentence)
            folded[key] = (alone, alone + fold(" ".join(json.loads(line.headings))))
        found.append(_Short(line, *folded[key]))
    return tuple(found)


class _Kept:
    """One of the figures, the same key whenever it is read again: report numbers are never given out twice."""

    __slots__ = ("_at", "_lines", "key")

    def __init__(self, place: str, lines: Sequence[FigureLine] | Sequence[StoredFigure], at: int) -> None:
        self.key = (place, lines[at].report.no, lines[at].id)
        self._lines: Sequence[FigureLine | StoredFigure] = lines
        self._at = at

    def read(self) -> Candidate:
        """The figure in full; the neighbours that help to read it are not kept."""
        stored = _full(self._lines[self._at])
        twins = "城乡" in stored.figure.indicator_text
        around = [_full(one) for one in self._lines[max(0, self._at - 1) : self._at + 2]] if twins else ()
        self._lines = ()
        return Candidate.of(stored, also=_half(stored, around))

    def __hash__(self) -> int:
        return hash(self.key)

    def __eq__(self, other: object) -> bool:
        return isinstance(other, _Kept) and self.key == other.key


def _full(one: FigureLine | StoredFigure) -> StoredFigure:
    return one.stored() if isinstance(one, FigureLine) else one


@lru_cache(maxsize=8_192)
def _candidate(kept: _Kept) -> Candidate:
    return kept.read()


def _half(one: StoredFigure, around: Sequence[StoredFigure]) -> str:
    """城乡低保标准分别提高到685元和5480元: the first is that of the towns, the second that of the country."""
    figure = one.figure
    if figure.scope in ("城镇", "农村"):
        return "城市城镇" if figure.scope == "城镇" else "农村"
    if "城乡" not in figure.indicator_text:
        return ""
    twins = [
        other.figure.start
        for other in around
        if other.report.no == one.report.no
        and other.figure.clause_start == figure.clause_start
        and other.figure.indicator_text == figure.indicator_text
        and other.figure.kind == figure.kind
    ]
    if len(twins) != 2:
        return ""
    return "城市城镇" if figure.start == min(twins) else "农村"


def report_year(report: ReportRow) -> int | None:
    """The year in which a report was read out."""
    if report.date is not None and report.kind != "bulletin":
        # A report read out in December is called that of the next year as often as not: the year reviewed decides.
        early = report.date.month == 12 and report.year_reviewed is not None
        return (report.year_reviewed or 0) + 1 if early else report.date.year
    return None if report.year_reviewed is None else report.year_reviewed + 1
