"""The words of a question as pairs of characters, and where a text holds them."""

from __future__ import annotations

import re
from functools import lru_cache

from zhengwen.bot.cues import cues
from zhengwen.ingest.indicators import indicators

_ROMAN = str.maketrans({"Ⅰ": "I", "Ⅱ": "II", "Ⅲ": "III", "Ⅳ": "IV", "Ⅴ": "V", "Ⅵ": "VI"})
_MARKS = re.compile(r"[“”\"‘’「」『』《》\s·]")
_UNFOLDED = re.compile(r"[“”\"‘’「」『』《》\s·a-zⅠ-Ⅻ]")
_CROSS = 0.25
"""Weight of two characters that meet at a word boundary: 会带 in 演唱会带动."""


def fold(text: str) -> str:
    """One spelling for comparing: upper case, Roman numerals as letters, no quotation marks or blanks."""
    if _UNFOLDED.search(text):
        text = _MARKS.sub("", text.upper().translate(_ROMAN))
    return text


@lru_cache(maxsize=4096)
def features(words: str) -> tuple[tuple[str, float], ...]:
    """The character pairs of some words with their weights: pairs inside a word count more than pairs across two."""
    return tuple((pair, weight) for pair, weight, _ in word_pairs(words))


@lru_cache(maxsize=1)
def _synonyms() -> dict[str, tuple[str, ...]]:
    found: dict[str, dict[str, None]] = {}
    for group in cues()["synonyms"]:
        for word in group:
            found.setdefault(word, {}).update(dict.fromkeys(o for o in group if o != word and len(o) > 1))
    return {word: tuple(others) for word, others in found.items()}


@lru_cache(maxsize=4096)
def word_pairs(words: str) -> tuple[tuple[str, float, tuple[str, ...]], ...]:
    """The pairs with their weights and the words that may stand for the pair's word."""
    import rjieba

    found: dict[str, float] = {}
    other: dict[str, tuple[str, ...]] = {}
    for run in words.split():
        last = ""
        for word in rjieba.cut(fold(run)):
            word = word.rstrip("了过") if len(word) > 1 else word
            if last:
                pair = last[-1] + word[0]
                found[pair] = max(found.get(pair, 0.0), _CROSS)
            if len(word) == 1 and not last:
                found.setdefault(word, _CROSS)
                other.setdefault(word, _synonyms().get(word, ()))
            for at in range(len(word) - 1):
                joint = len(word) == 4 and at == 1  # 粮食产量: two words of two
                found[word[at : at + 2]] = max(found.get(word[at : at + 2], 0.0), _CROSS if joint else 1.0)
                other[word[at : at + 2]] = _synonyms().get(word, ())
            last = word
    return tuple((pair, weight, other.get(pair, ())) for pair, weight in found.items())


@lru_cache(maxsize=4096)
def soft_pairs(words: str) -> frozenset[str]:
    """The pairs that stand inside verbs, adverbs and the like: where no report holds them, speech put them there."""
    import rjieba

    soft: set[str] = set()
    hard: set[str] = set()
    for run in words.split():
        for word, tag in rjieba.tag(fold(run)):
            into = soft if tag[:1] in "vdarpcumqtyozf" and tag not in ("vn", "an", "ns", "nz") else hard
            into.update([word] if len(word) == 1 else [word[at : at + 2] for at in range(len(word) - 1)])
    names = "".join(alias for _, alias in mentioned(words))
    return frozenset(pair for pair in soft - hard if pair not in names)


def holds(text: str, pair: str, others: tuple[str, ...]) -> bool:
    return pair in text or any(word in text for word in others)


def stands_for(name: str) -> tuple[str, ...]:
    """What a broad or joint name may mean: 财政收入 → 一般公共预算收入."""
    row = indicators().get(name)
    return (*row.alternatives, *row.parts)


@lru_cache(maxsize=4096)
def asked_names(words: str) -> frozenset[str]:
    """The canonical indicators that make up most of the words, with what a broad name may stand for."""
    length = len(words.replace(" ", ""))
    names: set[str] = set()
    for name, alias in mentioned(words):
        if len(alias) * 5 >= length * 4:
            names.update((name, *stands_for(name)))
    return frozenset(names)


@lru_cache(maxsize=4096)
def mentioned(words: str) -> tuple[tuple[str, str], ...]:
    """The indicators that the words name, each with the words that name it."""
    return tuple((mention.name, mention.alias) for mention in indicators().find(words))


def named(words: str) -> str:
    """The canonical indicator that the words name, the longest name; empty where none."""
    found = max(mentioned(words), key=lambda one: len(one[1]), default=("", ""))
    return found[0]
