"""Slips of the ear and of the input method: 宾城区 → 滨城区, 城真新增就业 → 城镇新增就业.

A name is mended only where the words as typed mean nothing, where they sound like exactly one name, and never from one
real name into another; what was taken for what is said in the answer.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from functools import cache, lru_cache
from itertools import product
from pathlib import Path
from typing import Any

import yaml

from zhengwen.bot.messages import say
from zhengwen.ingest.indicators import indicators
from zhengwen.ingest.models import Region
from zhengwen.ingest.regions import gazetteer
from zhengwen.ingest.regions_table import table as region_table

_RUN = re.compile(r"[\u4e00-\u9fff]+")
_LONGEST_NAME = 10
_MOST_READINGS = 8


@dataclass(frozen=True, slots=True)
class Mended:
    """A question with its slips mended: what to say about them, and the places that one slip may mean."""

    text: str
    notes: tuple[str, ...] = ()
    unclear: tuple[Region, ...] = ()


@cache
def _data(name: str) -> dict[str, Any]:
    text = (Path(__file__).parent / name).read_text(encoding="utf-8")
    loaded: dict[str, Any] = yaml.load(text, Loader=getattr(yaml, "CSafeLoader", yaml.SafeLoader))
    return loaded


@cache
def _readings() -> dict[str, tuple[str, ...]]:
    """The toneless readings of a character, the usual one first."""
    found: dict[str, tuple[str, ...]] = {}
    for reading, characters in _data("readings.yaml").items():
        for character in characters:
            found[character] = (*found.get(character, ()), reading)
    return found


@cache
def _loose(reading: str) -> str:
    """The reading as one hears it who does not keep n and l, z and zh, in and ing apart."""
    data = _data("slips.yaml")
    for plain, other in data["confused_initials"]:
        if reading.startswith(other):
            reading = plain + reading.removeprefix(other)
    for plain, other in data["confused_finals"]:
        if reading.endswith(other):
            reading = reading.removesuffix(other) + plain
    return reading


@lru_cache(maxsize=1 << 15)
def sounds(word: str, *, loose: bool = False) -> frozenset[tuple[str, ...]]:
    """How a word may sound, syllable by syllable; empty where a character's reading is not known.

    `sounds("滨城")` → `{("bin", "cheng")}`
    """
    known = _readings()
    each = [known.get(character, ()) for character in word]
    count = 1
    for readings in each:
        count *= len(readings)
    if not 0 < count <= _MOST_READINGS:
        return frozenset() if not count else frozenset({tuple(readings[0] for readings in each)})
    ways = product(*each)
    return frozenset(tuple(_loose(one) for one in way) if loose else way for way in ways)


def mend_slips(text: str, known: Mapping[str, Region]) -> Mended:
    """The question with slips in names of indicators and places mended. Never raises."""
    text, notes = _mend_indicators(text)
    text, place_notes, unclear = _mend_places(text, known)
    return Mended(text, (*notes, *place_notes), unclear)


# ---- indicators -----------------------------------------------------------------------------------------------------


@cache
def _names() -> frozenset[str]:
    """Every name, alias and near-name of the table."""
    return frozenset(word for row in indicators() for word in (row.name, *row.aliases, *row.spoken, *row.near))


@cache
def _by_edges() -> dict[tuple[int, str], tuple[str, ...]]:
    """The names of three to ten characters by their length and two of their outer characters.

    A slip leaves one of these pairs as it was: the first two, the last two, or the first and the last one.
    """
    found: dict[tuple[int, str], list[str]] = {}
    for row in indicators():
        for name in dict.fromkeys((row.name, *row.aliases)):
            if 3 <= len(name) <= _LONGEST_NAME:
                for edge in _edges(name):
                    found.setdefault((len(name), edge), []).append(name)
    return {key: tuple(names) for key, names in found.items()}


def _edges(word: str) -> tuple[str, str, str]:
    return word[:2], "…" + word[-2:], word[0] + "…" + word[-1]


def _mend_indicators(text: str) -> tuple[str, tuple[str, ...]]:
    notes: list[str] = []
    for start, end in _strange(text):
        if found := _indicator_at(text, start, end):
            low, high, name = found
            notes.append(say("read_as", said=text[low:high], meant=name))
            text = text[:low] + name + text[high:]
    return text, tuple(notes)


def _strange(text: str) -> list[tuple[int, int]]:
    """Where the text holds characters that form no word and no name: 真 in 城真新增就业."""
    import rjieba

    covered = [False] * len(text)
    for mention in indicators().find(text):
        if mention.name:
            covered[mention.start : mention.end] = [True] * (mention.end - mention.start)
    for place in gazetteer().find(text):
        covered[place.start : place.end] = [True] * (place.end - place.start)
    found, at = [], 0
    for word in rjieba.cut(text):
        end = at + len(word)
        alone = len(word) == 1 or not rjieba.has_word(word)
        if alone and _RUN.fullmatch(word) and not all(covered[at:end]):
            found.append((at, end))
        at = end
    return found


def _indicator_at(text: str, start: int, end: int) -> tuple[int, int, str] | None:
    """The name that a stretch around the strange characters sounds like, the longest one; None where there is none."""
    runs = [run for run in _RUN.finditer(text) if run.start() <= start and end <= run.end()]
    if not runs:
        return None
    first, last = runs[0].span()
    for loose in (False, True):
        for length in range(_LONGEST_NAME, 2 + loose, -1):
            for low in range(max(first, end - length), min(start, last - length) + 1):
                word = text[low : low + length]
                if name := _one_name(word, start - low, end - low, loose=loose):
                    return low, low + length, name
    return None


def _one_name(word: str, start: int, end: int, *, loose: bool) -> str:
    """The one name that the word is a slip of: the same characters but for those that form no word."""
    by_edges = _by_edges()
    like = {name for edge in _edges(word) for name in by_edges.get((len(word), edge), ())}
    fits = []
    for name in like:
        other = [at for at, (a, b) in enumerate(zip(word, name, strict=True)) if a != b]
        if not 0 < len(other) <= max(1, len(word) // 3) or not any(start <= at < end for at in other):
            continue
        if all(_alike(word[at], name[at], loose=loose) for at in other):
            fits.append(name)
    if len(fits) != 1 or word in _names() or any(real in word for real in _data("slips.yaml")["real_words"]):
        return ""
    return fits[0]


def _alike(a: str, b: str, *, loose: bool) -> bool:
    """Whether two characters sound (or look) alike."""
    if any(a in pair and b in pair for pair in _data("slips.yaml")["look_alikes"]):
        return True
    return bool(sounds(a, loose=loose) & sounds(b, loose=loose))


# ---- places ---------------------------------------------------------------------------------------------------------


def _mend_places(text: str, known: Mapping[str, Region]) -> tuple[str, tuple[str, ...], tuple[Region, ...]]:
    notes: list[str] = []
    mentions = gazetteer().find(text)
    for low, high in _place_windows(text, mentions):
        word = text[low:high]
        places = _places_held(word, known) or ([] if mentions else _places_elsewhere(word))
        if len(places) == 1:
            name = _called(places[0], word)
            notes.append(say("read_as", said=word, meant=name))
            return text[:low] + name + text[high:], tuple(notes), ()
        if places:
            return text[:low] + text[high:], (), tuple(places)
    return text, tuple(notes), ()


def _place_windows(text: str, mentions: Sequence[Any]) -> Iterator[tuple[int, int]]:
    """The stretches that may be a misspelt place: with the end of a place, then bare ones where no place is named."""
    import rjieba

    data = _data("slips.yaml")
    inside = [(one.start, one.end) for one in mentions]
    for match in re.finditer(_ends(), text):
        for low in range(max(0, match.end() - 6), match.start() - 1):
            word = text[low : match.end()]
            if not _RUN.fullmatch(word) or any(a < match.end() and low < b for a, b in inside):
                continue
            if not rjieba.has_word(word) and not re.fullmatch(data["no_place"], word):
                yield low, match.end()
    if any(one.text != "全国" for one in mentions) and not re.search(r"[和与跟比、]", text):
        return
    for match in re.finditer(data["after_place"], text):
        for low in range(max(0, match.start() - 4), match.start() - 1):
            word = text[low : match.start()]
            if not _RUN.fullmatch(word) or any(a < match.start() and low < b for a, b in inside):
                continue
            if not rjieba.has_word(word) and re.search(data["before_place"], text[:low]):
                yield low, match.start()


def _places_held(word: str, known: Mapping[str, Region]) -> list[Region]:
    """The places of the library that the word sounds like; none for the name of another place."""
    if word in region_table().names:
        return []
    for loose in (False, True):
        wanted = sounds(word, loose=loose)
        held = [
            region
            for code, region in known.items()
            if any(wanted & sounds(name, loose=loose) for name in _names_of(code, len(word)))
        ]
        if held:
            return held
    return []


def _places_elsewhere(word: str) -> list[Region]:
    """The one place of the gazetteer that sounds like a word with the end of a place."""
    if word in region_table().names or len(word) < 3 or not re.search(_ends() + "$", word):
        return []
    places, wanted = gazetteer(), sounds(word)
    codes = {code for name, code in _names_in_use().get((len(word), word[-1]), ()) if wanted & sounds(name)}
    regions = [region for code in codes if (region := places.by_code(code)) is not None]
    return regions if len(regions) == 1 else []


@cache
def _ends() -> str:
    return "(?:" + "|".join(_data("slips.yaml")["place_ends"]) + ")"


@cache
def _names_in_use() -> dict[tuple[int, str], tuple[tuple[str, str], ...]]:
    """The names of the divisions in use with their codes, by length and last character."""
    found: dict[tuple[int, str], list[tuple[str, str]]] = {}
    places = gazetteer()
    for name, entry in region_table().names.items():
        for code in entry.codes:
            if places.in_use(code):
                found.setdefault((len(name), name[-1]), []).append((name, code))
    return {key: tuple(names) for key, names in found.items()}


@lru_cache(maxsize=4096)
def _names_of(code: str, length: int) -> tuple[str, ...]:
    """The name of a place with and without its end, where it has so many characters."""
    full = gazetteer().short_name(code)
    bare = re.sub(_ends() + "$", "", full)
    return tuple(name for name in dict.fromkeys((full, bare)) if len(name) == length and len(bare) > 1)


def _called(region: Region, word: str) -> str:
    """The mended name, with its end where it was typed with one."""
    full = gazetteer().short_name(region.code)
    return full if len(full) == len(word) else full[: len(word)]
