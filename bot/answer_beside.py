"""What stands beside a value: its growth and completion in the same sentence, and the other scopes it is taken for."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from zhengwen.bot.compose import Draft
from zhengwen.bot.match import Candidate, canonical_of
from zhengwen.bot.messages import say
from zhengwen.bot.models import Derived
from zhengwen.bot.query import Query
from zhengwen.bot.ranking_pick import Pick
from zhengwen.bot.wording import named, short, when
from zhengwen.index.figure_lines import figure_lines
from zhengwen.index.library import Library
from zhengwen.ingest.models import Figure

_MOST_ELSEWHERE = 2


def tied(main: Candidate, found: Sequence[Candidate], draft: Draft) -> str:
    """，增长2.1%，完成率115%: what the sentence says of the very value, added to the answer; empty where nothing."""
    figure, pieces = main.figure, []
    kinds: set[str] = set()
    for one in sorted(found, key=lambda one: one.figure.start):
        other = one.figure
        same = one.stored.report.no == main.stored.report.no and other.sentence_start == figure.sentence_start
        same = same and other.start > figure.end and (other.period, other.status) == (figure.period, figure.status)
        kind = "change" if other.kind in ("change", "change_pp") else other.kind
        if not same or kind not in ("change", "completion") or kind in kinds or figure.kind not in ("level", "count"):
            continue
        if other.indicator_text != figure.indicator_text or other.scope != figure.scope or not _next(main, one):
            continue
        number = draft.figure(one)
        if number is None:
            continue
        kinds.add(kind)
        lead = say("figure.completion") if kind == "completion" else ""
        pieces.append(say("beside.tied", value=lead + draft.amount(one), mark=f"[{number}]"))
    return "".join(pieces)


def _next(main: Candidate, other: Candidate) -> bool:
    """Whether no other level stands between the two: …45.6亿元，增长2.1%."""
    start = main.figure.sentence_start
    between = main.stored.sentence[main.figure.end - start : other.figure.start - start]
    return len(between) <= 24 and "；" not in between and "。" not in between


def elsewhere(library: Library, query: Query, main: Candidate, draft: Draft) -> str:
    """另见：2021年目标7000人以上[2]: the same indicator as a plan, over several years or of the place above."""
    figure = main.figure
    if figure.period is None or not figure.period.is_year or not canonical_of(figure):
        return ""
    items: list[str] = []
    seen: set[str] = set()
    for label, one in _others(library, main):
        if label in seen or len(items) == _MOST_ELSEWHERE:
            continue
        number = draft.figure(one)
        if number is None:
            continue
        seen.add(label)
        value = _status(one.figure) + draft.amount(one)
        items.append(say("beside.item", label=_label(one.figure), value=value, mark=f"[{number}]"))
    del query
    return say("beside.line", items=say("join").join(items)) if items else ""


def _others(library: Library, main: Candidate) -> Iterator[tuple[str, Candidate]]:
    """The figures that are taken for the main one, each with what kind of mistake that would be."""
    figure, report = main.figure, main.stored.report
    assert figure.period is not None
    own = report.region.code if report.region else ""
    for line in figure_lines(library, report):
        if line.canonical != figure.indicator or line.id == main.stored.id:
            continue
        stored = line.stored()
        other = stored.figure
        if other.kind != figure.kind or other.unit != figure.unit or other.period is None or other.per != figure.per:
            continue
        away = line.region_code is not None and line.region_code != own
        spanning = not other.period.is_year and other.period.whole_years
        if away and other.period == figure.period and other.status == figure.status:
            yield "place", Candidate.of(stored)
        elif away:
            continue
        elif (
            spanning
            and other.bound == "exact"
            and other.period.end == figure.period.end
            and other.status in ("cumulative", "average")
        ):
            yield "span", Candidate.of(stored)
        elif other.status == "target" and figure.status != "target" and _near(figure, other):
            yield "target", Candidate.of(stored)


def _near(figure: Figure, plan: Figure) -> bool:
    """A plan for the same year or the next one."""
    assert figure.period is not None and plan.period is not None
    return plan.period.is_year and 0 <= plan.period.start.year - figure.period.start.year <= 1


def _label(figure: Figure) -> str:
    place = short(figure.region) if figure.region else ""
    return place + when(figure.period) + named(figure)


def _status(figure: Figure) -> str:
    if figure.status == "target":
        return say("figure.target")
    if figure.status == "cumulative" and "累计" not in figure.indicator_text:
        return say("figure.cumulative")
    return say("figure.average") if figure.status == "average" and "年均" not in figure.indicator_text else ""


def verdict(query: Query, picks: Sequence[Pick], draft: Draft) -> str:
    """Whether the plan was reached, from the result and the plan that the answer shows; empty where not both are."""
    if not query.verdict:
        return ""
    mains = [pick.main.figure for pick in picks if pick.main]
    plan = next((one for one in mains if one.status == "target"), None)
    done = next((one for one in mains if one.status != "target"), None)
    if plan is None or done is None or (plan.kind, plan.unit) != (done.kind, done.unit):
        return ""
    sources = tuple(number for one in (done, plan) if (number := draft.position(one)) is not None)
    difference = done.value - plan.value
    draft.derived.append(Derived(what="difference", value=difference, unit=done.unit, sources=sources))
    limit = plan.bound in ("at_most", "less_than")
    if plan.bound == "about" and difference:
        return say("verdict.above" if difference > 0 else "verdict.below")
    return say("verdict.reached" if (difference <= 0 if limit else difference >= 0) else "verdict.missed")
