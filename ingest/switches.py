"""What headings and the openings of paragraphs say: back over one year or several, or ahead, and over which period.

The words are data (outline.yaml); this module puts the report's own years into them.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from typing import cast

import yaml

from zhengwen.ingest.models import About, Mode, Period
from zhengwen.ingest.periods import YEAR, chinese_number, plan_years, year_number
from zhengwen.ingest.switches_words import SPAN, bare, either, in_words, plans_around, span_of_years

_PLAN = re.compile(r"[“\"]?(十[一二三四五]?|[六七八九])五(?:[”\"]|(?=时期|期间|规划|计划|以来|末))")
_GOVERNMENT = r"[省市区县州盟旗]?(?:人民)?政府"
TERM = re.compile(rf"(?<!新)[一二三四五六七八九十]届{_GOVERNMENT}(?:任期|工作)|届(?:人大|人代会)第?一次会议以来")
"""A term by its number: 市七届政府工作回顾, 市七届人大一次会议以来."""
_BEGINS = re.compile(r"五[”\"]?(?:时期|规划|良好|的)?(?:开局|起步)(?!.{0,12}(?:纲要|目标|规划|五年))")
"""“十四五”开局工作: the work of the plan's first year."""
_LONGEST_TERM = 10


@dataclass(frozen=True, slots=True)
class Sense:
    """A mode with the period that goes with it; `other` is the second one of a heading that names two."""

    mode: Mode
    period: Period | None
    other: Period | None = None


@cache
def words() -> dict[str, dict[str, str]]:
    """The patterns of outline.yaml."""
    return cast(
        "dict[str, dict[str, str]]", yaml.safe_load((Path(__file__).parent / "outline.yaml").read_text("utf-8"))
    )


