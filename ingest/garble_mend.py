"""Mends line after line: removes readings, searches where bytes slipped, checks by garbling again, explains."""

from __future__ import annotations

from collections.abc import Sequence
from itertools import pairwise
from typing import Literal

from zhengwen.ingest.garble_bytes import FOLDED, LOST, Event, comparable, fold, garble_again, pair
from zhengwen.ingest.garble_explain import differing, explained, in_simplified, narrowed, unusual
from zhengwen.ingest.garble_page import Page
from zhengwen.ingest.garble_path import Path
from zhengwen.ingest.garble_search import Search
from zhengwen.ingest.garble_tokens import Token, tokens
from zhengwen.ingest.models import Repair
from zhengwen.ingest.textmap import Edit

_BEFORE = 12
"""Tokens in step that a search reads before the first damaged one."""
_SURE, _LIKELY = 8.0, 1.5
"""How much dearer, in nats, the next best text must be."""
_LONGER, _EASY, _LONGER_EASY = 7.0, 5.0, 3.0
"""The same where the next best text holds more, because what vanished without a trace is easily left out; the third
where no character written is dearer than the second."""
_ODD, _MORE = 11.5, 1.0
"""For each nat by which the dearest character written exceeds the first, the next best text must be so much dearer."""
_NUMERALS = frozenset("〇一二三四五六七八九十百千万兩亿億萬零")
"""A guessed numeral must be beyond doubt."""
_HOLES = 6
"""More lost bytes in a row than these are not searched for."""
_STRANGE = 20.0
"""The cost, in nats, of a character that no mended text may rest on."""
_NEAR, _UNHEARD = 8, 10.0
"""Characters looked at behind a question mark, and the cost, in nats, of one that none would write there."""

Certainty = Literal["certain", "likely", "undecided"]


