"""Answers in the reports' own words: definitions, lists, and the sentences on a topic, each a slice of the source."""

from __future__ import annotations

import math
import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from zhengwen.bot.answer_who import report_facts
from zhengwen.bot.compose import Draft
from zhengwen.bot.cues import cues
from zhengwen.bot.match_words import features, fold
from zhengwen.bot.messages import say
from zhengwen.bot.models import Answer
from zhengwen.bot.query import Ask, Query
from zhengwen.bot.ranking_pool import report_year
from zhengwen.bot.refusal import refuse
from zhengwen.bot.settings import AnswerSettings
from zhengwen.bot.wording import short, when
from zhengwen.index.library import Library
from zhengwen.index.retrieve import PassageHit, retrieve
from zhengwen.index.scope import Scope
from zhengwen.ingest.models import Period, Region
from zhengwen.ingest.sentences import sentence_spans

_DEFINES = r"[”\"’』」》]?(?P<between>[^。；：:，、\n]{0,12}?)(?P<mark>[：:]|是指|即是?|指的?是|是)"
_LEAD = re.compile(r"^(?:主要)?(?:是指|指的是|指|即|是|包括|分别是|分别为|为)[：:，,]?")
_WHEN = re.compile(r"\d{4}年|\d{1,2}月\d{1,2}日|\d{1,2}月|年底|年初|[上下]半年")
_NUMBERED = re.compile(r"(?:^|\n|[。；])\s*(?:[\d①-⑳]+|[（(]?\d+[）)]|\[\d+\])?[.、．:：\s]*$")
_MARKS = {"：": 1.0, ":": 1.0, "是指": 1.0, "指的是": 1.0, "指是": 0.6, "即": 0.9, "即是": 0.9, "是": 0.3}
"""How surely a mark after a term begins its explanation."""
_LONGEST = 420


@dataclass(frozen=True, slots=True)
class Piece:
    """A stretch of a passage with its worth: `text` is `passage text[start:end]`."""

    hit: PassageHit
    start: int
    end: int
    worth: float

    @property
    def text(self) -> str:
        return self.hit.text[self.start : self.end]


def passages(library: Library, query: Query, draft: Draft, settings: AnswerSettings) -> Answer:
    """Definition, list, who and when, topic; a refusal where nothing in scope speaks of it."""
    if query.intent == "who_when" and (told := report_facts(library, query, draft)):
        return told
    del settings
    told = _quoted(library, query, draft, below=False)
    if told.answered or not query.regions:
        return told
    # What the place's own reports do not say, those of the places in it may; the answer names the place.
    wider = _quoted(library, query, Draft(library, query.text), below=True)
    if not wider.answered:
        return told
    passage = library.passage(wider.citations[0].id)
    region = passage.report.region if passage else None
    note = say("region_below", region=short(region)) if region else ""
    return wider.model_copy(update={"text": wider.text + note})


def _quoted(library: Library, query: Query, draft: Draft, *, below: bool) -> Answer:
    term = asked_term(query)
    hits = _hits(library, query, term, below=below)
    if query.intent in ("definition", "list") and (piece := _defined(hits, term, query)):
        return _told(piece, query, draft)
    found = _sentences(hits, query)
    limit = 0.55 if query.intent != "topic" else 0.4
    good = [piece for piece in found if piece.worth >= limit][: 1 if query.intent != "topic" else 4]
    if not good:
        what = term or query.words.replace(" ", "")
        return refuse(query.text, say("refuse.passage", what=what), "indicator", draft=draft)
    if query.intent == "list" and len(good) == 1:
        return _told(good[0], query, draft)
    key = "passages.item" if len(good) > 1 else "passages.quote"
    lines = [say(key, text=piece.text.strip(), mark=f"[{draft.passage(piece.hit.stored)}]") for piece in good]
    return draft.finish("\n".join(lines))


def asked_term(query: Query) -> str:
    """The term asked about: the one in quotation marks, or what stands before 是什么 or after 什么是."""
    if query.quoted:
        return query.quoted[0]
    table = cues()["term"]
    text = query.text
    for region in query.regions:
        text = re.sub(f"^{re.escape(region.name[-3:])}|^{re.escape(region.name[-3:-1])}", "", text)
    for pattern in (table["after"], table["before"]):
        if match := re.search(pattern, text):
            return re.sub(table["strip"], "", match["term"]).strip("的，, ")
    return max(query.words.split(), key=len, default="")


def _hits(library: Library, query: Query, term: str, *, below: bool) -> list[PassageHit]:
    """The passages in scope: of the place's own reports, or with `below` those of the places in it."""
    codes = tuple(region.code for region in query.regions)
    words = f"{term} {query.words}" if term else query.words
    years = query.report_years or tuple(period.end.year for period in query.periods)
    scope = Scope()
    if codes:
        rows = library.reports(regions=codes, descendants=below)
        if years:  # a list or a measure of 2024 is not that of another year
            rows = [row for row in rows if report_year(row) in years or row.year_reviewed in years]
        if not rows:
            return []
        scope = Scope(report_ids=tuple(row.id for row in rows))
    hits = retrieve(library, words, scope=scope, top=40)
    if years and not codes:
        dated = [hit for hit in hits if report_year(hit.report) in years or hit.report.year_reviewed in years]
        hits = dated or ([] if query.report_years else hits)
    return hits


