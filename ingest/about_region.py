"""Finds the place a report is about: the one whose congress, government or office it calls its own."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterable
from functools import cache
from pathlib import PurePath

from zhengwen.ingest.about_names import words
from zhengwen.ingest.models import IssuingLevel, Known, Region
from zhengwen.ingest.regions import NATION, RegionMention, gazetteer

_NUMERAL = "一二三四五六七八九十百○〇0-9"
# What follows the name of a report's own place, with the points it gives.
_OWN: tuple[tuple[re.Pattern[str], int], ...] = (
    (re.compile(rf"(?:市|县|区)?第?[{_NUMERAL}]+届(?:全国)?(?:人民代表大会|人大)"), 8),
    (
        re.compile(
            r"(?:行政公署|行署)(?:专员|向大会|[，,]?向|[\s　]*工作报告)"
            r"|(?:第[一-龥]{1,4}届)?(?:省|市|区|县|州|盟|旗)?人民政府"
            r"(?:向大会|[，,]?向|(?:代理?)?[省市区县州盟旗]长|(?:代理?)?主席|[\s　]*工作报告)"
        ),
        7,
    ),
    (
        re.compile(
            r"(?:省|市|区|县|州|盟|旗)?(?:人民)?(?:政府)?(?:党组书记)?[、，]?(?:代理?)?(?:[省市区县州盟旗]长|主席|行政长官)"
        ),
        6,
    ),
    (re.compile(r"(?:\d{4}年度?)?(?:人民)?政府(?:\d{4}年)?《?(?:政府)?工作报告"), 7),
    (
        re.compile(
            r"(?:\d{4}年度?)?《?(?:政府)?工作报告|(?:\d{4}年)?国民经济和社会发展(?:统计公报|第|计划)|(?:\d{4}年)?统计公报"
        ),
        5,
    ),
)
_NATIONAL = re.compile(
    rf"代表国务院|第?[{_NUMERAL}]+届全国人民代表大会|中华人民共和国(?:国家统计局|(?:\d{{4}}年)?国民经济)"
)
_TOWN = (
    r"代表(?:[一-龥]{2,6})?[镇乡](?:人民)?政府|[镇乡]第?[一二三四五六七八九十]{1,3}届人民代表大会|[镇乡]人民政府[镇乡]长"
    r"|(?:^|[^\u4e00-\u9fff])[一-龥]{0,8}(?<![景])[镇乡]长[ 　]"
)
_LEVELS: tuple[tuple[IssuingLevel, re.Pattern[str]], ...] = (
    ("national", re.compile(r"代表国务院")),
    ("town", re.compile(_TOWN)),
    (
        "province",
        re.compile(r"代表(?:本届)?(?:省|自治区)|[在向]省第?[一-龥]{1,3}届|省长|自治区(?:代理?)?主席|省人民政府"),
    ),
    ("county", re.compile(r"代表(?:区|县|旗)|在(?:区|县)第?[一-龥]{1,3}届|[区县]长|旗长|[区县]委")),
    ("city", re.compile(r"代表(?:市|州|自治州|盟|行署|地区)|在(?:市|自治州|州)第?[一-龥]{1,3}届|市长|州长|盟长")),
)
_MENTIONS_TO_DECIDE = 6
"""A place that is nowhere named as the report's own must be named this often, and twice as often as the next."""


def region_of(text: str, head: str, title: str, source: str) -> Known[Region]:
    """The region a report is about, with how it is known; a name seen once in passing decides nothing.

    The title and the lines before the first section are read for the report's own congress, government and office;
    where they are silent, the place the body names by far most often at the report's level; then the path.
    """
    level = level_of(head)
    if level == "town":
        return _of_town(head)
    scores = _own_scores(title, head)
    counts = _counts(text)
    if scores:
        return _decide(scores, counts, level, source, how="title" if not _own_scores("", head) else "text")
    by_body = _by_body(counts, level, title)
    if by_body is not None:
        return Known[Region](value=by_body, how="inferred", note="the place the text names most often")
    return _by_path(source)


def _of_town(head: str) -> Known[Region]:
    """A town is in no table, and its figures are not those of the county around it: that is all that can be said."""
    around = next((mention.region for mention in gazetteer().find(head) if mention.region is not None), None)
    return Known[Region](note="a town" if around is None else f"a town of {around.name}")


def level_of(head: str) -> IssuingLevel:
    """The level of the government that speaks: 我代表市人民政府 → city."""
    joined = re.sub(r"\s+", "", head)
    found = [(match.start(), level) for level, pattern in _LEVELS if (match := pattern.search(joined))]
    return min(found)[1] if found else "unknown"


def _own_scores(title: str, head: str) -> Counter[str]:
    """Points of each code named as the report's own place; the candidates of one mention share its points."""
    scores: Counter[str] = Counter()
    joined = re.sub(r"[\s　*#]+", "", head)
    if _NATIONAL.search(title) or _NATIONAL.search(joined[:600]):
        scores[NATION] += 12
    for body in (re.sub(r"\s+", "", title), joined):
        for mention in gazetteer().find(body):
            points = max((value for pattern, value in _OWN if pattern.match(body, mention.end)), default=0)
            if points and mention.candidates[0].code != NATION:
                for candidate in mention.candidates:
                    scores[candidate.code] += points
    return scores


