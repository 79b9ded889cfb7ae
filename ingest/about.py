"""What a report is: region, kind, title, speaker, date, the year it reviews; each with how it is known."""

from __future__ import annotations

import datetime as dt
import re
from collections import Counter
from collections.abc import Mapping
from pathlib import PurePath

from zhengwen.ingest.models import About, IssuingLevel, Known, Period, Region, ReportKind
from zhengwen.ingest.periods import chinese_number, year_number
from zhengwen.ingest.regions import gazetteer

HEAD_CHARACTERS = 1500

_CN = "〇○零一二三四五六七八九"
_DATE = re.compile(
    rf"(?P<y>(?:19|20)\d\d|[一二][{_CN}]{{3}})\s*[年./\-]\s*(?P<m>\d{{1,2}}|[一二三四五六七八九十]{{1,2}})\s*[月./\-]\s*"
    rf"(?P<d>\d{{1,2}}|[一二三四五六七八九十]{{1,3}})(?!\d)\s*日?"
)
_SESSION = re.compile(r"第[一二三四五六七八九十百\d]+\s*届\s*(?:全国)?人民代表大会|届人大")


def describe(
    text: str, *, source: str, front_matter: Mapping[str, str], sidecar: Mapping[str, str] | None = None
) -> About:
    """Read the facts from the clean text, its front matter, a sidecar and the path; text beats path, sidecar beats all.

    `front_matter` keys used: title, source/url, date, publisher, author; `sidecar` keys: region (name or code), title,
    date (ISO), kind, publisher, author, url, year_reviewed.
    """
    side = dict(sidecar or {})
    head = text[:HEAD_CHARACTERS]
    title = _title(head, front_matter, side)
    title_text = title.value or ""
    kind = _kind(side, title_text, head)
    region = _region(text, head, title_text, source, side)
    date = _date(head, title_text, side)
    reviewed = _reviewed(text, title_text, kind, date, side)
    return About(
        region=region,
        level=region.value.level if region.value else _level(head),
        kind=kind,
        title=title,
        publisher=_known(side.get("publisher"), front_matter.get("publisher")),
        author=_author(head, side, front_matter),
        url=side.get("url") or front_matter.get("url") or front_matter.get("source"),
        date=date,
        year_reviewed=reviewed,
        covers=_covers(text, reviewed.value),
    )


def _known(sidecar: str | None, given: str | None) -> Known[str]:
    if sidecar:
        return Known[str](value=sidecar, how="sidecar")
    return Known[str](value=given, how="title") if given else Known[str]()


def _title(head: str, front_matter: Mapping[str, str], side: Mapping[str, str]) -> Known[str]:
    if side.get("title"):
        return Known[str](value=side["title"], how="sidecar")
    if front_matter.get("title"):
        return Known[str](value=front_matter["title"], how="title")
    lines = [line.strip(" *#　") for line in head.splitlines() if line.strip(" *#　")]
    for line in lines[:5]:
        if re.search(r"工作报告|公报|规划|计划", line) and len(line) < 60 and not line.startswith(("——", "现在")):
            return Known[str](value=line, how="text")
    if lines and len(lines[0]) < 50 and not _DATE.search(lines[0]) and "各位代表" not in lines[0]:
        return Known[str](value=lines[0], how="text")
    return Known[str]()


def _kind(side: Mapping[str, str], title: str, head: str) -> ReportKind:
    given = side.get("kind")
    if given in ("work_report", "bulletin", "news", "plan"):
        return given  # type: ignore[return-value]
    if "公报" in title or re.search(r"统计公报", head[:300]):
        return "bulletin"
    if "工作报告" in title or re.search(r"代表.{0,20}(?:政府|国务院).{0,8}(?:报告|作)|人民代表大会.{0,20}会议上", head, re.S):
        return "work_report"
    if re.search(r"记者|通讯员|来源[:：]|讯[）)]", head):
        return "news"
    return "plan" if re.search(r"规划|计划", title) else "unknown"


def _region(text: str, head: str, title: str, source: str, side: Mapping[str, str]) -> Known[Region]:
    table = gazetteer()
    if side.get("region"):
        given = side["region"]
        region = table.by_code(given) if given.isdigit() else None
        if region is None:
            found = table.find(given)
            region = found[0].candidates[0] if found else None
        if region is not None:
            return Known[Region](value=region, how="sidecar")
    scores = _region_scores(title, head)
    counts = Counter(
        candidate.code for mention in table.find(text) for candidate in mention.candidates if candidate.code != "000000"
    )
    if scores:
        best = max(scores, key=lambda code: (scores[code], counts[code]))
        return Known[Region](value=table.by_code(best), how="text")
    for part in reversed(PurePath(source).parts):
        found = table.find(part)
        if found:
            return Known[Region](value=found[-1].candidates[0], how="path")
    return Known[Region]()


