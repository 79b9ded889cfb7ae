"""Where does this sentence come from? Exact over the clean text, then alike, with an honest score.

found = find_quote(library, "全年新增城镇就业七千余人")
[(place.report.title, place.how, place.score, place.clean) for place in found.places]
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from typing import TYPE_CHECKING, Literal

from zhengwen.bot.citing_alike import Difference, alike, differences
from zhengwen.bot.citing_data import citing_data
from zhengwen.bot.citing_fold import Fold, folded, simplified
from zhengwen.ingest.errors import InputError

if TYPE_CHECKING:
    from zhengwen.index.library import Library
    from zhengwen.index.rows import ReportRow, StoredPassage

QuoteHow = Literal["exact", "normalised", "elided", "source", "fuzzy"]
"""Character for character; the same but for script, widths, blanks and kinds of marks; with …… for what was left out;
as the damaged or untidied source has it; only alike."""
_READING = re.compile(r"[(（][a-zà-ǜ ]{1,7}[)）]")
"""What damaged pages put behind a character: 縣(xiàn)."""
_ELLIPSIS = re.compile(r"\.{3,}")


@dataclass(frozen=True, slots=True)
class Place:
    """Where a quotation was found: half-open offsets into the report's clean text."""

    report: ReportRow
    start: int
    end: int
    how: QuoteHow
    score: float
    """1.0 for exact and normalised; for fuzzy twice the common characters over all of both."""
    differences: tuple[Difference, ...] = ()


@dataclass(frozen=True, slots=True)
class QuoteFound:
    """What a search gave: the places, best first, and the nearest one that was not good enough."""

    places: tuple[Place, ...]
    nearest: Place | None = None
    """Set only when there are no places."""
    more: bool = False
    """True for words that stand in nearly all passages that were looked at: there will be further places."""


def is_quote(text: str) -> bool:
    """Whether this can only be a sentence, not an id: it holds a Chinese character or a blank between words."""
    return bool(re.search(r"[\u3007\u3400-\u9fff\U00020000-\U0003ffff]|\w\s+\w", text.strip()))


def bare_quote(text: str) -> str:
    """The sentence without the question and the marks around it: `“新增就业7人”这句话出自哪里？` → `新增就业7人`."""
    words = citing_data()
    text = re.sub(rf"^{words['asked_before']}(?=[“\"「『])", "", text.strip())
    text = re.sub(rf"(?<=[。，！？；”\"」』：])\s*{words['asked_after']}$", "", text).strip()
    marks: str = words["outer_marks"]
    while len(text) > 1 and text[0] in marks and text[-1] in marks and not set(text[1:-1]) & set(marks):
        text = text[1:-1].strip()
    return text


def asks_for_source(text: str) -> str:
    """The sentence, where a question asks where a quoted one comes from; otherwise empty."""
    words = citing_data()
    rule = rf"^{words['asked_before']}[“\"「『](.{{4,}})[”\"」』]\s*{words['asked_after']}[？?。]?$"
    before = rf"^{words['asks_first']}[：:，, ]*[“\"「『](.{{4,}})[”\"」』][？?。]?$"
    found = re.match(rule, text.strip(), flags=re.S) or re.match(before, text.strip(), flags=re.S)
    return found[1].strip() if found else ""


def find_quote(library: Library, text: str) -> QuoteFound:
    """The places of a quotation, the oldest report first where it is exact, the likest first where it is not.

    Raises InputError for a text too short to be looked for, LibraryError where the library fails.
    """
    from zhengwen.index.quoting import passages_like

    rules = citing_data()["lookup"]
    quote = bare_quote(text)
    wanted = folded(quote)
    if len(wanted.text) < rules["shortest"]:
        raise InputError(f"'{quote}' is too short to be looked for; give at least {rules['shortest']} characters of it")
    near = passages_like(library, simplified(_READING.sub("", quote)), top=rules["candidates"])
    for how in (_exact, _elided, _in_source):
        if found := _distinct(place for one in near for place in how(library, quote, wanted, one)):
            crowded = len(near) == rules["candidates"] and len(found) > len(near) * rules["crowded"]
            return QuoteFound(tuple(sorted(found, key=_oldest_first)), more=crowded)
    if len(wanted.text) < rules["shortest_fuzzy"]:
        return QuoteFound(())
    likely = [place for one in near if (place := _alike(library, quote, wanted, one, rules["margin"]))]
    likely = _distinct(sorted(likely, key=lambda place: -place.score))
    good = tuple(place for place in likely if place.score >= rules["threshold"])
    return QuoteFound(good, None if good or not likely else likely[0])


