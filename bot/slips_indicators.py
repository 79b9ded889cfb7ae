"""Slips in the names of indicators: 城真新增就业 → 城镇新增就业."""

from __future__ import annotations

import re
from functools import cache

from zhengwen.bot.messages import say
from zhengwen.bot.slips_sounds import slip_data, sounds
from zhengwen.ingest.indicators import indicators
from zhengwen.ingest.regions import gazetteer

_RUN = re.compile(r"[\u4e00-\u9fff]+")
_LONGEST_NAME = 10


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


def mend_indicators(text: str) -> tuple[str, tuple[str, ...]]:
    """The text with slips in names of indicators mended, and what to say about each."""
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

    functional = slip_data("slips.yaml")["functional"]
    covered = [False] * len(text)
    for mention in indicators().find(text):
        if mention.name:
            covered[mention.start : mention.end] = [True] * (mention.end - mention.start)
    for place in gazetteer().find(text):
        covered[place.start : place.end] = [True] * (place.end - place.start)
    found, at = [], 0
    for word in rjieba.cut(text):
        end = at + len(word)
        alone = word not in functional if len(word) == 1 else not rjieba.has_word(word)
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
    around = [
        (low, low + length)
        for length in range(_LONGEST_NAME, 2, -1)
        for low in range(max(first, end - length), min(start, last - length) + 1)
    ]
    if any(text[low:high] in _names() for low, high in around):
        return None  # as typed it is a name
    by_edges = _by_edges()
    like = [
        (low, high, names)
        for low, high in around
        if (names := {name for edge in _edges(text[low:high]) for name in by_edges.get((high - low, edge), ())})
    ]
    for loose in (False, True):
        for low, high, names in like:
            if high - low <= 3 and loose:
                continue
            if name := _one_name(text[low:high], names, start - low, end - low, loose=loose):
                return low, high, name
    return None


def _one_name(word: str, names: set[str], start: int, end: int, *, loose: bool) -> str:
    """The one name that the word is a slip of: the same characters but for those that form no word."""
    fits = []
    for name in names:
        other = [at for at, (a, b) in enumerate(zip(word, name, strict=True)) if a != b]
        if not 0 < len(other) <= max(1, len(word) // 3) or not any(start <= at < end for at in other):
            continue
        if all(_alike(word[at], name[at], loose=loose) for at in other):
            fits.append(name)
    if len(fits) != 1 or any(real in word for real in slip_data("slips.yaml")["real_words"]):
        return ""
    return fits[0]


def _alike(a: str, b: str, *, loose: bool) -> bool:
    """Whether two characters sound (or look) alike."""
    if any(a in pair and b in pair for pair in slip_data("slips.yaml")["look_alikes"]):
        return True
    return bool(sounds(a, loose=loose) & sounds(b, loose=loose))
