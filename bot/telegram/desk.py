"""What a worker process does for the bot: it reads the library, answers, and writes finished messages.

desk = Desk(Library.open(folder), Config(), today=None)
desk.ask("滨城区2020年新增就业多少", state="").pages[0]  →  "<b>7198人</b>\\n…"
"""

from __future__ import annotations

import datetime as dt
import json
from collections.abc import Callable
from pathlib import Path

from zhengwen.bot.answer import answer
from zhengwen.bot.dialogue import Chat, ChatState
from zhengwen.bot.listing import figure_by_id
from zhengwen.bot.models import Answer
from zhengwen.bot.ranking_pool import load_figures
from zhengwen.bot.settings import Config
from zhengwen.bot.telegram import desk_documents as documents
from zhengwen.bot.telegram.desk_lists import about, any_citation, figures, listed
from zhengwen.bot.telegram.desk_models import ListPage, Offers, Outcome, Picture, Read, Reply, SourceOffer, SourcePage
from zhengwen.bot.telegram.desk_source import source_page
from zhengwen.bot.telegram.examples import examples
from zhengwen.bot.telegram.located import Located, locate
from zhengwen.bot.telegram.neighbours import years_question
from zhengwen.bot.telegram.render import answer_blocks, headline, scope
from zhengwen.bot.telegram.richtext import CAPTION_LIMIT, pages, units
from zhengwen.bot.telegram.texts import text
from zhengwen.index.library import Library

_COPY_LIMIT = 256
_ARTICLES = 5
_TEXTS = 400
"""Some 20 MB that are read from the database beforehand."""


