"""Pages from the web for the command line: one address at a time, within limits, the bytes kept as received.

Never reached from a chat: only `zhengwen ingest https://…` calls it. Beside the file lies a sidecar with the address,
so that the kept copy can be ingested again without the network.
"""

from __future__ import annotations

import datetime as dt
import hashlib
import ipaddress
import re
import socket
import threading
import time
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any
from urllib.parse import urljoin, urlsplit

from zhengwen.ingest.errors import InputError
from zhengwen.ingest.readers import READERS
from zhengwen.ingest.settings import IngestSettings

MAX_REDIRECTS = 5
MAX_SECONDS = 60.0
CONNECT_SECONDS = 15.0
_GRACE = 1.0
PAUSE_SECONDS = 1.0
"""Between two requests to one host."""
AGENT = "zhengwen/0.1 (reads public reports; one request at a time)"
_TYPES = {
    "text/html": ".html",
    "application/xhtml+xml": ".html",
    "text/plain": ".txt",
    "text/markdown": ".md",
    "application/pdf": ".pdf",
    "application/vnd.openxmlformats-officedocument.wordprocessingml.document": ".docx",
}


@dataclass(frozen=True, slots=True)
class Fetched:
    """A page as received: where its bytes were kept, the address asked for and the one that answered."""

    path: Path
    url: str
    final_url: str
    encoding: str | None
    """The charset the server declared, if any."""
    sha256: str

    @property
    def sidecar(self) -> Mapping[str, str]:
        """What `read_report(path, source=url, sidecar=…)` needs."""
        facts = {"url": self.final_url}
        return facts | {"encoding": self.encoding} if self.encoding else facts


class Fetcher:
    """Fetches addresses in turn, pausing between requests to one host."""

    def __init__(
        self,
        folder: Path,
        *,
        settings: IngestSettings | None = None,
        seconds: float = MAX_SECONDS,
        pause: float = PAUSE_SECONDS,
    ) -> None:
        self._folder = folder
        self._limit = int((settings or IngestSettings()).max_file_mb * 1_000_000)
        self._seconds = seconds
        self._pause = pause
        self._last: dict[str, float] = {}

    def fetch(self, url: str) -> Fetched:
        """Fetch one http(s) address and keep its bytes in the folder. Raises InputError: one line, with what to do."""
        outcome: list[Fetched | BaseException] = []
        deadline = time.monotonic() + self._seconds

        def work() -> None:
            try:
                outcome.append(self._fetch(url, deadline))
            except BaseException as error:  # noqa: BLE001 - carried to the caller, who raises it
                outcome.append(error)

        # A server that sends its head byte by byte keeps a socket busy however short its timeout: the clock is ours.
        worker = threading.Thread(target=work, daemon=True, name="fetch")
        worker.start()
        worker.join(self._seconds + self._pause + _GRACE)
        found = outcome[0] if outcome else self._late(url)
        if isinstance(found, BaseException):
            raise found
        return found

    def _late(self, url: str) -> InputError:
        return InputError(f"{url}: took longer than {self._seconds:g} s: try again, or save the page as a file")

    def _fetch(self, url: str, deadline: float) -> Fetched:
        import urllib3

        address = url
        with urllib3.PoolManager(retries=False, headers={"User-Agent": AGENT, "Accept": "text/html,*/*;q=0.5"}) as pool:
            try:
                for _ in range(MAX_REDIRECTS + 1):
                    _check(address, url)
                    self._wait(address)
                    response = pool.request(
                        "GET",
                        address,
                        redirect=False,
                        preload_content=False,
                        timeout=urllib3.Timeout(connect=CONNECT_SECONDS, read=CONNECT_SECONDS),
                    )
                    location = response.headers.get("Location") if 300 <= response.status < 400 else None
                    if location is None:
                        return self._keep(url, address, response, deadline)
                    response.release_conn()
                    address = _redirected(address, location, url)
            except urllib3.exceptions.HTTPError as error:
                reason = re.sub(r"<[^>]*>|\s+", " ", str(error)).strip()[:160]
                raise InputError(f"{url}: cannot be fetched ({reason}): check the address and the network") from None
        raise InputError(f"{url}: more than {MAX_REDIRECTS} redirects: give the page's own address")

    def _wait(self, address: str) -> None:
        host = urlsplit(address).netloc
        left = self._last.get(host, 0.0) + self._pause - time.monotonic()
        if host in self._last and left > 0:
            time.sleep(left)
        self._last[host] = time.monotonic()

    def _keep(self, url: str, address: str, response: Any, deadline: float) -> Fetched:
        if response.status != 200:
            raise InputError(f"{url}: the server answered {response.status}: check the address in a browser")
        kind, _, rest = (response.headers.get("Content-Type") or "").partition(";")
        charset = re.search(r"charset\s*=\s*[\"']?([\w.:-]+)", rest)
        suffix = _suffix(kind.strip().lower(), address, url)
        if "," in (response.headers.get("Content-Encoding") or ""):  # each layer may grow a thousandfold
            raise InputError(f"{url}: is packed more than once: save the page as a file instead")
        data = self._read(url, response, deadline)
        sha256 = hashlib.sha256(data).hexdigest()
        path = self._folder / f"{sha256[:16]}{suffix}"
        fetched = Fetched(path, url, address, charset[1] if charset else None, sha256)
        self._folder.mkdir(parents=True, exist_ok=True)
        path.write_bytes(data)
        sidecar = path.with_name(f"{path.name}.meta.yaml")
        if sidecar.exists():  # of these very bytes; somebody may have added corrections to it
            return fetched
        stamp = dt.datetime.now(dt.UTC).isoformat(timespec="seconds")
        lines = [f"# fetched {stamp} from {_quoted(url)}"]
        lines += [f"{key}: {_quoted(value)}" for key, value in fetched.sidecar.items()]
        sidecar.write_text("\n".join(lines) + "\n", "utf-8")
        return fetched

    def _read(self, url: str, response: Any, deadline: float) -> bytes:
        data = bytearray()
        while chunk := response.read1(65536, decode_content=True):  # what has come, so that the clock is looked at
            data += chunk
            if len(data) > self._limit:
                response.close()
                raise InputError(f"{url}: larger than {self._limit / 1e6:g} MB: raise max_file_mb under ingest")
            if time.monotonic() > deadline:
                response.close()
                raise self._late(url)
        if not data.strip():
            raise InputError(f"{url}: the page is empty: check the address in a browser")
        return bytes(data)


