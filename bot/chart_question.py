"""How the words for a chart are read before they are a question: lists of places and indicators, 各市, ranks."""

from __future__ import annotations

import re
from collections.abc import Sequence

from zhengwen.bot.chart_words import words
from zhengwen.bot.cues import cues
from zhengwen.bot.intents_units import implied
from zhengwen.bot.query import Ask
from zhengwen.ingest.indicators import indicators
from zhengwen.ingest.regions import gazetteer


def listed(question: str) -> str:
    """济南 青岛 GDP → 济南、青岛 GDP: place names given as separate words are a list."""
    parts = question.split()
    places = gazetteer()
    named = [any(one.text == part for one in places.find(part)) for part in parts]
    text = parts[0] if parts else ""
    for at in range(1, len(parts)):
        text += ("、" if named[at - 1] and named[at] else " ") + parts[at]
    return text


def each_place(question: str) -> tuple[str, str]:
    """The question without 各市 or 各区县, and the level of the places meant; empty where it says no such thing."""
    for level, pattern in words()["each"].items():
        found = re.search(pattern, question)
        if found:
            return question[: found.start()] + question[found.end() :], level
    return question, ""


def asks_of(question: str, asks: Sequence[Ask]) -> tuple[Ask, ...]:
    """The asks read, one for each indicator where several are given as separate words: GDP 一般公共预算收入."""
    if len(asks) != 1:
        return tuple(_sharpened(ask) for ask in asks if ask.words)
    names = [name for part in question.split() if (name := _indicator(part))]
    if len(set(names)) < 2:
        return (_sharpened(asks[0]),)
    return tuple(_about(name, asks[0]) for name in dict.fromkeys(names))


def _about(name: str, ask: Ask) -> Ask:
    """The same asked of one indicator, in its own units."""
    units, money = implied(name, cues()) if ask.want == "any" else (ask.units, ask.money)
    return ask.model_copy(update={"words": name, "head": name, "units": units, "money": money})


def _indicator(word: str) -> str:
    """The canonical name of a word that is nothing but an indicator."""
    return next((one.name for one in indicators().find(word) if (one.start, one.end) == (0, len(word))), "")


def _sharpened(ask: Ask) -> Ask:
    """GDP全省位次 without a question word asks for a rank."""
    if ask.want != "any" or not re.search(words()["rank"], ask.words):
        return ask
    bare = " ".join(re.sub(words()["rank"], " ", ask.words).split())
    units = frozenset(words()["rank_units"])
    return ask.model_copy(update={"words": bare, "head": bare, "want": "rank", "money": False, "units": units})
