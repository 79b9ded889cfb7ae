"""The administrative divisions of China and how a text names them.

The table holds every division in use since 1980 with its successors; development zones and most 新区 are no
divisions and are not in it (浦东新区 is).
"""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass
from functools import cache
from operator import add

from zhengwen.ingest.models import Region
from zhengwen.ingest.regions_table import NATION, Guard, Table, parent_code, table

__all__ = ["NATION", "Gazetteer", "RegionMention", "gazetteer"]

# What must stand around a name that is also a word (和平) or a part of one (增城市): 和平2021年, 范县人民政府.
_LEFT = re.compile(r"(?:^|[\s。，、；：！？“”‘’（）()《》,.;:!?—\-和与及同跟比较在从对问查])$")
_YEAR_RIGHT = r"(?:19|20)\d\d年?|[二一][〇○零九]|去年|今年|上年|前年|全[市县区州盟]|GDP|地区生产总值"
_RIGHT: dict[Guard, re.Pattern[str]] = {
    "common": re.compile(_YEAR_RIGHT),
    "fragment": re.compile(_YEAR_RIGHT + r"|(?:人民)?政府|第[一二三四五六七八九十]+届|[区县市]?[委长]"),
}

# How far (in characters) the words of not_places reach beyond a name.
_REACH = 4


@dataclass(frozen=True, slots=True)
class RegionMention:
    """A place named in a text: `start` and `end` are offsets, candidates stand best first."""

    start: int
    end: int
    text: str
    candidates: tuple[Region, ...]

    @property
    def region(self) -> Region | None:
        """The region where there is no other candidate."""
        return self.candidates[0] if len(self.candidates) == 1 else None


@dataclass(frozen=True, slots=True)
class _Found:
    start: int
    end: int
    codes: tuple[str, ...]
    guard: Guard


class Gazetteer:
    """The divisions by code and by name."""

    def __init__(self, data: Table) -> None:
        self._data = data

    def by_code(self, code: str) -> Region | None:
        """`by_code("371602")` is 山东省滨州市滨城区; None for an unknown code."""
        versions = self._data.divisions.get(code)
        return versions[0].region if versions else None

    def in_use(self, code: str) -> bool:
        """False for an abolished or unknown code."""
        versions = self._data.divisions.get(code)
        return versions is not None and versions[0].until is None

    def short_name(self, code: str) -> str:
        """The name without those above it, 滨城区; empty for an unknown code."""
        versions = self._data.divisions.get(code)
        return versions[0].name if versions else ""

    def parent(self, code: str) -> Region | None:
        """The city of a county, the province of a city, the nation of a province; None for the nation."""
        above = parent_code(code, self._data.divisions)
        return None if above is None else self.by_code(above)

    def children(self, code: str) -> tuple[Region, ...]:
        """The divisions in use directly below."""
        below = self._data.children.get(code, ())
        return tuple(self._data.divisions[child][0].region for child in below if self.in_use(child))

    def within(self, code: str, ancestor: str) -> bool:
        """True where `code` is `ancestor` or lies in it."""
        at: str | None = code
        while at is not None:
            if at == ancestor:
                return True
            at = parent_code(at, self._data.divisions)
        return False

    def successor(self, code: str) -> Region | None:
        """The division in use that an abolished one became, the first one of several; None if in use or unknown."""
        seen: set[str] = set()
        at = code
        while not self.in_use(at):
            following = self._following(at)
            if following is None or at in seen:
                return None
            seen.add(at)
            at = following
        return None if at == code else self.by_code(at)

    def _following(self, code: str) -> str | None:
        versions = self._data.divisions.get(code)
        if not versions:
            return None
        if versions[0].successors:
            return versions[0].successors[0]
        # The table names no successor of a city that was renamed or split: take the one most of its counties went to.
        counts: Counter[str] = Counter()
        for child in self._data.children.get(code, ()):
            for after in self._data.divisions[child][0].successors:
                above = parent_code(after, self._data.divisions)
                if above is not None and above != code:
                    counts[above] += 1
        return counts.most_common(1)[0][0] if counts else None

    def find(self, text: str) -> list[RegionMention]:
        """The places a text names, in order, not overlapping.

        山东省滨州市滨城区 is one mention. A name that several places share gives all of them, unless its city or
        province stands directly before it. Short names count (滨城, 大连), but one that is also a word needs its city
        before it or a year behind it (沈阳和平, 和平2021年).

        >>> [mention.text for mention in gazetteer().find("滨城区和大连市的和平发展，沈阳和平")]
        ['滨城区', '大连市', '沈阳和平']
        """
        joined: list[_Found] = []
        for found in self._names_in(text):
            if joined and joined[-1].end == found.start:
                inner = self._inside(found.codes, joined[-1].codes)
                if inner:
                    joined[-1] = _Found(joined[-1].start, found.end, inner, "")
                    continue
            joined.append(found)
        return [
            RegionMention(
                found.start,
                found.end,
                text[found.start : found.end],
                tuple(self._data.divisions[code][0].region for code in found.codes),
            )
            for found in joined
            if not found.guard or _stands_alone(text, found)
        ]

    def _inside(self, codes: tuple[str, ...], outer: tuple[str, ...]) -> tuple[str, ...]:
        """Those of `codes` that lie in (and are not) one of `outer`, the nation aside."""
        return tuple(
            code for code in codes if any(above not in (NATION, code) and self.within(code, above) for above in outer)
        )

    def _names_in(self, text: str) -> Iterator[_Found]:
        """All names, the longest at each place, whatever stands around them."""
        lengths, names = self._data.lengths, self._data.names
        # The pairs of neighbours are compared in C: most of a report begins no name.
        starts = [at for at, head in enumerate(map(add, text, text[1:])) if head in lengths]
        free = 0
        for at in starts:
            if at < free:
                continue
            for length in lengths[text[at : at + 2]]:
                name = names.get(text[at : at + length])
                if at + length > len(text):
                    continue  # the slice stops at the end of the text: a shorter name will match it
                if name is not None and not self._blocked(text, at, at + length):
                    yield _Found(at, at + length, name.codes, name.guard)
                    free = at + length
                    break

    def _blocked(self, text: str, start: int, end: int) -> bool:
        """True where the name overlaps words that are no place: 长治 in 长治久安."""
        low = max(start - _REACH, 0)
        around = self._data.not_places.finditer(text, low, end + _REACH)
        return any(match.start() < end and start < match.end() for match in around)


def _stands_alone(text: str, found: _Found) -> bool:
    left = text[max(found.start - 1, 0) : found.start]
    return bool(_LEFT.search(left)) and bool(_RIGHT[found.guard].match(text, found.end))


@cache
def gazetteer() -> Gazetteer:
    """The gazetteer, loaded once.

    >>> gazetteer().find("滨城区2020年新增就业")[0].candidates[0].name
    '山东省滨州市滨城区'
    """
    return Gazetteer(table())
