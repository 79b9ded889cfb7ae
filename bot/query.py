"""What a question asks, as data: the places and years, the values asked for, and the words left to match."""

from __future__ import annotations

from typing import Literal

from zhengwen.ingest.models import PeriodText, Record, Region

Intent = Literal["value", "compare", "superlative", "series", "list", "definition", "who_when", "topic", "none"]
Want = Literal["value", "growth", "pp", "completion", "rank", "share", "times", "ratio", "percent", "any"]
StatusAsked = Literal["actual", "target", "either"]


class Ask(Record):
    """One asked value: of 「一共多少钱？惠及多少户市场主体？」 there are two."""

    words: str
    """What it is about, places, times and question words taken out; parts separated by blanks."""
    gloss: str = ""
    """The term that the question gives in brackets for its own words: 还养着多少头猪（存栏）."""
    head: str = ""
    """The words that stand nearest to the question word."""
    want: Want = "any"
    units: frozenset[str] = frozenset()
    """The units the question implies (户 → 户, 家); empty: not said."""
    money: bool = False
    large: bool = False
    """多少亿, 多少万: a value of that size."""
    end: Literal["", "from", "to"] = ""
    """Which end of 从多少提高到多少."""
    elliptical: bool = False
    """It names no subject of its own: 增速呢？排第几？"""
    borrowed: bool = False
    """烤烟呢？: the unit is only that of the ask before and gives way where nothing has it."""
    guessed: bool = False
    """GDP多少: the unit is only that of the words. A plan may be set as a growth and answers then: GDP目标多少."""
    status: StatusAsked | None = None
    """Where this part alone says so: 目标是多少，实际完成多少？"""


class Query(Record):
    """A question read. Everything in it comes from the text, `today` and the chat; nothing from the reports."""

    text: str
    """Simplified, half width, trimmed."""
    intent: Intent = "value"
    regions: tuple[Region, ...] = ()
    absent: tuple[Region, ...] = ()
    within: Region | None = None
    """A place without a report of its own, asked of the report of the city or province above it."""
    """Places named that the library has no report of."""
    unclear: tuple[Region, ...] = ()
    """The places that an ambiguous name may mean, all of them in the library or none."""
    periods: tuple[PeriodText, ...] = ()
    basis: tuple[PeriodText, ...] = ()
    """比2015年, 是2009年的几倍: the year compared with."""
    report_years: tuple[int, ...] = ()
    """2022年的报告: the year in which the report was read out."""
    span: bool = False
    """Several years are meant as one span (五年一共, 年均)."""
    verdict: bool = False
    """Whether a plan was reached is asked: 完成目标了吗."""
    open_end: bool = False
    """2019年以来: from a year on, to whenever the reports end."""
    each_year: bool = False
    status: StatusAsked = "either"
    status_said: bool = False
    """The question itself says target or result."""
    asks: tuple[Ask, ...] = ()
    words: str = ""
    """All content words of the question."""
    quoted: tuple[str, ...] = ()
    """Terms in quotation marks: “四个不摘”."""
    notes: tuple[str, ...] = ()
    """What was assumed (a homophone slip, what the chat gave), to be said in the answer."""
