"""How fast may be asked and sent.

bucket = Bucket(rate=0.5, burst=30)
bucket.take(now=0.0)  →  0.0 while there is room, else the seconds to wait
"""

from __future__ import annotations

from collections import OrderedDict
from dataclasses import dataclass, field
from typing import Literal

from zhengwen.bot.telegram.settings import LimitSettings

_USERS = 10_000
"""Users remembered at once; the longest silent are forgotten, and their buckets were full anyway."""


@dataclass
class Bucket:
    """Room for `burst` at once, refilled with `rate` a second."""

    rate: float
    burst: float
    level: float = field(init=False)
    at: float = field(default=0.0, init=False)

    def __post_init__(self) -> None:
        self.level = self.burst

    def take(self, *, now: float) -> float:
        """Take one when there is one (gives 0), else the seconds until there will be."""
        self._refill(now)
        if self.level >= 1:
            self.level -= 1
            return 0.0
        return (1 - self.level) / self.rate

    def book(self, *, now: float) -> float:
        """Take one in any case: the seconds after which it is this caller's turn."""
        self._refill(now)
        self.level -= 1
        return max(0.0, -self.level / self.rate)

    def _refill(self, now: float) -> None:
        self.level = min(self.burst, self.level + (now - self.at) * self.rate)
        self.at = now


@dataclass(frozen=True)
class Verdict:
    """Whether a user may go on."""

    allowed: bool
    seconds: int = 0
    """To wait."""
    say: Literal["", "user", "all"] = ""
    """Whose limit to tell them about; empty when they have been told."""


class Limits:
    """The limit of each user and that of all; who is stopped is told once, then not answered until it is over."""

    def __init__(self, settings: LimitSettings) -> None:
        self._per_user = settings.user_per_minute
        self._all = _bucket(settings.all_per_minute)
        self._users: OrderedDict[int, Bucket] = OrderedDict()
        self._told: dict[int, float] = {}

    def check(self, user: int, *, now: float) -> Verdict:
        """Count one question of the user. `now` is any clock in seconds that only goes forward."""
        own = self._of(user)
        wait = own.take(now=now) if own else 0.0
        whose: Literal["user", "all"] = "user"
        if not wait and self._all is not None:
            wait, whose = self._all.take(now=now), "all"
        if not wait:
            self._told.pop(user, None)
            return Verdict(True)
        if now < self._told.get(user, 0.0):
            return Verdict(False, _whole(wait))
        self._told[user] = now + max(wait, 5.0)
        if len(self._told) > _USERS:
            self._told = {one: until for one, until in self._told.items() if until > now}
        return Verdict(False, _whole(wait), whose)

    def _of(self, user: int) -> Bucket | None:
        if not self._per_user:
            return None
        if user not in self._users:
            found = _bucket(self._per_user)
            assert found is not None
            self._users[user] = found
            if len(self._users) > _USERS:
                self._users.popitem(last=False)
        self._users.move_to_end(user)
        return self._users[user]


def _bucket(per_minute: int) -> Bucket | None:
    return Bucket(rate=per_minute / 60, burst=per_minute) if per_minute else None


def _whole(seconds: float) -> int:
    return max(1, round(seconds + 0.5))
