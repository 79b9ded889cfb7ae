"""Who made a report and when: from the report's own head, with the lines that say so."""

from __future__ import annotations

import re

from zhengwen.bot.compose import Draft
from zhengwen.bot.messages import say
from zhengwen.bot.models import Answer
from zhengwen.bot.query import Query
from zhengwen.bot.ranking_pool import report_year
from zhengwen.bot.wording import short
from zhengwen.index.library import Library
from zhengwen.index.rows import ReportRow

_HEAD = 700
_SESSION = re.compile(
    r"第?(?P<congress>[一二三四五六七八九十]{1,4})届[\u4e00-\u9fff]{0,14}?"
    r"第?(?P<session>[一二三四五六七八九十]{1,3})次"
)
_ABOUT_REPORT = re.compile(r"报告|作的|人大|会议|[省市区县州盟旗镇]长|自治区主席|总理")


def report_facts(library: Library, query: Query, draft: Draft) -> Answer | None:
    """The day and the speaker of the report meant; None where the question is not about a report itself."""
    if not query.regions or not _ABOUT_REPORT.search(query.text):
        return None
    reports = library.reports(regions=[query.regions[0].code])
    report = _meant(library, query, reports)
    if report is None or report.date is None:
        return None
    head = library.text(report).clean[:_HEAD]
    about = report.about
    printed = _printed(head, report)
    if printed is None:
        return None
    author = about.author.value or ""
    at = head.find(re.sub(r"\s", "", author)) if author else -1
    end = max(printed[1], at + len(author) if at >= 0 else 0)
    end = next((i for i in range(end, len(head)) if head[i] == "\n"), len(head))
    start = 0 if 0 <= at <= printed[0] else max(0, head.rfind("\n", 0, printed[0]) + 1)
    number = draft.span(report, "", start, end)
    date = f"{report.date.year}年{report.date.month}月{report.date.day}日"
    place = short(query.regions[0])
    if author and at >= 0:
        text = say("passages.read_out", region=place, date=date, who=author, mark=f"[{number}]")
    else:
        text = say("passages.read_date", region=place, date=date, mark=f"[{number}]")
    return draft.finish(text)


def _meant(library: Library, query: Query, reports: list[ReportRow]) -> ReportRow | None:
    """By congress and session, else by the year said, else the only one."""
    if asked := _SESSION.search(query.text):
        for report in reports:
            for found in _SESSION.finditer(library.text(report).clean[:_HEAD]):
                if found.groupdict() == asked.groupdict():
                    return report
        return None
    years = query.report_years or tuple(period.end.year for period in query.periods)
    if years:
        dated = [report for report in reports if report.date is not None and report.date.year in years]
        said = [report for report in reports if report_year(report) in years]
        return next(iter(dated or said), None)
    return reports[-1] if reports else None


def _printed(head: str, report: ReportRow) -> tuple[int, int] | None:
    """Where the report's head prints its date, in digits or in Chinese numerals."""
    assert report.date is not None
    digits = "〇一二三四五六七八九"
    year = "".join(f"[{digits[int(c)]}{'○零Ｏ' if c == '0' else ''}]" for c in str(report.date.year))
    month, day = report.date.month, report.date.day
    months, days = rf"(?:0?{month}|{_chinese(month)})", rf"(?:0?{day}|{_chinese(day)})"
    pattern = rf"(?:{report.date.year}|{year})\s*年\s*{months}\s*月\s*{days}\s*日"
    found = re.search(pattern, head)
    return found.span() if found else None


def _chinese(number: int) -> str:
    digits = "零一二三四五六七八九"
    if number < 10:
        return digits[number]
    tens, ones = divmod(number, 10)
    return (digits[tens] if tens > 1 else "") + "十" + (digits[ones] if ones else "")
