"""Files that are built once and kept: a damaged one is built again, and several processes may build one at once."""

from __future__ import annotations

import hashlib
import logging
from collections.abc import Callable
from pathlib import Path

from zhengwen.index.files import write_whole

_log = logging.getLogger(__name__)


def cached(folder: Path | None, name: str, build: Callable[[], bytes]) -> bytes:
    """The bytes called `name`, from `folder` if they are there and whole, otherwise built and kept.

    The file's name ends in the digest of its content (`e5-int8-1.3f9a….bin`), so a file that was cut short or changed
    is seen, and removed. Where the folder cannot be written, the bytes are built each time and a warning says so.
    """
    if folder is None:
        return build()
    for path in sorted(folder.glob(f"{name}.*.bin")):
        data = _read(path)
        if data is not None and path.name == _file_name(name, data):
            return data
        _log.warning("%s is damaged and is built again", path)
        path.unlink(missing_ok=True)
    data = build()
    try:
        write_whole(folder / _file_name(name, data), data)
    except OSError as error:
        _log.warning("%s cannot keep the converted model (%s); it is converted anew each time", folder, error)
    return data


def _read(path: Path) -> bytes | None:
    try:
        return path.read_bytes()
    except OSError:
        return None


def _file_name(name: str, data: bytes) -> str:
    return f"{name}.{hashlib.sha256(data).hexdigest()[:32]}.bin"
