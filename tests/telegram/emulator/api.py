"""Method name → what it does. Everything but getUpdates is carried out at once, under the world's lock."""

from __future__ import annotations

from collections.abc import Callable
from functools import partial
from typing import Any

from tests.telegram.emulator import methods_files, methods_messages
from tests.telegram.emulator.errors import ApiError
from tests.telegram.emulator.faults import Flood
from tests.telegram.emulator.methods_queries import Queries
from tests.telegram.emulator.methods_settings import BotSettings
from tests.telegram.emulator.params import Params
from tests.telegram.emulator.updates import Updates
from tests.telegram.emulator.webhook import Webhook
from tests.telegram.emulator.world import World

COUNTED = {"sendMessage", "sendPhoto", "sendDocument"}


class Api:
    def __init__(self, world: World, updates: Updates, *, local: bool) -> None:
        self.world = world
        self.updates = updates
        self.queries = Queries(world)
        self.settings = BotSettings(world)
        self.webhook = Webhook(updates, self.call, local=local)
        self.download_limit = methods_files.MAX_DOWNLOAD
        self.flood: Flood | None = None
        table: dict[str, Callable[[Params], Any]] = {
            "getMe": lambda _params: self._me(),
            "logOut": lambda _params: True,
            "close": lambda _params: True,
            "setWebhook": self.webhook.set,
            "deleteWebhook": self.webhook.delete,
            "getWebhookInfo": lambda _params: self.webhook.info(),
            "answerCallbackQuery": self.queries.answer_callback_query,
            "answerInlineQuery": self.queries.answer_inline_query,
            **self.settings.methods(),
        }
        for name, method in {**methods_messages.METHODS, **methods_files.METHODS}.items():
            table[name] = partial(method, world)
        table["getFile"] = lambda params: methods_files.get_file(self.world, params, self.download_limit)
        self._table = {name.lower(): (name, method) for name, method in table.items()}

    def _me(self) -> dict[str, Any]:
        abilities = {
            "can_join_groups": True,
            "can_read_all_group_messages": False,
            "supports_inline_queries": True,
            "can_connect_to_business": False,
            "has_main_web_app": False,
        }
        return {**self.world.bot, **abilities}

    def name(self, method: str) -> str:
        """The method's name as documented: the server does not mind upper and lower case. Raises ApiError 404."""
        if method.lower() == "getupdates":
            return "getUpdates"
        if method.lower() not in self._table:
            raise ApiError(404, "Not Found: method not found")
        return self._table[method.lower()][0]

    async def call(self, method: str, params: Params) -> Any:
        """Carry out one method. Raises ApiError."""
        name = self.name(method)
        if name == "getUpdates":
            if params.has("allowed_updates"):
                self.updates.allowed = params.tree("allowed_updates") or None
            limit = min(100, max(1, params.number("limit", 100)))
            return await self.updates.poll(params.number("offset"), limit, min(50, params.number("timeout")))
        with self.world.lock:
            if name in COUNTED and self.flood is not None:
                self.flood.check()
            return self._table[name.lower()][1](params)
