"""Message numbers: which of a chat are known, and where one may stand that was perhaps sent.

Private chats and basic groups share one count; each supergroup has its own.
"""

from __future__ import annotations

from collections import OrderedDict
from collections.abc import Iterable
from dataclasses import dataclass

_AHEAD, _FAR_AHEAD, _MOST = 6, 40, 80
"""How many numbers to look at: after each known one of the chat, in the common count after a restart, and at most."""
_CHATS, _A_CHAT = 20_000, 64
_SUPERGROUP = -1_000_000_000_000
"""The numbers of supergroups lie below."""


@dataclass(frozen=True)
class Since:
    """After which message numbers something may stand."""

    chat: int
    """Of this chat."""
    all: int
    """Of the common count."""
    far: bool = True
    """Others may have sent much since: a restart lies between."""


class Numbers:
    """numbers.note(42, 7); numbers.candidates(42, Since(chat=7, all=7, far=False))  →  [8, 9, 10, 11, 12, 13]"""

    def __init__(self) -> None:
        self._known: OrderedDict[int, dict[int, None]] = OrderedDict()
        self.highest = 0
        """The highest number seen in any chat."""

    def note(self, chat: int, number: int) -> None:
        """This number is known: somebody's message, or one of ours."""
        known = self._known.setdefault(chat, {})
        known[number] = None
        if len(known) > _A_CHAT:
            del known[min(known)]
        self._known.move_to_end(chat)
        if len(self._known) > _CHATS:
            self._known.popitem(last=False)
        self.highest = max(self.highest, number)

    def now(self, chat: int) -> Since:
        """What is sent from here on stands after this."""
        return Since(max(self._known.get(chat, ()), default=0), self.highest, far=False)

    def candidates(self, chat: int, since: Since) -> list[int]:
        """Where a message may stand that was perhaps sent after `since`: first where it most likely is."""
        known = self._known.get(chat, {})
        anchors = sorted({since.chat, *(number for number in known if number >= since.chat)} - {0})
        own = _unknown((number for at in anchors for number in range(at + 1, at + 1 + _AHEAD)), known)
        if chat < _SUPERGROUP:
            return own[-_MOST:]
        last = max(self.highest, since.all) + (_FAR_AHEAD if since.far else _AHEAD)
        common = range(since.all + 1, min(last, since.all + _MOST) + 1)
        return _unknown((*own[-_MOST:], *common), known)


def _unknown(numbers: Iterable[int], known: dict[int, None]) -> list[int]:
    return [number for number in dict.fromkeys(numbers) if number not in known]
