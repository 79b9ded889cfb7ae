"""What answers one ask."""

from __future__ import annotations

from dataclasses import dataclass, field

from zhengwen.bot.match import Scored
from zhengwen.bot.query import Ask


@dataclass(frozen=True, slots=True)
class Pick:
    """What answers one ask: the main figure, others of the same meaning with other values, or nothing."""

    ask: Ask
    main: Scored | None = None
    others: tuple[Scored, ...] = ()
    target_only: Scored | None = None
    """Only a plan was found although a result was asked."""
    considered: tuple[Scored, ...] = field(default=())
    again: Scored | None = None
    """The same value in another report."""
