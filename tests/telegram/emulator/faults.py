"""What goes wrong between a bot and Telegram, made to go wrong on purpose."""

from __future__ import annotations

import fnmatch
import threading
import time
from collections import deque
from dataclasses import dataclass, field
from random import Random
from typing import Any, Literal

from tests.telegram.emulator.errors import ApiError, too_many

Kind = Literal["too_many", "server_error", "delay", "drop_before", "drop_after", "hang_before", "hang_after", "garbage"]


@dataclass
class Fault:
    """One kind of trouble for the next `times` calls of the methods that match.

    `Fault("sendMessage", "too_many", seconds=2)`: one 429 with retry_after 2. `Fault("send*", "drop_after", times=3)`:
    three calls are carried out, and the connection is closed before the reply. hang_before/hang_after hold the reply
    back for `seconds` without/with the call carried out and then close the connection, longer than a client waits.
    garbage: carried out, and answered with the page of a proxy.
    """

    method: str
    kind: Kind
    times: int = 1
    seconds: float = 0
    code: int = 500
    chance: float = 1.0
    chat_id: int | None = None
    hits: int = field(default=0, init=False)

    def error(self) -> ApiError | None:
        if self.kind == "too_many":
            return too_many(int(self.seconds))
        if self.kind == "server_error":
            names = {500: "Internal Server Error", 502: "Bad Gateway", 504: "Gateway Timeout"}
            return ApiError(self.code, names.get(self.code, "Internal Server Error"))
        return None


class Faults:
    """The list of troubles ahead; thread-safe, and with a seed for those that happen by chance."""

    def __init__(self, seed: int = 7) -> None:
        self._lock = threading.Lock()
        self._random = Random(seed)
        self._ahead: list[Fault] = []

    def add(self, *faults: Fault) -> None:
        with self._lock:
            self._ahead.extend(faults)

    def clear(self) -> None:
        with self._lock:
            self._ahead.clear()

    def left(self) -> int:
        """How many times a fault has yet to strike."""
        with self._lock:
            return sum(one.times for one in self._ahead)

    def take(self, method: str, chat_id: Any = None) -> Fault | None:
        with self._lock:
            for one in self._ahead:
                fits = fnmatch.fnmatchcase(method, one.method) and one.chat_id in (None, chat_id)
                if one.times > 0 and fits and self._random.random() < one.chance:
                    one.times -= 1
                    one.hits += 1
                    return one
        return None


class Flood:
    """Telegram's own limit on what a bot sends: so many messages in a second over all chats, then 429."""

    def __init__(self, per_second: int) -> None:
        self.per_second = per_second
        self.refused = 0
        self._sent: deque[float] = deque()

    def check(self) -> None:
        now = time.monotonic()
        while self._sent and now - self._sent[0] >= 1:
            self._sent.popleft()
        if len(self._sent) >= self.per_second:
            self.refused += 1
            raise too_many(1)
        self._sent.append(now)
