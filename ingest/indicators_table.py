"""The rows of the indicator table, as `indicators*.yaml` beside this module give them."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Mapping
from itertools import product
from pathlib import Path
from typing import Any

import yaml

from zhengwen.ingest.models import FigureKind, Record

ANY_PERCENT = frozenset({"%", "‰", "倍", "番", "成", "个百分点", ""})


class Indicator(Record):
    """One row of the table."""

    name: str
    group: str
    units: frozenset[str]
    """Units of its own values, without 万/亿; a change, rank or completion of it has other units."""
    kinds: tuple[FigureKind, ...]
    """Kinds of its own values."""
    aliases: tuple[str, ...] = ()
    """Other names in reports; `canonical` and `find` know them."""
    exact: tuple[str, ...] = ()
    """Names of a figure when they are all of its words, too short to be looked for in a text; `canonical` alone."""
    spoken: tuple[str, ...] = ()
    """What people say; `find` alone knows them."""
    near: tuple[str, ...] = ()
    """Names that are easily taken for it and are not the same: other indicators or other phrases."""
    parts: tuple[str, ...] = ()
    """For a joint name (城乡居民人均可支配收入): the indicators it stands for."""
    alternatives: tuple[str, ...] = ()
    """For a broad name (财政收入): what it may mean, the most likely first."""
    broad: bool = False
    """A word of questions only (收入, 投资): no figure bears it, and `canonical` never gives it."""
    note: str = ""

    def admits(self, unit: str, kind: FigureKind) -> bool:
        """True when a figure of this unit and kind can be one of this indicator: `("%", "change")` fits any level."""
        if kind in ("rank", "completion", "change_pp", "ratio"):
            return True
        if kind == "change" and unit in ANY_PERCENT and "ratio" not in self.kinds:
            return True
        return unit in self.units


def expand(pattern: str) -> list[str]:
    """The words of a pattern with alternatives: `"{GDP,生产总值}增速"` → `["GDP增速", "生产总值增速"]`."""
    options = [part.split(",") for part in re.split(r"[{}]", pattern)[1::2]]
    fixed = re.split(r"\{[^{}]*\}", pattern)
    words = (fixed[0] + "".join(map("".join, zip(choice, fixed[1:], strict=True))) for choice in product(*options))
    return list(dict.fromkeys(words))


def _rows(table: Mapping[str, Any], unit_sets: Mapping[str, list[str]]) -> Iterator[Indicator]:
    for group, entries in table.items():
        for entry in entries:
            names = {key: _expanded(entry.get(key, ())) for key in ("aliases", "exact", "spoken", "near")}
            units = frozenset(unit for name in entry.get("units", ()) for unit in unit_sets.get(name, [name]))
            kinds = tuple(entry.get("kinds", ["level"]))
            yield Indicator(**{**entry, **names, "group": group, "units": units, "kinds": kinds})


def _expanded(patterns: Iterable[str]) -> tuple[str, ...]:
    return tuple(dict.fromkeys(word for pattern in patterns for word in expand(pattern)))


def read_table(folder: Path) -> tuple[list[Indicator], Mapping[str, Any]]:
    """All rows in order of their files, and what `indicators.yaml` says for all of them (unit sets, modifiers)."""
    common = yaml.load((folder / "indicators.yaml").read_text(encoding="utf-8"), Loader=_loader())
    rows: list[Indicator] = []
    for file in sorted(folder.glob("indicators_*.yaml")):
        rows += _rows(yaml.load(file.read_text(encoding="utf-8"), Loader=_loader()), common["unit_sets"])
    return rows, common


def _loader() -> Any:
    """The C loader where PyYAML has it: ten times faster."""
    return getattr(yaml, "CSafeLoader", yaml.SafeLoader)
