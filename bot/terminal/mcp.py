"""`mcp`: the library as tools for assistants, over standard input and output."""

from __future__ import annotations

import click

from zhengwen.bot.terminal.session import Session
from zhengwen.ingest.errors import UsageError


@click.command(
    short_help="Serve ask, figures, cite and reports to assistants (MCP).",
    epilog="Example: zhengwen --library reports/library mcp",
)
@click.pass_obj
def mcp(session: Session) -> None:
    """Serve ask, figures, cite and reports as tools of the Model Context Protocol over standard input and output.

    An assistant's program starts this command itself; docs/mcp.md shows what to write into its configuration.
    """
    try:
        from zhengwen.bot.mcp_server import make_server
    except ImportError as error:  # not installed, or a version before 2
        raise UsageError("`zhengwen mcp` needs the extra: pip install 'zhengwen[mcp]'") from error
    make_server(session).run(transport="stdio")
