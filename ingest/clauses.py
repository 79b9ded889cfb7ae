"""Cuts a sentence into slots: each a subject, a predicate and the numbers that belong to them.

`"一般公共预算收入48.6亿元、增长8%"` gives two slots; the second has no subject of its own.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass

from zhengwen.ingest.cues import Cues
from zhengwen.ingest.quantities import Quantity

HARD = re.compile(r"[，；;。！？!?\n]|[:：](?!\d)|,(?!\d{3}(?!\d))|——|[（(）)]")
_JOIN = re.compile(r"^(?:[、,和及与至]|以及|\s|/)*$")
_BASIS = re.compile(
    r"(?:同比|环比|按可比价(?:格)?(?:计算)?|按?(?:同|可比)口径|(?:比|较|与|同)(?:[“\"]?[\u4e00-\u9fff\d—-]{1,12}?[”\"]?[\u4e00-\u9fff]{0,5}?)(?:相比)?)$"
)
_PER = re.compile(r"(?:每(?:人|年|月|户|亩|天|日|个|名|家|百人|千人|万人|百户|吨|公里|人次|头|件|辆|平方米|平方公里|度|小时|学期|学年|万元)+|人均|户均|亩均)$")
AMONG = re.compile(
    r"(?:在|居|列|位居|排|位列|名列|占)?(?P<among>(?:全国|全省|全市|全区|全县|全州|全球|世界|亚洲|省内|国内|东北|西北|西南|华东|华北|中南|中部|西部|东部|沿海|长三角|珠三角|我省|苏[南中北]|粤[东西北]|鲁[东西南]+|[\u4e00-\u9fff]{1,3}省)"
    r"(?:[\d一二三四五六七八九十]*个?[\u4e00-\u9fff]{0,12}?(?:城市|地区|省份|省市|区县|市州|市|县|园区|高新区|开发区|地级市|港口|机场)?)(?:中)?)$"
)


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


@dataclass(frozen=True, slots=True)
class Stem:
    """The words in front of a number, taken apart."""

    start: int
    end: int
    """The subject is text[start:end]; empty where it is inherited."""
    words: tuple[tuple[str, str], ...]
    """Stripped predicate words, nearest to the number first, each with its table."""
    basis: str = ""
    basis_span: tuple[int, int] = (-1, -1)
    per: str = ""
    among: str = ""

    def has(self, *groups: str) -> bool:
        return any(group in groups for _, group in self.words)


def slots(text: str, start: int, end: int, quantities: Sequence[Quantity]) -> list[Slot]:
    """The slots of the sentence text[start:end], in order."""
    marks = [match.span() for match in HARD.finditer(text, start, end)]
    for quantity in quantities:
        marks = [mark for mark in marks if mark[1] <= quantity.start or mark[0] >= quantity.end]
    groups = _groups(text, quantities, marks)
    result: list[Slot] = []
    for index, group in enumerate(groups):
        first, last = group[0], group[-1]
        before = max((mark[1] for mark in marks if mark[1] <= first.start), default=start)
        after = min((mark[0] for mark in marks if mark[0] >= last.end), default=end)
        previous = _outer_end(groups[index - 1][-1]) if index else start
        following = groups[index + 1][0].start if index + 1 < len(groups) else end
        result.append(
            Slot(tuple(group), max(before, previous), before, after, min(after, following), before >= previous)
        )
    return result


def _outer_end(quantity: Quantity) -> int:
    return max(quantity.end, quantity.bound_end)


def _groups(text: str, quantities: Sequence[Quantity], marks: Sequence[tuple[int, int]]) -> list[list[Quantity]]:
    """Numbers parted by nothing but 、和及 belong together if they are of one sort."""
    groups: list[list[Quantity]] = []
    for quantity in quantities:
        if groups:
            last = groups[-1][-1]
            low = _outer_end(last)
            high = quantity.bound_start if last.end <= quantity.bound_start < quantity.start else quantity.start
            between = text[low:high]
            if _JOIN.match(between) and between.strip() and last.kind == quantity.kind and low <= high:
                groups[-1].append(quantity)
                continue
        groups.append([quantity])
    return groups


def stem(text: str, start: int, end: int, cues: Cues, periods: Sequence[tuple[int, int]], *, rank: bool) -> Stem:
    """Take predicate, basis and period words off the end of text[start:end]."""
    words: list[tuple[str, str]] = []
    basis, basis_span, per, among = "", (-1, -1), "", ""
    at = end
    while at > start:
        if text[at - 1] in " \u3000、，,:：“\"的（(" and (text[at - 1] != "的" or not words or words[-1][1] != "kept"):
            at -= 1
            continue
        chunk = text[start:at]
        closing = next((span for span in periods if span[1] == at and span[0] >= start), None)
        if closing is not None:
            at = closing[0]
            continue
        if rank and not among and (match := AMONG.search(chunk)):
            among = match["among"]
            at = start + match.start("among")
            continue
        if match := _PER.search(chunk):
            if match[0] not in ("人均", "户均", "亩均"):
                per = per or match[0]
                at = start + match.start()
                continue
        if match := cues.tail.match(chunk[::-1]):
            word = match[0][::-1]
            group = cues.tail_group[match[0]]
            words.append((word, group))
            at -= len(word)
            continue
        if not basis and (match := _BASIS.search(chunk)) and (words or match[0][0] in "同环按"):
            basis, basis_span = match[0], (start + match.start(), at)
            at = start + match.start()
            continue
        break
    return Stem(start, at, tuple(words), basis, basis_span, per, among)


def trim_lead(text: str, start: int, end: int, cues: Cues, periods: Sequence[tuple[int, int]]) -> int:
    """Where the subject really begins: behind 全市, 预计, 其中 and named periods."""
    at = start
    while at < end:
        if text[at] in " \u3000、，,；;:：)）”\"*#—-的":
            at += 1
            continue
        opening = next((span for span in periods if span[0] <= at < span[1]), None)
        if opening is not None:
            at = opening[1]
            continue
        match = cues.lead.match(text, at, end)
        if match and match.end() < end:
            at = match.end()
            continue
        break
    return min(at, end)


def split_subjects(core: str, count: int, cues: Cues) -> list[str] | None:
    """The `count` members of a list with what they share: `农业、服务业、规模以上工业增加值` → 农业增加值 …; None if it does not fit."""
    if count == 2 and (pair := _pair(core, cues)):
        return pair
    for pattern in (r"、|以及|和|及|与|或", r"、", r"、|和(?=[^和]*$)", r"、|及(?=[^及]*$)", r"、|与(?=[^与]*$)", r"和", r"以及|及", r"与", r"、|以及|和|及"):
        pieces = [piece for piece in re.split(pattern, core) if piece]
        if len(pieces) == count and count > 1:
            return _share(pieces, cues)
    if count > 2 and "、" not in core and len(core) > count + 1 and re.match(r"[猪牛羊禽鸡鸭鹅马驴肉蛋奶茶菜果]{3,}", core):
        return [core[index] + core[count:] for index in range(count)]
    return None


def _pair(core: str, cues: Cues) -> list[str] | None:
    for word, members in cues.pairs.items():
        if members and (at := core.find(word)) >= 0:
            if word == "进出口" and re.search(r"[、和及]", core):
                continue
            head, tail = core[:at], core[at + len(word) :]
            return [head + members[0][0] + tail, head + members[1][0] + tail]
    return None


def _share(pieces: list[str], cues: Cues) -> list[str]:
    """Give the head noun of the last member to those that lack one, the level word of the first to the others."""
    last = pieces[-1]
    shared = next((head for head in cues.shared_heads if last.endswith(head) and len(head) < len(last)), "")
    result: list[str] = []
    for piece in pieces[:-1]:
        if any(piece.endswith(head) for head in cues.shared_heads):
            echo = ""
        else:
            at = last.rfind(piece[-2:]) if len(piece) > 2 else -1
            echo = last[at + 2 :] if at > 0 else shared
            if not echo and len(piece) <= 4 and len(last) > len(piece) + 1:
                echo = last[len(piece) :]
        result.append(piece + echo)
    if len(last) <= 3 and any(last.endswith(head) or last == head for head in (*cues.shared_heads, "损失")):
        head = next((head for head in cues.shared_heads if result[0].endswith(head)), "")
        prefix = result[0][: len(result[0]) - len(head)] if head else result[0]
        last = prefix + last
    result.append(last)
    if match := re.match(r"(?:国家级|省级|市级|县级|全国|新增|新建|新)(?=[\u4e00-\u9fff“])", result[0]):
        result = [result[0]] + [piece if piece.startswith(match[0][:1]) else match[0] + piece for piece in result[1:]]
    return result
