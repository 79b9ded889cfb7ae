"""How well a figure fits what is asked: hard filters first, then one score.

A candidate is a figure with its clause, sentence and headings. The score is the share of the question's words that the
candidate holds, rare words counting more (inverse document frequency over the candidates), words in the figure's own
clause counting fully and words farther away counting less.
"""

from __future__ import annotations

import math
import re
from collections.abc import Iterable
from dataclasses import dataclass
from functools import lru_cache
from itertools import repeat
from operator import contains

from zhengwen.bot.cues import cues
from zhengwen.bot.match_kinds import allowed, kind_factor
from zhengwen.bot.match_words import (
    asked_names,
    features,
    fold,
    holds,
    mentioned,
    soft_pairs,
    stands_for,
    word_pairs,
)
from zhengwen.bot.query import Ask
from zhengwen.index.lookup import StoredFigure
from zhengwen.ingest.indicators import indicators
from zhengwen.ingest.models import Figure

_PER_HEAD = re.compile(r"人均|户均|亩均|日均|月均")
_CLAUSE = 0.92
_SENTENCE = 0.7
_HEADING = 0.45
_GLOSS = 0.75
"""How much the term in brackets says of what is asked: 还养着多少头猪（存栏）."""
_SPOKEN = 0.25
"""What a verb or adverb of the question counts that no report uses."""


@dataclass(frozen=True, slots=True)
class Candidate:
    """A stored figure with the texts it is judged by."""

    stored: StoredFigure
    figure: Figure
    near: str
    """Indicator words and qualifiers."""
    clause: str
    sentence: str
    headings: str

    @classmethod
    def of(cls, stored: StoredFigure, *, also: str = "") -> Candidate:
        figure = stored.figure
        near = also + " ".join((figure.indicator_text, *figure.qualifiers, figure.among, figure.part_of))
        clause, sentence, headings = (
            stored.clause,
            stored.sentence,
            " ".join(
                (*stored.headings, stored.opening, *((stored.before,) if len(figure.indicator_text) <= 2 else ()))
            ),
        )
        return cls(stored, figure, fold(near), fold(clause), fold(sentence), fold(headings))


@dataclass(frozen=True, slots=True)
class Scored:
    """A candidate with its score for one ask; `why` says what spoke against it."""

    candidate: Candidate
    score: float
    why: str = ""

    @property
    def figure(self) -> Figure:
        return self.candidate.figure


class Weights:
    """How rare each pair of characters is among the texts that might have answered (sentences with their headings)."""

    def __init__(self, texts: Iterable[str]) -> None:
        self._texts = list(texts)
        self._known: dict[str, float] = {}
        self._strange: set[str] = set()

    def strange(self, pair: str) -> bool:
        """Whether no text holds the pair."""
        self[pair]
        return pair in self._strange

    def __getitem__(self, pair: str) -> float:
        weight = self._known.get(pair)
        if weight is None:
            holding = sum(map(contains, self._texts, repeat(pair)))
            if not holding:
                self._strange.add(pair)
            weight = self._known[pair] = 0.3 + math.log((1 + len(self._texts)) / (1 + holding))
        return weight


def score(ask: Ask, context: str, candidate: Candidate, weights: Weights) -> float:
    """From 0 to 1: how much of the ask (and, counting less, of the rest of the question) the candidate holds."""
    given = canonical_pairs(ask.words, candidate.figure)
    total = coverage(ask.words, candidate, weights, given)
    if ask.gloss:
        own = coverage(ask.gloss, candidate, weights, canonical_pairs(ask.gloss, candidate.figure))
        total = max(total, _GLOSS * own + (1 - _GLOSS) * total)
    if ask.head:
        total = 0.75 * total + 0.25 * coverage(ask.head, candidate, weights, given, far=1.0 if ask.money else 0.5)
    if context:
        total = 0.75 * total + 0.25 * coverage(context, candidate, weights, frozenset())
    total *= (0.8 + 0.2 * explained(ask.words + " " + context, candidate)) * kind_factor(ask, candidate.figure)
    total *= other_indicator_factor(ask.words, candidate.figure) * contrast_factor(ask.words, candidate)
    return total * per_head_factor(ask.words + context, candidate)


def other_indicator_factor(words: str, figure: Figure) -> float:
    """A figure of another indicator of the table is not the one asked, however alike the words are."""
    own = canonical_of(figure)
    asked = asked_names(words)
    if not own or not asked or own in asked or asked & set(indicators().get(own).parts):
        return 1.0
    return 0.5


