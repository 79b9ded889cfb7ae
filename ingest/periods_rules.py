"""The expressions that name a period, one pattern each, and what they resolve to."""

from __future__ import annotations

import re
from collections.abc import Callable
from dataclasses import dataclass

from zhengwen.ingest.calendar_words import COUNT, YEAR, chinese_number, plan_years, year_number
from zhengwen.ingest.models import Mode, Period


@dataclass(frozen=True, slots=True)
class Frame:
    """What relative expressions hang on: the year 今年 means, the year reviewed, the term, the section's mode."""

    this: int | None
    reviewed: int | None
    covers: Period | None
    mode: Mode
    named: int | None = None
    """The last year named before in the same sentence: 2020年……，1—11月……."""
    before: str = ""
    """The two characters before the expression."""

    @property
    def base(self) -> int | None:
        """The year of months that name none."""
        if self.named is not None:
            return self.named
        return self.this if self.mode == "plan" else self.reviewed


_SEP = r"\s*(?:—{1,2}|–|-|－|─{1,2}|~|～|至|到)\s*"
_MONTH = r"(?:1[0-2]|0?[1-9](?!\d)|十[一二]?|[一二三四五六七八九])"
# What may follow a year: 底, 11月份, 1—11月, 前三季度, 上半年.
_PART = (
    rf"(?:(?:的)?(?:(?P<m1>{_MONTH})月?{_SEP})?(?P<m2>{_MONTH})月(?:份)?(?P<end>底|末)?(?!\d|{_MONTH}日)"
    rf"|(?:的)?[前头](?P<first>{COUNT})个?月(?:份)?|(?:的)?前(?P<quarters>[二两三])个?季度|(?:的)?第?(?P<quarter>[一二三四])季度"
    r"|(?:的)?(?P<half>[上下])半年|(?P<edge>年?[底末初终](?!步|衰|期)))"
)
# “十四五”规划, “十三五”收官: the plan as a name, not as a time.
_NO_TIME = (
    r"(?![”\"’』」]?(?:规划(?!时?期|末)|开局|收官|起步|良好|纲要|蓝图|目标|任务|首批|确定|提出|发展(?:规划|蓝图|目标)"
    r"|重点|项目|专项|控制|节能|工作|开好))"
)


def _number(text: str | None) -> int:
    return (chinese_number(text) if text else None) or 0


def _months(year: int, first: int, last: int) -> Period | None:
    return Period.months(year, first, last) if 1 <= first <= last <= 12 else None


def _part(year: int | None, match: re.Match[str], frame: Frame) -> Period | None:
    """The period that a year and what follows it name."""
    if year is None:
        return None
    if match["m2"]:
        last = _number(match["m2"])
        so_far = match["end"] or re.search(r"[至到截]$|截止$", frame.before)
        first = _number(match["m1"]) if match["m1"] else (1 if so_far else last)
        return _months(year, first, last)
    if match["first"]:
        return _months(year, 1, _number(match["first"]))
    if match["quarters"]:
        return _months(year, 1, 3 * _number(match["quarters"]))
    if match["quarter"]:
        last = 3 * _number(match["quarter"])
        return _months(year, last - 2, last)
    if match["half"]:
        return Period.months(year, 1, 6) if match["half"] == "上" else Period.months(year, 7, 12)
    return Period.years(year)


def _year(match: re.Match[str], frame: Frame) -> Period | None:
    year = year_number(match["year"])
    if match["since"]:
        last = frame.reviewed
        return Period.years(year, last) if last is not None and last >= year else None
    return _part(year, match, frame)


def _relative(match: re.Match[str], frame: Frame) -> Period | None:
    word = match["word"]
    if word in ("当年", "同年"):
        return _part(frame.named, match, frame)
    if frame.this is None:
        return None
    offset = {"去": -1, "上": -1, "今": 0, "本": 0, "明": 1, "来": 1, "前": -2, "大": -3, "翌": 1}[word[0]]
    return _part(frame.this + offset, match, frame)


def _span(match: re.Match[str], _: Frame) -> Period | None:
    first = year_number(match["y1"])
    last = year_number(match["y2"]) if len(match["y2"]) == 4 else first // 100 * 100 + int(match["y2"])
    return Period.years(first, last) if first <= last <= first + 30 else None


def _span_of_months(match: re.Match[str], _: Frame) -> Period | None:
    first, last = year_number(match["ya"]), year_number(match["yb"])
    start, end = _number(match["ma"]), _number(match["mb"])
    if not (1 <= start <= 12 and 1 <= end <= 12 and (first, start) <= (last, end)):
        return None
    return Period.months(first, start, end, last_year=last)


def _plan(match: re.Match[str], frame: Frame) -> Period | None:
    first, last = plan_years(match["ordinal"])
    tail = match["tail"] or ""
    if match["part"]:
        return Period.years(first, first + min(_number(match["part"]), 5) - 1)
    if "末" in tail:
        return Period.years(last)
    if "以来" in tail and frame.reviewed is not None:
        return Period.years(first, min(max(frame.reviewed, first), last))
    return Period.years(first, last)


