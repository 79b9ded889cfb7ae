"""Loads the table of divisions (regions.csv) and the rules for their short names (regions.yaml)."""

from __future__ import annotations

import csv
import re
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from typing import Any, Literal, cast

import yaml

from zhengwen.ingest.models import IssuingLevel, Region

NATION = "000000"
SHORT_NAMES_SINCE = 1995
"""The short name of a division abolished before is not looked for: hardly asked, and often a word."""

Guard = Literal["", "common", "fragment"]


@dataclass(frozen=True, slots=True)
class Division:
    """One row of the table: a code and a name it had, with the years it was in use."""

    code: str
    name: str
    """As the table has it: 滨城区."""
    full_name: str
    """With those above it: 山东省滨州市滨城区."""
    level: IssuingLevel
    since: int
    until: int | None
    successors: tuple[str, ...]

    @property
    def region(self) -> Region:
        return Region(code=self.code, name=self.full_name, level=self.level)


@dataclass(frozen=True, slots=True)
class Name:
    """A full or short name, the codes it may stand for (best first), and what it needs around it."""

    codes: tuple[str, ...]
    guard: Guard = ""


@dataclass(frozen=True, slots=True)
class Table:
    """Everything the gazetteer is made of."""

    divisions: Mapping[str, tuple[Division, ...]]
    """By code; the one in use, or the last one, first."""
    names: Mapping[str, Name]
    lengths: Mapping[str, tuple[int, ...]]
    """By the first two characters of a name: the lengths of the names that begin so, longest first."""
    children: Mapping[str, tuple[str, ...]]
    not_places: re.Pattern[str]


@cache
def table() -> Table:
    """The table, read once."""
    here = Path(__file__).parent
    rules = cast("dict[str, Any]", yaml.load((here / "regions.yaml").read_text(encoding="utf-8"), Loader=_loader()))
    with (here / "regions.csv").open(encoding="utf-8", newline="") as file:
        divisions = _divisions(list(csv.DictReader(file)), rules["nation"])
    names = _names(divisions, rules)
    lengths: dict[str, set[int]] = {}
    for name in names:
        lengths.setdefault(name[:2], set()).add(len(name))
    children: dict[str, list[str]] = {}
    for code in divisions:
        above = parent_code(code, divisions)
        if above is not None:
            children.setdefault(above, []).append(code)
    return Table(
        divisions=divisions,
        names=names,
        lengths={head: tuple(sorted(found, reverse=True)) for head, found in lengths.items()},
        children={code: tuple(below) for code, below in children.items()},
        not_places=re.compile("|".join(rules["not_places"])),
    )


def _loader() -> Any:
    """The safe loader, in C where PyYAML was built with it (ten times faster)."""
    return getattr(yaml, "CSafeLoader", yaml.SafeLoader)


def parent_code(code: str, divisions: Mapping[str, object]) -> str | None:
    """`371602` → `371600` → `370000` → `000000` → None; a county under a province directly → the province."""
    if code == NATION:
        return None
    if code.endswith("0000"):
        return NATION
    city = code[:4] + "00"
    return city if city != code and city in divisions else code[:2] + "0000"


def _divisions(rows: Sequence[Mapping[str, str]], nation: Mapping[str, str]) -> dict[str, tuple[Division, ...]]:
    # Rows are ordered by code and end of use, so that the last name of a code wins.
    last = {row["code"]: row["name"] for row in rows}
    result: dict[str, tuple[Division, ...]] = {
        NATION: (Division(NATION, nation["name"], nation["name"], "national", 0, None, ()),)
    }
    for row in rows:
        code, name = row["code"], row["name"]
        province = code[:2] + "0000"
        above = "" if code == province else last[province]
        city = row["city"] or (last.get(code[:4] + "00", "") if code[4:] != "00" else "")
        division = Division(
            code=code,
            name=name,
            full_name=above + ("" if city == "直辖" else city) + name,
            level=cast("IssuingLevel", row["level"]),
            since=int(row["since"]),
            until=int(row["until"]) if row["until"] else None,
            successors=tuple(filter(None, row["successors"].split(";"))),
        )
        result[code] = (division, *result.get(code, ()))
    return result


_RANK = {"national": 0, "province": 1, "city": 2, "county": 3}
_ABOLISHED = 10


def _names(divisions: Mapping[str, Sequence[Division]], rules: Mapping[str, Any]) -> dict[str, Name]:
    """Every full and short name with the codes it may stand for."""
    shorten = _shortener(rules["endings"], rules["nationalities"])
    full: dict[str, list[tuple[int, int, str]]] = {}
    short: dict[str, list[tuple[int, int, str]]] = {}
    for code, versions in divisions.items():
        for version in versions:
            rank = _RANK[version.level] + (0 if version.until is None else _ABOLISHED)
            entry = (rank, -(version.until or 0), code)
            full.setdefault(version.name, []).append(entry)
            if version.until is None or version.until >= SHORT_NAMES_SINCE:
                for stem in shorten(version.name):
                    short.setdefault(stem, []).append(entry)
    common, fragments = set(rules["common"]), set(rules["fragments"])
    names: dict[str, Name] = {}
    for name, entries in short.items():
        names[name] = Name(_best(entries, divisions), "common" if name in common else "")
    for name, code in rules["aliases"].items():
        names[name] = Name((code,))
    for name, entries in full.items():
        if len(name) > 1:
            names[name] = Name(_best(entries, divisions), "fragment" if name in fragments else "")
    for name in rules["nation"]["names"]:
        names[name] = Name((NATION,), "common" if name in ("国家", "中国") else "")
    return names


def _best(entries: Sequence[tuple[int, int, str]], divisions: Mapping[str, Sequence[Division]]) -> tuple[str, ...]:
    """Those in use, higher levels first; abolished ones only where nothing in use has the name, the latest first."""
    if len(entries) == 1:
        return (entries[0][2],)
    ranked = sorted(set(entries))
    in_use = [code for rank, _, code in ranked if rank < _ABOLISHED]
    if in_use:
        return tuple(dict.fromkeys(in_use))
    codes = dict.fromkeys(code for _, _, code in sorted(ranked, key=lambda entry: (entry[1], entry[0])))
    # One place that changed its code under the same name (陵县 of 德州地区, then of 德州市) is one candidate.
    continued = {code for code in codes if any(after in codes for after in divisions[code][0].successors)}
    return tuple(code for code in codes if code not in continued) or tuple(codes)


def _shortener(endings: Sequence[str], nationalities: Sequence[str]) -> Callable[[str], list[str]]:
    ending = re.compile("(?:" + "|".join(sorted(endings, key=len, reverse=True)) + ")$")
    peoples = re.compile("(?:" + "|".join(sorted(nationalities, key=len, reverse=True)) + ")+$")

    def shorten(name: str) -> list[str]:
        stem = ending.sub("", name)
        if stem == name or len(stem) < 2:
            return []
        bare = peoples.sub("", stem) if "自治" in name else stem
        bare = bare if len(bare) > 1 else stem
        # 恩施土家族苗族自治州 is called 恩施 and 恩施州.
        return [bare, bare + "州"] if name.endswith("自治州") else [bare]

    return shorten
