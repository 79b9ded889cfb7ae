"""What a report is: region, kind, title, speaker, date, the year it reviews; each with how it is known."""

from __future__ import annotations

import datetime as dt
import re
from collections.abc import Mapping
from typing import cast, get_args

from zhengwen.ingest.about_dates import covers_of, date_of, reviewed_of
from zhengwen.ingest.about_region import level_of, region_of
from zhengwen.ingest.models import About, Known, Region, ReportKind
from zhengwen.ingest.regions import gazetteer

HEAD_CHARACTERS = 1500
_SALUTATION = re.compile(r"^[*\s　]*(?:各位代表|同志们|主席、各位)", re.M)
_BLANK = r"[^\S\n]"
_OFFICE = rf"(?:[省市区县州盟旗]{_BLANK}*长|主{_BLANK}*席|总理|专员|行政长官)"
_HAN = r"[\u4e00-\u9fff]"
_NAME = rf"(?:{_HAN}{{2,4}}|{_HAN}{_BLANK}{{1,3}}{_HAN}|{_HAN}{{1,8}}(?:[·•・．.]{_HAN}{{1,8}})+)"
_SPEAKER = re.compile(rf"{_OFFICE}(?:[^\S\n]|[:：])*({_NAME})[^\S\n]*[）)]?[^\S\n]*$", re.M)
_SPEAKER_BROKEN = re.compile(rf"{_OFFICE}(?:[^\S\n]|[:：])*\n\s*({_NAME})[^\S\n]*$", re.M)
_SPEAKS = re.compile(rf"^{_BLANK}*({_HAN}{{2,4}})(?:代表.{{0,12}})?(?:在|向).{{0,8}}大会上?作", re.M)
_BARE_NAME = re.compile(rf"^[ 　（(]*({_NAME})[ 　）)]*$", re.M)
_NO_NAME = re.compile(r"报告|大会|会议|政府|目录|代表|摘要|全文|来源|时间|年度|工作|发布")


def describe(
    text: str, *, source: str, front_matter: Mapping[str, str], sidecar: Mapping[str, str] | None = None
) -> About:
    """Read the facts from the clean text, its front matter, a sidecar and the path; text beats path, sidecar beats all.

    `front_matter` keys used: title, source or url, date, publisher, author. `sidecar` keys: region (a name or a code),
    title, date (ISO), kind, publisher, author, url, year_reviewed. Raises ValueError for a sidecar value that cannot
    be read (a date that is none, a region that is in no table).
    """
    side = {key: str(value) for key, value in (sidecar or {}).items() if value not in (None, "")}
    head = _head(text)
    title = _title(head, front_matter, side)
    kind = _kind(side, title.value or "", head)
    date = _date(head, title.value or "", front_matter, side)
    region = _sidecar_region(side) or region_of(text, head, title.value or "", source)
    if "year_reviewed" in side:
        if not re.fullmatch(r"(?:19|20)\d\d", side["year_reviewed"]):
            raise ValueError(f"sidecar year_reviewed {side['year_reviewed']!r} is no year (expected e.g. 2020)")
        reviewed = Known[int](value=int(side["year_reviewed"]), how="sidecar")
    else:
        reviewed = reviewed_of(text, head, title.value or "", kind, date)
    url = side.get("url") or front_matter.get("url") or front_matter.get("source")
    return About(
        region=region,
        level=region.value.level if region.value else level_of(head),
        kind=kind,
        title=title,
        publisher=_first(
            side.get("publisher"), front_matter.get("publisher"), _match(r"来源[:：][ 　]*(\S{2,20})", head)
        ),
        author=_author(head, title.value or "", front_matter, side, kind),
        url=url if url and "://" in url else None,
        date=date,
        year_reviewed=reviewed,
        covers=covers_of(text, reviewed.value) if kind == "work_report" else None,
    )


def _head(text: str) -> str:
    """The lines before the first section: up to a little after 各位代表."""
    salutation = _SALUTATION.search(text[:HEAD_CHARACTERS])
    if salutation is None:
        return text[:HEAD_CHARACTERS]
    return text[: min(salutation.end() + 400, HEAD_CHARACTERS)]


def _first(sidecar: str | None, front_matter: str | None, text: str | None) -> Known[str]:
    if sidecar:
        return Known[str](value=sidecar, how="sidecar")
    if front_matter:
        return Known[str](value=front_matter, how="title")
    return Known[str](value=text, how="text") if text else Known[str]()


