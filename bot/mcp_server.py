"""`zhengwen mcp`: ask, figures, cite and reports as tools of the Model Context Protocol, by its official SDK.

server = make_server(session); server.run(transport="stdio")

What fails is a tool error of one line. The SDK keeps standard output for the protocol; logging goes to standard error.
"""

from __future__ import annotations

import threading
from collections.abc import AsyncIterator, Callable
from contextlib import asynccontextmanager
from functools import cache, wraps
from importlib.metadata import version
from pathlib import Path
from typing import TYPE_CHECKING, Any

import yaml
from mcp.server.mcpserver import Context, MCPServer
from mcp.server.mcpserver.exceptions import ResourceNotFoundError, ToolError, UnexpectedToolError
from mcp.server.mcpserver.tools import Tool
from mcp.types import CallToolResult, InputRequiredResult, TextContent, ToolAnnotations
from pydantic import ValidationError

from zhengwen.bot.jsonl import json_line
from zhengwen.bot.mcp_models import FiguresFound, ReportsFound
from zhengwen.bot.mcp_tools import Tools
from zhengwen.bot.models import Answer
from zhengwen.ingest.errors import ZhengwenError

if TYPE_CHECKING:
    from zhengwen.bot.terminal.session import Session

READ_ONLY = ToolAnnotations(read_only_hint=True, destructive_hint=False, idempotent_hint=True, open_world_hint=False)
PASSAGE = "zhengwen://passage/{citation}"


class Server(MCPServer[None]):
    """Says in one line what is wrong with a call."""

    async def call_tool(
        self, name: str, arguments: dict[str, Any], context: Context[None, Any] | None = None
    ) -> CallToolResult | InputRequiredResult:
        known = {tool.name: set(tool.input_schema["properties"]) for tool in await self.list_tools()}
        if unknown := set(arguments) - known.get(name, set(arguments)):
            listed = ", ".join(sorted(known[name]))
            raise ToolError(_line(f"unknown argument {min(unknown)!r}; {name} takes {listed}"))
        try:
            return await super().call_tool(name, arguments, context)
        except UnexpectedToolError:
            raise
        except ToolError as error:
            cause = error.__cause__
            raise ToolError(_told(cause) if isinstance(cause, ValidationError) else _line(cause or error)) from error


def make_server(session: Session) -> MCPServer[None]:
    """The server over the session's library, which need not exist yet: a call says what to do about it."""
    tools = Tools(session)
    texts = _texts()
    server = Server(
        "zhengwen",
        title="政问",
        version=version("zhengwen"),
        instructions=texts["instructions"],
        tools=[
            _tool(tools.ask, texts, Answer.model_json_schema(mode="serialization")),
            _tool(tools.figures, texts, FiguresFound.model_json_schema(mode="serialization")),
            _tool(tools.cite, texts, _cited_schema()),
            _tool(tools.reports, texts, ReportsFound.model_json_schema(mode="serialization")),
        ],
        log_level="WARNING",
        lifespan=lambda _: _warmed(tools, texts["warm"]),
    )

    about = texts["resource"]

    @server.resource(
        PASSAGE,
        name=about["name"],
        title=about["title"],
        description=about["description"].strip(),
        mime_type="text/markdown",
    )
    def passage(citation: str) -> str:
        try:
            return tools.passage(citation)
        except ZhengwenError as error:
            raise ResourceNotFoundError(_line(error)) from None

    return server


@asynccontextmanager
async def _warmed(tools: Tools, question: str) -> AsyncIterator[None]:
    """Makes ready for the first question while the client is still shaking hands; closes the library at the end."""
    warming = threading.Thread(target=tools.warm, args=(question,), name="warming")
    warming.start()
    try:
        yield
    finally:
        warming.join()
        tools.close()


def _tool(method: Callable[..., dict[str, Any]], texts: dict[str, Any], schema: dict[str, Any]) -> Tool:
    """A tool whose result is one JSON object, as structured content and, for clients without it, as text."""

    @wraps(method)
    def call(**arguments: Any) -> CallToolResult:
        try:
            found = method(**arguments)
        except ZhengwenError as error:
            raise ToolError(_line(error)) from None
        return CallToolResult(content=[TextContent(type="text", text=json_line(found))], structured_content=found)

    about = texts["tools"][method.__name__]
    tool = Tool.from_function(
        call,
        title=about["title"],
        description=about["description"].strip(),
        annotations=READ_ONLY,
        structured_output=False,
    )
    # Published by hand: the objects are written by alias, and the SDK would derive the schema of what is read.
    tool.fn_metadata.output_schema = schema
    tool.parameters["additionalProperties"] = False
    for name, described in about["arguments"].items():
        tool.parameters["properties"][name]["description"] = described
    return tool


def _cited_schema() -> dict[str, Any]:
    """`Cited`, with what `places_json` adds: how many places there are, and the further ones."""
    from zhengwen.bot.citing import Cited

    schema = Cited.model_json_schema(mode="serialization")
    added = {
        "total": {"type": "integer", "minimum": 1},
        "more": {"type": "boolean"},
        "others": {"type": "array", "items": {"type": "object"}},
    }
    return schema | {"properties": schema["properties"] | added}


def _told(error: ValidationError) -> str:
    """`year: Input should be a valid integer, unable to parse string as an integer`."""
    first = error.errors(include_url=False, include_input=False)[0]
    return _line(f"{'.'.join(map(str, first['loc']))}: {first['msg']}")


def _line(message: object) -> str:
    return " ".join(str(message).split())


@cache
def _texts() -> dict[str, Any]:
    text = Path(__file__).with_name("mcp.yaml").read_text(encoding="utf-8")
    table: dict[str, Any] = yaml.load(text, Loader=getattr(yaml, "CSafeLoader", yaml.SafeLoader))
    return table
