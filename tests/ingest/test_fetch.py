"""Fetching, against a small server on this machine: limits of time, size and redirects, and bytes kept as received."""

from __future__ import annotations

import gzip
import threading
import time
from collections.abc import Iterator
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path

import pytest

from zhengwen.ingest.errors import InputError
from zhengwen.ingest.fetch import Fetcher, _redirected, is_url
from zhengwen.ingest.pipeline import read_report
from zhengwen.ingest.settings import IngestSettings
from zhengwen.ingest.sources import read_source

PAGE = (
    "<html><head><title>工作报告</title></head><body><p>过去一年，全区新增城镇就业7198人，完成年度目标的136%，"
    "各项工作稳步推进，群众更加满意，社会更加安定。</p></body></html>"
)


class Site(BaseHTTPRequestHandler):
    """/gb: a page in GB18030 · /loop, /once: redirects · /big, /slow, /drip: beyond the limits · the rest: 404."""

    asked: list[str] = []  # noqa: RUF012 - one server a test

    def do_GET(self) -> None:
        Site.asked.append(self.headers["User-Agent"])
        name = self.path.strip("/").partition("?")[0]
        handler = getattr(self, f"page_{name}", None)
        if handler is None:
            self.send_error(404)
        else:
            handler()

    def reply(self, data: bytes, kind: str, status: int = 200, **headers: str) -> None:
        self.send_response(status)
        self.send_header("Content-Type", kind)
        for key, value in headers.items():
            self.send_header(key, value)
        self.end_headers()
        self.wfile.write(data)

    def page_gb(self) -> None:
        self.reply(PAGE.encode("gb18030"), "text/html; charset=GBK")

    def page_once(self) -> None:
        self.reply(b"", "text/html", 302, Location="/gb")

    def page_loop(self) -> None:
        self.reply(b"", "text/html", 302, Location="/loop")

    def page_file(self) -> None:
        self.reply(b"", "text/html", 302, Location="file:///etc/passwd")

    def page_big(self) -> None:
        self.reply(b"0" * 2_000_000, "text/plain")

    def page_empty(self) -> None:
        self.reply(b"", "text/html")

    def page_picture(self) -> None:
        self.reply(b"\x89PNG", "image/png")

    def page_fault(self) -> None:
        self.send_error(500)

    def page_lied(self) -> None:
        self.reply(PAGE.replace("<head>", '<head><meta charset="utf-8">').encode("gb18030"), "text/html; charset=utf-8")

    def page_big5(self) -> None:
        self.reply(
            "<p>過去一年，全區新增城鎮就業7198人，各項工作穩步推進，群眾更加滿意。".encode("big5"),
            "text/html; charset=gb2312",
        )

    def page_bomb(self) -> None:
        self.reply(gzip.compress(b"0" * 20_000_000), "text/plain", **{"Content-Encoding": "gzip"})

    def page_twice(self) -> None:
        packed = gzip.compress(gzip.compress(b"0" * 20_000_000))
        self.reply(packed, "text/plain", **{"Content-Encoding": "gzip, gzip"})

    def page_endless(self) -> None:
        self.send_response(200)
        self.send_header("Content-Type", "text/html")
        self.end_headers()
        try:
            while True:
                self.wfile.write(b"<p>" * 10_000)
        except OSError:
            pass

    def page_head(self) -> None:
        try:
            self.wfile.write(b"HTTP/1.1 200 OK\r\nX-Slow: ")
            for _ in range(100):
                self.wfile.write(b"a")
                time.sleep(0.05)
        except OSError:
            pass

    def page_drip(self) -> None:
        self.reply(b"", "text/html")
        try:
            for _ in range(100):
                self.wfile.write(b"<p>")
                time.sleep(0.05)
        except OSError:
            pass

    def log_message(self, *_: object) -> None:
        """Quiet."""


@pytest.fixture
def site() -> Iterator[str]:
    Site.asked = []
    server = ThreadingHTTPServer(("127.0.0.1", 0), Site)
    threading.Thread(target=server.serve_forever, daemon=True).start()
    yield f"http://127.0.0.1:{server.server_port}"
    server.shutdown()
    server.server_close()


