"""A report as a reference by GB/T 7714—2015, for a footnote.

滨州市滨城区人民政府. 政府工作报告[R/OL]. (2021-01-19)[2026-11-22]. https://www.example.gov.cn/report.html.
滨州市滨城区人民政府. 政府工作报告[R]. [出版地不详]: [出版者不详], 2021.

What a page on the web does not have is left out; for anything else the standard asks to say that it is unknown.
"""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, Any

from zhengwen.bot.citing_data import citing_data
from zhengwen.ingest.regions import gazetteer

if TYPE_CHECKING:
    from zhengwen.index.rows import ReportRow
    from zhengwen.ingest.models import Region


def reference(report: ReportRow) -> str:
    """One line: author, title, type and carrier, then address and dates, or place, publisher and year."""
    letter = _letter(report)
    url = report.about.url
    head = f"{author(report)}. {_title(report)}[{letter}{'/OL' if url else ''}]"
    accessed = f"[{report.read_at[:10]}]" if url else ""
    tail = f". {url}." if url else "."
    publisher = report.about.publisher.value
    if letter == "N":
        return f"{head}. {publisher}, {report.date or _year(report)}{accessed}{tail}"
    if url:
        published = f"({report.date})" if report.date else ""
        return f"{head}. {published}{accessed}{tail}"
    return f"{head}. {_place(report)}: {publisher or _words()['unknown_publisher']}, {_year(report)}{tail}"


def author(report: ReportRow) -> str:
    """Who is responsible: the issuing government or statistics office; of news, whoever signed it; else 佚名."""
    words, about = _words(), report.about
    if report.kind == "news":
        return _signed(about.author.value or "") or str(words["unknown_author"])
    publisher = about.publisher.value or ""
    if re.search(words["bodies"], publisher):
        return publisher
    if report.region is None or report.kind == "unknown" or about.level == "town":
        return str(words["unknown_author"])
    office = "statistics" if report.kind == "bulletin" else "government"
    if report.region.level == "national":
        return str(words["nation"][office])
    place = _place_of(report.region)
    if office == "statistics":
        return place + str(words["statistics"])
    ending = next((new for old, new in words["executives"].items() if place.endswith(old)), words["government"])
    return place + str(ending)


def _signed(names: str) -> str:
    """At most three authors, as §8.1.2 asks: `甲某 乙某 丙某 丁某` → `甲某, 乙某, 丙某, 等`."""
    each = [name for name in re.split(r"[\s、，,;；/]+", names) if name]
    return ", ".join([*each[:3], str(_words()["others"])] if len(each) > 3 else each)


def _words() -> dict[str, Any]:
    words: dict[str, Any] = citing_data()["reference"]
    return words


def _letter(report: ReportRow) -> str:
    """A newspaper article needs a newspaper, an electronic notice an address."""
    words = _words()
    letter = str(words["letters"][report.kind])
    if letter == "N" and not report.about.publisher.value:
        letter = str(words["online_only"])
    if letter == words["online_only"] and not report.about.url:
        return str(words["other"])
    return letter


def _title(report: ReportRow) -> str:
    title = re.sub(_words()["spoken_note"], "", " ".join(report.title.split()))
    return title or str(_words()["untitled"])


def _place_of(region: Region) -> str:
    """The name a government bears: 滨州市, 滨州市滨城区, 北京市海淀区; the province only for itself."""
    table = gazetteer()
    parent = table.parent(region.code)
    name = table.short_name(region.code) if parent is None else region.name.removeprefix(parent.name)
    if region.level != "county" or parent is None:
        return name
    if parent.level == "province":  # a district of 北京, or a city that its province governs directly
        return parent.name + name if parent.name.endswith("市") else name
    above = table.parent(parent.code)
    return (parent.name.removeprefix(above.name) if above else parent.name) + name


def _place(report: ReportRow) -> str:
    """The seat, where the issuing body published it itself; anyone else's is unknown."""
    words = _words()
    publisher, region = report.about.publisher.value or "", report.region
    if region is None or region.level == "national" or not re.search(words["bodies"], publisher):
        return str(words["unknown_place"])
    place = _place_of(region)
    return re.sub(words["place_endings"], "", place) if region.level == "city" else str(words["unknown_place"])


def _year(report: ReportRow) -> str:
    """The year of publication; in brackets where it is inferred from the year reviewed."""
    if report.date:
        return str(report.date.year)
    reviewed = report.year_reviewed
    return f"[{reviewed + 1}]" if reviewed else str(_words()["unknown_year"])
