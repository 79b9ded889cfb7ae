"""What one chat remembers between its questions."""

from __future__ import annotations

from dataclasses import dataclass

from zhengwen.bot.models import Answer
from zhengwen.bot.query import Query
from zhengwen.ingest.models import PeriodText, Record, Region


class ChatState(Record):
    """What the last answered question was about; a follow-up fills its gaps from here, and the answer says so."""

    regions: tuple[Region, ...] = ()
    period: PeriodText | None = None
    words: str = ""
    """What was asked, without place and time: 新增就业."""
    question: str = ""


@dataclass(slots=True)
class Chat:
    """One conversation. `Chat()` is a fresh one; `state` is immutable and replaced after every answer."""

    state: ChatState = ChatState()

    def reset(self) -> None:
        """Forget everything."""
        self.state = ChatState()


def continued(query: Query, state: ChatState) -> Query:
    return query


def remember(chat: Chat, query: Query, result: Answer) -> None:
    return None
