"""Whether two figures are of one thing, and what to show when their values differ."""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence
from decimal import Decimal

from zhengwen.bot.match import Scored, canonical_of, canonical_pairs
from zhengwen.bot.match_words import features
from zhengwen.bot.query import Ask, Query
from zhengwen.bot.ranking_periods import tier
from zhengwen.bot.ranking_pool import report_year
from zhengwen.ingest.models import Figure, Period


def finer(main: Scored, good: Sequence[Scored]) -> Scored:
    """Of a value and its rounding the exact one: 2.36万亿元 before 超过2.3万亿元."""

    def digits(one: Scored) -> int:
        return len(one.figure.value.normalize().as_tuple().digits)

    same = [
        one
        for one in good
        if one.figure.period == main.figure.period
        and one.figure.value != main.figure.value
        and _same_thing(main, one)
        and agrees(main.figure, one.figure)
    ]
    return max([main, *same], key=digits)


def reached(main: Scored, good: Sequence[Scored]) -> Scored:
    """The value itself before a mark it passed: 突破100亿斤、达到101亿斤 in one sentence."""
    a = main.figure
    if a.bound not in ("more_than", "at_least", "nearly"):
        return main
    for one in good:
        b = one.figure
        beside = one.candidate.stored.report.no == main.candidate.stored.report.no
        beside = beside and a.sentence_start == b.sentence_start and a.period == b.period and a.status == b.status
        if beside and b.bound == "exact" and one_meaning(a, b) and a.value < b.value < a.value * Decimal("1.2"):
            return one
    return main


def printed_again(main: Scored, good: Sequence[Scored]) -> Scored | None:
    """The same value of the same thing in another report, of the region's own first; None where no other has it."""
    a, source = main.figure, main.candidate.stored.report
    for one in good:
        b, report = one.figure, one.candidate.stored.report
        same = (a.value, a.unit, a.kind, a.status, a.period) == (b.value, b.unit, b.kind, b.status, b.period)
        if same and report.no != source.no and (one_meaning(a, b) or alike(a.indicator_text, b.indicator_text) >= 0.75):
            return one
    return None


def own_part(ask: Ask, main: Scored, good: Sequence[Scored]) -> Scored:
    """A part asked by its own name before the whole: 市属固定资产投资 before 固定资产投资 in one sentence.

    The other figure holds in its own name every asked word that the main one holds, and more of them.
    """
    pairs = [pair for pair, weight in features(ask.words) if weight == 1.0]

    def own(one: Scored) -> set[str]:
        given = canonical_pairs(ask.words, one.figure)
        return {pair for pair in pairs if pair in given or pair in one.candidate.near}

    best, held = main, own(main)
    for one in good:
        figure = one.figure
        beside = one.candidate.stored.report.no == main.candidate.stored.report.no
        beside = beside and figure.sentence_start == main.figure.sentence_start
        alike_kind = figure.kind == main.figure.kind and _one_unit(figure.unit, main.figure.unit)
        if beside and alike_kind and figure.period == main.figure.period and own(one) > held:
            best, held = one, own(one)
    return best


def revised_first(main: Scored, others: tuple[Scored, ...]) -> tuple[Scored, tuple[Scored, ...]]:
    """Of two prints of one year's figure the later one stands first: it is the revision."""
    rows = [main, *others]
    if not others or any(one.figure.period != main.figure.period or one.figure.estimated for one in others):
        return main, others

    def printed(one: Scored) -> int:
        return report_year(one.candidate.stored.report) or 0

    rows.sort(key=printed, reverse=True)
    return rows[0], tuple(rows[1:])


def one_meaning(a: Figure, b: Figure) -> bool:
    """The same indicator, kind of value and unit."""
    if a.kind != b.kind or not _one_unit(a.unit, b.unit):
        return False
    first, second = canonical_of(a), canonical_of(b)
    if first or second:
        return first == second
    return a.indicator_text == b.indicator_text


def siblings(query: Query, ask: Ask, main: Scored, good: Sequence[Scored], period: Period | None) -> tuple[Scored, ...]:
    """Figures of the same meaning and scope with another value: sources that disagree are shown together."""
    if ask.end:
        return ()
    found: list[Scored] = []
    for one in good:
        figure = one.figure
        if one is main or not _same_thing(main, one) or tier(query, period, one.candidate) > 1:
            continue
        apart = one.candidate.stored.report.no != main.candidate.stored.report.no
        if not apart and figure.period == main.figure.period:
            continue
        undated = apart and (figure.period is None or main.figure.period is None)
        if period is None and not undated and not _one_end(figure.period, main.figure.period):
            continue
        if any(agrees(figure, other.figure) for other in (main, *found)):
            continue
        found.append(one)
    return tuple(found[:3])


def _one_end(a: Period | None, b: Period | None) -> bool:
    """Both reach into one year: 2020 and 2016-2020."""
    return a is not None and b is not None and a.end.year == b.end.year


def _same_thing(main: Scored, one: Scored) -> bool:
    a, b = main.figure, one.figure
    if a.per != b.per:
        return False
    if main.candidate.stored.report.no == one.candidate.stored.report.no and a.sentence_start == b.sentence_start:
        return False
    if a.scope != b.scope or (a.basis != b.basis and a.kind != "change"):
        return False
    if a.status != b.status and "cumulative" not in (a.status, b.status):
        return False
    if _same_head(main, one):
        return abs(main.score - one.score) <= 0.2
    near = 0.35 if alike(a.indicator_text, b.indicator_text) >= 0.75 else 0.12
    if abs(main.score - one.score) > near:
        return False
    if one_meaning(a, b):
        return True
    apart = main.candidate.stored.report.no != one.candidate.stored.report.no
    return apart and a.kind == b.kind and _one_unit(a.unit, b.unit) and alike(a.indicator_text, b.indicator_text) >= 0.7


def _same_head(main: Scored, one: Scored) -> bool:
    """金融机构 and 金融机构|形成了…体系 in another report: one thing counted, the rest is what it does."""
    import rjieba

    a, b = main.figure, one.figure
    if main.candidate.stored.report.no == one.candidate.stored.report.no or a.kind != "count" or a.unit != b.unit:
        return False
    short, long = sorted((a.indicator_text, b.indicator_text), key=len)
    if len(short) < 3 or short == long or not long.startswith(short):
        return False
    return bool(rjieba.tag(long[len(short) :])[0][1].startswith("v"))


def _one_unit(a: str, b: str) -> bool:
    return a == b or {a, b} <= {"户", "家"} or {a, b} <= {"人", "名"}


def alike(a: str, b: str) -> float:
    """How far two names share their characters: 高标准改造老旧小区 and 老旧小区改造, 0.8."""
    first, second = Counter(a), Counter(b)
    return 2 * sum((first & second).values()) / max(1, len(a) + len(b))


def agrees(a: Figure, b: Figure) -> bool:
    """Equal, or one the rounding of the other: 1.4万亿元 and 14136亿元."""
    if a.value == b.value:
        return True
    if a.unit != b.unit or not a.value or not b.value or a.kind not in ("level", "count"):
        return False
    coarse, fine = sorted((a, b), key=lambda one: len(one.value.normalize().as_tuple().digits))
    exponent = coarse.value.normalize().as_tuple().exponent
    if not isinstance(exponent, int) or exponent <= 0:
        return False
    step = Decimal(10) ** exponent
    return abs(coarse.value - fine.value) < step
