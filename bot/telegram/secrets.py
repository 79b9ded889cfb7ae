"""The bot's token: where it comes from, what is made from it, and how it is kept out of every log line."""

from __future__ import annotations

import hashlib
import hmac
import logging
import os
import re
from pathlib import Path
from urllib.parse import quote

from zhengwen.ingest.errors import UsageError

VARIABLE = "ZHENGWEN_TELEGRAM_TOKEN"
HIDDEN = "<token>"
_SHAPE = re.compile(r"[0-9]+:[A-Za-z0-9_-]{3,}")
_ANY_TOKEN = re.compile(r"\b[0-9]{6,}:[A-Za-z0-9_-]{30,}")


def read_token(file: Path | None) -> str:
    """The token from the environment, else from the file. Raises UsageError that never quotes what was found."""
    found = os.environ.get(VARIABLE, "").strip()
    where = VARIABLE
    if not found and file is not None:
        where = str(file)
        try:
            lines = file.read_text(encoding="utf-8").split()
        except (OSError, UnicodeDecodeError) as error:
            raise UsageError(f"telegram.token_file: {file} cannot be read ({type(error).__name__})") from None
        found = lines[0] if lines else ""
    if not found:
        raise UsageError(f"no Telegram token: set {VARIABLE}, or telegram.token_file to a file that holds it")
    if not _SHAPE.fullmatch(found):
        raise UsageError(f"{where}: not a Telegram token; BotFather gives one such as 123456789:AAExampleExample")
    return found


def derived(token: str, purpose: str) -> str:
    """A secret made from the token that does not give it away: 48 hexadecimal digits, the same after a restart."""
    return hmac.new(token.encode(), f"zhengwen {purpose}".encode(), hashlib.sha256).hexdigest()[:48]


class Redacting(logging.Formatter):
    """Writes log lines, tracebacks too, without the given secrets."""

    def __init__(self, *secrets: str) -> None:
        super().__init__("%(asctime)s %(levelname)s %(name)s: %(message)s")
        halves = [secret.split(":", 1)[1] for secret in secrets if ":" in secret]
        # The longest first: a part must not be replaced inside the whole.
        wanted = {form for secret in (*secrets, *halves) for form in (secret, quote(secret, safe="")) if form}
        self._secrets = sorted(wanted, key=len, reverse=True)

    def format(self, record: logging.LogRecord) -> str:
        return self.hide(super().format(record))

    def hide(self, line: str) -> str:
        """The line without the secrets."""
        for secret in self._secrets:
            line = line.replace(secret, HIDDEN)
        return _ANY_TOKEN.sub(HIDDEN, line)


def log_to_stderr(formatter: Redacting, *, level: str) -> None:
    """One handler for everything; what logs requests is quiet, because a request's address holds the token."""
    handler = logging.StreamHandler()
    handler.setFormatter(formatter)
    root = logging.getLogger()
    root.handlers[:] = [handler]
    root.setLevel(level.upper())
    for name in ("httpx", "httpcore", "hpack", "tornado.access"):
        logging.getLogger(name).setLevel(logging.WARNING)
