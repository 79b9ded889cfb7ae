"""Canonical names of indicators, their aliases, and the near-names that are not the same.

    >>> indicators().canonical("全市新增城镇就业", unit="人", kind="count")
    '城镇新增就业'
    >>> indicators().canonical("失业人员再就业", unit="人", kind="count")
    '失业人员再就业'
    >>> [mention.name for mention in indicators().find("滨城区2020年GDP和PM2.5是多少")]
    ['地区生产总值', 'PM2.5平均浓度']

The table is data: `indicators_*.yaml` beside this module, explained in docs/indicators.md.
"""

from __future__ import annotations

import functools
import re
from collections.abc import Iterable, Iterator, Mapping, Sequence
from pathlib import Path
from string import ascii_lowercase, ascii_uppercase
from typing import NamedTuple

from zhengwen.ingest.indicators_table import Indicator, read_table
from zhengwen.ingest.models import FigureKind

ASKED = re.compile(
    r"(?<=[增建造成定办理放进育治展淘汰设获])了?(?:多少|几|几多)"
    r"(?:[万亿]?[家户个人名件所套张座条项亩辆台]|公里|万人次)?的?(?=[一-龥])"
)
"""The question words between a verb and its noun: 新增[了多少家]高新技术企业."""
INNER = re.compile(r"(?<=..)(?:实现|完成)(?=..)")
"""A verb between carrier and measure: 规模以上工业[实现]增加值."""
FOOTNOTE = re.compile(r"[\[［【〔（(]\d{1,3}[\]］】〕）)]")
"""The mark of a note after a name: 城镇新增就业[7]."""
BEFORE_BROAD = frozenset("年月度的末底省市区县州盟旗国里各")
UPPER = str.maketrans(ascii_lowercase, ascii_uppercase)


class IndicatorMention(NamedTuple):
    """An indicator named in a text: `text[start:end] == alias`."""

    start: int
    end: int
    name: str
    alias: str


