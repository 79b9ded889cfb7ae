"""Answers a question for values: one line a value, sources that disagree together, assumptions said."""

from __future__ import annotations

import re
from collections.abc import Sequence

from zhengwen.bot.answer_beside import elsewhere, tied, verdict
from zhengwen.bot.answer_text import unset_target
from zhengwen.bot.compose import Draft
from zhengwen.bot.cues import cues
from zhengwen.bot.match import Candidate
from zhengwen.bot.match_words import features, mentioned
from zhengwen.bot.messages import say
from zhengwen.bot.models import Answer
from zhengwen.bot.query import Query
from zhengwen.bot.ranking import pick_all
from zhengwen.bot.ranking_pick import Pick
from zhengwen.bot.ranking_pool import Pool, candidates
from zhengwen.bot.ranking_standing import other_scope
from zhengwen.bot.refusal import no_figure, refuse
from zhengwen.bot.settings import AnswerSettings
from zhengwen.bot.wording import named, short, when
from zhengwen.index.library import Library
from zhengwen.index.lookup import FigureFilter, lookup
from zhengwen.index.retrieve import retrieve
from zhengwen.index.scope import Scope
from zhengwen.ingest.models import Figure, Period, Region
from zhengwen.ingest.regions import NATION


def value(library: Library, query: Query, draft: Draft, settings: AnswerSettings) -> Answer:
    """The figures asked for, each with region, period, status and source; a refusal where the first is not given."""
    region = query.regions[0] if query.regions else None
    if not query.asks:
        return refuse(query.text, say("refuse.out_of_scope"), "out_of_scope")
    period = query.periods[0] if query.periods else None
    if region is None:
        return _anywhere(library, query, draft, settings)
    # 由X提高到Y: X stands for an earlier year, so the years are not narrowed then.
    ends = any(ask.end for ask in query.asks)
    found = candidates(library, query, region, None if ends else period)
    if query.within is not None:
        own = candidates(library, query, query.within, None if ends else period)
        found = Pool([*own, *found], own.texts | found.texts)
    plans_too = re.search(cues()["bound_asked"], query.text) is not None
    picks = pick_all(query, query.asks, found, period, threshold=settings.threshold, plans_too=plans_too)
    if not any(pick.main for pick in picks):
        return _unset(library, query, region, draft) or no_figure(library, query, picks, region, draft)
    return written(query, picks, draft, found)


def _unset(library: Library, query: Query, region: Region, draft: Draft) -> Answer | None:
    """A target was asked and the report says that it sets none."""
    ask = query.asks[0]
    if (ask.status or query.status) != "target":
        return None
    years = query.periods or tuple(Period.years(year) for year in query.report_years)
    row = unset_target(library, ask, region, years[0], draft) if years and years[0].is_year else ""
    return draft.finish(short(region) + row.lstrip("- ") + say("end")) if row else None


def _anywhere(library: Library, query: Query, draft: Draft, settings: AnswerSettings) -> Answer:
    """No place named: the reports that hold the words; one region must stand out, else ask which one."""
    hits = retrieve(library, query.words.replace(" ", ""), scope=Scope(), top=30)
    ids = tuple(hit.stored.id for hit in hits)
    period = query.periods[0] if query.periods else None
    near = lookup(library, FigureFilter(passage_ids=ids)) if ids else []
    nation = candidates(library, query, Region(code=NATION, name="全国", level="national"), period)
    seen = {one.stored.id for one in nation}
    found = Pool.plain([Candidate.of(one) for one in near if one.id not in seen])
    picks = pick_all(query, query.asks, nation, period, threshold=settings.threshold) if nation else []
    other = pick_all(query, query.asks, found, period, threshold=settings.threshold) if found else []
    best = _clearer(picks, other)
    if best is None:
        return refuse(query.text, say("refuse.region_missing"), "region", draft=draft)
    if best is picks and (name := _unknown_place(query, best[0])):
        return refuse(query.text, say("refuse.region_unknown", name=name), "region", draft=draft)
    figure = best[0].main.figure if best[0].main else None
    note = say("region_taken", region=short(figure.region)) if figure and figure.region else ""
    return written(query.model_copy(update={"notes": (*query.notes, note)}), best, draft)


def _unknown_place(query: Query, pick: Pick) -> str:
    """火星2020年新增就业: what stands before the year and nowhere in the report is a place that nobody knows."""
    parts = query.words.split()
    if pick.main is None or not query.periods or len(parts) < 2 or not query.text.startswith(parts[0]):
        return ""
    held = pick.main.candidate
    text = held.near + held.clause + held.sentence + held.headings
    known = any(pair in text for pair, _ in features(parts[0])) or mentioned(parts[0])
    return "" if known else parts[0]


