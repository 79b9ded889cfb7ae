"""Why a figure whose words fit must still not answer: an addition for a total, a basis ruled out, a zone's figure."""

from __future__ import annotations

import re

from zhengwen.bot.cues import cues
from zhengwen.bot.match import Candidate, canonical_of
from zhengwen.bot.query import Ask, Query
from zhengwen.bot.wording import bare_name
from zhengwen.ingest.models import Region


def reservation(query: Query, ask: Ask, candidate: Candidate) -> str:
    """Empty where the figure may answer, otherwise why not.

    Asked 一共有多少家, 「新增261家、总数达到2190家」 gives 2190: the first is `an addition, not the total`.
    """
    figure = candidate.figure
    table = cues()["reservations"]
    counted = figure.kind != "level" or figure.unit != "元"
    if counted and _total_asked(query.text, ask) and _addition(candidate):
        return "an addition, not the total"
    if figure.kind in ("level", "count") and _stock_for_addition(ask, candidate):
        return "a total, not the addition"
    if ask.want == "rank" and re.search(table["whole_rank"], query.text):
        before = candidate.stored.sentence[: figure.start - figure.sentence_start]
        if re.search(table["rank_of_growth"], before):
            return "the rank of the growth"
    excluded = re.search(table["excluded_basis"], query.text)
    if excluded and re.search(table["comparable"], figure.basis + "".join(figure.qualifiers)):
        return "on a basis ruled out"
    if query.within is not None and not _speaks_of(query.within, candidate):
        return "of another place"
    if named_beside(ask, candidate):
        return "another figure of the sentence has that name"
    zone = zone_before(candidate)
    if not zone and canonical_of(figure) and re.search(table["zone_scope"], figure.scope):
        zone = figure.scope
    if zone and zone not in query.text:
        return f"of {zone}"
    return ""


def _speaks_of(place: Region, candidate: Candidate) -> bool:
    """Whether the figure's own clause names the place, 合肥中欧班列开行568列, and no place after it."""
    if candidate.figure.region is not None and candidate.figure.region.code == place.code:
        return True
    name = bare_name(place)
    before = candidate.stored.sentence[: candidate.figure.start - candidate.figure.sentence_start]
    last: str = re.split(r"[，,；;。]", before)[-1]
    return name in candidate.figure.indicator_text or (name in last and "、" not in last)


def named_beside(ask: Ask, candidate: Candidate) -> bool:
    """Whether the asked name stands right before another number of that unit: 抵押贷款16亿元，其中按揭贷款7亿元."""
    figure, name = candidate.figure, ask.words
    if len(name) < 4 or " " in name or ask.want == "growth" or figure.kind not in ("level", "count"):
        return False
    if name in candidate.near or not figure.unit or canonical_of(figure):
        return False
    at = figure.start - figure.sentence_start
    pattern = re.escape(name) + r"[^\d，,。；;、]{0,6}(?P<number>\d[\d.,]*[万亿千百]*)" + re.escape(figure.unit)
    found = list(re.finditer(pattern, candidate.stored.sentence))
    return bool(found) and all(match.start("number") != at for match in found)


def _total_asked(text: str, ask: Ask) -> bool:
    table = cues()["reservations"]
    return re.search(table["total"], text) is not None and not re.search(table["addition_asked"], ask.words + ask.head)


def _stock_for_addition(ask: Ask, candidate: Candidate) -> bool:
    """新增多少家 is not answered with 达到1181家."""
    table = cues()["reservations"]
    if not re.search(table["increment"], ask.words):
        return False
    before = candidate.stored.sentence[: candidate.figure.start - candidate.figure.sentence_start]
    last: str = re.split(r"[，,；;。：:]", before)[-1]
    return re.search(table["increment_said"], candidate.near + last) is None


def _addition(candidate: Candidate) -> bool:
    """新增X家, but not 累计达到Y家: what is reached by an addition is a total."""
    before = candidate.stored.sentence[: candidate.figure.start - candidate.figure.sentence_start]
    last: str = re.split(r"[，,、；;。：:]", before)[-1]
    table = cues()["reservations"]
    if re.search(table["reached"], last):
        return False
    return re.search(table["addition"], candidate.figure.indicator_text + last) is not None


def zone_before(candidate: Candidate) -> str:
    """The park or new district whose own name opens the clause of a headline figure, or the clause before; else empty.

    「滨江新区运行平稳，地区生产总值达到500亿元」 speaks of 滨江新区 and not of the city.
    """
    figure = candidate.figure
    if not canonical_of(figure):
        return ""
    table = cues()["reservations"]
    before = candidate.stored.sentence[: figure.start - figure.sentence_start]
    parts = re.split(r"[，,；;。]", before)
    for part in reversed(parts[-2:]):
        if re.search(table["whole_region"], part):
            return ""
        found = re.match(table["zone"], part)
        if found and figure.region is not None and found["name"] not in figure.region.name:
            return found["name"]
        if re.search(r"\d", re.sub(r"(?:19|20)\d\d年", "", part)):
            return ""
    return ""
