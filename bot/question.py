"""Reads a question: places, years, reports meant, what is asked.

`read_question("滨城区2020年新增就业多少", today=date(2026, 1, 1), known={"371602": …})` gives a Query with the region
滨城区, the period 2020 and one ask with the words 新增就业.
"""

from __future__ import annotations

import datetime as dt
import re
import unicodedata
from collections.abc import Mapping, Sequence
from functools import cache
from typing import Any

from zhengwen.bot.cues import cues
from zhengwen.bot.intents import read_asks, read_intent
from zhengwen.bot.nicknames import full_names
from zhengwen.bot.query import Intent, Query, StatusAsked
from zhengwen.bot.question_periods import Span, periods_of, report_years_of
from zhengwen.bot.question_places import places_of
from zhengwen.bot.slips import mend_slips
from zhengwen.bot.spoken import asks_yes_or_no, written_style
from zhengwen.ingest.models import Period, Region

_CONTROL = re.compile(r"[\x00-\x08\x0b-\x1f\x7f\u200b-\u200f\u2028-\u202e\ufeff]")


def plain(question: str) -> str:
    """The question in simplified characters, half width, without control characters and doubled blanks."""
    text = unicodedata.normalize("NFKC", _CONTROL.sub("", question))
    text = re.sub(r"(?<=[\u4e00-\u9fff])\s+(?=[\u4e00-\u9fff\d])|(?<=\d)\s+(?=[\u4e00-\u9fff])", "", text)
    if re.search(r"[\u4e00-\u9fff]", text):
        text = _to_simplified(text)
    return re.sub(r"\s+", " ", text).strip()


def _to_simplified(text: str) -> str:
    return _converter().convert(text)  # type: ignore[no-any-return]


@cache
def _converter() -> Any:
    import opencc

    return opencc.OpenCC("t2s")


def read_question(question: str, *, today: dt.date, known: Mapping[str, Region]) -> Query:
    """The Query of a question; `known` are the regions of the library by code. Never raises."""
    said = plain(question)
    text, named = full_names(written_style(said), known)
    mended = mend_slips(text, known)
    text = mended.text
    # Each step adds the places it has read, so that what is asked is read from the rest.
    taken: list[Span] = []
    report_years = report_years_of(text, taken)
    periods, basis = _periods(text, today, taken)
    regions, absent, unclear = places_of(text, known, taken)
    intent, each_year = _intent(text, regions, periods)
    taken += _said_of_intent(intent, text)
    status, status_said = _status(text)
    asks, words = read_asks(text, taken, cues())
    return Query(
        text=text,
        intent=intent,
        regions=regions,
        absent=absent,
        unclear=unclear or (mended.unclear if not regions else ()),
        periods=periods,
        basis=basis,
        report_years=report_years,
        # 近五年 has become five years, one by one
        span=_asks_span(text) and not (each_year and len(periods) > 1),
        verdict=asks_yes_or_no(said),
        open_end=re.search(cues()["open_end"], text) is not None,
        each_year=each_year,
        status=status,
        status_said=status_said,
        asks=asks,
        words=words,
        notes=(*named, *mended.notes),
        quoted=tuple(dict.fromkeys(re.findall(r"[“\"「『‘]([^”\"」』’]{2,20})[”\"」』’]", text))),
    )


def _periods(text: str, today: dt.date, taken: list[Span]) -> tuple[tuple[Period, ...], tuple[Period, ...]]:
    """The periods asked and those compared with; 2020年比2019年多多少 asks for both."""
    periods, basis = periods_of(text, today, taken)
    if basis and re.search(cues()["year_compare"], text):
        return tuple(sorted((*periods, *basis), key=lambda one: one.start)), ()
    return periods, basis


def _intent(text: str, regions: Sequence[Region], periods: Sequence[Period]) -> tuple[Intent, bool]:
    long_period = any(not period.is_year and period.whole_years for period in periods) and "五”" not in text
    return read_intent(text, cues(), regions=len(regions), periods=len(periods), long_period=long_period)


def _said_of_intent(intent: Intent, text: str) -> list[Span]:
    """Where 各市, 排名 and 历年 stand: they say what to do with the figures, not which."""
    if intent == "superlative":
        ranking = f"{cues()['intents']['over_regions']}|{cues()['ranking']}"
        return [match.span() for match in re.finditer(ranking, text)]
    if intent == "series":
        return [match.span() for match in re.finditer(cues()["course"], text)]
    return []


def _asks_span(text: str) -> bool:
    """Whether a value of several years together is asked: 五年累计."""
    return any(word in text for word in cues()["span"]) and not any(word in text for word in cues()["single_year"])


def _status(text: str) -> tuple[StatusAsked, bool]:
    table = cues()
    if any(word in text for word in table["not_target"]):
        return "actual", True
    text = re.sub(table["actual_name"], "", re.sub(table["of_completion"], "", text))
    target = re.search(table["target"], text) is not None
    actual = any(word in text for word in table["actual"])
    if target == actual:
        return "either", False
    return ("target" if target else "actual"), True
