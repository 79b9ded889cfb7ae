"""Cuts a sentence into slots: each a subject, a predicate and the numbers that belong to them.

`"一般公共预算收入48.6亿元、增长8%"` gives two slots; the second has no subject of its own.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass

from zhengwen.ingest.cues import Cues
from zhengwen.ingest.periods import PeriodMention
from zhengwen.ingest.quantities import Quantity

HARD = re.compile(r"[，；;。！？!?\n]|[:：](?!\d)|,(?!\d{3}(?!\d))|——")
_BRACKET = re.compile(r"[（(]([^（）()]*)[）)]")
_JOIN = re.compile(r"(?:[、,和及与\s/]|以及)+$")

_SCOPE = (
    "全国|全省|全市|全区|全县|全州|全球|世界|亚洲|国内外|国内|省内|市内|东北|西北|西南|华东|华北|华中|华南|中南|西部|中部"
    "|东部|中西部|沿海|长三角|珠三角|大湾区|我[国省市]|苏[南中北]|中国|全行业|同行业|副省级|省会|计划单列市|地级市"
    "|万亿级?城市|同类"
)
AMONG = re.compile(
    rf"(?:在|占|从)?(?P<among>(?:{_SCOPE})(?:[\d一二三四五六七八九十]+个)?"
    r"(?:[^，。；、\d居列排占在位名]{0,10}?(?:城市|地区|省份|省区市|省市区|省区|省市|区县|市州|市县|县市区|市地|地市|市|县|园区|高新区|开发区|港口|机场|同类.{2}|百强县|百强市))?)(?:中|内|的)?$"
)
_PER = re.compile(
    r"(?:平均)?(?:(?<=[由从到至达为按])(?:人均|户均|亩均)|每(?:人|年|月|户|亩|天|日|个|名|家|生|学生|床|村|镇|县|株|只|斤|公斤|百人|千人|万人|十万人|百户|吨|公里|人次|头|件|辆|平方米|平方公里|公顷|度|小时|学期|学年|万元|立方米))+$"
)
_BASIS = re.compile(
    r"(?:同比|环比|按[^，。；、\d]{2,10}计算|按可比价格?|按?(?:同|可比)口径|扣除(?:物价|价格)[\u4e00-\u9fff]{0,4}因素"
    r"|(?<![评对占之正])(?:比|较)(?!重|例|率|值|好|大|快|为|强|多)[^，。；、比]{1,14}?(?:相比)?|[与同和][^，。；、]{2,10}相比)$"
)
_VERSUS = re.compile(
    r"(?:高于|低于|快于|慢于|超过|超出|高出|领先于?|优于|好于|落后于?|少于|大于|多于|小于|超|高|低)(?P<basis>[^，。；、高低]{1,16}?)(?:的)?(?:平均(?:水平)?)?$"
)
_MULTIPLE = re.compile(
    r"(?:相当于|约?[为是]|达到?|接近|近|超过|不低于|高于|将近|不到)(?P<basis>[^，。；、是为达]{2,26})的$"
)
_RANK_NOUN = re.compile(r"(?:综合|考核|单项)?(?:排名|排位|位次|排序)$")
_PLACES = ("全国", "全省", "全市", "全区", "同期", "上年", "预期", "计划", "目标", "平均", "国家", "省")
_GOAL = re.compile(
    r"(?P<goal>(?:超额)?(?:完成|占|达到?|为|是|超|实现)(?:了)?[^，。；、\d]{0,16}?"
    r"(?:任务|计划|预算|预算数|目标|工程量|序时进度|工作量|时间进度)(?:数|量|额|总量|指标|任务|值|投资|投资额)?)的$"
)
_YEARS = re.compile(r"(?:近|过去|提前|前|这|[,，])?[一二两三四五六七八九十\d]{1,2}年(?:来|间|共)?(?:实现)?$")


@dataclass(frozen=True, slots=True)
class Slot:
    """Numbers that share one predicate. All offsets count in the report's text."""

    group: tuple[Quantity, ...]
    pre: int
    """Where the words in front begin: after the number before or after the last mark."""
    clause: int
    """Where the clause begins: after the last mark."""
    clause_end: int
    post_end: int
    """Where the words behind end: at the next mark or number."""
    fresh: bool
    """True where a mark (not a number) stands in front of the words."""
    ahead: tuple[int, int] = (-1, -1)
    """The clause before, where it holds no number: `专利、商标，|分别达10件、20件`."""


