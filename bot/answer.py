"""A question becomes an answer: the ordered steps.

Question → Query → candidates in scope → one score and one threshold → figures shown with their sources, or a refusal.
"""

from __future__ import annotations

import datetime as dt
import re
from collections.abc import Sequence

from zhengwen.bot.answer_compare import compare, superlative
from zhengwen.bot.answer_series import series
from zhengwen.bot.answer_text import passages
from zhengwen.bot.answer_value import value
from zhengwen.bot.compose import Draft
from zhengwen.bot.cues import cues
from zhengwen.bot.dialogue import Chat, continued, remember
from zhengwen.bot.frames import described
from zhengwen.bot.held import held_regions
from zhengwen.bot.messages import say
from zhengwen.bot.models import Answer
from zhengwen.bot.query import Query
from zhengwen.bot.question import read_question
from zhengwen.bot.refusal import refuse
from zhengwen.bot.scope import not_held, settle_region
from zhengwen.bot.settings import AnswerSettings
from zhengwen.bot.wording import short, when
from zhengwen.index.library import Library


def answer(
    library: Library,
    question: str,
    *,
    today: dt.date,
    chat: Chat | None = None,
    settings: AnswerSettings | None = None,
) -> Answer:
    """Answer one question from the library, or refuse with a reason and the nearest known figure.

    `answer(library, "滨城区2020年新增就业多少", today=date(2026, 1, 1)).text` → `滨城区2020年城镇新增就业7198人[1]。`
    With a chat, what the question leaves out is taken from it, said in the answer, and the chat moves on. Any text is
    a question: what cannot be one is declined. Raises LibraryError where the library fails.
    """
    settings = settings or AnswerSettings()
    if refused := declined(question, settings):
        return refused
    with library.snapshot():
        return _answered(library, question, today, chat, settings)


def _answered(library: Library, question: str, today: dt.date, chat: Chat | None, settings: AnswerSettings) -> Answer:
    known = held_regions(library)
    if not known:
        return refuse(question, say("refuse.library_empty"), "region")
    query = read_question(question, today=today, known=known)
    if chat is not None:
        query = continued(query, chat.state)
    result = _answer(library, query, settings)
    if result.reason in ("indicator", "period"):
        query, result = _described(library, query, result, settings)
    unsaid = "".join(note for note in query.notes if note not in result.text)
    update = {"question": question, "understood": understood(query), "text": result.text + unsaid}
    result = result.model_copy(update=update)
    if chat is not None:
        remember(chat, query, result)
    return result


def _described(library: Library, query: Query, refused: Answer, settings: AnswerSettings) -> tuple[Query, Answer]:
    """The answer to what the question describes without naming it, else the refusal."""
    for named in described(query):
        result = _answer(library, named, settings)
        if result.answered:
            return named, result
    return query, refused


def _answer(library: Library, query: Query, settings: AnswerSettings) -> Answer:
    settled = settle_region(library, query)
    if isinstance(settled, Answer):
        return settled
    query = settled
    draft = Draft(library, query.text)
    if query.intent in ("list", "definition", "who_when", "topic"):
        return passages(library, query, draft, settings)
    if query.intent == "superlative":
        return superlative(library, query, draft, settings)
    if query.intent == "series":
        return series(library, query, draft, settings)
    if query.intent == "compare":
        return compare(library, query, draft, settings)
    given = value(library, query, draft, settings)
    if query.within is not None:
        return given if given.answered else not_held(library, query, query.within)
    return _year_by_year(library, query, settings, given)


def _year_by_year(library: Library, query: Query, settings: AnswerSettings, given: Answer) -> Answer:
    """2019到2023年GDP, 十三五GDP: where no figure covers the years as a whole, the figure of each of them."""
    spans = len(query.periods) == 1 and query.periods[0].whole_years and not query.periods[0].is_year
    if given.answered or not spans or query.span or query.status == "target":
        return given
    each = series(library, query.model_copy(update={"each_year": True}), Draft(library, query.text), settings)
    return each if each.answered and len(each.figures) > 1 else given


def declined(question: str, settings: AnswerSettings) -> Answer | None:
    """What is no question for reports at all, before anything is looked up."""
    text = question.strip()
    if not re.search(r"\w", text):
        return refuse(question, say("refuse.empty"), "out_of_scope")
    if len(text) > settings.max_question_characters:
        limit = settings.max_question_characters
        return refuse(question, say("refuse.too_long", count=len(text), limit=limit), "out_of_scope")
    if not re.search(r"[\u4e00-\u9fff]", text):
        return refuse(question, say("refuse.not_chinese"), "out_of_scope")
    if re.search(cues()["out_of_scope"], text):
        return refuse(question, say("refuse.out_of_scope"), "out_of_scope")
    return None


def understood(query: Query) -> str:
    """One line of how the question was read, for `ask --why`."""
    asks = "; ".join(f"{ask.want}:{ask.words}" for ask in query.asks)
    places = "、".join(short(region) for region in query.regions)
    times = "、".join(when(period) for period in query.periods)
    return f"{query.intent} | {places} | {times} | {query.status} | {asks}"


__all__: Sequence[str] = ("answer",)
