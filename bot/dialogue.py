"""What one chat remembers between its questions, and how a follow-up is completed from it.

那陵城区呢 keeps the year and what was asked, 2019年呢 the place, 增速呢 both. The answer names place and year.
"""

from __future__ import annotations

import re
from dataclasses import dataclass, field

from zhengwen.bot.cues import cues
from zhengwen.bot.match_words import named
from zhengwen.bot.models import Answer
from zhengwen.bot.query import Ask, Query
from zhengwen.ingest.models import Period, PeriodText, Record, Region
from zhengwen.ingest.regions import gazetteer


class ChatState(Record):
    """What the last question was about; a follow-up fills its gaps from here."""

    regions: tuple[Region, ...] = ()
    before: tuple[Region, ...] = ()
    """The places of the question before, where they were others."""
    period: PeriodText | None = None
    ask: Ask | None = None
    """What was asked, without place and time: 新增就业."""
    year_said: bool = False
    """Whether a question named the year, not the answer alone."""
    question: str = ""


@dataclass(slots=True)
class Chat:
    """One conversation. `Chat()` is a fresh one; `state` is immutable and replaced after every answer."""

    state: ChatState = field(default_factory=ChatState)

    def reset(self) -> None:
        """Forget everything."""
        self.state = ChatState()


_TOLD = ("list", "definition", "who_when", "topic", "superlative")


def _only_field(query: Query, state: ChatState) -> bool:
    """Whether the places named only hold the chat's place, and a rank in them is asked."""
    inside = all(gazetteer().within(one.code, place.code) for one in state.regions for place in query.absent)
    return inside and bool(state.regions) and any(ask.want == "rank" for ask in query.asks)


def continued(query: Query, state: ChatState) -> Query:
    """The query with its gaps filled from the chat; a question that is complete stays as it is."""
    if state.ask is None and not state.regions:
        return query
    if query.absent and not query.regions and _only_field(query, state):
        query = query.model_copy(update={"absent": ()})  # 在山西排第几, of a city in it
    joined = bool(re.search(cues()["compare_with"], query.text)) and query.regions and state.regions
    if joined:
        query = query.model_copy(update={"asks": tuple(_uncompared(ask) for ask in query.asks)})
    own = [ask for ask in query.asks if ask.words]
    bare = not own or all(_partial(ask.words) for ask in own)
    # 山东省2021年主要目标有哪些 leaves nothing open, however few its words are.
    bare = bare and not (query.regions and query.periods and query.intent in _TOLD)
    update: dict[str, object] = {}
    if joined:
        # 那济南呢 and then 和济南比: with the place before.
        others = state.regions if set(state.regions) != set(query.regions) else state.before
        update["regions"] = tuple(dict.fromkeys((*others, *query.regions)))
        update["intent"] = "compare"
    elif not query.regions and not query.absent and not query.unclear and query.intent != "superlative":
        update["regions"] = state.regions
    if (moved := _moved(query, state)) is not None:
        query = query.model_copy(update={"periods": (moved,)})
    both = len(state.regions) > 1 and not (query.regions or query.absent or query.unclear)
    if both and query.intent == "value":
        update["intent"] = "compare"  # after a comparison the next value is asked of the same places
    timeless = not query.periods and not query.report_years and not query.quoted
    if timeless and state.period and (bare or not query.regions):
        update["periods"] = (state.period,)
    if bare and state.ask is not None:
        update["asks"] = _completed(query, state.ask)
        update["words"] = " ".join(ask.words for ask in _completed(query, state.ask))
        if query.intent in ("topic", "list", "definition", "none"):
            update["intent"] = "value"
    return query.model_copy(update=update)


def _uncompared(ask: Ask) -> Ask:
    """和滨城比: the word for comparing is no part of what is compared."""
    words = " ".join(word for word in ask.words.split() if word not in ("比", "相比", "对比", "比较", "比起"))
    return ask.model_copy(update={"words": words, "head": words if ask.head == ask.words else ask.head})


def _moved(query: Query, state: ChatState) -> Period | None:
    """上一年呢, 那第二年: a year beside the one the chat is about; 去年 only where a question named the year."""
    if state.period is None or not state.period.is_year or re.search(r"\d{2,4}年", query.text):
        return None
    table = cues()["year_moves"]
    for words, by in (*table["always"].items(), *(table["year_said"].items() if state.year_said else ())):
        if re.search(f"(?<![比较同与和跟])(?:{words})", query.text):  # 比上年增长多少 keeps the year
            return Period.years(state.period.start.year + by)
    return None


def _partial(words: str) -> bool:
    """城市, 出口: too little to stand alone, and no indicator of its own."""
    return len(words.replace(" ", "")) <= 4 and not named(words)


def _completed(query: Query, before: Ask) -> tuple[Ask, ...]:
    asks = query.asks or (Ask(words=""),)
    return tuple(_with(ask, before, query) for ask in asks)


def _with(ask: Ask, before: Ask, query: Query) -> Ask:
    words = _merged(ask.words, before.words)
    plain = ask.want == "any" and not ask.units and not ask.money
    update: dict[str, object] = {"words": words, "head": words, "elliptical": False}
    if plain and not re.search(cues()["new_kind"], query.text):
        update |= {"want": before.want, "units": before.units, "money": before.money, "large": False}
    if ask.status is None and not query.status_said:
        update["status"] = before.status if plain else None
    return ask.model_copy(update=update)


def _merged(own: str, before: str) -> str:
    """农村低保标准 and then 城市: 城市低保标准."""
    if not own:
        return before
    for group in cues()["contrasts"]:
        mine = next((word for word in group if word in own), None)
        other = next((word for word in group if word in before and word not in own), None)
        if mine and other:
            return before.replace(other, mine)
    return f"{own} {before}"


def remember(chat: Chat, query: Query, result: Answer) -> None:
    """Move the chat on: the place, the year and the thing asked last, answered or not."""
    period = query.periods[-1] if query.periods else None
    if result.answered and result.figures and (period is None or not query.each_year):
        period = result.figures[0].period or period
    ask = next((one for one in query.asks if one.words), chat.state.ask)
    chat.state = ChatState(
        regions=query.regions or chat.state.regions,
        before=chat.state.regions if query.regions not in ((), chat.state.regions) else chat.state.before,
        period=period or chat.state.period,
        ask=ask,
        year_said=bool(query.periods) or (chat.state.year_said and period is None),
        question=query.text,
    )
