"""Files that appear whole or not at all, whoever is killed while writing them."""

from __future__ import annotations

import os
import secrets
import shutil
import time
from contextlib import suppress
from pathlib import Path

_FORGOTTEN_AFTER = 3600.0
"""Seconds after which what a killed process left half-written is swept away."""


def part_of(path: Path) -> Path:
    """A fresh name beside `path`, hidden, to write under before renaming; older leftovers of it are swept."""
    for old in path.parent.glob(f".{path.name}.*.part"):
        with suppress(OSError):  # another process may sweep at the same moment
            if time.time() - old.stat().st_mtime > _FORGOTTEN_AFTER:
                shutil.rmtree(old) if old.is_dir() else old.unlink()
    return path.with_name(f".{path.name}.{secrets.token_hex(6)}.part")


def write_whole(path: Path, *parts: bytes) -> None:
    """Write a file in one step: a reader finds the old one or the new one, never half of it. Raises OSError."""
    path.parent.mkdir(parents=True, exist_ok=True)
    fresh = part_of(path)
    try:
        with fresh.open("xb") as file:
            file.writelines(parts)
            file.flush()
            os.fsync(file.fileno())
        fresh.replace(path)
    finally:
        fresh.unlink(missing_ok=True)
