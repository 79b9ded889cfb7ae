"""How the Bot API is called: python-telegram-bot's HTTP client, with a queue before it."""

from __future__ import annotations

import asyncio
from typing import Any

from telegram.request import HTTPXRequest

CONNECTIONS = 40
"""The client looks through all its connections with every request, and through all that wait for one."""


class Request(HTTPXRequest):
    """Never more calls at once than there are connections; the others wait here, in order and at no cost."""

    def __init__(self, **settings: Any) -> None:
        super().__init__(connection_pool_size=CONNECTIONS, **settings)
        self._slots = asyncio.Semaphore(CONNECTIONS)

    async def do_request(self, *arguments: Any, **named: Any) -> tuple[int, bytes]:
        """One call; its time limits begin when it is its turn."""
        async with self._slots:
            return await super().do_request(*arguments, **named)
