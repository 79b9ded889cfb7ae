"""The administrative divisions of China and how a text names them.

The table is regions.csv (built from the CC0 gazetteer): every division in use since 1980 with its successors.
"""

from __future__ import annotations

import csv
import re
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from functools import cache
from pathlib import Path
from typing import Any, cast

import yaml

from zhengwen.ingest.models import IssuingLevel, Region

NATION = "000000"


@dataclass(frozen=True, slots=True)
class Division:
    """One row of the table: a code and a name it had, with the years it was in use."""

    region: Region
    short: str
    """The name as the table has it: 滨城区."""
    since: int
    until: int | None
    successors: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class RegionMention:
    """A place named in a text: `text[start:end] == surface`; candidates best first."""

    start: int
    end: int
    text: str
    candidates: tuple[Region, ...]

    @property
    def region(self) -> Region | None:
        """The region where there is no other candidate."""
        return self.candidates[0] if len(self.candidates) == 1 else None


@dataclass(frozen=True, slots=True)
class _Name:
    codes: tuple[str, ...]
    common: bool


@dataclass(frozen=True, slots=True)
class Gazetteer:
    """The divisions by code and by name."""

    divisions: Mapping[str, tuple[Division, ...]]
    """By code, the one in use (or the last one) first."""
    names: Mapping[str, _Name]
    by_head: Mapping[str, tuple[int, ...]]
    """The lengths of the names that begin with these two characters, longest first."""
    not_places: re.Pattern[str]
    children_of: Mapping[str, tuple[str, ...]] = field(repr=False)

    def by_code(self, code: str) -> Region | None:
        """`by_code("371602")` is 山东省滨州市滨城区; None for an unknown code."""
        divisions = self.divisions.get(code)
        return divisions[0].region if divisions else None

    def in_use(self, code: str) -> bool:
        divisions = self.divisions.get(code)
        return bool(divisions) and divisions is not None and divisions[0].until is None

    def parent(self, code: str) -> Region | None:
        """The city of a county, the province of a city, the nation of a province; None for the nation."""
        above = _parent_code(code, self.divisions)
        return self.by_code(above) if above else None

    def children(self, code: str) -> tuple[Region, ...]:
        """The divisions in use directly below."""
        return tuple(self.divisions[child][0].region for child in self.children_of.get(code, ()) if self.in_use(child))

    def within(self, code: str, ancestor: str) -> bool:
        """True where `code` is `ancestor` or lies in it."""
        at: str | None = code
        while at is not None:
            if at == ancestor:
                return True
            at = _parent_code(at, self.divisions)
        return False

    def successor(self, code: str) -> Region | None:
        """The division in use that an abolished one became (the first where it was split); None if unknown or in use."""
        seen: set[str] = set()
        at = code
        while not self.in_use(at):
            if at in seen:
                return None
            seen.add(at)
            following = self._next(at)
            if following is None:
                return None
            at = following
        return None if at == code else self.by_code(at)

    def _next(self, code: str) -> str | None:
        divisions = self.divisions.get(code)
        if not divisions:
            return None
        if divisions[0].successors:
            return divisions[0].successors[0]
        # The table gives no successor for a city that was split up: take the city most of its counties went to.
        counts: dict[str, int] = {}
        for child in self.children_of.get(code, ()):
            for after in self.divisions[child][0].successors:
                above = _parent_code(after, self.divisions)
                if above is not None and above != code:
                    counts[above] = counts.get(above, 0) + 1
        return max(counts, key=lambda above: counts[above]) if counts else None

    def find(self, text: str) -> list[RegionMention]:
        """The places a text names, in order, not overlapping; 山东省滨州市滨城区 is one mention.

        A name shared by several places gives all of them; one that follows its province or city directly gives the
        one that lies there. Short names (滨城, 大连) count, save those that are words (和平) without a year or parent.
        """
        merged: list[RegionMention] = []
        for mention in self._single(text):
            before = merged[-1] if merged else None
            if before is not None and before.end == mention.start:
                inner = tuple(
                    candidate
                    for candidate in mention.candidates
                    if any(
                        candidate.code != outer.code and self.within(candidate.code, outer.code)
                        for outer in before.candidates
                    )
                )
                if inner and before.candidates[0].code != NATION:
                    merged[-1] = RegionMention(before.start, mention.end, text[before.start : mention.end], inner)
                    continue
            if self.names[mention.text].common and not _COMMON_RIGHT.match(text, mention.end):
                continue
            merged.append(mention)
        return merged

    def _single(self, text: str) -> Iterator[RegionMention]:
        blocked = [match.span() for match in self.not_places.finditer(text)]
        at, last = 0, len(text) - 1
        by_head, names = self.by_head, self.names
        while at < last:
            lengths = by_head.get(text[at : at + 2])
            if lengths is not None:
                for length in lengths:
                    surface = text[at : at + length]
                    name = names.get(surface)
                    if name is not None and not any(start < at + length and at < end for start, end in blocked):
                        regions = tuple(self.divisions[code][0].region for code in name.codes)
                        yield RegionMention(at, at + length, surface, regions)
                        at += length - 1
                        break
            at += 1