class Mender:
    """Collects the edits and repairs of one page."""

    def __init__(self, text: str, page: Page) -> None:
        self._text = text
        self._page = page
        self._search = Search(page)
        self._narrow = narrowed(text)
        self.edits: list[Edit] = []
        self.repairs: list[Repair] = []
        self.annotations = 0

    def line(self, start: int, end: int) -> None:
        """Mend text[start:end], one line."""
        items = tokens(self._text, start, end)
        seeds = [index for index, token in enumerate(items) if self._out_of_order(items, index)]
        at, quoted = 0, False
        while at < len(items):
            seed = next((seed for seed in seeds if seed >= at), None)
            stop = len(items) if seed is None else self._begin(items, at, seed)
            quoted = self._in_step(items[at:stop], quoted)
            at = stop
            if seed is not None:
                ahead = frozenset(item - at for item in seeds if item >= at)
                at, quoted = self._stretch(items, at, ahead, quoted)

    @staticmethod
    def _begin(items: Sequence[Token], at: int, seed: int) -> int:
        """Some tokens before a damaged one, but not between a character and its reading."""
        begin = max(at, seed - _BEFORE)
        while begin > at and items[begin].bracket is not None:
            begin -= 1
        return begin

    def _out_of_order(self, items: Sequence[Token], index: int) -> bool:
        token = items[index]
        if token.kind == "hole":
            return True
        if token.bracket is None:
            return False
        if not token.bracket.opened:
            return True
        before = items[index - 1].text if index and items[index - 1].kind == "char" else ""
        return not self._page.explains(before, token.bracket) and not self._page.gloss(before, token.bracket)

    def _in_step(self, items: Sequence[Token], quoted: bool) -> bool:
        for token in items:
            if token.bracket is not None:
                if not self._page.gloss(self._text[token.start - 1 : token.start], token.bracket):
                    self._remove(token)
            elif token.text in "“”":
                quoted = token.text == "“"
        return quoted

    def _remove(self, token: Token) -> None:
        self.edits.append(Edit(token.start, token.end, ""))
        self.annotations += 1

    def _stretch(self, items: Sequence[Token], at: int, seeds: frozenset[int], quoted: bool) -> tuple[int, bool]:
        """Mend the stretch of tokens that begins at `at`; gives where it ends and whether a quotation is open there."""
        first = at + min(seeds, default=0)
        run = next((end for end in range(first, len(items)) if items[end].kind != "hole"), len(items)) - first
        if run > _HOLES:
            self._give_up(items[at : first + run], seeds, "too many bytes were lost in a row")
            return first + run, quoted
        if self._search.exhausted:
            self._give_up(items[at:], seeds, "the page holds more damaged places than are searched")
            return len(items), quoted
        paths, count = self._search.paths(items[at:], quoted=quoted, seeds=seeds)
        covered = items[at : at + count]
        seen = comparable(self._text[covered[0].start : covered[-1].end])
        ordered = sorted(paths, key=lambda path: (round(path.cost, 3), unusual(path.text)))
        sound = [path for path in ordered if path.pending is None and self._sound(path, seen)]
        if not sound:
            self._give_up(covered, seeds, "no reading gives the damage that is seen")
            return at + count, quoted
        best = sound[0]
        rival, margin, needed = self._rival(best, sound, covered)
        if best.literal or self._strange(best, covered):
            self._give_up(covered, seeds, "no reading gives the damage that is seen and makes words")
        elif margin < needed:
            self._give_up(covered, seeds, f"more than one reading fits: {differing(best, rival)}")
        else:
            self._apply(covered, best, "certain" if margin >= _SURE else "likely")
        return at + count, best.quoted

    def _rival(self, best: Path, sound: Sequence[Path], items: Sequence[Token]) -> tuple[Path | None, float, float]:
        """The text that most calls the best one into doubt, how much dearer it is, and how much it would have to be."""
        worst = self._worst(best, items)
        least = max(_SURE if _NUMERALS & set(best.guessed) else _LIKELY, _MORE * (worst - _ODD))
        longer = max(least, _LONGER if worst > _EASY else _LONGER_EASY)
        same = in_simplified(best.text)
        doubts = []
        for path in sound:
            if in_simplified(path.text) != same:
                needed = longer if len(path.text) > len(best.text) else least
                needed = _SURE if _eats(path) and not _eats(best) else needed
                doubts.append((path.cost - best.cost, needed, path))
        if not doubts:
            return None, 99.0, least
        margin, needed, rival = min(doubts, key=lambda doubt: doubt[0] - doubt[1])
        return rival, margin, needed

    def _sound(self, path: Path, seen: str) -> bool:
        """True if garbling the path's text again gives exactly what is seen, with no reading missing."""
        readers = ((keeps_ascii, silent) for silent in (False, True) for keeps_ascii in (False, True))
        return self._closed(path) and any(
            garble_again(path.text, path.events, keeps_ascii=keeps_ascii, silent=silent) == seen
            for keeps_ascii, silent in readers
        )

    def _strange(self, path: Path, items: Sequence[Token]) -> bool:
        """True if mending would write a character that neither is common alone nor makes a word with its neighbours."""
        return self._worst(path, items) > _STRANGE

    def _worst(self, path: Path, items: Sequence[Token]) -> float:
        """The dearest character that mending would write, or leave a `?` for, in nats."""
        context, costs = 0, []
        for character in path.text:
            context, cost = self._page.wording.after(context, "0" if character == "?" else character)
            costs.append(cost)
        written = [
            cost
            for (index, at, _), (next_index, next_at, _) in pairwise(path.ends)
            if next_index - index > 1 or items[index].kind == "hole"
            for cost in costs[at:next_at]
        ]
        return max(written, default=0.0)

    def _broken(self, text: str, at: int) -> bool:
        """True if the text from `at` on holds characters that do not follow one another in any report."""
        context, costs = 0, []
        for character in text[: at + _NEAR]:
            context, cost = self._page.wording.after(context, character)
            costs.append(cost)
        return sum(cost > _UNHEARD for cost in costs[at:]) > 1

    def _closed(self, path: Path) -> bool:
        broken = {event.at for event in path.events}
        inserted = {event.at for event in path.events if event.kind == "insert"}
        for at in range(1, len(path.stream) - 1):
            if at not in broken and at + 1 not in inserted:
                character = pair(path.stream[at - 1], path.stream[at])
                if character is not None and path.stream[at - 1] >= 0x81 and self._page.always(character):
                    return False
        return True

    def _give_up(self, covered: Sequence[Token], seeds: frozenset[int], why: str) -> None:
        marked = [covered[seed] for seed in sorted(seeds) if seed < len(covered)]
        places = {token.start for token in marked}
        self._in_step([token for token in covered if token.start not in places], False)
        for token in marked:
            self._mark(token, why)

    def _apply(self, covered: Sequence[Token], path: Path, certainty: Certainty) -> None:
        for (index, at, byte), (next_index, next_at, next_byte) in pairwise(path.ends):
            run = covered[index:next_index]
            new = "".join(FOLDED[c] if c in self._narrow else c for c in path.text[at:next_at])
            last = next_byte if run[-1].kind != "char" else next_byte - 1
            events = [event for event in path.events if byte < event.at <= last]
            if len(run) == 1 and run[0].bracket is not None and not new:
                self._remove(run[0])
            elif events and events[-1].kind == "eaten":
                self._mend(run[:-1], new[:-1], path.stream, events[:-1], certainty)
                self._mark(run[-1], "the byte before it took a character along that may have been a digit")
            elif len(run) == 1 and run[0].kind == "hole" and fold(new) == LOST and self._broken(path.text, at + 1):
                self._mark(run[0], "what follows makes no words, so that this is no question mark")
            elif len(run) > 1 or fold(new) != fold(run[0].text):
                self._mend(run, new, path.stream, events, certainty)

    def _mend(
        self, run: Sequence[Token], new: str, stream: bytes, events: Sequence[Event], certainty: Certainty
    ) -> None:
        start, end = run[0].start, run[-1].end
        before, why = self._text[start:end], explained(stream, events)
        self.annotations += sum(event.kind == "insert" and not event.text.startswith("<") for event in events)
        self.edits.append(Edit(start, end, new))
        self.repairs.append(Repair(start=start, end=end, before=before, after=new, why=why, certainty=certainty))

    def _mark(self, token: Token, why: str) -> None:
        start, end, shown = token.start, token.end, token.text
        self.repairs.append(Repair(start=start, end=end, before=shown, after=shown, why=why, certainty="undecided"))


def _eats(path: Path) -> bool:
    """True for a reading in which a character was lost that may have been a digit: none may be dropped unseen."""
    return any(event.kind == "eaten" for event in path.events)
