"""A request's parameters, whichever of the four ways they came: query string, urlencoded, multipart or JSON."""

from __future__ import annotations

import json
from dataclasses import dataclass, field
from typing import Any

from aiohttp import BodyPartReader, web

from tests.telegram.emulator.errors import bad


@dataclass(frozen=True)
class Upload:
    name: str
    mime_type: str
    data: bytes


@dataclass
class Params:
    values: dict[str, Any] = field(default_factory=dict)
    uploads: dict[str, Upload] = field(default_factory=dict)

    def has(self, name: str) -> bool:
        return self.values.get(name) not in (None, "")

    def text(self, name: str, default: str = "") -> str:
        value = self.values.get(name)
        if value is None:
            return default
        return value if isinstance(value, str) else json.dumps(value)

    def number(self, name: str, default: int = 0) -> int:
        value = self.values.get(name)
        if value in (None, ""):
            return default
        try:
            return int(str(value))
        except ValueError:
            raise bad(f'parameter "{name}" must be a number') from None

    def flag(self, name: str) -> bool:
        return str(self.values.get(name, "")).lower() in ("true", "yes", "1")

    def tree(self, name: str, default: Any = None) -> Any:
        """A list or object: sent as JSON text in forms, as itself in JSON bodies."""
        value = self.values.get(name)
        if value in (None, ""):
            return default
        if not isinstance(value, str):
            return value
        try:
            return json.loads(value)
        except ValueError:
            raise bad(f"can't parse {name} JSON object" if "markup" in name else f"can't parse {name}") from None

    def file(self, name: str) -> Upload | str:
        """What was uploaded under the name (or `attach://…`), otherwise the file_id or URL that was given."""
        if name in self.uploads:
            return self.uploads[name]
        value = self.text(name)
        if value.startswith("attach://"):
            attached = self.uploads.get(value.removeprefix("attach://"))
            if attached is None:
                raise bad(f"file must be non-empty: nothing attached as {value}")
            return attached
        return value


async def read_params(request: web.Request) -> Params:
    params = Params(dict(request.query))
    kind = request.content_type
    if request.method != "POST" or not request.can_read_body:
        return params
    if kind == "application/json":
        try:
            body = json.loads(await request.read())
        except ValueError:
            raise bad("can't parse JSON encoded query") from None
        if not isinstance(body, dict):
            raise bad("object expected as JSON encoded query")
        params.values.update(body)
    elif kind == "multipart/form-data":
        async for part in await request.multipart():
            if not isinstance(part, BodyPartReader) or part.name is None:
                continue
            data = bytes(await part.read(decode=True))
            if part.filename is not None:
                mime = part.headers.get("Content-Type", "application/octet-stream")
                params.uploads[part.name] = Upload(part.filename, mime, data)
            else:
                params.values[part.name] = data.decode()
    elif kind == "application/x-www-form-urlencoded":
        params.values.update(await request.post())
    return params
