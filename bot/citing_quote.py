"""Where does this sentence come from? Exact over the clean text, then alike, with an honest score.

found = find_quote(library, "全年新增城镇就业七千余人")
[(place.report.title, place.how, place.score, place.clean) for place in found.places]
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING, Literal

from zhengwen.bot.citing_data import citing_data
from zhengwen.bot.citing_fold import Fold, folded, simplified
from zhengwen.ingest.errors import InputError
from zhengwen.ingest.models import Record

if TYPE_CHECKING:
    from zhengwen.index.library import Library
    from zhengwen.index.rows import ReportRow, StoredPassage

QuoteHow = Literal["exact", "normalised", "fuzzy"]
"""Character for character; the same but for script, widths, blanks and kinds of marks; only alike."""


class Difference(Record):
    """One place where the quotation and the source differ; an empty side is what the other has in addition."""

    quote: str
    source: str


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
    near = passages_like(library, simplified(quote), top=rules["candidates"])
    exact = _distinct(place for one in near for place in _exact(library, quote, wanted, one))
    if exact:
        return QuoteFound(tuple(sorted(exact, key=_oldest_first)))
    if len(wanted.text) < rules["shortest_fuzzy"]:
        return QuoteFound(())
    alike = [place for one in near if (place := _alike(library, quote, wanted, one, rules["margin"]))]
    alike = _distinct(sorted(alike, key=lambda place: -place.score))
    good = tuple(place for place in alike if place.score >= rules["threshold"])
    return QuoteFound(good, None if good or not alike else alike[0])


def _oldest_first(place: Place) -> tuple[bool, bool, str, int, int]:
    date = place.report.date
    return place.how != "exact", date is None, str(date or ""), place.report.no, place.start


def _distinct(places: Iterator[Place] | Sequence[Place]) -> list[Place]:
    """One of those that overlap in one report: neighbouring passages are searched with what stands around them."""
    kept: list[Place] = []
    for place in places:
        same = (one for one in kept if one.report.no == place.report.no)
        if not any(one.start < place.end and place.start < one.end for one in same):
            kept.append(place)
    return kept


def _window(library: Library, passage: StoredPassage, wanted: Fold) -> tuple[str, int]:
    """The passage with enough around it for a quotation that begins or ends in a neighbour, and where that begins."""
    clean = library.text(passage.report).clean
    around = 2 * wanted.length
    start = max(passage.passage.start - around, 0)
    return clean[start : passage.passage.end + around], start


def _exact(library: Library, quote: str, wanted: Fold, passage: StoredPassage) -> Iterator[Place]:
    text, offset = _window(library, passage, wanted)
    fold = folded(text)
    at = fold.text.find(wanted.text)
    while at >= 0:
        end = at + len(wanted.text)
        if not _cuts_number(fold.text, at, end):
            first, last = fold.original(at, end)
            how: QuoteHow = "exact" if text[first:last] == quote else "normalised"
            yield Place(passage.report, offset + first, offset + last, how, 1.0)
        at = fold.text.find(wanted.text, at + 1)


def _cuts_number(text: str, start: int, end: int) -> bool:
    """7198人 does not stand in 17198人, nor 增长5 in 增长5.3%."""
    before, after = text[max(start - 2, 0) : start], text[end : end + 2]
    starts = text[start].isdigit() and re.search(r"\d[.,]?$", before)
    ends = text[end - 1].isdigit() and re.match(r"[.,]?\d", after)
    return bool(starts or ends)


def _alike(library: Library, quote: str, wanted: Fold, passage: StoredPassage, margin: float) -> Place | None:
    """The stretch in and around the passage that is most like the quotation."""
    from rapidfuzz import fuzz

    text, offset = _window(library, passage, wanted)
    fold = folded(text)
    if len(fold.text) <= len(wanted.text):
        start, end = 0, len(fold.text)
    else:
        found = fuzz.partial_ratio_alignment(wanted.text, fold.text)
        if found is None:
            return None
        start, end = _fitted(wanted.text, fold.text, found.dest_start, found.dest_end, margin)
    if start >= end:
        return None
    first, last = fold.original(start, end)
    score = fuzz.ratio(wanted.text, fold.text[start:end]) / 100
    here = tuple(_differences(wanted, quote, fold, text, start, end))
    return Place(passage.report, offset + first, offset + last, "fuzzy", round(score, 3), here)


def _fitted(quote: str, text: str, start: int, end: int, margin: float) -> tuple[int, int]:
    """The stretch, which is as long as the quotation, made longer or shorter where that makes it more alike."""
    from rapidfuzz import fuzz
    from rapidfuzz.distance import Indel

    room = max(int(len(quote) * margin), 4)
    low, high = max(start - room, 0), min(end + room, len(text))
    choices = {(start, end)}
    equal = [op for op in Indel.opcodes(quote, text[low:high]) if op.tag == "equal"]
    for op in equal[:6]:
        choices |= {(low + op.dest_start, low + other.dest_end) for other in equal[-6:]}
        choices |= {(low + op.dest_start, end)}
    choices |= {(start, low + op.dest_end) for op in equal[-6:]}
    sensible = [(first, last) for first, last in choices if last > first]
    return max(sensible, key=lambda span: (fuzz.ratio(quote, text[span[0] : span[1]]), -span[0], -span[1]))


def _differences(wanted: Fold, quote: str, fold: Fold, text: str, start: int, end: int) -> Iterator[Difference]:
    """What differs, whole numbers at a time, in the words of both as they are written."""
    from rapidfuzz.distance import Levenshtein

    ours, theirs = _words(wanted.text), _words(fold.text[start:end])
    quote_at, text_at = _offsets(ours), [start + one for one in _offsets(theirs)]
    for op in Levenshtein.opcodes(ours, theirs):
        if op.tag == "equal":
            continue
        mine = wanted.original(quote_at[op.src_start], quote_at[op.src_end])
        other = fold.original(text_at[op.dest_start], text_at[op.dest_end])
        yield Difference(quote=quote[slice(*mine)], source=text[slice(*other)])


def _words(text: str) -> list[str]:
    """Numbers and Latin words whole, other characters one by one: 7198 and 7200 differ as a whole."""
    return re.findall(r"\d+(?:\.\d+)?|[a-z]+|.", text, flags=re.S)


def _offsets(words: Sequence[str]) -> list[int]:
    at = [0]
    for word in words:
        at.append(at[-1] + len(word))
    return at
