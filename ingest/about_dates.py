"""Finds the day a report was read out or published, the year it reviews and the years it covers."""

from __future__ import annotations

import datetime as dt
import re
from collections import Counter

from zhengwen.ingest.models import Known, Period, ReportKind
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
_VOTES_TO_DECIDE = 5
_NAMED_TO_DECIDE = 3
_LAST_MONTHS = 11
"""From November on a report looks back on the year that is about to end."""

_PLAN_HEADING = re.compile(r"目标|任务|安排|部署|要求|重点|建议|打算|展望|思路|计划|主要工作|工作$")
_TERM = re.compile(
    r"(?:过去|近|这|本届政府|政府任期)的?([三四五])年|([三四五])年来|([三四五])年(?:工作|发展)?(?:回顾|总结)"
)
_CURRENT_TERM = re.compile(r"本届政府|上届政府|政府换届以来")
_NUMBERED_TERM = re.compile(
    r"[一二三四五六七八九十]届(?:人民)?政府(?:任期|工作)(?:的?(?:回顾|总结|情况)|$)|届(?:人大|人代会)第?一次会议以来"
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


def reviewed_of(text: str, head: str, title: str, kind: ReportKind, date: Known[dt.date]) -> Known[int]:
    """The year whose results the report gives.

    The headings say it (2020年工作回顾; 2021年重点工作 means the year before); else the date: the year before, or from
    November on the same year; else the year that the first sections speak of.
    """
    if kind == "bulletin":
        if match := re.search(rf"({YEAR})年", title):
            return Known[int](value=year_number(match[1]), how="title")
        if match := re.search(rf"({YEAR})年", head):
            return Known[int](value=year_number(match[1]), how="text")
    votes = _heading_votes(text)
    from_date = _year_before(date.value)
    best = votes.most_common(1)
    if date.note and (body := _from_body(text, title)).value is not None:
        # A date that merely stands in the first lines may be the page's: the text's own years are better.
        return body if not best or body.value == best[0][0] else Known[int](value=best[0][0], how="text")
    if best and (from_date is None or (best[0][1] >= 2 and abs(best[0][0] - from_date) == 1)):
        # A date whose year the headings contradict twice is the date of a page, not of the session.
        return Known[int](value=best[0][0], how="text")
    if kind == "news" and date.value is not None:
        # News of January to March reports on the year that has ended; later ones on their own.
        return Known[int](value=date.value.year - (1 if date.value.month <= 3 else 0), how="inferred", note="news")
    if from_date is not None:
        return Known[int](value=from_date, how="inferred", note="from the date it was read out")
    found = _from_body(text, title)
    return _latest(text) if found.value is None and date.value is None and kind in ("news", "unknown") else found


def _latest(text: str) -> Known[int]:
    """The year of a text without a date: the latest it names, if it names that one more than once and most often."""
    named = Counter(year_number(match[1]) for match in re.finditer(rf"(?<!到)({YEAR})年(?!代)", text))
    ranked = named.most_common(2)
    if not ranked or ranked[0][0] != max(named) or ranked[0][1] < _NAMED_TO_DECIDE:
        return Known[int]()
    if len(ranked) > 1 and ranked[1][1] == ranked[0][1]:
        return Known[int]()
    return Known[int](value=ranked[0][0], how="inferred", note="the latest year it names, and most often")


def _year_before(day: dt.date | None) -> int | None:
    return None if day is None else day.year - (0 if day.month >= _LAST_MONTHS else 1)


def _heading_votes(text: str) -> Counter[int]:
    """Years that the headings name as reviewed: 2020年工作回顾 → 2020, 2021年主要任务 → 2020."""
    votes: Counter[int] = Counter()
    for line in text.splitlines():
        heading = line.strip(" 　*#")
        if not 4 <= len(heading) <= 45 or heading.endswith("。"):
            continue
        years = [year_number(year) for year in re.findall(rf"({YEAR})年", heading)]
        if not years or re.search(r"会议|[省市区县州]长|月", heading):
            continue
        if review := re.search(r"回顾|总结|成就|成绩|过去", heading):
            # 1994年回顾和1995年任务: what stands behind 回顾 is ahead.
            before = [year_number(year) for year in re.findall(rf"({YEAR})年", heading[: review.end()])]
            votes[max(before or years)] += 2
        elif re.match(r"^(?:[一二三四五六七八九]、|第[一二三]部分)?.{0,12}年", heading) and _PLAN_HEADING.search(
            heading
        ):
            if re.search(r"主要工作|的工作|政府工作|工作情况", heading) and not re.search(
                r"目标|任务|安排|要求|建议|重点", heading
            ):
                continue
            votes[max(years) - 1] += 1
    return votes


def _from_body(text: str, title: str) -> Known[int]:
    """The year that the first half names most while the second half names the next one; else from the title's year."""
    half = len(text) // 2
    votes: Counter[int] = Counter()
    for match in re.finditer(rf"(?<![比较从自到至—\-~])({YEAR})年(?![—\-~至到]|末|底)", text):
        year = year_number(match[1])
        votes[year if match.start() < half else year - 1] += 1
    for match in re.finditer(rf"过去的({YEAR})年", text[:half]):
        votes[year_number(match[1])] += 3
    titled = re.search(rf"({YEAR})年?", title)
    if titled is not None:
        year = year_number(titled[1])
        # The year in a title is that of the session, save where the text looks back on that very year.
        return Known[int](value=year if votes[year] > votes[year - 1] else year - 1, how="title")
    if len(years := re.findall(rf"({YEAR})年", text)) > 1 and len(set(years)) == 1:
        return Known[int](value=year_number(years[0]), how="inferred", note="the only year it names")
    ranked = votes.most_common(2)
    needed = _VOTES_TO_DECIDE if len(ranked) > 1 else 2
    if not ranked or ranked[0][1] < needed:
        return Known[int]()
    if len(ranked) > 1 and ranked[1][1] * 3 > ranked[0][1] * 2:
        return Known[int]()
    return Known[int](value=ranked[0][0], how="inferred", note="the year its first half speaks of")


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
