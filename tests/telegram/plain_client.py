"""The emulator spoken to over plain HTTP, for its own tests."""

from __future__ import annotations

from typing import Any

import httpx

from tests.telegram.emulator import Emulator


class Client:
    def __init__(self, telegram: Emulator) -> None:
        self.base = f"{telegram.url}/bot{telegram.token}"
        self.http = httpx.Client(timeout=10, trust_env=False)

    def __call__(self, method: str, **params: Any) -> Any:
        """JSON in, the whole reply out."""
        return self.http.post(f"{self.base}/{method}", json=params).json()

    def error(self, method: str, **params: Any) -> str:
        body = self(method, **params)
        assert body["ok"] is False
        assert body["description"].startswith({400: "Bad Request: ", 403: "Forbidden: "}.get(body["error_code"], ""))
        return f"{body['error_code']} {body['description'].partition(': ')[2] or body['description']}"