@dataclass(slots=True)
class Stem:
    """The words in front of a number, taken apart; the subject is text[start:end], empty where it is inherited."""

    start: int
    end: int
    words: list[tuple[str, str]]
    """Stripped predicate words, nearest to the number first, each with its table."""
    basis: str = ""
    basis_span: tuple[int, int] = (-1, -1)
    versus: bool = False
    """The number tells a distance: 高于全省0.3个百分点."""
    per: str = ""
    among: str = ""
    goal: str = ""
    """What is completed: 完成年度计划(的118%)."""
    rank_noun: str = ""
    """综合排名: what the rank is of, where the subject is inherited."""

    def has(self, *groups: str) -> bool:
        return any(group in groups for _, group in self.words)

    def set_basis(self, text: str, start: int, end: int) -> None:
        if not self.basis:
            self.basis, self.basis_span = text, (start, end)


def slots(text: str, start: int, end: int, quantities: Sequence[Quantity]) -> list[Slot]:
    """The slots of the sentence text[start:end], in order."""
    marks = _marks(text, start, end, quantities)
    groups = _groups(text, quantities)
    result: list[Slot] = []
    for index, group in enumerate(groups):
        first, last = group[0], group[-1]
        before = max((mark[1] for mark in marks if mark[1] <= first.start), default=start)
        after = min((mark[0] for mark in marks if mark[0] >= last.end), default=end)
        previous = _outer_end(groups[index - 1][-1]) if index else start
        following = groups[index + 1][0].start if index + 1 < len(groups) else end
        fresh = before >= previous
        ahead = _ahead(text, before, marks, max(previous, start)) if fresh else (-1, -1)
        result.append(Slot(tuple(group), max(before, previous), before, after, min(after, following), fresh, ahead))
    return result


def _ahead(text: str, clause: int, marks: Sequence[tuple[int, int]], low: int) -> tuple[int, int]:
    """The clause that a comma parts from the one at `clause`, if it lies behind the last number."""
    closing = next((mark for mark in marks if mark[1] == clause), None)
    if closing is None or text[closing[0] : closing[1]] not in ("，", ","):
        return -1, -1
    begin = max((mark[1] for mark in marks if mark[1] <= closing[0]), default=low)
    return (begin, closing[0]) if begin >= low else (-1, -1)


def _marks(text: str, start: int, end: int, quantities: Sequence[Quantity]) -> list[tuple[int, int]]:
    """The marks that end a clause: not within a number, and brackets only where a number stands in them."""
    marks = [match.span() for match in HARD.finditer(text, start, end)]
    for match in _BRACKET.finditer(text, start, end):
        inner = match.span(1)
        if any(inner[0] <= quantity.start < inner[1] for quantity in quantities):
            marks += [(match.start(), inner[0]), (inner[1], match.end())]
        else:
            marks = [mark for mark in marks if not inner[0] <= mark[0] < inner[1]]
    inside = [(quantity.start, quantity.end) for quantity in quantities]
    return sorted(mark for mark in marks if not any(low < mark[1] and mark[0] < high for low, high in inside))


def _outer_end(quantity: Quantity) -> int:
    return max(quantity.end, quantity.bound_end)


def _groups(text: str, quantities: Sequence[Quantity]) -> list[list[Quantity]]:
    """Numbers parted by nothing but 、和及 belong together if they are of one sort."""
    groups: list[list[Quantity]] = []
    for quantity in quantities:
        if groups:
            last = groups[-1][-1]
            low = _outer_end(last)
            high = quantity.bound_start if last.end <= quantity.bound_start < quantity.start else quantity.start
            same = last.kind == quantity.kind or {last.kind, quantity.kind} == {"level", "count"}
            if low <= high and same and _JOIN.match(text, low, high):
                groups[-1].append(quantity)
                continue
        groups.append([quantity])
    return groups


