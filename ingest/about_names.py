"""Finds a report's kind, title, publisher and author in its first lines; the words are data (about.yaml)."""

from __future__ import annotations

import re
from collections.abc import Mapping
from functools import cache
from pathlib import Path
from typing import cast, get_args

import yaml

from zhengwen.ingest.calendar_words import YEAR
from zhengwen.ingest.models import Known, ReportKind

_SALUTATION = re.compile(r"^[*\s　]*(?:各位代表|同志们|主席、各位)", re.M)
_BLANK = r"[^\S\n]"
_OFFICE = rf"(?:[省市区县州盟旗镇乡]{_BLANK}*长|主{_BLANK}*席|总理|专员|行政长官)"
_HAN = r"[\u4e00-\u9fff]"
_NAME = rf"(?:{_HAN}{{2,4}}|{_HAN}{_BLANK}{{1,3}}{_HAN}|{_HAN}{{1,8}}(?:[·•・．.]{_HAN}{{1,8}})+)"
# Between the office and the name: blanks, a colon, a dash, and the mark of a lost character.
_BETWEEN = r"(?:[^\S\n]|[:：?？—\-])*"
_SPEAKER = re.compile(rf"{_OFFICE}{_BETWEEN}({_NAME})(?:作政府工作报告)?[^\S\n]*[）)]?[^\S\n]*$", re.M)
_SPEAKER_BROKEN = re.compile(rf"{_OFFICE}(?:[^\S\n]|[:：])*\n\s*({_NAME})[^\S\n]*$", re.M)
_SPEAKS = re.compile(rf"^{_BLANK}*({_HAN}{{2,4}})(?:代表.{{0,12}})?(?:在|向).{{0,8}}大会上?作", re.M)
_BEHIND_SESSION = re.compile(rf"会议上[）)]?{_BLANK}+({_NAME}){_BLANK}*$", re.M)
_BARE_NAME = re.compile(rf"^[ 　（(]*({_NAME})[ 　）)]*$", re.M)
_NO_NAME = re.compile(r"报告|大会|会议|政府|目录|代表|摘要|全文|来源|时间|年度|工作|发布")
_SESSION_BEHIND = re.compile(rf"(?<=[报告公纲要草案])\s*(?:—+|─+|[（(]|\s)\s*(?={YEAR}年.{{1,8}}日在)")
_LINES_OF_TITLE = 6
_LINES_OF_PUBLISHER = 8
_LONGEST_TITLE = 60
_LONGEST_HEADING = 50


@cache
def words() -> dict[str, dict[str, str]]:
    """The patterns of about.yaml."""
    data = yaml.safe_load((Path(__file__).parent / "about.yaml").read_text("utf-8"))
    return cast("dict[str, dict[str, str]]", data)


def kind_of(side: Mapping[str, str], title: str, head: str) -> ReportKind:
    """What sort of text it is, by its title, then by how it begins. ValueError for a sidecar's kind that is none."""
    given = side.get("kind")
    if given is not None:
        if given not in get_args(ReportKind):
            raise ValueError(f"sidecar kind {given!r} (expected one of {', '.join(get_args(ReportKind))})")
        return cast(ReportKind, given)
    kinds = words()["kind"]
    if re.search(kinds["bulletin"], title) or re.search(r"统计公报", head[:300]):
        return "bulletin"
    if re.search(kinds["work_report"], title):
        return "work_report"
    if re.search(kinds["plan"], title):
        return "plan"
    if re.search(kinds["speech"], re.sub(r"\s+", "", head)):
        return "work_report"
    return "news" if re.search(kinds["news"], head) else "unknown"