def _oldest_first(place: Place) -> tuple[bool, bool, str, int, int]:
    date = place.report.date
    return place.how != "exact", date is None, str(date or ""), place.report.no, place.start


def _distinct(places: Iterable[Place]) -> list[Place]:
    """One of those that overlap in one report: neighbouring passages are searched with what stands around them."""
    kept: list[Place] = []
    for place in places:
        same = (one for one in kept if one.report.no == place.report.no)
        if not any(one.start < place.end and place.start < one.end for one in same):
            kept.append(place)
    return kept


def _window(library: Library, passage: StoredPassage, around: int) -> tuple[str, int]:
    """The passage with what stands around it, for a quotation that ends in a neighbour, and where that begins."""
    clean = library.text(passage.report).clean
    start = max(passage.passage.start - around, 0)
    return clean[start : passage.passage.end + around], start


def _exact(library: Library, quote: str, wanted: Fold, passage: StoredPassage) -> Iterator[Place]:
    text, offset = _window(library, passage, 2 * wanted.length)
    fold = folded(text)
    for at in _found_at(fold.text, wanted.text):
        first, last = fold.original(at, at + len(wanted.text))
        how: QuoteHow = "exact" if text[first:last] == quote else "normalised"
        yield Place(passage.report, offset + first, offset + last, how, 1.0)


def _elided(library: Library, _: str, wanted: Fold, passage: StoredPassage) -> Iterator[Place]:
    """`经济总量……迈上新台阶`: every part stands there, in order, not too far apart."""
    rules = citing_data()["lookup"]
    parts = [part for part in _ELLIPSIS.split(wanted.text) if part]
    if len(parts) < 2 or min(map(len, parts)) < rules["shortest"]:
        return
    text, offset = _window(library, passage, rules["left_out"])
    fold = folded(text)
    for start in _found_at(fold.text, parts[0]):
        end = start + len(parts[0])
        for part in parts[1:]:
            at = fold.text.find(part, end, end + rules["left_out"] + len(part))
            end = at + len(part) if at >= 0 and not _cuts_number(fold.text, at, at + len(part)) else -1
            if end < 0:
                break
        if end > 0:
            first, last = fold.original(start, end)
            yield Place(passage.report, offset + first, offset + last, "elided", 1.0)


def _in_source(library: Library, _: str, wanted: Fold, passage: StoredPassage) -> Iterator[Place]:
    """What was copied from the page itself, with its damage or its markup."""
    stored = library.text(passage.report)
    begin = max(passage.passage.source_start - 2 * wanted.length, 0)
    text = stored.source[begin : passage.passage.source_end + 2 * wanted.length]
    fold = folded(text)
    for at in _found_at(fold.text, wanted.text):
        first, last = fold.original(at, at + len(wanted.text))
        span = stored.offsets.clean_span(begin + first, begin + last)
        if span is not None and span[0] < span[1]:
            yield Place(passage.report, *span, "source", 1.0)


def _found_at(text: str, wanted: str) -> Iterator[int]:
    """Where `wanted` begins in the text, whole numbers only."""
    at = text.find(wanted)
    while at >= 0:
        if not _cuts_number(text, at, at + len(wanted)):
            yield at
        at = text.find(wanted, at + 1)


def _cuts_number(text: str, start: int, end: int) -> bool:
    """7198人 does not stand in 17198人, nor 增长5 in 增长5.3%."""
    before, after = text[max(start - 2, 0) : start], text[end : end + 2]
    starts = text[start].isdigit() and re.search(r"\d[.,]?$", before)
    ends = text[end - 1].isdigit() and re.match(r"[.,]?\d", after)
    return bool(starts or ends)


def _alike(library: Library, quote: str, wanted: Fold, passage: StoredPassage, margin: float) -> Place | None:
    """The stretch in and around the passage that is most like the quotation."""
    text, offset = _window(library, passage, 2 * wanted.length)
    fold = folded(text)
    found = alike(wanted, fold, margin)
    if found is None:
        return None
    start, end, score = found
    first, last = fold.original(start, end)
    differing = tuple(differences(wanted, quote, fold, text, start, end))
    return Place(passage.report, offset + first, offset + last, "fuzzy", score, differing)
