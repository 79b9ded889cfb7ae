"""A child process that ends when its parent does, however that ends and however busy the child is."""

from __future__ import annotations

import os
import signal
import sys
import threading
import time

_PR_SET_PDEATHSIG = 1
_SECONDS = 0.5


def end_with_parent(parent: int) -> None:
    """End this process as soon as the process `parent`, which started it, is gone.

    On Linux the kernel does it, even while C code (a regular expression, a parser) keeps the interpreter to itself.
    Elsewhere a thread looks twice a second, which such code can hold up. Where a process keeps its parent's number
    for good (Windows) a busy child goes on until it asks for more work.
    """
    if not _ask_the_kernel():
        threading.Thread(target=_watch, args=(parent,), name="parent", daemon=True).start()
    if os.getppid() != parent:  # it was gone before it could be watched
        os._exit(1)


def _ask_the_kernel() -> bool:
    if sys.platform != "linux":
        return False
    import ctypes

    try:
        return bool(ctypes.CDLL(None).prctl(_PR_SET_PDEATHSIG, int(signal.SIGKILL), 0, 0, 0) == 0)
    except (OSError, AttributeError):
        return False


def _watch(parent: int) -> None:
    while os.getppid() == parent:
        time.sleep(_SECONDS)
    os._exit(1)
