"""Units, the words that unmask a number, and the one expression that finds numbers: built from the YAML tables."""

from __future__ import annotations

import re
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from typing import Any

import yaml

from zhengwen.ingest.models import FigureKind

AR = r"\d{1,3}(?:[,，]\d{3})+(?!\d)(?:\.\d+)?|\d+(?:[ \u3000]?[.．·][ \u3000]?\d+|[OＯ](?=[%％]))?"
CN_DIGIT = "零〇○一二三四五六七八九两"
CN = rf"[{CN_DIGIT}十廿卅](?:[{CN_DIGIT}十万亿]|千(?![瓦克米伏升焦])|百(?!分))*(?:点[{CN_DIGIT}]+)?"
MULT = r"(?:万亿|千亿|百亿|十亿|千万|百万|十万|万|亿|千(?![瓦克米伏升焦])|百(?!分))"
SEP = r"(?:[-—–－―~～]{1,2}|至|到)"


@dataclass(frozen=True, slots=True)
class Tables:
    """units.yaml and decoys.yaml, compiled."""

    family: dict[str, str]
    """The family of each unit: 亩 → area."""
    kind: dict[str, FigureKind]
    """What a plain figure of a family is: area → level."""
    hanzi: dict[str, str]
    """Whether a family is read behind Chinese numerals: always, large (above ten) or never."""
    not_before_hanzi: dict[str, re.Pattern[str]]
    decoy: dict[str, re.Pattern[str]]
    words: dict[str, frozenset[str]]
    number: re.Pattern[str]


@cache
def tables() -> Tables:
    """The tables, read once."""
    here = Path(__file__).parent
    units: dict[str, Any] = yaml.safe_load((here / "units.yaml").read_text(encoding="utf-8"))
    decoys: dict[str, Any] = yaml.safe_load((here / "decoys.yaml").read_text(encoding="utf-8"))
    begins: dict[str, str] = units.pop("not_before")
    begins_hanzi: dict[str, str] = units.pop("not_before_hanzi")
    family = {unit: name for name, entry in units.items() for unit in entry["units"]}
    longest = sorted(family, key=len, reverse=True)
    alternation = "|".join(re.escape(unit) + (f"(?!{begins[unit]})" if unit in begins else "") for unit in longest)
    nouns = "|".join(sorted(decoys.pop("rank_noun"), key=len, reverse=True))
    return Tables(
        family=family,
        kind={name: entry["kind"] for name, entry in units.items()},
        hanzi={name: entry["hanzi"] for name, entry in units.items()},
        not_before_hanzi={unit: re.compile(text) for unit, text in begins_hanzi.items()},
        decoy={name: re.compile(_closed(text)) for name, text in decoys.items() if isinstance(text, str)}
        | {"rank_noun": re.compile(nouns + "|[十百届次批]")},
        words={name: frozenset(text) for name, text in decoys.items() if not isinstance(text, str)},
        number=_number(alternation),
    )


def _closed(text: str) -> str:
    """An expression over several lines of YAML, joined."""
    return text.replace(" ", "").replace("\n", "")


def _number(unit: str) -> re.Pattern[str]:
    """Every way a report prints a figure, the more special first."""
    return re.compile(
        rf"""
        第(?P<rank>\d+|[{CN_DIGIT}十百]+)(?P<rank_unit>位|名)?
      | (?P<top>首位|榜首)
      | 前(?P<front>\d+|[{CN_DIGIT}十百]+)(?P<front_unit>位|名)?(?=[，。；、,;!！）)]|$|行列|强)
      | (?P<of>{CN}|{AR}|百|千|万)分之(?P<share>[{CN_DIGIT}十百]+(?:点[{CN_DIGIT}]+)?|{AR})
      | (?P<colon>\d+(?:\.\s?\d+)?(?:\s?[:：∶]\s?\d+(?:\.\s?\d+)?){{1,4}}(?![\d:：]))
      | (?P<slash>\d{{1,2}}/\d{{1,3}})(?![\d/年月日])
      | (?P<n1>[-－−](?=\d)(?:{AR})|{AR}|{CN})\s?(?P<i1>[余多来])?(?P<m1>{MULT})?(?P<j1>[余多])?\s?
        (?P<u1>{unit})?
        (?:(?P<sep>{SEP})(?P<n2>{AR}|{CN})(?P<m2>{MULT})?\s?(?P<u2>{unit}))?
      | (?P<large>{MULT})(?P<large_more>[余多])?(?P<large_unit>{unit})?
        """,
        re.VERBOSE,
    )