def _defined(hits: Sequence[PassageHit], term: str, query: Query) -> Piece | None:
    """The stretch that explains the term: after 「“四个不摘”：」, 「是指」, 「即」."""
    if len(term) < 2:
        return None
    pattern = re.compile(re.escape(fold_marks(term)) + _DEFINES)
    best: Piece | None = None
    for rank, hit in enumerate(hits):
        text = hit.text
        plain, back = _without_marks(text)
        for match in pattern.finditer(plain):
            worth = _worth(match, plain, hit) - rank * 0.01
            start, end = _extent(text, back[match.end() - 1] + 1)
            if end - start >= 6 and (best is None or worth > best.worth):
                best = Piece(hit, start, end, worth)
    if best is not None and best.worth >= (1.0 if query.intent == "definition" else 0.8):
        return best
    return None


def fold_marks(text: str) -> str:
    return re.sub(r"[“”\"‘’「」『』]", "", text)


def _without_marks(text: str) -> tuple[str, list[int]]:
    """The text without quotation marks, and where each of its characters stood."""
    kept = [at for at, character in enumerate(text) if character not in '“”"‘’「」『』']
    return "".join(text[at] for at in kept), kept


def _worth(match: re.Match[str], text: str, hit: PassageHit) -> float:
    """A heading-like start of a line with a colon explains more surely than 是 in running text."""
    before = text[max(0, match.start() - 6) : match.start()]
    begins = match.start() == 0 or bool(_NUMBERED.search(before))
    worth = _MARKS.get(match["mark"], 0.5) + (0.5 if begins else 0.0) - 0.03 * len(match["between"])
    return worth + (0.3 if hit.passage.mode in ("glossary", "annex") else 0.0)


def _extent(text: str, start: int) -> tuple[int, int]:
    """From `start` to the end of the line, at most a few sentences."""
    end = text.find("\n", start)
    end = len(text) if end < 0 else end
    while start < end and text[start] in " \u3000\n：:":
        start += 1
    if end - start > _LONGEST:
        stops = [at + 1 for at in range(start, start + _LONGEST) if text[at] in "。；"]
        end = stops[-1] if stops else start + _LONGEST
    return start, end


def _told(piece: Piece, query: Query, draft: Draft) -> Answer:
    """The explanation; for a list its members one a line."""
    mark = f"[{draft.passage(piece.hit.stored)}]"
    text = piece.text.strip()
    if query.intent == "list":
        items = list(members(text))
        if len(items) > 1:
            lines = [say("passages.item_plain", text=item) for item in items]
            return draft.finish("\n".join([*lines[:-1], lines[-1] + mark]))
    return draft.finish(say("passages.quote", text=text, mark=mark))


def members(text: str) -> Iterator[str]:
    """The members of a list in its own words: parts between ；, or the longest row of parts between 、 and ，."""
    body = _LEAD.sub("", text.strip())
    body = body.rstrip("。；;")
    parts = [part for part in re.split(r"[；;]", body) if part.strip()]
    if len(parts) < 3:
        first = re.split(r"。", body)[0]
        rows = [re.split(r"、", first), re.split(r"[、，,]", first)]
        parts = rows[0] if len(rows[0]) > 2 else rows[1]
        parts = [_LEAD.sub("", part) for part in parts]
    for part in parts:
        if part.strip():
            yield part.strip()


def _sentences(hits: Sequence[PassageHit], query: Query) -> list[Piece]:
    """The sentences of the passages by the share of the question's words that they hold, best first."""
    rows = [
        (hit, start, end, fold(hit.text[start:end]))
        for hit in hits
        for start, end in sentence_spans(hit.text)
        if end - start >= 8
    ]
    pairs = features(query.words)
    count = {pair: sum(pair in text for _, _, _, text in rows) for pair, _ in pairs}
    weights = {pair: weight * (0.3 + math.log((1 + len(rows)) / (1 + count[pair]))) for pair, weight in pairs}
    total = sum(weights.values()) or 1.0
    pieces = []
    for hit, start, end, text in rows:
        worth = sum(weight for pair, weight in weights.items() if pair in text) / total
        if query.intent == "who_when" and not _WHEN.search(text):
            worth *= 0.6
        pieces.append(Piece(hit, start, end, worth))
    return sorted(pieces, key=lambda piece: -piece.worth)


def unset_target(library: Library, ask: Ask, region: Region, period: Period, draft: Draft) -> str:
    """The clause in which a report says that it sets no such target, as a row; empty where it does not say so."""
    scope = Scope(regions=(region.code,), period=period)
    hits = retrieve(library, ask.words + cues()["unset_words"], scope=scope, top=10)
    for hit in hits:
        if report_year(hit.report) != period.end.year:
            continue
        for start, end in sentence_spans(hit.text):
            for match in re.finditer(cues()["unset"], hit.text[start:end]):
                number = draft.passage(hit.stored)
                return say("series.unset", period=when(period), text=match[0], mark=f"[{number}]")
    return ""