class Indicators:
    """The table with its indexes; get it with `indicators()`."""

    def __init__(self, rows: Iterable[Indicator], modifiers: Mapping[str, Sequence[str]]) -> None:
        self._rows = {row.name: row for row in rows}
        growth = (*modifiers["suffixes"], *modifiers["growth_suffixes"])
        self._prefix = _alternation(modifiers["prefixes"], "^(?:{})")
        self._suffix = _alternation(modifiers["suffixes"], "(?:{})$")
        self._growth_suffix = _alternation(growth, "(?:{})$")
        self._cached = functools.lru_cache(maxsize=1 << 16)(self._canonical)

    @functools.cached_property
    def _exact(self) -> dict[str, tuple[Indicator, ...]]:
        """Folded name or alias → the indicators that bear it."""
        exact: dict[str, tuple[Indicator, ...]] = {}
        for row in self._rows.values():
            for alias in () if row.broad else dict.fromkeys(map(_fold, (row.name, *row.aliases, *row.exact))):
                exact[alias] = (*exact.get(alias, ()), row)
        return exact

    @functools.cached_property
    def _words(self) -> dict[str, list[tuple[str, str]]]:
        """First two characters → (word, name), longest first. A near-name that is no alias guards its place with ""."""
        names: dict[str, str] = {}
        guards: set[str] = set()
        for row in self._rows.values():
            for word in (row.name, *row.aliases, *row.spoken):
                names.setdefault(_fold(word), row.name)
            guards.update(map(_fold, row.near))
        index: dict[str, list[tuple[str, str]]] = {}
        for word in sorted(names.keys() | guards, key=len, reverse=True):
            index.setdefault(word[:2], []).append((word, names.get(word, "")))
        return index

    @functools.cached_property
    def _near(self) -> dict[str, tuple[str, ...]]:
        """Name → near-names, both ways, an alias given as its canonical name."""
        near: dict[str, dict[str, None]] = {name: {} for name in self._rows}
        for name, row in self._rows.items():
            for word in row.near:
                bearers = self._exact.get(_fold(word), ())
                other = bearers[0].name if len(bearers) == 1 else word
                if other != name:
                    near[name].setdefault(other)
                    near.get(other, {}).setdefault(name)
        return {name: tuple(others) for name, others in near.items()}

    def __iter__(self) -> Iterator[Indicator]:
        return iter(self._rows.values())

    def __len__(self) -> int:
        return len(self._rows)

    def get(self, name: str) -> Indicator:
        """The row of a canonical name. Raises KeyError for any other word."""
        return self._rows[name]

    def near(self, name: str) -> tuple[str, ...]:
        """Names easily taken for this one that are not the same; empty for an unknown name."""
        return self._near.get(name, ())

    def canonical(self, words: str, *, unit: str, kind: FigureKind, qualifiers: tuple[str, ...] = ()) -> str | None:
        """The canonical name for a figure's words, or None where the table does not surely hold it.

        A qualifier that the words do not hold is put before them, and only the joint name counts:
        居民人均可支配收入 with `qualifiers=("城镇",)` is 城镇居民人均可支配收入, 投资 with `("高技术产业",)` is None.
        """
        return self._cached(words, unit, kind, tuple(qualifiers))

    def _canonical(self, words: str, unit: str, kind: FigureKind, qualifiers: tuple[str, ...]) -> str | None:
        core = FOOTNOTE.sub("", _fold(words))
        missing = "".join(q for q in map(_fold, qualifiers) if q not in core and not self._prefix.fullmatch(q))
        for form in self._forms(missing + core, kind):
            rows = [row for row in self._exact.get(form, ()) if row.admits(unit, kind)]
            if rows:
                return _best(rows, kind).name
        plain = INNER.sub("", core)
        return self._canonical(plain, unit, kind, qualifiers) if plain != core else None

    def _forms(self, words: str, kind: FigureKind) -> list[str]:
        """The words with ever fewer allowed modifiers: 预计GDP增速 → GDP增速 → GDP (of changes)."""
        suffix = self._growth_suffix if kind in ("change", "change_pp") else self._suffix
        forms = [words]
        while match := self._prefix.match(words):
            words = words[match.end() :]
            forms.append(words)
        for form in tuple(forms):
            while match := suffix.search(form):
                form = form[: match.start()]
                forms.append(form)
        return forms

    def find(self, text: str) -> list[IndicatorMention]:
        """The indicators named in a text or question, longest name first, without overlaps, in order of the text.

        A question word between verb and noun is passed over: 新增了多少家高新技术企业 names 新增高新技术企业.
        A broad word of two characters (收入, 人口) counts only where no word stands close before it.
        """
        folded, positions = _without_question_words(text)
        found: list[IndicatorMention] = []
        at = 0
        while at < len(folded):
            for word, name in self._words.get(folded[at : at + 2], ()):
                if folded.startswith(word, at):
                    start, end = positions[at], positions[at + len(word) - 1] + 1
                    if name and (len(word) > 2 or not self._rows[name].broad or _stands_alone(folded, at)):
                        found.append(IndicatorMention(start, end, name, text[start:end]))
                    at += len(word)
                    break
            else:
                at += 1
        return found


def _stands_alone(text: str, at: int) -> bool:
    return at == 0 or not text[at - 1].isalpha() or text[at - 1] in BEFORE_BROAD


def _without_question_words(text: str) -> tuple[str, list[int]]:
    """The text in upper case without 多少家 after a verb, and where each of its characters stood."""
    keep = [True] * len(text)
    for match in ASKED.finditer(text):
        keep[match.start() : match.end()] = [False] * (match.end() - match.start())
    positions = [i for i, kept in enumerate(keep) if kept]
    return "".join(text[i] for i in positions).translate(UPPER), positions


def _alternation(words: Iterable[str], pattern: str) -> re.Pattern[str]:
    return re.compile(pattern.format("|".join(sorted(words, key=len, reverse=True))))


def _best(rows: list[Indicator], kind: FigureKind) -> Indicator:
    """Two indicators may share an alias (优良天数 in 天 and in %): points of a percentage belong to the share."""
    if kind in ("change_pp", "share"):
        return next((row for row in rows if "share" in row.kinds), rows[0])
    return rows[0]


def _fold(text: str) -> str:
    return "".join(text.translate(UPPER).split())


@functools.cache
def indicators() -> Indicators:
    """The table, read once."""
    rows, common = read_table(Path(__file__).parent)
    return Indicators(rows, common)
