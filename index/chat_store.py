"""What chats leave behind: the state that follow-ups continue from, and the answers that buttons and edits refer to.

Both belong to whoever runs the bot; the state is JSON that bot/dialogue.py understands.
"""

from __future__ import annotations

import datetime as dt
import json
from collections.abc import Sequence
from typing import Any

from pydantic import Field
from sqlalchemy import (
    BigInteger,
    Column,
    Connection,
    Index,
    Integer,
    String,
    Table,
    Text,
    delete,
    insert,
    select,
    update,
)

from zhengwen.index import update_inbox
from zhengwen.index.state import metadata
from zhengwen.ingest.models import Record

ANSWERS_KEPT_DAYS = 90
_RECENT = 500

_Number = BigInteger().with_variant(Integer(), "sqlite")

chats = Table(
    "chats",
    metadata,
    Column("chat", String(64), primary_key=True),
    Column("state", Text, nullable=False),
    Column("changed_at", String(32), nullable=False),
)
answers = Table(
    "chat_answers",
    metadata,
    Column("no", _Number, primary_key=True, autoincrement=True),
    Column("chat", String(64), nullable=False),
    Column("asked", BigInteger, nullable=False),
    Column("replies", Text, nullable=False),
    Column("question", Text, nullable=False),
    Column("before", Text, nullable=False),
    Column("after", Text, nullable=False),
    Column("offers", Text, nullable=False),
    Column("sent_after", BigInteger, nullable=False),
    Column("made_at", String(32), nullable=False),
    Index("chat_answers_place", "chat", "asked"),
    Index("chat_answers_age", "made_at"),
    sqlite_autoincrement=True,
)


class KeptAnswer(Record):
    """One answer as it was sent."""

    number: int = 0
    """Given by the database; 0 before."""
    chat: str
    asked: int
    """The number of the message that asked."""
    replies: tuple[int, ...] = ()
    """The numbers of the messages that answer it, in order."""
    question: str
    before: str = ""
    """The chat's state before the question, and after it."""
    after: str = ""
    offers: dict[str, Any] = Field(default={})
    """What its buttons offer, JSON values by name."""
    sent_after: int = 0
    """The highest message number known before it was first sent: where to look for it after a crash."""


def chat_state(connection: Connection, *, chat: str) -> str:
    """The chat's state; empty for a fresh one."""
    return connection.execute(select(chats.c.state).where(chats.c.chat == chat)).scalar() or ""


def save_chat(connection: Connection, *, chat: str, state: str, now: dt.datetime) -> None:
    """Keep the chat's state; an empty one forgets the chat."""
    connection.execute(delete(chats).where(chats.c.chat == chat))
    if state:
        connection.execute(insert(chats).values(chat=chat, state=state, changed_at=_text(now)))


def forget_chat(connection: Connection, *, chat: str) -> None:
    """Forget the state, the questions and the answers of a chat."""
    connection.execute(delete(chats).where(chats.c.chat == chat))
    connection.execute(delete(answers).where(answers.c.chat == chat))


def keep_answer(connection: Connection, *, answer: KeptAnswer, now: dt.datetime) -> int:
    """Keep an answer before it is sent; gives its number, which its buttons carry.

    An earlier answer to the same message is replaced and its number stays.
    """
    place = (answers.c.chat == answer.chat) & (answers.c.asked == answer.asked)
    values = answer.model_dump(exclude={"number"}) | {
        "replies": json.dumps(answer.replies),
        "offers": json.dumps(answer.offers, ensure_ascii=False),
        "made_at": _text(now),
    }
    known = connection.execute(select(answers.c.no).where(place)).scalar()
    if known is not None:
        connection.execute(update(answers).where(answers.c.no == known).values(**values))
        return int(known)
    key = connection.execute(insert(answers).values(**values)).inserted_primary_key
    assert key is not None
    return int(key[0])


def note_replies(connection: Connection, *, number: int, replies: Sequence[int]) -> None:
    """The messages that an answer was sent as."""
    connection.execute(update(answers).where(answers.c.no == number).values(replies=json.dumps(list(replies))))


def note_answered(
    connection: Connection,
    *,
    number: int,
    replies: Sequence[int],
    update: int,
    chat: str,
    state: str,
    now: dt.datetime,
) -> None:
    """An answer is out: note its messages, move the chat on where one is given, and strike the update off."""
    note_replies(connection, number=number, replies=replies)
    if chat:
        save_chat(connection, chat=chat, state=state, now=now)
    update_inbox.done(connection, number=update, now=now)


def answer_numbered(connection: Connection, *, number: int) -> KeptAnswer | None:
    """The answer with this number, or None when it is forgotten."""
    return _one(connection, answers.c.no == number)


def answer_to(connection: Connection, *, chat: str, asked: int) -> KeptAnswer | None:
    """The answer to this message, or None."""
    return _one(connection, (answers.c.chat == chat) & (answers.c.asked == asked))


def recent_replies(connection: Connection) -> set[tuple[str, int]]:
    """Chat and message number of the newest answers."""
    newest = select(answers.c.chat, answers.c.replies).order_by(answers.c.no.desc()).limit(_RECENT)
    return {(row.chat, number) for row in connection.execute(newest) for number in json.loads(row.replies)}


def forget_answers(connection: Connection, *, now: dt.datetime) -> int:
    """Drop answers that are some months old; gives how many. Their buttons say that they are too old."""
    limit = _text(now - dt.timedelta(days=ANSWERS_KEPT_DAYS))
    return connection.execute(delete(answers).where(answers.c.made_at < limit)).rowcount


def _one(connection: Connection, condition: Any) -> KeptAnswer | None:
    row = connection.execute(select(answers).where(condition)).mappings().first()
    if row is None:
        return None
    held = dict(row)
    del held["made_at"]
    held |= {"replies": json.loads(held["replies"]), "offers": json.loads(held["offers"])}
    return KeptAnswer(number=held.pop("no"), **held)


def _text(moment: dt.datetime) -> str:
    return moment.astimezone(dt.UTC).isoformat(timespec="seconds")


tables: Sequence[Table] = (chats, answers)