def contrast_factor(words: str, candidate: Candidate) -> float:
    """农村 asked and 城镇 found, 全国 asked and 全省 found: not the same thing."""
    for group in cues()["contrasts"]:
        asked = [word for word in group if word in words]
        if len(asked) == 1 and asked[0] not in candidate.near and any(word in candidate.near for word in group):
            return 0.5
    return 1.0


def per_head_factor(words: str, candidate: Candidate) -> float:
    """地区生产总值…、人均63689元 is not the total: 人均 before the figure must have been asked for."""
    figure = candidate.figure
    at = figure.start - figure.sentence_start
    found = _PER_HEAD.search(candidate.stored.sentence[max(0, at - 6) : at])
    return 0.5 if found and found[0] not in words and "每" not in words else 1.0


def coverage(words: str, candidate: Candidate, weights: Weights, given: frozenset[str], *, far: float = 1.0) -> float:
    """The weighted share of the words' pairs that the candidate holds; `far` devalues all but its own words."""
    total = held = 0.0
    soft = soft_pairs(words)
    for pair, weight, others in word_pairs(words):
        worth = weight * weights[pair]
        if pair in soft and weights.strange(pair):
            worth *= _SPOKEN
        total += worth
        if pair in given or holds(candidate.near, pair, others):
            held += worth
        elif holds(candidate.clause, pair, others):
            held += worth * _CLAUSE * far
        elif holds(candidate.sentence, pair, others):
            held += worth * _SENTENCE * far
        elif holds(candidate.headings, pair, ()):
            held += worth * _HEADING * far
    return held / total if total else 0.0


def canonical_pairs(words: str, figure: Figure) -> frozenset[str]:
    """The pairs of the question's name for an indicator, where the figure is one of that indicator."""
    own = canonical_of(figure)
    if not own:
        return frozenset()
    for name, alias in mentioned(words):
        if own in (name, *stands_for(name)):
            return frozenset(pair for pair, _ in features(alias))
    return frozenset()


def canonical_of(figure: Figure) -> str:
    """The figure's canonical indicator; empty where the table does not hold it."""
    if figure.canonical:
        return figure.indicator
    unit, kind, extra = figure.unit, figure.kind, figure.qualifiers
    return indicators().canonical(figure.indicator_text, unit=unit, kind=kind, qualifiers=extra) or ""


def explained(words: str, candidate: Candidate) -> float:
    """The share of the figure's own indicator words that the question accounts for; 1 for the same indicator."""
    figure = candidate.figure
    own = canonical_of(figure)
    if own and (own in {name for name, _ in mentioned(words)} or own in asked_names(words)):
        return 1.0
    pairs = [pair for pair, weight in features(figure.indicator_text) if weight == 1.0]
    if not pairs:
        return 0.5
    asked = {pair for pair, _ in features(words)}
    return sum(pair in asked for pair in pairs) / len(pairs)


@dataclass(frozen=True, slots=True)
class Keys:
    """What a figure's sentence must hold to be looked at: one pair of the question's words, or its indicator."""

    words: tuple[str, ...]
    """Empty: anything may answer."""
    names: frozenset[str]

    def held_by(self, sentence: str) -> bool:
        """Whether the sentence holds one of the words. A plain loop: a pattern for each question costs more to make."""
        for word in self.words:
            if word in sentence:
                return True
        return not self.words


@lru_cache(maxsize=4096)
def keys_of(words: str) -> Keys:
    """The pairs inside the words of a question, and the canonical indicators it names or may mean."""
    names = {name for name, _ in mentioned(words)}
    names.update(other for name in tuple(names) for other in stands_for(name))
    pairs = [one for pair, weight, others in word_pairs(words) if weight == 1.0 for one in (pair, *others)]
    return Keys(tuple(dict.fromkeys(pairs)), frozenset(names))


def all_scored(
    ask: Ask, context: str, candidates: Iterable[Candidate], weights: Weights
) -> tuple[list[Scored], list[Scored]]:
    """The candidates that can be an answer, best first, and those that kind or unit rule out."""
    fits: list[Scored] = []
    out: list[Scored] = []
    keys = keys_of(ask.words)
    for candidate in candidates:
        if reason := allowed(ask, candidate.figure):
            out.append(Scored(candidate, 0.0, reason))
        elif (
            not keys.held_by(candidate.sentence + fold(candidate.figure.indicator))
            and canonical_of(candidate.figure) not in keys.names
        ):
            continue  # nothing of what is asked stands in its sentence
        else:
            fits.append(Scored(candidate, score(ask, context, candidate, weights)))
    fits.sort(key=lambda one: -one.score)
    return fits, out
