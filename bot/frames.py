"""An indicator described instead of named: 码头一共装卸了多少货 is asked as 港口货物吞吐量, and the answer says so.

Described means: the question holds a word of every group of a frame (frames.yaml) and no other thing beside them.
"""

from __future__ import annotations

from collections.abc import Iterator
from functools import cache
from pathlib import Path

import yaml

from zhengwen.bot.messages import say
from zhengwen.bot.query import Ask, Query, Want
from zhengwen.ingest.models import Record


class Frame(Record):
    """One description: `name` is meant where the text holds a word of each group and none of `without`."""

    name: str
    all: tuple[tuple[str, ...], ...]
    without: tuple[str, ...] = ()
    want: Want | None = None
    other: tuple[str, ...] = ()
    """Names of the same thing in other years: 农村居民人均纯收入 before 2013."""

    def fits(self, text: str) -> bool:
        held = all(any(word in text for word in group) for group in self.all)
        return held and not any(word in text for word in self.without)


@cache
def _frames() -> tuple[tuple[Frame, ...], frozenset[str]]:
    text = (Path(__file__).parent / "frames.yaml").read_text(encoding="utf-8")
    data = yaml.load(text, Loader=getattr(yaml, "CSafeLoader", yaml.SafeLoader))
    return tuple(Frame(**row) for row in data["frames"]), frozenset(data["neutral"])


def described(query: Query) -> Iterator[Query]:
    """The queries with an indicator named that the question describes, the most likely first; none where it names one.

    `[one.words for one in described(read_question("青岛2020年码头一共装卸了多少货", …))]` → `["港口货物吞吐量"]`
    """
    if len(query.asks) != 1 or query.intent != "value":
        return
    frames, neutral = _frames()
    for frame in frames:
        if not frame.fits(query.text) or _left(query.words, frame, neutral):
            continue
        for name in (frame.name, *frame.other):
            note = say("described_as", meant=name)
            ask = _asked(query.asks[0], name, frame.want)
            yield query.model_copy(update={"asks": (ask,), "words": name, "notes": (*query.notes, note)})


def _left(words: str, frame: Frame, neutral: frozenset[str]) -> bool:
    """Whether the question names some other thing: 码头装卸了多少煤炭 is not all cargo."""
    import rjieba

    for group in frame.all:
        for word in sorted(group, key=len, reverse=True):
            words = words.replace(word, " ")
    for run in words.split():
        for word, tag in rjieba.tag(run):
            if len(word) > 1 and tag[:1] in "nij" and word not in neutral:
                return True
    return False


def _asked(ask: Ask, name: str, want: Want | None) -> Ask:
    kept: Want = ask.want if ask.want in ("growth", "rank", "completion") else "any"
    return Ask(words=name, head=name, want=want or kept, status=ask.status)
