"""Slips in the names of places: 宾城区 → 滨城区."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping, Sequence
from functools import cache, lru_cache
from typing import Any

from zhengwen.bot.messages import say
from zhengwen.bot.slips_sounds import slip_data, sounds
from zhengwen.ingest.models import Region
from zhengwen.ingest.regions import gazetteer
from zhengwen.ingest.regions_table import table as region_table

_RUN = re.compile(r"[\u4e00-\u9fff]+")


def mend_places(text: str, known: Mapping[str, Region]) -> tuple[str, tuple[str, ...], tuple[Region, ...]]:
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

    data = slip_data("slips.yaml")
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
    return "(?:" + "|".join(slip_data("slips.yaml")["place_ends"]) + ")"


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
