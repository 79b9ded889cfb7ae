"""What a report ties to a figure: its growth, rank or share, asked for in a few words (增速呢？排第几？)."""

from __future__ import annotations

from collections.abc import Sequence

from zhengwen.bot.match import Candidate, Scored
from zhengwen.bot.match_kinds import allowed
from zhengwen.bot.match_words import features, mentioned, soft_pairs
from zhengwen.bot.query import Ask, Query
from zhengwen.bot.ranking_pick import Pick
from zhengwen.bot.ranking_same import alike
from zhengwen.bot.ranking_standing import wanted_status

_NEXT = 30
"""So many characters further on the sentence may already speak of something else."""


def beside(query: Query, ask: Ask, main: Candidate, found: Sequence[Candidate]) -> Pick:
    """增速呢？排第几？: the figure of that kind which the report ties to the one picked before."""
    rows: list[tuple[float, Scored]] = []
    for candidate in found:
        figure = candidate.figure
        if figure.start == main.figure.start and candidate.stored.report.no == main.stored.report.no:
            continue
        if ask.words and not _speaks_of(candidate, ask.words):
            continue
        if allowed(ask, figure) or (figure.status == "target" and wanted_status(query, ask) != "target"):
            continue
        if wanted_status(query, ask) == "target" and figure.status != "target":
            continue
        tie = _tie(main, candidate)
        if ask.words and tie and _named_in(main, candidate.stored.clause):
            tie += 0.5
        rows.append((tie, Scored(candidate, 0.0)))
    rows.sort(key=lambda pair: -pair[0])
    if not rows or rows[0][0] < 0.5:
        return Pick(ask, None)
    score, best = rows[0]
    return Pick(ask, Scored(best.candidate, score), (), None, tuple(Scored(o.candidate, s) for s, o in rows[:5]))


def next_to(ask: Ask, main: Candidate, found: Sequence[Candidate]) -> Pick | None:
    """开工多少套，完工多少套: a bare verb with a unit asks for the next number of that unit in the sentence.

    None where the ask has words of its own, or the sentence goes on without such a number.
    """
    if not (ask.units or ask.money) or {pair for pair, _ in features(ask.words)} - soft_pairs(ask.words):
        return None
    after = [
        one
        for one in found
        if one.stored.report.no == main.stored.report.no
        and one.figure.sentence_start == main.figure.sentence_start
        and 0 < one.figure.start - main.figure.end <= _NEXT
        and one.figure.status == main.figure.status
        and not allowed(ask, one.figure)
    ]
    if not after:
        return None
    return Pick(ask, Scored(min(after, key=lambda one: one.figure.start), 0.5))


def _speaks_of(candidate: Candidate, words: str) -> bool:
    """占全国多少, 占GDP多少: the clause names what it is a part of."""
    if {name for name, _ in mentioned(words)} & {name for name, _ in mentioned(candidate.stored.clause)}:
        return True
    generic = ("比重", "比例", "份额", "占比")
    pairs = [pair for pair, weight in features(words) if weight == 1.0 and pair not in generic]
    return bool(pairs) and all(pair in candidate.clause for pair in pairs)


def _named_in(main: Candidate, clause: str) -> bool:
    """财政用于民生支出比重: the clause names what the first figure counts, 民生支出."""
    pairs = [pair for pair, weight in features(main.figure.indicator_text) if weight == 1.0]
    return bool(pairs) and all(pair in clause for pair in pairs)


def _tie(main: Candidate, other: Candidate) -> float:
    """How surely `other` speaks of what `main` counts."""
    a, b = main.figure, other.figure
    same_report = main.stored.report.no == other.stored.report.no
    one = a.indicator == b.indicator or a.indicator_text == b.indicator_text
    if same_report and a.sentence_start == b.sentence_start:
        gap = b.start - a.end
        if one:
            return 1.0 - min(abs(gap), 100) / 1000
        if b.kind == "rank" and alike(a.indicator_text, b.indicator_text) < 0.7:
            return 0.3  # 粮食总产量…，粮食储备规模居全省第2位: the place of another thing
        return (0.8 if gap >= 0 else 0.45) - min(abs(gap), 200) / 500
    if one and a.canonical and a.period is not None and b.period is not None and a.period == b.period:
        return 0.7
    if one and same_report and a.period == b.period and a.status == b.status:
        return 0.65
    return 0.0
