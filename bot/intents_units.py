"""Question words and what they imply: the unit, the kind of value."""

from __future__ import annotations

import re
from functools import cache
from pathlib import Path
from typing import NamedTuple

import yaml

from zhengwen.bot.intents_words import (
    GAP,
    Cues,
)
from zhengwen.bot.query import Want

_TIMES = r"(?:万亿|千亿|百亿|千万|百万|十万|亿|万)"


class Found(NamedTuple):
    """One question word with its unit: `text[start:end]`."""

    start: int
    end: int
    word: str
    times: str
    unit: str


@cache
def units_table() -> tuple[re.Pattern[str], frozenset[str]]:
    """The units of ingest/units.yaml as a pattern, longest first, and those of money."""
    import zhengwen.ingest as ingest

    text = (Path(str(ingest.__file__)).parent / "units.yaml").read_text(encoding="utf-8")
    table = yaml.load(text, Loader=getattr(yaml, "CSafeLoader", yaml.SafeLoader))
    money = frozenset(table["money"]["units"])
    units = {unit for family in table.values() if isinstance(family, dict) for unit in family.get("units", ())}
    return re.compile("|".join(re.escape(unit) for unit in sorted(units, key=len, reverse=True))), money


def shifted(found: Found, by: int) -> Found:
    return found._replace(start=found.start + by, end=found.end + by)


def question_words(part: str, cues: Cues) -> list[Found]:
    result: list[Found] = []
    at = 0
    pattern = re.compile(cues["ask"])
    words = sorted(cues["unit_words"], key=len, reverse=True)
    part = re.sub(cues["not_ask"], lambda match: GAP * len(match[0]), part)
    while match := pattern.search(part, at):
        end, times, unit = match.end(), "", ""
        if match[0] in ("多少", "几", "多", "多大", "多长", "多久", "多重", "多远"):
            if multiple := re.compile(_TIMES).match(part, end):
                times, end = multiple[0], multiple.end()
            known = None if re.compile(cues["not_unit"]).match(part, end) else units_table()[0].match(part, end)
            spoken = next((word for word in words if part.startswith(word, end)), "")
            if match[0] in ("多长", "多久", "多重", "多远", "多大") and not known:
                spoken = match[0][1:] + ("面积" if part.startswith("面积", end) else "")
                unit = spoken if spoken in cues["unit_words"] else ""
                end += 2 if "面积" in spoken else 0
            elif known and len(known[0]) >= len(spoken):
                unit, end = known[0], known.end()
            elif spoken and spoken not in ("大面积",):
                unit, end = spoken, end + (0 if spoken in ("面积", "资金", "经费") else len(spoken))
        if not (match[0] == "几" and not unit and not times):
            result.append(Found(match.start(), end, match[0], times, unit))
        at = max(end, match.end())
    return result


def implied(words: str, cues: Cues) -> tuple[frozenset[str], bool]:
    """面积 is counted in 亩 or 平方米, 人数 in 人, 收入 in money."""
    for pattern, family in cues["implied"].items():
        if any(re.search(pattern, run) for run in words.split()):
            return frozenset(cues["families"].get(family, ())), family == "money"
    return frozenset(), False


def wanted(head: str, one: Found, cues: Cues) -> Want:
    table, between = cues["want"], cues["between"]
    if re.search(r"(?:提升|上升|前移|前进|提高|下降|后移)了?$", head) and one.unit in ("位", "名", "个位次", "位次"):
        return "growth"
    if "第几" in one.word or one.word == "排老几":
        return "rank"
    if one.unit in ("位", "名") and re.search(r"第$|排名?$|居$|列$", head):
        return "rank"
    if re.search(r"排(?:名|行)?$|名次(?:是)?$|位次(?:是)?$", head):
        return "rank"
    if "百分点" in one.word or "百分点" in one.unit:
        return "pp"
    if "倍" in one.word or one.unit == "倍":
        return "times"
    completion = re.search(table["completion"], head[-16:])
    percent = "百分之" in one.word or one.word.endswith("%") or one.word == "几成"
    if completion and (percent or not one.unit) and not one.times:
        return "completion"
    share = re.search(table["share"] + between, head)
    level = re.search(table["level_verb"] + between, head)
    growth = None if level else re.search(table["growth"] + between, head)
    if percent:
        return "growth" if growth else "share" if share else "percent"
    if one.unit or one.times:
        return "value"
    if one.word == "多快" or "降" in one.word or "跌" in one.word:
        return "growth"
    if share:
        return "share"
    return "growth" if growth else "value" if level else "any"
