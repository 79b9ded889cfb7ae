"""Who may use the bot: everyone, or the users named in the settings and those whom an administrator has let in."""

from __future__ import annotations

import secrets

from zhengwen.bot.telegram.settings import TelegramSettings
from zhengwen.bot.telegram.store import Store
from zhengwen.index.access_list import Waiting

_ALPHABET = "ABCDEFGHJKLMNPQRSTUVWXYZ23456789"
"""Without 0, O, 1 and I, which are read wrong."""
CODE_LENGTH = 8


class Access:
    """The settings' lists, and what the library remembers."""

    def __init__(self, settings: TelegramSettings, store: Store) -> None:
        self._settings = settings
        self._store = store
        self._named = frozenset(settings.allowed_users) | frozenset(settings.administrators)
        self._let_in: dict[int, str] = {}

    async def begin(self) -> None:
        """Read who was let in."""
        self._let_in = await self._store.allowed()

    def may_ask(self, user: int) -> bool:
        return self._settings.access == "open" or user in self._named or user in self._let_in

    async def lets_in(self, user: int) -> bool:
        """The same, after another look at the library: `zhengwen telegram --approve` may have let the user in."""
        if not self.may_ask(user):
            self._let_in = await self._store.allowed()
        return self.may_ask(user)

    def administers(self, user: int) -> bool:
        return user in self._settings.administrators

    @property
    def let_in(self) -> dict[int, str]:
        """Users who were let in, with their names; those of the settings are not among them."""
        return dict(self._let_in)

    async def knock(self, user: int, name: str) -> tuple[str, bool] | None:
        """A stranger's pairing code and whether it is new; None when too many wait."""
        code = "".join(secrets.choice(_ALPHABET) for _ in range(CODE_LENGTH))
        return await self._store.ask_in(user, name, code, self._settings.pairing_minutes)

    async def approve(self, code: str, by: int) -> Waiting | None:
        """Let in who holds the code; None when it does not hold any more."""
        found = await self._store.approve(code, by)
        if found is not None:
            self._let_in[found.user] = found.name
        return found

    async def decline(self, code: str) -> Waiting | None:
        """Drop the code; None when it does not hold any more."""
        return await self._store.decline(code)

    async def revoke(self, user: int) -> bool:
        """Shut a user out again; False for one who was not let in here."""
        self._let_in.pop(user, None)
        return await self._store.revoke(user)
