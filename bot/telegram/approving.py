"""Letting a user in from the command line, before there is an administrator."""

from __future__ import annotations

import datetime as dt
from functools import partial

from zhengwen.index import access_list
from zhengwen.index.access_list import Waiting
from zhengwen.index.library import Library
from zhengwen.index.state import make
from zhengwen.index.state_writer import StateWriter
from zhengwen.ingest.errors import InputError


def approve_code(library: Library, code: str) -> Waiting:
    """Let in the user who holds the pairing code. Raises InputError when none does (any more)."""
    writer = StateWriter(library)
    try:
        writer.submit(partial(make, tables=access_list.tables)).result()
        now = dt.datetime.now(dt.UTC)
        found = writer.submit(partial(access_list.approve, code=code, by=0, now=now)).result()
    finally:
        writer.close()
    if found is None:
        raise InputError(f"no user holds the pairing code '{code[:20]}' now; codes end after telegram.pairing_minutes")
    return found