def _region_scores(title: str, head: str) -> Counter[str]:
    """Points for the places named where a report names its own: title, session, office."""
    scores: Counter[str] = Counter()
    if re.search(r"代表国务院|全国人民代表大会|中华人民共和国.{0,10}公报|国家统计局", title + head):
        scores["000000"] += 5
    table = gazetteer()
    joined = re.sub(r"\s+", "", head)
    for body, pattern in (
        (title, r"(?=.{0,20}(?:工作报告|公报))"),
        (joined, r"(?=第[一二三四五六七八九十百\d]+届人民代表大会)"),
        (joined, r"(?=人民政府|政府|省长|市长|区长|县长|州长|主席)"),
    ):
        for mention in table.find(body):
            if re.compile(pattern).match(body, mention.end):
                for place, candidate in enumerate(mention.candidates):
                    scores[candidate.code] += 3 if place == 0 else 2
    return scores


def _level(head: str) -> IssuingLevel:
    for level, pattern in (
        ("province", r"代表(?:省|自治区)人民政府|全省"),
        ("county", r"代表(?:区|县)人民政府|全区|全县|区委"),
        ("city", r"代表市(?:人民)?政府|全市"),
    ):
        if re.search(pattern, head):
            return level  # type: ignore[return-value]
    return "unknown"


def _date(head: str, title: str, side: Mapping[str, str]) -> Known[dt.date]:
    if side.get("date"):
        return Known[dt.date](value=dt.date.fromisoformat(side["date"]), how="sidecar")
    session = _SESSION.search(head)
    dates = [(match.start(), _day(match)) for match in _DATE.finditer(head)]
    valid = [(at, day) for at, day in dates if day is not None]
    if session is not None:
        near = [(abs(at - session.start()), day) for at, day in valid if abs(at - session.start()) < 80]
        if near:
            return Known[dt.date](value=min(near)[1], how="text")
    for match in _DATE.finditer(title):
        day = _day(match)
        if day is not None:
            return Known[dt.date](value=day, how="title")
    if valid and valid[0][0] < 400:
        return Known[dt.date](value=valid[0][1], how="text")
    return Known[dt.date]()


def _day(match: re.Match[str]) -> dt.date | None:
    month, day = chinese_number(match["m"]), chinese_number(match["d"])
    if month is None or day is None:
        return None
    try:
        return dt.date(year_number(match["y"]), month, day)
    except ValueError:
        return None


def _reviewed(
    text: str, title: str, kind: ReportKind, date: Known[dt.date], side: Mapping[str, str]
) -> Known[int]:
    if side.get("year_reviewed"):
        return Known[int](value=int(side["year_reviewed"]), how="sidecar")
    if kind == "bulletin":
        match = re.search(r"((?:19|20)\d\d)年", title) or re.search(r"((?:19|20)\d\d)年", text[:HEAD_CHARACTERS])
        if match:
            return Known[int](value=int(match[1]), how="title")
    if date.value is not None:
        year = date.value.year if date.value.month >= 11 else date.value.year - 1
        return Known[int](value=year, how="inferred", note="from the date")
    match = re.search(r"((?:19|20)\d\d)年[^\n。]{0,15}(?:回顾|工作总结)", text)
    return Known[int](value=int(match[1]), how="text") if match else Known[int]()


def _covers(text: str, reviewed: int | None) -> Period | None:
    if reviewed is None:
        return None
    heading = re.search(r"^.{0,8}(过去|这)([三四五])年.{0,20}$|^.{0,8}([三四五])年来.{0,10}$", text[:3000], re.M)
    if heading is None:
        return None
    count = chinese_number(heading[2] or heading[3]) or 5
    return Period.years(reviewed - count + 1, reviewed)


def _author(head: str, side: Mapping[str, str], front_matter: Mapping[str, str]) -> Known[str]:
    if side.get("author"):
        return Known[str](value=side["author"], how="sidecar")
    match = re.search(
        r"(?:省长|市长|区长|县长|州长|主席|总理|盟长)[ 　:：]*([\u4e00-\u9fff·]{1,2}[ 　]?[\u4e00-\u9fff·]{1,4})[ *　]*$", head, re.M
    )
    if match:
        return Known[str](value=re.sub(r"\s", "", match[1]), how="text")
    given = front_matter.get("author")
    return Known[str](value=given, how="title") if given else Known[str]()
