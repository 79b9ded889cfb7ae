"""What a report is: region, kind, title, speaker, date, the year it reviews; each with how it is known."""

from __future__ import annotations

import datetime as dt
import re
from collections.abc import Mapping

from zhengwen.ingest.about_dates import covers_of, date_of
from zhengwen.ingest.about_names import author_of, kind_of, publisher_of, title_of
from zhengwen.ingest.about_region import level_of, region_of
from zhengwen.ingest.about_years import reviewed_of
from zhengwen.ingest.models import About, Known, Region, ReportKind
from zhengwen.ingest.regions import gazetteer

HEAD_CHARACTERS = 1500
_SALUTATION = re.compile(r"^[*\s　]*(?:各位代表|同志们|主席、各位)", re.M)
_PUBLISHED_WITHIN = 2
"""A report is published at the latest in the second year behind the one it reviews."""


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
    title = title_of(head, front_matter, side)
    kind = kind_of(side, title.value or "", head)
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
        publisher=publisher_of(head, front_matter, side, kind),
        author=author_of(head, title.value or "", front_matter, side, kind),
        url=url if url and "://" in url else None,
        date=_fitting(date, reviewed.value, kind),
        year_reviewed=reviewed,
        covers=covers_of(text, reviewed.value) if kind in ("work_report", "plan") else None,
    )


def _fitting(date: Known[dt.date], reviewed: int | None, kind: ReportKind) -> Known[dt.date]:
    """The date, unless it merely stands in the first lines and fits no year of the report: then it is a page's."""
    if not date.note or date.value is None or reviewed is None or kind not in ("work_report", "bulletin", "plan"):
        return date
    if 0 <= date.value.year - reviewed <= _PUBLISHED_WITHIN:
        return date
    return Known[dt.date](note=f"{date.value.isoformat()} in the first lines fits no year of the report")


def _head(text: str) -> str:
    """The lines before the first section: up to a little after 各位代表."""
    salutation = _SALUTATION.search(text[:HEAD_CHARACTERS])
    if salutation is None:
        return text[:HEAD_CHARACTERS]
    return text[: min(salutation.end() + 400, HEAD_CHARACTERS)]


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
