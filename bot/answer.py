"""A question becomes an answer: the ordered steps."""

from __future__ import annotations

import datetime as dt
from typing import TYPE_CHECKING

from zhengwen.bot.dialogue import Chat
from zhengwen.bot.models import Answer
from zhengwen.bot.settings import AnswerSettings

if TYPE_CHECKING:
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
    With a chat, what the question leaves out is taken from it and the chat moves on. Never raises for any question text.
    """
    del library, today, chat, settings
    return Answer(question=question, answered=False, text="", reason="out_of_scope")
