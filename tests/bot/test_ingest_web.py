"""`zhengwen ingest http://…` against a server on this machine: what comes in, what is said, and who may do it."""

from __future__ import annotations

import json
import threading
from collections.abc import Callable, Iterator
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from typing import Any

import pytest

ROOT = Path(__file__).parents[2]
Run = Callable[..., Any]
PAGE = (
    '<html><head><meta charset="gb2312"><title>工作报告</title></head><body><p>滨州市滨城区2022年新增城镇就业7305人，'
    "完成年度目标的136%，各项工作稳步推进，群众更加满意，社会更加安定。</p></body></html>"
)


class Site(BaseHTTPRequestHandler):
    """/page.html: a page in GB18030; everything else: 404."""

    def do_GET(self) -> None:
        if self.path != "/page.html":
            self.send_error(404)
            return
        data = PAGE.encode("gb18030")
        self.send_response(200)
        self.send_header("Content-Type", "text/html")
        self.send_header("Content-Length", str(len(data)))
        self.end_headers()
        self.wfile.write(data)

    def log_message(self, *_: object) -> None:
        """Quiet."""


@pytest.fixture
def site() -> Iterator[str]:
    server = ThreadingHTTPServer(("127.0.0.1", 0), Site)
    threading.Thread(target=server.serve_forever, daemon=True).start()
    yield f"http://127.0.0.1:{server.server_port}"
    server.shutdown()
    server.server_close()


def test_a_page_is_fetched_kept_as_received_and_read(run: Run, site: str, tmp_path: Path) -> None:
    done = run("ingest", f"{site}/page.html")
    assert (done.code, done.out) == (0, "")
    (kept,) = (tmp_path / "library/fetched").glob("*.html")
    assert kept.read_bytes() == PAGE.encode("gb18030")
    assert f"{site}/page.html" in kept.with_name(f"{kept.name}.meta.yaml").read_text("utf-8")
    (report,) = [json.loads(line) for line in run("reports", "--json").out.splitlines()]
    assert report["figures"] == 2
    assert "7305人" in run("figures").out
    assert run("ingest", f"{site}/page.html").err.count("unchanged") == 1


def test_one_page_that_fails_is_an_error_of_one_line(run: Run, site: str) -> None:
    done = run("ingest", f"{site}/gone.html")
    assert done.code == 1
    assert done.err.strip().splitlines() == [
        f"zhengwen: {site}/gone.html: the server answered 404: check the address in a browser"
    ]


def test_a_page_that_fails_does_not_keep_the_others_out(run: Run, site: str, tmp_path: Path) -> None:
    (tmp_path / "own.txt").write_text("滨州市沾化区\n2022年新增城镇就业51人。\n", "utf-8")
    done = run("ingest", f"{site}/gone.html", f"{site}/page.html", "own.txt")
    assert done.code == 1
    assert f"skipped {site}/gone.html: the server answered 404" in done.err
    assert len(run("reports", "--json").out.splitlines()) == 2


@pytest.mark.parametrize("address", ["file:///etc/passwd", "ftp://example.cn/a", "gopher://example.cn/"])
def test_other_schemes_are_wrong_usage(run: Run, address: str) -> None:
    done = run("ingest", address)
    assert done.code == 2
    assert "only https:// and http:// addresses are fetched" in done.err


def test_nothing_but_the_command_line_fetches() -> None:
    users = {
        str(path.relative_to(ROOT))
        for room in ("bot", "index", "ingest")
        for path in (ROOT / room).rglob("*.py")
        if "ingest.fetch" in path.read_text("utf-8")
    }
    assert users == {"bot/terminal/reports.py"}