def _months_alone(match: re.Match[str], frame: Frame) -> Period | None:
    return _part(frame.base, match, frame)


def _back(match: re.Match[str], frame: Frame) -> Period | None:
    count = _number(match["n"])
    if frame.reviewed is None or count == 0:
        return None
    ahead = frame.mode == "plan" and not match["way"] and match["tail"] in ("间", "累计", "内", "期间")
    if ahead:
        return None if frame.this is None else Period.years(frame.this, frame.this + count - 1)
    covers = frame.covers
    if covers is not None and covers.end.year - covers.start.year + 1 == count:
        return covers
    if match["way"] == "前" and frame.before.endswith(("比", "较")):
        # 比前五年: the years before those reviewed.
        return Period.years(frame.reviewed - 2 * count + 1, frame.reviewed - count)
    return Period.years(frame.reviewed - count + 1, frame.reviewed)


def _ago(match: re.Match[str], frame: Frame) -> Period | None:
    return None if frame.reviewed is None else Period.years(frame.reviewed - _number(match["n"]))


def _ahead(match: re.Match[str], frame: Frame) -> Period | None:
    start = frame.reviewed + 1 if frame.reviewed is not None else frame.this
    return None if start is None else Period.years(start, start + _number(match["n"]) - 1)


def _coming(_: re.Match[str], frame: Frame) -> Period | None:
    return None if frame.reviewed is None else Period.years(frame.reviewed + 1)


Resolver = Callable[[re.Match[str], Frame], Period | None]
RULES: tuple[tuple[str, re.Pattern[str], Resolver], ...] = tuple(
    (name, re.compile(pattern), resolver)
    for name, pattern, resolver in (
        # 2020年1月至2021年6月
        (
            "months",
            rf"(?P<ya>{YEAR})年(?P<ma>{_MONTH})月{_SEP}(?P<yb>{YEAR})年(?P<mb>{_MONTH})月(?:份|底|末)?",
            _span_of_months,
        ),
        # 2016—2020年, 2021年至2025年, 2016-20年
        ("span", rf"(?P<y1>{YEAR})\s*年?{_SEP}(?P<y2>{YEAR}|\d\d)\s*年(?:度|间|期间)?(?!代)", _span),
        # 2020年, 2020年底, 2021年1—11月, 2016年以来
        ("year", rf"(?P<year>{YEAR})\s*年(?!代|[产版级款]|时间)度?(?:(?P<since>以来)|{_PART})?", _year),
        # 去年, 今年前三季度, 上年末
        (
            "relative",
            rf"(?P<word>大?前年|去年|上一?年(?!度)|上年度|今年|本年度?|明年|来年|当年|同年)(?:{_PART})?",
            _relative,
        ),
        # “十三五”时期, “十二五”末
        (
            "plan",
            rf"[“\"‘『「](?P<ordinal>十?[一二三四五六七八九]|十)五(?:规划|计划)?[”\"’』」]{_NO_TIME}"
            rf"(?:(?:的)?前(?P<part>[二三四两])年|(?P<tail>(?:规划|计划)?(?:时期|期间|期末|末期|末|以来|期|五年|的五年|这五年))?)",
            _plan,
        ),
        (
            "plan",
            r"(?<![第之])(?P<ordinal>十[一二三四五]?|[六七八九])五(?:规划|计划)?(?:前(?P<part>[二三四])年|(?P<tail>时期|期间|期末|末期|末|以来))",
            _plan,
        ),
        # 1—11月, 至11月份, 前三季度, 上半年: of the year at hand
        (
            "part",
            rf"(?<![\d年月第])(?:截至|截止到?|[至到](?=\d|十)|(?=[前头上下第]|1[—–\-－~～至到]|一至|[1一]月份?[至到]|[一二三四]季度)){_PART}",
            _months_alone,
        ),
        # 今后五年, 未来三年
        ("ahead", rf"(?:今后|未来|下一个|接下来)的?(?P<n>{COUNT})年(?:内|间|里)?", _ahead),
        ("coming", r"新的?一年", _coming),
        # 五年前
        ("ago", rf"(?<![\d一二三四五六七八九十])(?P<n>{COUNT})年前(?!后|三季度|\d)", _ago),
        # 过去五年, 近三年, 这一年
        (
            "back",
            rf"(?<![学提每])(?P<way>刚刚过去|过去|走过|最近|近|这|前)的?(?P<n>{COUNT})个?年(?P<tail>多?来|间|累计)?"
            r"(?!级|制|前|规划|行动|计划|攻坚|义务|时间|平均|期|以上|以内)",
            _back,
        ),
        # 五年来, 三年间, 五年累计
        (
            "back",
            rf"(?<![\d一二三四五六七八九十前〇])(?P<way>)?(?P<n>{COUNT})年(?P<tail>多?来|间|累计|期间|内(?=累计|新增|投入|共))",
            _back,
        ),
    )
)