def _counts(text: str) -> Counter[str]:
    """How often each code is named (as the first candidate, or as one of several)."""
    counts: Counter[str] = Counter()
    media = re.compile(words()["publisher"]["media"])
    for mention in gazetteer().find(text):
        if media.match(text, mention.end):
            continue
        for candidate in mention.candidates:
            counts[candidate.code] += 1
    return counts


def _decide(scores: Counter[str], counts: Counter[str], level: IssuingLevel, source: str, *, how: str) -> Known[Region]:
    """The code with most points; among equals the one whose city or province the text names."""
    table = gazetteer()
    best = max(scores.values())
    tied = [code for code in scores if scores[code] == best]
    if len(tied) > 1:
        fitting = [code for code in tied if (region := table.by_code(code)) and region.level == level]
        tied = fitting or tied
    if len(tied) > 1:
        tied = _by_surroundings(tied, counts) or _by_surroundings(tied, _counts(source)) or tied
    regions = [region for code in tied if (region := table.by_code(code)) is not None]
    if len(regions) == 1:
        return Known[Region](value=regions[0], how="title" if how == "title" else "text")
    return Known[Region](note="ambiguous: " + "、".join(region.name for region in regions))


def _by_surroundings(codes: Iterable[str], counts: Counter[str]) -> list[str]:
    """The codes whose city or province is named, where one is named clearly more often than the others'."""
    table = gazetteer()
    weights = Counter({code: sum(counts[above] for above in _above(code)) for code in codes})
    ranked = weights.most_common(2)
    if not ranked or ranked[0][1] == 0:
        return []
    # A second city named as often (沈阳 in a report of 天津) leaves it open.
    if len(ranked) > 1 and ranked[1][1] * 2 > ranked[0][1]:
        return []
    return [ranked[0][0]] if table.by_code(ranked[0][0]) else []


def _above(code: str) -> list[str]:
    table = gazetteer()
    found: list[str] = []
    parent = table.parent(code)
    while parent is not None and parent.code != NATION:
        found.append(parent.code)
        parent = table.parent(parent.code)
    return found


def _by_body(counts: Counter[str], level: IssuingLevel, title: str) -> Region | None:
    """The place the text names by far most often at the report's level; with one in the title, that one."""
    table = gazetteer()
    in_title = _single(table.find(title))
    if in_title is not None and counts[in_title.code] >= 2 and in_title.code != NATION:
        return in_title
    if level == "province" and (province := _by_its_cities(counts)) is not None:
        return province
    levels = {"city": ("city", "province"), "province": ("province",), "county": ("county",)}
    wanted = levels.get(level, ("city", "county"))
    found = Counter(
        {
            code: count
            for code, count in counts.items()
            if (region := table.by_code(code)) is not None and region.level in wanted and _speaks(code, level)
        }
    )
    if not found:
        return None
    best, count = found.most_common(1)[0]
    # The city around a county is named beside it and is no rival.
    rivals = [other for other in found if other != best and not table.within(best, other)]
    if count < _MENTIONS_TO_DECIDE or any(found[other] * 2 > count for other in rivals):
        return None
    return table.by_code(best)


def _by_its_cities(counts: Counter[str]) -> Region | None:
    """The province that is named itself and whose cities and counties are most of the places named."""
    table = gazetteer()
    support: Counter[str] = Counter()
    for code, count in counts.items():
        if code != NATION:
            support[code[:2] + "0000"] += count
    ranked = support.most_common(2)
    if not ranked or not counts[ranked[0][0]] or ranked[0][1] < _MENTIONS_TO_DECIDE:
        return None
    rival = ranked[1][1] if len(ranked) > 1 else 0
    return table.by_code(ranked[0][0]) if rival * 3 < ranked[0][1] else None


def _speaks(code: str, level: IssuingLevel) -> bool:
    """A province speaks as 市 only where it is one: 天津, 重庆."""
    return level != "city" or not code.endswith("0000") or gazetteer().short_name(code).endswith("市")


def _single(mentions: Iterable[RegionMention]) -> Region | None:
    regions = {mention.candidates[0].code: mention.candidates for mention in mentions}
    if len(regions) != 1:
        return None
    candidates = next(iter(regions.values()))
    return candidates[0] if len(candidates) == 1 else None


@cache
def _folder_words() -> re.Pattern[str]:
    return re.compile(r"政府工作报告|主要城市|其他地市|省自治区")


def _by_path(source: str) -> Known[Region]:
    for part in reversed(PurePath(source).parts):
        mentions = gazetteer().find(part)
        if mentions and len(mentions[-1].candidates) == 1:
            return Known[Region](value=mentions[-1].candidates[0], how="path")
    return Known[Region]()