def _match(pattern: str, text: str) -> str | None:
    match = re.search(pattern, text)
    return match[1] if match else None


def _title(head: str, front_matter: Mapping[str, str], side: Mapping[str, str]) -> Known[str]:
    """The title as given, or the line among the first that names a report, or the first short line."""
    lines = [line for raw in head.splitlines() if (line := raw.strip(" *#　"))]
    named = [
        line
        for line in lines[:6]
        if re.search(r"工作报告|公报|规划|计划的报告", line)
        and len(line) < 60
        and not re.match(r"[—\-─（(]|现在|我代表|各位", line)
        and not line.endswith("。")
    ]
    heading = named[0] if named else None
    if heading is None and lines and len(lines[0]) < 50 and not re.search(r"[。：:]$|^[—─\-]|\d日|会议上", lines[0]):
        heading = lines[0]
    return _first(side.get("title"), front_matter.get("title"), heading)


def _kind(side: Mapping[str, str], title: str, head: str) -> ReportKind:
    given = side.get("kind")
    if given is not None:
        if given not in get_args(ReportKind):
            raise ValueError(f"sidecar kind {given!r} (expected one of {', '.join(get_args(ReportKind))})")
        return cast(ReportKind, given)
    if re.search(r"公报", title) or re.search(r"统计公报", head[:300]):
        return "bulletin"
    if re.search(r"工作报告", title):
        return "work_report"
    joined = re.sub(r"\s+", "", head)
    if re.search(r"代表.{0,20}(?:政府|国务院|行署).{0,20}报告|届.{0,3}人(?:民代表)?大.{0,12}会议上", joined):
        return "work_report"
    if re.search(r"规划|计划", title):
        return "plan"
    return "news" if re.search(r"记者|通讯员|来源[:：]|报道|讯[）)]|首页", head) else "unknown"


def _sidecar_region(side: Mapping[str, str]) -> Known[Region] | None:
    given = side.get("region")
    if given is None:
        return None
    try:
        return Known[Region](value=region_named(given), how="sidecar")
    except ValueError as error:
        raise ValueError(f"sidecar region {error}") from None


def region_named(given: str) -> Region:
    """The division with this code or name, `371602` or `山东省滨州市滨城区`. ValueError for none or several."""
    table = gazetteer()
    if given.isdigit():
        coded = table.by_code(given.zfill(6))
        found = [coded] if coded else []
    else:
        found = next((list(mention.candidates) for mention in table.find(given)), [])
    if not found:
        raise ValueError(f"{given!r} is neither a division code nor a name in the table")
    if len(found) > 1:
        names = ", ".join(f"{one.code} {one.name}" for one in found[:4])
        raise ValueError(f"{given!r} may be several places; give the code or the full name: {names}")
    return found[0]


def _date(head: str, title: str, front_matter: Mapping[str, str], side: Mapping[str, str]) -> Known[dt.date]:
    if "date" in side:
        try:
            return Known[dt.date](value=dt.date.fromisoformat(side["date"][:10]), how="sidecar")
        except ValueError:
            raise ValueError(f"sidecar date {side['date']!r} is no date (expected e.g. 2021-01-20)") from None
    found = date_of(head, title)
    if found.value is None and (given := front_matter.get("date")):
        try:
            return Known[dt.date](value=dt.date.fromisoformat(given[:10]), how="title")
        except ValueError:
            return found
    return found


def _author(
    head: str, title: str, front_matter: Mapping[str, str], side: Mapping[str, str], kind: ReportKind
) -> Known[str]:
    """The speaker: behind the office (市长 张三), alone on a line, or in the title's brackets."""
    if side.get("author"):
        return Known[str](value=side["author"], how="sidecar")
    if kind == "news":
        return _first(None, front_matter.get("author"), _match(r"作者[:：][ 　]*([^\n|]{2,40})", head))
    plain = head.replace("*", "")
    salutation = _SALUTATION.search(plain)
    front = plain[: salutation.start()] if salutation else plain[:400]
    for pattern in (_SPEAKER, _SPEAKER_BROKEN, _SPEAKS, *((_BARE_NAME,) if salutation else ())):
        for match in pattern.finditer(front):
            if not _NO_NAME.search(match[1]):
                return Known[str](value=re.sub(r"\s", "", match[1]), how="text")
    if match := re.search(rf"月\d{{0,2}}日?[ 　]+({_NAME})[ 　]*[）)]", title):
        return Known[str](value=re.sub(r"\s", "", match[1]), how="title")
    return _first(None, front_matter.get("author"), None)