@pytest.fixture
def fetcher(tmp_path: Path) -> Fetcher:
    return Fetcher(tmp_path, settings=IngestSettings(max_file_mb=1), seconds=0.6, pause=0.0)


def test_a_page_is_kept_as_received_and_can_be_read(site: str, fetcher: Fetcher) -> None:
    fetched = fetcher.fetch(f"{site}/once")
    assert fetched.path.read_bytes() == PAGE.encode("gb18030")
    assert (fetched.url, fetched.final_url, fetched.encoding) == (f"{site}/once", f"{site}/gb", "GBK")
    source = read_source(fetched.path, source=fetched.url)
    assert "新增城镇就业7198人" in source.body.text
    assert source.sidecar == {"url": f"{site}/gb"}
    assert source.sha256 == fetched.sha256
    assert all("zhengwen" in agent for agent in Site.asked)


@pytest.mark.parametrize(
    ("page", "reason"),
    [
        ("loop", "more than 5 redirects"),
        ("file", "no web address"),
        ("big", "larger than 1 MB"),
        ("empty", "the page is empty"),
        ("picture", "image/png, which is not supported"),
        ("missing", "the server answered 404"),
        ("fault", "the server answered 500"),
        ("bomb", "larger than 1 MB"),
        ("twice", "packed more than once"),
        ("endless", "larger than 1 MB"),
        ("head", "took longer than 0.6 s"),
        ("drip", "took longer than 0.6 s"),
    ],
)
def test_limits(site: str, fetcher: Fetcher, page: str, reason: str, tmp_path: Path) -> None:
    with pytest.raises(InputError, match=reason) as caught:
        fetcher.fetch(f"{site}/{page}")
    assert str(caught.value).startswith(f"{site}/{page}: ")
    assert "\n" not in str(caught.value)
    assert not list(tmp_path.iterdir())


@pytest.mark.parametrize("url", ["ftp://example.cn/a", "https://", "https://user:pw@example.cn/", "file:///etc/passwd"])
def test_addresses_that_are_not_fetched(fetcher: Fetcher, url: str) -> None:
    with pytest.raises(InputError, match=r"begins with https://|user name or password"):
        fetcher.fetch(url)


def test_a_closed_port_is_said(fetcher: Fetcher) -> None:
    with pytest.raises(InputError, match="cannot be fetched"):
        fetcher.fetch("http://127.0.0.1:9/")


def test_is_url() -> None:
    assert is_url("https://www.example.cn/")
    assert not is_url("reports/https.md")


def test_fetching_the_same_page_again_keeps_its_corrections(site: str, fetcher: Fetcher) -> None:
    path = fetcher.fetch(f"{site}/gb").path
    sidecar = path.with_name(f"{path.name}.meta.yaml")
    entry = "corrections:\n- {surface: 7198人, line: 1, withdraw: true, why: 与公报不符}\n"
    sidecar.write_text(sidecar.read_text(encoding="utf-8") + entry, encoding="utf-8")
    assert fetcher.fetch(f"{site}/gb").path == path
    report = read_report(path)
    assert report.about.url == f"{site}/gb"
    assert [figure.surface for figure in report.figures if figure.withdrawn] == ["7198人"]


@pytest.mark.parametrize(
    ("location", "reason"),
    [
        ("http://127.0.0.1:8080/", "into your own network"),
        ("http://10.0.0.1/admin", "into your own network"),
        ("http://169.254.169.254/latest", "into your own network"),
        ("http://[::1]/", "into your own network"),
    ],
)
def test_a_page_of_the_web_does_not_lead_into_the_users_network(location: str, reason: str) -> None:
    with pytest.raises(InputError, match=reason):
        _redirected("http://93.184.216.34/report", location, "http://93.184.216.34/report")
    assert _redirected("http://127.0.0.1/a", "http://127.0.0.1/b", "http://127.0.0.1/a") == "http://127.0.0.1/b"


def test_an_encoding_that_the_server_only_claims_is_not_believed(site: str, fetcher: Fetcher) -> None:
    assert "新增城镇就业7198人" in read_report(fetcher.fetch(f"{site}/lied").path).text
    report = read_report(fetcher.fetch(f"{site}/big5").path)
    assert "全区新增城镇就业7198人" in report.text
    assert any("gb18030" in warning for warning in report.warnings)
