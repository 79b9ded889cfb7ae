"""Finds the year whose results a report gives."""

from __future__ import annotations

import datetime as dt
import re
from collections import Counter

from zhengwen.ingest.models import Known, ReportKind
from zhengwen.ingest.periods import YEAR, year_number

_NAMED_TO_DECIDE = 3
_NAMED = re.compile(rf"(?<![比较从由自到至为是—\-~])({YEAR})年(?![—\-~至到]|末|底|的?[\d.]+)")
"""A year that is no basis and no end of a span."""
_LAST_MONTHS = 11
"""From November on a report looks back on the year that is about to end."""

_PLAN_HEADING = re.compile(r"目标|任务|安排|部署|要求|重点|建议|打算|展望|思路|计划|主要工作|工作$")
# 过去的2020年, 回顾2020年, 2020年工作回顾: the text says which year it looks back on.
_LOOKS_BACK = re.compile(
    rf"(?:过去|走过|结束)的?这?(?P<a>{YEAR})年|(?:回顾|总结|盘点)(?P<b>{YEAR})年"
    rf"|(?P<c>{YEAR})年(?:政府|主要|经济社会发展|全[省市区县州])?的?(?:工作|任务)?(?:简要|主要|基本)?(?:回顾|总结|完成情况)"
)
# 做好2021年的工作, 2021年主要预期目标, 2021年要…: it says which year it plans; 到2025年 names no such year.
_LOOKS_AHEAD = re.compile(
    rf"(?<![完成定出])(?:做好|抓好|搞好|安排好|围绕|关于|对|按照)了?(?P<a>{YEAR})年的?"
    r"(?:经济|各项|全[省市区县州盟年]|政府|工作|目标|我|重点|主要|社会)"
    rf"|(?<![到至])(?<!完成|确定|提出)(?<!完成了|确定的|任务和|提出，)(?P<b>{YEAR})年[，,]?(?:全[省市区县州盟]|我[省市区县州盟])?"
    r"(?:国民)?(?:经济)?(?:和)?(?:社会)?(?:发展)?(?:政府)?(?:工作)?的?(?:主要|总体|预期|工作|重点)?(?:预期|工作)?"
    r"(?:目标|要求|任务|安排|重点(?=工作|任务|[抓做])|思路|打算)(?!.{0,6}(?:完成|回顾))"
    rf"|(?<![到至])(?P<c>{YEAR})年[，,]?(?:我们)?(?:要|将(?!迎)|力争|确保|计划|重点[做抓])"
)


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
    if date.note and (body := _from_body(text, title, kind)).value is not None:
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
    found = _from_body(text, title, kind)
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


def _from_cues(text: str) -> int | None:
    """The year that the text says it looks back on, or the one before the year it plans, where it hardly names another.

    Of 2,216 reports this decides 1,989, four of them wrongly; it is asked only where no date and no heading tells.
    """
    votes: Counter[int] = Counter()
    for pattern, offset in ((_LOOKS_BACK, 0), (_LOOKS_AHEAD, -1)):
        for match in pattern.finditer(text):
            votes[year_number(match["a"] or match["b"] or match["c"]) + offset] += 1
    ranked = votes.most_common(2)
    if not ranked or (len(ranked) > 1 and ranked[1][1] * 2 > ranked[0][1]):
        return None
    year, count = ranked[0]
    if count == 1:
        # 2035年的目标 said once beside ten times 2020年 plans no coming year.
        named = Counter(year_number(match[1]) for match in _NAMED.finditer(text))
        if max(named[year], named[year + 1]) < max(named.values(), default=0):
            return None
    return year


def _from_body(text: str, title: str, kind: ReportKind) -> Known[int]:
    """The year the text says it looks back on; else from the title; else from the order of years."""
    if (told := _from_cues(text)) is not None:
        return Known[int](value=told, how="text", note="the year it says it looks back on, or the one before its plan")
    titled = re.search(rf"({YEAR})年?", title)
    if titled is not None:
        year = year_number(titled[1])
        # The year in a title is that of the session, save where the text looks back on that very year.
        named = Counter(year_number(match[1]) for match in re.finditer(rf"({YEAR})年", text[: len(text) // 2]))
        return Known[int](value=year if named[year] > named[year - 1] else year - 1, how="title")
    # A report that names one year alone may name the one it plans.
    if kind != "work_report" and len(years := re.findall(rf"({YEAR})年", text)) > 1 and len(set(years)) == 1:
        return Known[int](value=year_number(years[0]), how="inferred", note="the only year it names")
    return _from_order(text)


def _from_order(text: str) -> Known[int]:
    """The year that the first third names while the rest names the next one: 2020年…… in front, 2021年…… behind."""
    front, behind = Counter[int](), Counter[int]()
    for match in _NAMED.finditer(text):
        (front if match.start() * 3 < len(text) else behind)[year_number(match[1])] += 1
    votes = Counter({year: front[year] + behind[year + 1] for year in front if behind[year + 1]})
    ranked = votes.most_common(2)
    if not ranked or ranked[0][1] < _NAMED_TO_DECIDE or (len(ranked) > 1 and ranked[1][1] * 2 > ranked[0][1]):
        return Known[int]()
    return Known[int](value=ranked[0][0], how="inferred", note="the year it begins with, and goes on to the next")
