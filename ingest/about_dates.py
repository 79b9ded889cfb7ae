"""Finds the day a report was read out or published and the years it covers; about_years.py finds the year reviewed."""

from __future__ import annotations

import datetime as dt
import re

from zhengwen.ingest.models import Known, Period
from zhengwen.ingest.periods import YEAR, chinese_number, plan_years, year_number

_NUMERALS = r"[一二三四五六七八九十元〇○零O0-9]"
_DATE = re.compile(
    rf"(?P<y>{YEAR})\s*[年./\-]\s*(?P<m>\d{{1,2}}|{_NUMERALS}{{1,2}})\s*[月./\-]\s*(?P<d>\d{{1,2}}|{_NUMERALS}{{1,3}})(?!\d)\s*日?"
)
_MONTH = re.compile(rf"(?P<y>{YEAR})\s*年\s*(?P<m>\d{{1,2}}|{_NUMERALS}{{1,2}})\s*月")
_SESSION = re.compile(r"届\s*(?:全\s*国\s*)?人\s*(?:民\s*代\s*表\s*)?大|会议上")
# 2021年1月20日在某某市第九届人民代表大会第五次会议上, over line breaks.
_READ_OUT = re.compile(r"[）)]?\s*在[^。]{2,60}?会\s*议?\s*上")
_SESSION_REACH = 90
_HEAD_REACH = 500
_TERM = re.compile(
    r"(?:过去|近|这|本届政府|政府任期)的?([三四五])年|([三四五])年来|([三四五])年(?:工作|发展)?(?:回顾|总结)"
)
_GOVERNMENT = r"[省市区县州盟旗]?(?:人民)?政府"
_CURRENT_TERM = re.compile(rf"本届(?:{_GOVERNMENT}|任期)|上届{_GOVERNMENT}|政府换届以来")
_NUMBERED_TERM = re.compile(
    rf"(?<!新)[一二三四五六七八九十]届{_GOVERNMENT}(?:任期|工作)(?:的?(?:回顾|总结|情况)|$)|届(?:人大|人代会)第?一次会议以来"
)
_FIRST_SESSION = re.compile(r"(?<![一二三四五六七八九])一次\s*会\s*议(?!以来)")
_LENGTH = re.compile(
    r"(?:过去|走过)的?([三四五345])年|本届政府[^，。]{0,8}?(?<!\d)([三四五345])年|以来的([三四五345])年"
    r"|^(?:各位代表[！，,])?([三四五345])年来"
)
_PLAN_PERIOD = re.compile(
    r"[“\"]?(十[一二三四五]?|[六七八九])五(?:[”\"]|(?=时期|期间|规划|计划))(?:时期|期间|规划|计划|发展|工作|以来|及|和|暨|的|回|成|经济)"
)


def date_of(head: str, title: str) -> Known[dt.date]:
    """The day it was read out at a session; else one beside the session's name, in the title or the first lines."""
    for match in _DATE.finditer(head):
        if _READ_OUT.match(head, match.end()) and (day := _day(match)) is not None:
            return Known[dt.date](value=day, how="text")
    valid = [(match.start(), day) for match in _DATE.finditer(head) if (day := _day(match)) is not None]
    sessions = [match.start() for match in _SESSION.finditer(head[:_HEAD_REACH])]
    near = [
        (abs(at - session), day)
        for at, day in valid
        for session in sessions
        if abs(at - session) < _SESSION_REACH and at < _HEAD_REACH
    ]
    if near:
        return Known[dt.date](value=min(near)[1], how="text")
    for match in _DATE.finditer(title):
        if (day := _day(match)) is not None:
            return Known[dt.date](value=day, how="title")
    if valid and valid[0][0] < _HEAD_REACH:
        return Known[dt.date](value=valid[0][1], how="text", note="the first date of the text")
    month = _MONTH.search(head[:_HEAD_REACH]) or _MONTH.search(title)
    if month is not None and _SESSION.search(head[:_HEAD_REACH]):
        return Known[dt.date](note=f"only the month is given: {re.sub(chr(92) + 's', '', month[0])}")
    return Known[dt.date]()


def _day(match: re.Match[str]) -> dt.date | None:
    month, day = _number(match["m"]), _number(match["d"])
    if month is None or day is None:
        return None
    try:
        return dt.date(year_number(match["y"]), month, day)
    except ValueError:
        return None


def _number(text: str) -> int | None:
    return chinese_number(text.replace("元", "一").replace("O", "0"))


def covers_of(text: str, reviewed: int | None) -> Period | None:
    """The years of a review that closes a term or a five-year plan, from its headings or its first paragraphs.

    >>> str(covers_of("一、过去五年工作回顾\\n……", 2021))
    '2017-2021'
    """
    if reviewed is None:
        return None
    lines = [line.strip(" 　*#") for line in text.splitlines()]
    headings = [line for line in lines[:60] if 3 <= len(line) <= 40 and not line.endswith("。")]
    opening = [line[:40] for line in lines[:25] if len(line) > 40]
    closes_term = _FIRST_SESSION.search(text[:_HEAD_REACH]) is not None
    for line in (*headings, *opening):
        if period := _covered(line, reviewed):
            counted = None if _PLAN_PERIOD.search(line) or _TERM.search(line) else _counted(opening)
            return Period.years(reviewed - counted + 1, reviewed) if counted else period
    if closes_term and any(_NUMBERED_TERM.search(line) for line in (*headings, *opening)):
        return Period.years(reviewed - (_counted(opening) or 5) + 1, reviewed)
    return None


def _counted(opening: list[str]) -> int | None:
    """The length of the term as the first paragraphs give it: 过去的四年."""
    found = next((match for line in opening if (match := _LENGTH.search(line))), None)
    return None if found is None else chinese_number(next(one for one in found.groups() if one))


def _covered(line: str, reviewed: int) -> Period | None:
    if re.search(r"今后|未来|目标|任务", line) and not re.search(r"回顾|总结|过去|成就", line):
        return None
    if match := _PLAN_PERIOD.search(line):
        first, last = plan_years(match[1])
        if first < reviewed <= last + 1:
            return Period.years(first, min(last, reviewed))
    if match := _TERM.search(line):
        count = chinese_number(match[1] or match[2] or match[3]) or 5
        return Period.years(reviewed - count + 1, reviewed)
    if _CURRENT_TERM.search(line) and re.search(r"回顾|总结|工作$", line):
        return Period.years(reviewed - 4, reviewed)
    return None