def _clearer(nation: Sequence[Pick], other: Sequence[Pick]) -> Sequence[Pick] | None:
    """The nation's figure, unless another place's fits clearly better."""
    first = nation[0].main if nation else None
    second = other[0].main if other else None
    if second is not None and (first is None or second.score > first.score + 0.15):
        return other if second.score >= 0.75 else (nation if first else None)
    return nation if first is not None else None


def written(query: Query, picks: Sequence[Pick], draft: Draft, found: Sequence[Candidate] = ()) -> Answer:
    """The answer's text: the figures in the order asked, what was assumed, what is missing, what else there is.

    `found` are the candidates among which growth and completion beside a single value are looked for.
    """
    pieces: list[str] = []
    missing: list[str] = []
    said = ""
    for pick in picks:
        draft.consider(pick.considered, chosen=[one for one in (pick.main, *pick.others) if one])
        if pick.main is None:
            missing.append(pick.ask.words.replace(" ", "") or say(f"want.{pick.ask.want}"))
            continue
        line = _conflict(pick, draft) if pick.others else _line(pick, draft, said)
        if line:
            alone = len(picks) == 1 and not pick.others and pick.ask.want in ("any", "value")
            pieces.append(line + (tied(pick.main.candidate, found, draft) if alone else ""))
            said = label(pick.main.candidate)
    if not pieces:
        return refuse(query.text, say("refuse.passage", what=query.words.replace(" ", "")), "indicator", draft=draft)
    text = say("join").join(pieces) + say("end")
    main = next(pick.main for pick in picks if pick.main)
    notes = list(query.notes)
    if not query.periods and not query.report_years and main.figure.period is not None:
        notes.append(say("year_taken", period=when(main.figure.period)))
    text += "".join(note for note in notes if note)
    text += verdict(query, picks, draft)
    text += "".join(say("missing_part", what=what) for what in missing)
    if found and len(picks) == 1 and not picks[0].others and not picks[0].ask.end:
        text += elsewhere(draft.library, query, main.candidate, draft)
    return draft.finish(text)


def label(candidate: Candidate) -> str:
    """Region and period of a figure: 滨城区2020年."""
    figure = candidate.figure
    report = candidate.stored.report
    if figure.region is not None:
        place = short(figure.region)
    else:  # a port's or a park's
        place = say("figure.in_report", region=short(report.region)) if report.region else report.title
    return place + when(figure.period)


def status_words(figure: Figure) -> str:
    """目标, 累计, 年均 or 预计, where the figure is one."""
    indicator = figure.indicator_text
    if figure.status == "target":
        return say("figure.target")
    if figure.status == "cumulative" and "累计" not in indicator:
        return say("figure.cumulative")
    if figure.status == "average" and "年均" not in indicator:
        return say("figure.average")
    return say("figure.estimated") if figure.estimated and "预计" not in indicator else ""


def _line(pick: Pick, draft: Draft, said: str) -> str:
    """滨城区2020年城镇新增就业7198人[1]; the place and year are not repeated in the same answer."""
    assert pick.main is not None
    candidate = pick.main.candidate
    number = draft.figure(candidate)
    if number is None:
        return ""
    figure = candidate.figure
    head = label(candidate)
    head = "" if head == said else head
    scope = say("figure.other_scope", scope=figure.scope) if other_scope(figure) else ""
    return f"{head}{scope}{named(figure)}{status_words(figure)}{draft.amount(candidate)}{marks(pick, number, draft)}"


def marks(pick: Pick, number: int, draft: Draft) -> str:
    """[1], and [1][2] where another report prints the same value."""
    again = draft.source(pick.again.candidate) if pick.again else None
    return f"[{number}]" + (f"[{again}]" if again not in (None, number) else "")


def _conflict(pick: Pick, draft: Draft) -> str:
    """Several values of one thing, each with its own period, status and report."""
    assert pick.main is not None
    rows = [pick.main, *pick.others]
    partial = any(one.figure.period is not None and not one.figure.period.whole_years for one in rows)
    items = []
    for one in rows:
        number = draft.figure(one.candidate)
        if number is None:
            continue
        figure, report = one.figure, one.candidate.stored.report
        whole = partial and figure.period is not None and figure.period.whole_years
        time = when(figure.period) or say("undated")
        time += say("figure.whole_year") if whole else ""
        date = f"{report.date.year}年{report.date.month}月" if report.date else report.title
        items.append(
            say(
                "conflict_item",
                when=time,
                label=status_words(figure),
                value=draft.amount(one.candidate),
                source=date,
                mark=f"[{number}]",
            )
        )
    figure = pick.main.figure
    place = short(figure.region) if figure.region else ""
    return f"{place}{named(figure)}，" + say("conflict") + say("join").join(items)
