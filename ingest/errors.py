"""The errors a user can meet, each a single line that says what was expected, what came and what to do.

ZhengwenError
  InputError        a file, folder or question is at fault        exit code 1
  LibraryError      the library is missing, damaged or newer      exit code 1
  UsageError        a wrong option or an unknown config key       exit code 2
"""

from __future__ import annotations


class ZhengwenError(Exception):
    """Base of all errors shown to a user."""

    exit_code = 1


class InputError(ZhengwenError):
    """The input cannot be read as a report or a question."""


class LibraryError(ZhengwenError):
    """The library cannot be opened or written."""


class UsageError(ZhengwenError):
    """The command or the configuration is wrong."""

    exit_code = 2