class Switches:
    """Reads headings and openings of one report.

    >>> from zhengwen.ingest.models import Known
    >>> about = About(year_reviewed=Known[int](value=2020, how="text"))
    >>> Switches(about).heading("二、2021年工作安排").mode
    'plan'
    """

    def __init__(self, about: About) -> None:
        self.reviewed = about.year_reviewed.value
        self.planned = about.year_planned
        self.covers = about.covers
        self.december = (
            about.date.value is not None and self.reviewed is not None and about.date.value.year == self.reviewed
        )
        self._headings = {name: re.compile(pattern) for name, pattern in words()["headings"].items()}
        self._openings = {name: re.compile(self._filled(pattern)) for name, pattern in words()["openings"].items()}

    def _filled(self, pattern: str) -> str:
        reviewed, planned = self.reviewed, self.planned
        past, coming = plans_around(reviewed)
        return (
            pattern.replace("{y}", either(reviewed))
            .replace("{p}", either(planned))
            .replace("{past_plan}", past)
            .replace("{next_plan}", coming)
        )

    def review(self) -> Sense:
        """The review of one year: what a section means that says nothing else."""
        return Sense("review", self._year(self.reviewed))

    def ahead(self) -> Sense:
        """The plan of the year to come."""
        return Sense("plan", self._year(self.planned))

    def multi(self, text: str = "") -> Sense:
        """The review of several years: those the words name, else the term."""
        return Sense("multi_review", self._past_span(text) or self.covers or self._back(5))

    def heading(self, heading: str) -> Sense | None:
        """What a heading says, or None where it says neither back nor ahead."""
        heading = in_words(heading)
        if self._headings["glossary"].search(heading):
            return Sense("glossary", None)
        ahead = re.search(r"今后|未来|明年|新的一年", heading) and not re.search(r"完成|奠定", heading)
        if self._headings["review"].search(heading) and not ahead:
            return self._review_heading(heading)
        if re.search(r"回顾|总结", heading):
            return self._review_heading(re.split(r"今后|未来|明年|新的一年", heading)[0])
        if self._headings["annex"].match(heading):
            return Sense("annex", None)
        years = [year_number(year) for year in re.findall(rf"({YEAR})年?", heading)]
        if self._names_only_past(heading, years):
            return self._review_heading(heading)
        if self._headings["plan"].search(heading):
            return self._plan_heading(heading, years)
        if self.reviewed is None:
            return None
        begins = [*years, *(plan_years(match[1])[0] for match in _PLAN.finditer(heading))]
        if begins and max(begins) > self.reviewed:
            return self._plan_heading(heading, years)
        return self._review_heading(heading) if years and self._headings["work"].search(heading) else None

    def _names_only_past(self, heading: str, years: list[int]) -> bool:
        """True where the year reviewed stands first, or no later one is named: “十二五”发展迈上新台阶."""
        named = [*years, *(plan_years(match[1])[1] for match in _PLAN.finditer(heading))]
        if not named or self.reviewed is None or re.search(r"今后|未来|远景", heading):
            return False
        recent = self.reviewed - max(named) <= 1
        return named[0] == self.reviewed or (max(named) <= self.reviewed and recent)

    def names_time(self, heading: str) -> bool:
        """True where a heading names a year, a plan or a span of years."""
        return bool(re.search(YEAR, heading) or _PLAN.search(heading) or SPAN.search(heading))

    def names_past(self, heading: str) -> bool:
        """True where a heading looks back in so many words: 2020年完成情况, 过去五年, 回顾."""
        return bool(re.search(rf"回顾|总结|过去|本届{_GOVERNMENT}|完成情况|{either(self.reviewed)}年", heading))

    def names_coming(self, heading: str) -> bool:
        """True where a heading looks ahead in so many words: 2021年, 今后五年, 总体要求."""
        return bool(
            re.search(rf"{either(self.planned)}年|今后|未来[一二三四五六七八九十]|明年", heading)
            or re.match(
                r"^\W*(?:[一二三四五六七八九十]+\W)?(?:总体要求|主要目标|预期目标|指导思想|工作思路|总体思路)", heading
            )
        )

    def _review_heading(self, heading: str) -> Sense:
        one = self._year(self.reviewed)
        several = self._past_span(heading) or self._since(heading)
        if several is None and re.search(rf"本届(?:{_GOVERNMENT}|任期)|上届{_GOVERNMENT}|届以来", heading):
            several = self.covers or self._back(5)
        if several is None and TERM.search(heading):
            several = self.covers
        if several is None:
            return Sense("review", one)
        this_year = "今年" if self.december else r"(?!)"
        year = re.search(
            rf"{either(self.reviewed)}年|过去一年|一年来|去年|{this_year}|任务的?完成情况(?=[和与及暨])", heading
        )
        if year is None:
            return Sense("multi_review", several)
        first = _PLAN.search(heading) or span_of_years(heading) or re.search("本届|上届", heading)
        if first is not None and first.start() < year.start():
            return Sense("multi_review", several, one)
        return Sense("review", one, several)

    def _plan_heading(self, heading: str, years: list[int]) -> Sense:
        one = self._year(self.planned)
        several = self._coming_span(heading)
        if years and self.planned is not None and max(years) == self.planned + 1 and self.december:
            one = self._year(max(years))
        if several is None:
            vague = not years and re.search(r"今后|未来|远景|中长期", heading)
            return Sense("plan", None if vague else one)
        year = re.search(rf"{either(self.planned)}年|今年|明年", heading)
        if year is None:
            begun = several.start.year == self.planned and _BEGINS.search(heading)
            return Sense("plan", one) if begun else Sense("plan", several)
        first = _PLAN.search(heading) or SPAN.search(heading)
        if first is not None and first.start() < year.start():
            return Sense("plan", several, one)
        return Sense("plan", one, several)

    def opening(self, paragraph: str) -> tuple[str, Sense] | None:
        """The name of the pattern that opens the paragraph and what it says; None for a plain paragraph."""
        text = in_words(bare(paragraph))
        # 2015年是“十二五”收官之年。过去五年，…: the year is only named; the sentence behind it says what follows.
        if (preface := self._openings["preface"].match(text)) is not None:
            rest = bare(text[preface.end() :])[:60]
            if (several := self._openings["review_multi"].match(rest)) is not None:
                return "review_multi", self.multi(several[0])
        text = text[:60]
        for name in (
            "review_multi", "review_term", "review_year", "review_in_year", "plan_multi", "plan_year", "plan_goal",
        ):  # fmt: skip
            match = self._openings[name].match(text)
            # In a report of December 今年 is the year reviewed.
            if match is None or (name == "plan_year" and self.december and "今年" in match[0]):
                continue
            if name == "review_term" and self.covers is None:
                continue
            if name in ("review_multi", "review_term"):
                return "review_multi", self.multi(match[0])
            if name.startswith("review"):
                return name, self.review()
            if name == "plan_multi":
                return name, Sense("plan", self._coming_span(match[0]) or self._ahead(5))
            return name, Sense("plan", self._year(self.planned))
        return None

    def behind_title(self, paragraph: str) -> tuple[str, Sense] | None:
        """The same for a paragraph of a section that looks back: 交通建设上台阶。五年来，…."""
        match = self._openings["review_behind"].match(in_words(bare(paragraph)))
        return None if match is None else ("review_multi", self.multi(match[0]))

    def closes(self, paragraph: str) -> bool:
        """True for the last paragraph of a report: 让我们…努力奋斗！"""
        return self._openings["closing"].match(paragraph) is not None

    def tells_problems(self, paragraph: str) -> bool:
        """True for a paragraph that admits difficulties: what it counts is there already, even within a plan."""
        return self._openings["problems"].match(bare(paragraph)[:90]) is not None

    def breaks(self, sentence: str, *, of_two: bool) -> bool:
        """True where a sentence within a paragraph turns to another period for all that follows.

        `of_two`: the section looks back on a year and on several, so that plain words are enough: 五年来，….
        """
        names = ("strong", "strong_of_two") if of_two else ("strong",)
        return any(self._openings[name].match(in_words(bare(sentence)[:40])) for name in names)

    def _past_span(self, text: str) -> Period | None:
        if (match := _PLAN.search(text)) is not None:
            first, last = plan_years(match[1])
            if self.reviewed is None or first <= self.reviewed:
                return Period.years(first, last if self.reviewed is None else min(last, max(self.reviewed, first)))
        if (match := span_of_years(text)) is not None:
            count = chinese_number(match[1] or match[2]) or 5
            same = self.covers is not None and self.covers.end.year - self.covers.start.year + 1 == count
            return self.covers if same else self._back(count)
        return None

    def _since(self, heading: str) -> Period | None:
        """2008年以来的工作: from that year to the one reviewed."""
        match = re.search(rf"({YEAR})年以来", heading)
        if match is None or self.reviewed is None or not 0 < self.reviewed - year_number(match[1]) <= _LONGEST_TERM:
            return None
        return Period.years(year_number(match[1]), self.reviewed)

    def _coming_span(self, text: str) -> Period | None:
        if (match := _PLAN.search(text)) is not None:
            first, last = plan_years(match[1])
            if self.reviewed is None or last > self.reviewed:
                return Period.years(first, last)
        if (match := re.search(r"(?:今后|未来|任期)的?([三四五])年", text)) is not None:
            return self._ahead(chinese_number(match[1]) or 5)
        return self._ahead(5) if re.search(rf"新一届{_GOVERNMENT}|今后一个时期", text) else None

    def _back(self, count: int) -> Period | None:
        return None if self.reviewed is None else Period.years(self.reviewed - count + 1, self.reviewed)

    def _ahead(self, count: int) -> Period | None:
        return None if self.planned is None else Period.years(self.planned, self.planned + count - 1)

    @staticmethod
    def _year(year: int | None) -> Period | None:
        return None if year is None else Period.years(year)