def title_of(head: str, front_matter: Mapping[str, str], side: Mapping[str, str]) -> Known[str]:
    """The title as given, or the line among the first that names a report, or the first short line."""
    rules = words()["title"]
    if given := side.get("title"):
        return Known[str](value=given, how="sidecar")
    if given := front_matter.get("title"):
        return Known[str](value=re.sub(rules["site"], "", given) or given, how="title")
    if labelled := re.search(rules["given"], head, re.M):
        return Known[str](value=labelled[1], how="text")
    lines = [line for raw in head.splitlines() if (line := raw.strip(" *#　"))]
    menu = re.compile(rules["menu"])
    lines = [line for line in lines[:_LINES_OF_TITLE] if not menu.search(line)]
    never = re.compile(rules["never"])
    fitting = [closed for line in lines if not never.search(closed := _closed(line)) and not _speaker(closed)]
    heading = next((line for line in fitting if re.search(rules["named"], line) and len(line) < _LONGEST_TITLE), None)
    if heading is None and fitting and fitting[0] == _closed(lines[0]) and len(lines[0]) < _LONGEST_HEADING:
        heading = fitting[0]
    return Known[str](value=heading, how="text") if heading else Known[str]()


def _closed(line: str) -> str:
    """政 府 工 作 报 告 as 政府工作报告, and without the session that stands behind it on the same line."""
    line = _SESSION_BEHIND.split(re.sub(r"^原标题[:：]", "", line))[0].rstrip("—- 　")
    return re.sub(r"[ 　]+", "", line) if re.fullmatch(rf"(?:{_HAN}[ 　]+)+{_HAN}", line) else line


def _speaker(line: str) -> bool:
    """True for a line that names the speaker: 某某市市长 张三."""
    match = _SPEAKER.search(line)
    return match is not None and not _NO_NAME.search(match[1])


def publisher_of(head: str, front_matter: Mapping[str, str], side: Mapping[str, str], kind: ReportKind) -> Known[str]:
    """Who put it out: as given, behind 来源 or 发布机构, or the office alone on a line beneath the title."""
    rules = words()["publisher"]
    if given := side.get("publisher"):
        return Known[str](value=given, how="sidecar")
    if given := front_matter.get("publisher"):
        return Known[str](value=given, how="title")
    found = re.search(rules["given"], head)
    if found is None and kind in ("bulletin", "plan"):
        first = "\n".join(head.split("\n")[1:_LINES_OF_PUBLISHER])
        found = re.search(rules["office"], first, re.M)
    return Known[str](value=found[1], how="text") if found else Known[str]()


def author_of(
    head: str, title: str, front_matter: Mapping[str, str], side: Mapping[str, str], kind: ReportKind
) -> Known[str]:
    """The speaker: behind the office (市长 张三), alone on a line, or in the title; of news the reporters."""
    if side.get("author"):
        return Known[str](value=side["author"], how="sidecar")
    front = front_matter.get("author")
    if kind in ("news", "bulletin"):
        found = _reporters(head) if front is None else None
        return Known[str](value=found, how="text") if found else _given(front)
    spoken = _speaker_of(head)
    if spoken is not None:
        return Known[str](value=spoken, how="text")
    if match := re.search(rf"月\d{{0,2}}日?[ 　]+({_NAME})[ 　]*[）)]", title):
        return Known[str](value=re.sub(r"\s", "", match[1]), how="title")
    return _given(front)


def _given(front_matter: str | None) -> Known[str]:
    return Known[str](value=front_matter, how="title") if front_matter else Known[str]()


def _reporters(head: str) -> str | None:
    rules = words()["author"]
    for name in ("given", "reporters"):
        if match := re.search(rules[name], head):
            return re.sub(r"[ 　]*(?:通讯员|实习生|见习记者)[ 　]*", " ", match[1]).strip()
    return None


def _speaker_of(head: str) -> str | None:
    plain = head.replace("*", "")
    salutation = _SALUTATION.search(plain)
    front = plain[: salutation.start()] if salutation else plain[:400]
    behind = (_BEHIND_SESSION, _BARE_NAME) if salutation else ()
    for pattern in (_SPEAKER, _SPEAKER_BROKEN, _SPEAKS, *behind):
        for match in pattern.finditer(front):
            if not _NO_NAME.search(match[1]):
                return re.sub(r"\s", "", match[1])
    return None
