"""A conversation in a test: what a line gives."""

from __future__ import annotations

import io

from zhengwen.bot.terminal.chat_talk import Talk

QUESTION = "滨城区2020年新增就业多少"


def said(talk: Talk, line: str) -> str:
    """What one line gives."""
    stream = talk.console.file
    assert isinstance(stream, io.StringIO)
    before = len(stream.getvalue())
    assert talk.take(line)
    return stream.getvalue()[before:]