def is_url(text: str) -> bool:
    """True for what `ingest` should fetch: `https://…` or `http://…`."""
    return text.lower().startswith(("https://", "http://"))


def fetch(url: str, *, folder: Path, settings: IngestSettings | None = None) -> Fetched:
    """Fetch one address into a folder: `fetch("https://www.example.gov.cn/a.html", folder=kept).path`."""
    return Fetcher(folder, settings=settings).fetch(url)


def _check(address: str, url: str) -> None:
    parts = urlsplit(address)
    if parts.scheme not in ("http", "https") or not parts.hostname:
        raise InputError(f"{url}: is no web address that can be fetched: give one that begins with https://")
    if parts.username or parts.password:
        raise InputError(f"{url}: carries a user name or password: save the page as a file instead")


def _redirected(address: str, location: str, url: str) -> str:
    following = urljoin(address, location)
    if urlsplit(address).scheme == "https" and urlsplit(following).scheme == "http":
        raise InputError(f"{url}: leads from https to an unprotected address: give that address itself if you trust it")
    if _is_inside(following) and not _is_inside(address):
        raise InputError(f"{url}: leads into your own network: give that address itself if you trust it")
    return following


def _is_inside(address: str) -> bool:
    """True for this machine and private networks, by address or by what the name stands for."""
    host = urlsplit(address).hostname or ""
    try:
        found = socket.getaddrinfo(host, None)
    except (OSError, UnicodeError):
        return False
    return any(not ipaddress.ip_address(str(one[4][0]).partition("%")[0]).is_global for one in found)


def _suffix(kind: str, address: str, url: str) -> str:
    ending = Path(urlsplit(address).path).suffix.lower()
    suffix = _TYPES.get(kind) or (ending if ending in READERS else ".html" if not kind else "")
    if not suffix:
        raise InputError(f"{url}: is {kind}, which is not supported; supported are {' '.join(READERS)}")
    return ending if suffix == ".txt" and ending in READERS else suffix


def _quoted(value: str) -> str:
    return "'" + re.sub(r"[\x00-\x1f\x7f]", "", value).replace("'", "''") + "'"
