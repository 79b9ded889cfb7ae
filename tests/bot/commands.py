"""What a test gets from a command of the command line."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path
from typing import Protocol


@dataclass(frozen=True)
class Done:
    """The exit code and what was printed on standard output and standard error."""

    code: int
    out: str
    err: str


class Run(Protocol):
    """`run("ask", "滨城区2020年新增就业多少")`: runs one command over the test's own library and settings."""

    def __call__(self, *arguments: str, library: str = ..., settings: Path = ...) -> Done: ...