class Desk:
    """One library, used by one process. `today` fixes what 今年 means; None: the day on which a question comes."""

    def __init__(self, library: Library, config: Config, *, today: dt.date | None) -> None:
        self.library = library
        self.config = config
        self._today = today

    @property
    def today(self) -> dt.date:
        return self._today or dt.date.today()

    def warm(self) -> tuple[str, ...]:
        """Load what the first questions would wait for; gives the example questions."""
        from zhengwen.index.retrieve import retrieve

        rows = self.library.reports()
        for row in rows[:_TEXTS]:
            self.library.text(row)
        load_figures(self.library, rows)
        if rows:
            retrieve(self.library, rows[0].title, top=1)  # loads the indexes, the embedder and what they import
        return self.examples()

    def ask(self, question: str, state: str) -> Reply:
        """Answer a question in a chat with this state (JSON, empty for a fresh chat)."""
        chat = Chat(read_state(state))
        given = self._answer(question, chat)
        located = locate(given)
        return Reply(
            pages=tuple(pages(answer_blocks(given, located.spots))),
            outcome=_outcome(given),
            offers=self._offers(given, located),
            state=write_state(chat.state),
            title=headline(given) or _first_line(given),
            subtitle=scope(given),
        )

    def inline(self, question: str) -> tuple[Reply, ...]:
        """What can be sent into another chat: the answer, or for an ambiguous question an answer for each choice."""
        given = self._answer(question, None)
        if not given.answered and given.choices:
            tried = [self._article(choice, question) for choice in given.choices[:_ARTICLES]]
            found = tuple(reply for reply in tried if reply.outcome == "answered")
            if found:
                return found
        located = locate(given)
        return (self._short(given, located),)

    def chart(self, question: str, state: str) -> Picture | None:
        """The chart of the answer to a question; None where there is nothing to draw."""
        from zhengwen.bot.chart import chart_points, draw

        chart = chart_points(self._answer(question, Chat(read_state(state))))
        if chart is None:
            return None
        caption = chart.title
        return Picture(png=draw(chart), caption=caption if units(caption) <= CAPTION_LIMIT else "")

    def examples(self) -> tuple[str, ...]:
        """Three questions that this library answers."""
        return examples(self.library, lambda question: self._answer(question, None))

    def source(self, passage: str, figure: str) -> SourcePage:
        """A source paragraph. Raises InputError when the library holds it no more."""
        return source_page(self.library, passage, figure)

    def listed(self, name: str, page: int) -> ListPage:
        """A page of /regions or /reports."""
        return listed(self.library, name, page)

    def figures(self, words: str) -> Reply:
        """The figures of a place, `滨州市 2023 就业`."""
        return figures(self.library, words)

    def about(self) -> Reply:
        return about(self.library)

    def any_citation(self) -> str:
        """Some citation id, for an example."""
        return any_citation(self.library)

    def object(self, figure: str, words: str, reader: str) -> str:
        """Store a reader's objection; gives the figure as printed. Raises InputError for a figure that is gone."""
        from zhengwen.index.objections import MAX_CHARACTERS, add_objection

        surface = figure_by_id(self.library, figure).figure.surface
        add_objection(self.library, figure_id=figure, text=words[:MAX_CHARACTERS], reader=reader)
        return surface

    def unreadable(self, name: str) -> str:
        """The formats that can be read, when the file's name is of none of them."""
        return documents.unreadable(name)

    def ingest(self, path: str, tell: Callable[[str, int, int], None]) -> Read:
        """Read a document into the library."""
        return documents.ingest(self.library, self.config, Path(path), tell)

    def take_back(self, name: str) -> str:
        """Remove a document's reports. Raises InputError when they are gone."""
        return documents.take_back(self.library, name)

    def _answer(self, question: str, chat: Chat | None) -> Answer:
        return answer(self.library, question, today=self.today, chat=chat, settings=self.config.answer)

    def _article(self, choice: str, question: str) -> Reply:
        chat = Chat()
        self._answer(question, chat)
        given = self._answer(choice, chat)
        return self._short(given, locate(given))

    def _short(self, given: Answer, located: Located) -> Reply:
        """One message: an inline result cannot be followed by a second one."""
        first = pages(answer_blocks(given, located.spots))[:1]
        title = headline(given) or _first_sentence(given)
        return Reply(
            pages=tuple(first),
            outcome=_outcome(given),
            title=title,
            subtitle=scope(given) or given.text,
        )

    def _offers(self, given: Answer, located: Located) -> Offers:
        main = given.figures[0] if given.answered and given.figures else None
        sources = tuple(
            SourceOffer(n=one.n, passage=one.id, figure=located.by_citation.get(one.n, ""))
            for one in given.citations
            if one.id
        )
        return Offers(
            sources=sources,
            choices=() if given.answered else given.choices,
            copied=main.surface[:_COPY_LIMIT] if main else "",
            figure=located.main if main else "",
            years=years_question(self.library, main) if main and _of_one_year(given) else "",
            chart=given.answered and _drawable(given),
        )


def write_state(state: ChatState) -> str:
    """The chat's state as JSON that `read_state` takes. Periods stay records: as printed they are not read back."""

    def plain(value: object) -> object:
        return sorted(value) if isinstance(value, frozenset) else str(value)

    return json.dumps(state.model_dump(), default=plain, ensure_ascii=False)


def read_state(state: str) -> ChatState:
    """The chat's state from JSON; a fresh one when there is none or an older version wrote it."""
    try:
        return ChatState.model_validate_json(state) if state else ChatState()
    except ValueError:
        return ChatState()


def _of_one_year(given: Answer) -> bool:
    """Whether all that is shown is about one place and time: a value, perhaps with its growth."""
    return len({(one.region, one.period) for one in given.figures}) == 1


def _outcome(given: Answer) -> Outcome:
    return "answered" if given.answered else "refused"


def _first_line(given: Answer) -> str:
    lines = given.text.splitlines()
    return lines[0].lstrip("- ") if lines else text("inline.not_found")


def _first_sentence(given: Answer) -> str:
    """Of a refusal, the title of an article: what is missing; the rest is its description."""
    line = _first_line(given)
    return line if given.answered else line[: line.find("。") + 1] or line


def _drawable(given: Answer) -> bool:
    """Whether there is a series or a comparison, and something to draw it with."""
    from importlib.util import find_spec

    if len(given.figures) < 2 or find_spec("matplotlib") is None:
        return False
    from zhengwen.bot.chart import NothingToPlot, build_chart

    try:
        build_chart(given)
    except NothingToPlot:
        return False
    return True