def stem(text: str, start: int, end: int, quantity: Quantity, *, cues: Cues, mentions: Sequence[PeriodMention]) -> Stem:
    """Take predicate, basis and period words off the end of text[start:end], then lead words off its beginning."""
    result = Stem(start, end, [])
    if quantity.family == "times" or (quantity.family == "fraction" and "/" in quantity.surface):
        if match := _MULTIPLE.search(text, start, end):
            result.set_basis(match["basis"], *match.span("basis"))
            result.words.append((match[0][: match.start("basis") - match.start()], "reach"))
            result.end = match.start()
    elif match := _versus(text, start, end, quantity):
        result.set_basis(match[0], *match.span())
        result.versus, result.end = True, match.start()
    elif quantity.family == "percent" and (match := _GOAL.search(text, start, end)):
        result.goal, result.end = match["goal"], match.start()
    while result.end > start and _strip(text, start, result, quantity.family == "rank", cues, mentions):
        pass
    result.start = _trim_lead(text, start, result.end, cues, mentions)
    return result


def _versus(text: str, start: int, end: int, quantity: Quantity) -> re.Match[str] | None:
    """高于全省0.3个百分点, and 高于全省平均水平3.1件 where nothing else stands in front."""
    if quantity.family == "points":
        return _VERSUS.search(text, start, end)
    if quantity.family in ("rank", "percent", "times", "composition", "fraction", "index"):
        return None
    match = _VERSUS.search(text, start, end)
    return match if match and match["basis"].startswith(_PLACES) and match.start() - start <= 2 else None


def _strip(text: str, start: int, result: Stem, rank: bool, cues: Cues, mentions: Sequence[PeriodMention]) -> bool:
    """Take one more word off the end; False when the subject is reached."""
    at = result.end
    if text[at - 1] in ' \u3000、，,:：“"的':
        result.end -= 1
        return True
    for mention in mentions:
        if mention.end == at and mention.start >= start:
            _strip_period(text, start, result, mention)
            return True
    chunk = text[start:at]
    if text[at - 1] == "了" and cues.tail.match(chunk[-2::-1]):
        result.end -= 1
        return True
    if rank and not result.among and (match := AMONG.search(chunk)):
        result.among, result.end = match["among"], start + match.start()
        return True
    if (match := _PER.search(chunk)) and not chunk.endswith("平均"):
        result.per, result.end = match[0] + result.per, start + match.start()
        return True
    backwards = chunk[::-1]
    if match := cues.tail.match(backwards):
        result.words.append((match[0][::-1], cues.tail_group[match[0]]))
        result.end -= match.end()
        return True
    if rank and (match := _RANK_NOUN.search(chunk)):
        result.rank_noun, result.end = match[0], start + match.start()
        return True
    if rank and (match := cues.rank_tail.match(backwards)):
        result.words.append((match[0][::-1], "reach"))
        result.end -= match.end()
        return True
    if (match := _BASIS.search(chunk)) and (result.words or match[0][0] in "同环按扣"):
        result.set_basis(match[0], start + match.start(), at)
        result.end = start + match.start()
        return True
    if result.words and (match := _YEARS.search(chunk)):
        result.end = start + match.start()
        return True
    return False


def _strip_period(text: str, start: int, result: Stem, mention: PeriodMention) -> None:
    result.end = mention.start
    if mention.role == "basis" and mention.start > start and text[mention.start - 1] in "比较与同":
        result.set_basis(text[mention.start - 1 : mention.end], mention.start - 1, mention.end)
        result.end -= 1


def _trim_lead(text: str, start: int, end: int, cues: Cues, mentions: Sequence[PeriodMention]) -> int:
    """Where the subject really begins: behind 全市, 预计, 其中 and named periods."""
    at = start
    while at < end:
        if text[at] in ' \u3000、，,；;:：)）”"*#—-的':
            at += 1
            continue
        opening = next((mention for mention in mentions if mention.start <= at < mention.end), None)
        if opening is not None:
            at = opening.end
            continue
        match = cues.lead.match(text, at, end)
        if not match:
            break
        at = match.end()
    return min(at, end)
