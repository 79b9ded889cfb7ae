"""The real bot, `zhengwen telegram`, as a process that talks to the emulator over HTTP."""

from __future__ import annotations

import os
import re
import signal
import socket
import subprocess
import sys
import time
from pathlib import Path
from types import TracebackType
from typing import Any, Self

import httpx
import yaml

from tests.telegram.emulator import Emulator, Person


def free_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])


class BotProcess:
    """`with BotProcess(telegram, library, tmp_path, access="open"): …`; keywords go into the telegram section."""

    def __init__(
        self, telegram: Emulator, library: Path, folder: Path, *, token: str | None = None, **settings: Any
    ) -> None:
        self.telegram = telegram
        self.token = telegram.token if token is None else token
        self.library = library
        self.health_port = free_port()
        section: dict[str, Any] = {
            "api_base": telegram.url,
            "poll_seconds": 5,
            "access": "open",
            "workers": 2,
            "request_seconds": 3,
            "health": {"port": self.health_port},
            "limits": {"user_per_minute": 0, "all_per_minute": 0, "send_per_second": 0},
            **settings,
        }
        folder.mkdir(parents=True, exist_ok=True)
        self.config = folder / "config.yaml"
        self.config.write_text(
            yaml.safe_dump({"embedder": {"engine": "none"}, "telegram": section}, allow_unicode=True), encoding="utf-8"
        )
        self.log_path = folder / "bot.log"
        self.process: subprocess.Popen[bytes] | None = None
        self.admin: Person | None = None

    def start(self, *, ready: bool = True) -> Self:
        before = len(self.telegram.calls("getUpdates")) + len(self.telegram.calls("setWebhook"))
        environment = {**os.environ, "ZHENGWEN_TELEGRAM_TOKEN": self.token, "PYTHONUNBUFFERED": "1"}
        command = [sys.executable, "-m", "zhengwen.bot.cli", "--library", str(self.library)]
        command += ["--config", str(self.config), "--today", "2024-05-01", "telegram"]
        with self.log_path.open("ab") as log:
            self.process = subprocess.Popen(
                command, env=environment, stdout=log, stderr=log, cwd=self.config.parent, start_new_session=True
            )
        if ready:
            self.wait_ready(before)
        return self

    def wait_ready(self, calls_before: int, timeout: float = 60) -> None:
        """Until the bot asks for updates or has named its webhook."""
        until = time.monotonic() + timeout
        while time.monotonic() < until:
            assert self.process is not None and self.process.poll() is None, f"the bot ended:\n{self.log()}"
            now = len(self.telegram.calls("getUpdates")) + len(self.telegram.calls("setWebhook"))
            if now > calls_before:
                return
            time.sleep(0.05)
        raise AssertionError(f"the bot did not begin to work:\n{self.log()}")

    def stop(self, timeout: float = 40) -> int:
        """Ask it to end (SIGTERM); its exit status."""
        if self.process is None:
            return 0
        if self.process.poll() is None:
            self.process.send_signal(signal.SIGTERM)
        try:
            return self.process.wait(timeout)
        except subprocess.TimeoutExpired:
            self.kill()
            raise AssertionError(f"the bot did not end in {timeout} s:\n{self.log()}") from None

    def kill(self) -> None:
        """Pull the plug on it and on every process it has started."""
        if self.process is not None and self.process.poll() is None:
            os.killpg(self.process.pid, signal.SIGKILL)
            self.process.wait(10)

    def log(self) -> str:
        return self.log_path.read_text(encoding="utf-8", errors="replace") if self.log_path.exists() else ""

    def assert_secret(self) -> None:
        """The token stands in no line of the log and in no file that the bot has written."""
        secret = self.token.partition(":")[2].encode()
        for path in (self.log_path, *self.library.rglob("*")):
            assert not path.is_file() or secret not in path.read_bytes(), f"the token stands in {path.name}"

    def health(self, path: str = "/healthz") -> httpx.Response:
        return httpx.get(f"http://127.0.0.1:{self.health_port}{path}", timeout=5, trust_env=False)

    def metric(self, pattern: str) -> float:
        """The sum of the metrics whose line (name and labels) matches."""
        lines = [one for one in self.health("/metrics").text.splitlines() if one and not one.startswith("#")]
        return sum(float(one.rsplit(" ", 1)[1]) for one in lines if re.search(pattern, one.rsplit(" ", 1)[0]))

    def __enter__(self) -> Self:
        return self.start()

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        if error is None:
            self.stop()
            self.assert_secret()
        else:
            self.kill()
            print(f"--- the bot's log\n{self.log()[-6000:]}")
