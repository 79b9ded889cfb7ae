"""How likely a character is on one page: the language of reports, drawn towards what the page says elsewhere."""

from __future__ import annotations

import math
from collections import Counter, defaultdict
from collections.abc import Iterator
from functools import lru_cache

import numpy as np
import numpy.typing as npt

from zhengwen.ingest.garble_forms import simplified
from zhengwen.ingest.garble_language import BITS, BREAK, DIGITS, LONGEST, coded, language, normal

_TRUST = (0.0, 400.0, 60.0, 12.0, 5.0)
"""How many occurrences on the page weigh as much as the table, by the characters of context."""
_VARIED = 3.0
"""So many more for each different character that followed the context on the page."""
_BLANK, _SAME_NUMBER = 6.0, 1.5
"""Costs of a blank, and of a further digit or point within a number; neither changes the context."""


class Wording:
    """A language model for one page. A context is up to four characters' numbers, the nearest in the lowest bits."""

    def __init__(self, page: str) -> None:
        """`page`: the page's sound text in simplified characters, readings removed."""
        self._language = language()
        self._own: defaultdict[int, Counter[int]] = defaultdict(Counter)
        self._digits = self._language.index[DIGITS]
        for line in page.split("\n"):
            self._learn(coded(line, self._language.index))
        self.cost = lru_cache(maxsize=1 << 16)(self._cost)
        """Of a character's number after a context, in nats."""
        self.costs = lru_cache(maxsize=1024)(self._costs)
        """Of all characters after a context, by number."""
        self.number = lru_cache(maxsize=1 << 14)(self._number)
        """Of a character as it is written; 0 for one that reports do not hold, -1 for a blank."""
        self.start = self.number(BREAK)
        """The context at the beginning of a line."""

    def _learn(self, ids: list[int]) -> None:
        for at in range(1, len(ids)):
            context = 0
            for length in range(1, min(at, LONGEST - 1) + 1):
                if not ids[at - length]:
                    break
                context |= ids[at - length] << BITS * (length - 1)
                self._own[context][ids[at]] += 1

    def _number(self, character: str) -> int:
        if character.isspace() and character != BREAK:
            return -1
        letter = normal(simplified(character)) if character != BREAK else BREAK
        return self._language.index.get(letter, 0)

    def _cost(self, context: int, number: int) -> float:
        chance = math.exp(-self._language.cost(context, number))
        for own, trust in self._evidence(context):
            chance = (own[number] + trust * chance) / (own.total() + trust)
        return -math.log(chance)

    def _costs(self, context: int) -> npt.NDArray[np.float32]:
        costs = self._language.costs(context)
        for own, trust in self._evidence(context):
            total = own.total() + trust
            numbers, counts = list(own), np.fromiter(own.values(), dtype=np.float32)
            more = np.log((counts + trust * np.exp(-costs[numbers])) / total)
            costs += math.log(total / trust)
            costs[numbers] = -more
        return costs

    def _evidence(self, context: int) -> Iterator[tuple[Counter[int], float]]:
        """What followed the context on the page, from the nearest character to all, and the table's weight."""
        for length in range(1, LONGEST):
            near = context & ((1 << BITS * length) - 1)
            if near >> BITS * (length - 1) == 0 or near not in self._own:
                return
            yield self._own[near], _TRUST[length] + _VARIED * len(self._own[near])

    def after(self, context: int, character: str) -> tuple[int, float]:
        """The context after one more character, and that character's cost."""
        number = self.number(character)
        if number < 0:
            return context, _BLANK
        if context & ((1 << BITS) - 1) == self._digits and (number == self._digits or character == "."):
            return context, _SAME_NUMBER
        cost = self.cost(context, number)
        return ((context << BITS | number) & _WINDOW if number else 0), cost


_WINDOW = (1 << BITS * (LONGEST - 1)) - 1