# What must follow a short name that is a word too, for it to be a place: 和平2021年, 向阳去年.
_COMMON_RIGHT = re.compile(r"(?:19|20)\d\d年?|[二一][〇○零九]|去年|今年|上年|前年|全[市县区州盟]|GDP|地区生产总值")


@cache
def gazetteer() -> Gazetteer:
    """The table, loaded once.

    >>> [mention.region.name for mention in gazetteer().find("滨城区2020年新增就业") if mention.region]
    ['山东省滨州市滨城区']
    """
    here = Path(__file__).parent
    rules = cast("dict[str, Any]", yaml.safe_load((here / "regions.yaml").read_text(encoding="utf-8")))
    with (here / "regions.csv").open(encoding="utf-8", newline="") as file:
        rows = list(csv.DictReader(file))
    divisions = _divisions(rows, rules["nation"])
    children: dict[str, list[str]] = {}
    for code in divisions:
        above = _parent_code(code, divisions)
        if above:
            children.setdefault(above, []).append(code)
    names = _names(divisions, rules)
    heads: dict[str, set[int]] = {}
    for name in names:
        heads.setdefault(name[:2], set()).add(len(name))
    return Gazetteer(
        divisions=divisions,
        names=names,
        by_head={head: tuple(sorted(lengths, reverse=True)) for head, lengths in heads.items()},
        not_places=re.compile("|".join(rules["not_places"]) or r"(?!)"),
        children_of={code: tuple(below) for code, below in children.items()},
    )


def _parent_code(code: str, divisions: Mapping[str, object]) -> str | None:
    if code == NATION:
        return None
    if code.endswith("0000"):
        return NATION
    city = code[:4] + "00"
    return city if city != code and city in divisions else code[:2] + "0000"


def _divisions(rows: Sequence[Mapping[str, str]], nation: Mapping[str, str]) -> dict[str, tuple[Division, ...]]:
    # The last name of a code comes last among its rows; the one in use wins.
    last = {row["code"]: row["name"] for row in rows}
    result: dict[str, tuple[Division, ...]] = {
        nation["code"]: (
            Division(Region(code=nation["code"], name=nation["name"], level="national"), nation["name"], 0, None, ()),
        )
    }
    for row in rows:
        code = row["code"]
        province = "" if code.endswith("0000") else last[code[:2] + "0000"]
        city_code = code[:4] + "00"
        city = row["city"] or (last.get(city_code, "") if city_code not in (code, code[:2] + "0000") else "")
        region = Region(
            code=code,
            name=province + ("" if city == "直辖" else city) + row["name"],
            level=cast("IssuingLevel", row["level"]),
        )
        until = int(row["until"]) if row["until"] else None
        after = tuple(filter(None, row["successors"].split(";")))
        result[code] = (Division(region, row["name"], int(row["since"]), until, after), *result.get(code, ()))
    return result


def _names(divisions: Mapping[str, Sequence[Division]], rules: Mapping[str, Any]) -> dict[str, _Name]:
    """Every full and short name with the codes it may stand for, best first."""
    shorten = _shortener(rules["endings"], rules["nationalities"])
    full: dict[str, list[tuple[int, str]]] = {}
    short: dict[str, list[tuple[int, str]]] = {}
    order = {"national": 0, "province": 1, "city": 2, "county": 3}
    for code, versions in divisions.items():
        for version in versions:
            rank = order[version.region.level] + (0 if version.until is None else 10)
            full.setdefault(version.short, []).append((rank, code))
            for stem in shorten(version.short):
                short.setdefault(stem, []).append((rank, code))
    common = set(rules["common"])
    names = {name: _Name(_best(found), False) for name, found in full.items() if len(name) > 1}
    for name, found in short.items():
        if name not in names and len(name) > 1:
            names[name] = _Name(_best(found), name in common)
    for name in rules["nation"]["names"]:
        names[name] = _Name((NATION,), False)
    return names


def _best(found: Iterable[tuple[int, str]]) -> tuple[str, ...]:
    """In use before abolished, and abolished ones only where nothing in use has the name; a higher level first."""
    ranked = sorted(set(found))
    in_use = [code for rank, code in ranked if rank < 10]
    return tuple(dict.fromkeys(in_use or [code for _, code in reversed(ranked)]))


def _shortener(endings: Sequence[str], nationalities: Sequence[str]) -> Any:
    ending = re.compile("(?:" + "|".join(sorted(endings, key=len, reverse=True)) + ")$")
    peoples = re.compile("(?:" + "|".join(sorted(nationalities, key=len, reverse=True)) + ")+$")

    def shorten(name: str) -> list[str]:
        stem = ending.sub("", name)
        if stem == name:
            return []
        bare = peoples.sub("", stem) if "自治" in name else stem
        bare = bare if len(bare) > 1 else stem
        if len(bare) < 2:
            return []
        return [bare, bare + "州"] if name.endswith("自治州") else [bare]

    return shorten
