"""A reader that is busy with one hostile file ends when its parent is killed."""

from __future__ import annotations

import os
import socket
import subprocess
import sys
from pathlib import Path

import pytest

pytestmark = pytest.mark.skipif(not hasattr(os, "getppid") or os.name != "posix", reason="parents are told by POSIX")

# What stands in for a file whose reading never ends: the job, once unpacked by the reader, is busy for good.
PARENT = """
import sys
from zhengwen.index import readers
from zhengwen.ingest.settings import IngestSettings

class Endless:
    def __reduce__(self):
        return exec, (sys.argv[2],)

jobs = [readers.Job(path=Endless(), source="endless.md")] * 2
list(readers.read_all(jobs, settings=IngestSettings(), processes=2, seconds=600))
"""
BUSY = """
import re, socket
line = socket.create_connection(("127.0.0.1", {port}))
line.sendall(b"busy")
{work}
"""
WATCHED = """
import threading
from zhengwen.index import orphans
orphans._ask_the_kernel = lambda: False
"""
REGEX = 're.match("(a+)+$", "a" * 60 + "b")'  # C code that never lets another thread run
LOOP = "while True: pass"


@pytest.mark.parametrize(
    ("work", "before"),
    [
        pytest.param(
            REGEX, "", id="by the kernel", marks=pytest.mark.skipif(sys.platform != "linux", reason="Linux alone")
        ),
        pytest.param(LOOP, WATCHED, id="by a thread"),
    ],
)
def test_busy_readers_end_with_their_killed_parent(tmp_path: Path, work: str, before: str) -> None:
    # The readers import what the parent's folder gives: how the second case takes the kernel's help away.
    (tmp_path / "sitecustomize.py").write_text(before, encoding="utf-8")
    path = os.pathsep.join(filter(None, (str(tmp_path), os.environ.get("PYTHONPATH"))))
    with socket.create_server(("127.0.0.1", 0)) as server:
        server.settimeout(60)
        port = server.getsockname()[1]
        busy = BUSY.format(port=port, work=work)
        command = [sys.executable, "-c", PARENT, "-", busy]
        with subprocess.Popen(command, env=os.environ | {"PYTHONPATH": path}) as parent:
            lines = [server.accept()[0] for _ in range(2)]
            for line in lines:
                line.settimeout(30)
                assert line.recv(4) == b"busy"
            parent.kill()
        # A reader that has ended has closed its end; one that lives lets this time out.
        assert [line.recv(1) for line in lines] == [b"", b""]
        for line in lines:
            line.close()


def test_a_parent_that_is_gone_already_is_noticed() -> None:
    code = "from zhengwen.index.orphans import end_with_parent; end_with_parent(2**30); print('still here')"
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, check=False)
    assert (done.returncode, done.stdout) == (1, b"")
