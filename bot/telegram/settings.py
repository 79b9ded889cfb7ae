"""The telegram section of config.yaml; docs/telegram.md explains every key."""

from __future__ import annotations

from pathlib import Path
from typing import Literal

from pydantic import Field

from zhengwen.ingest.settings import Settings


class WebhookSettings(Settings):
    """Where updates are taken when Telegram calls us."""

    listen: str = "127.0.0.1"
    port: int = Field(default=8443, ge=1, le=65535)
    url: str | None = Field(
        default=None, pattern=r"^https?://", description="The public address; the path is put behind it."
    )
    path: str | None = Field(
        default=None, pattern=r"^[A-Za-z0-9_-]{16,128}$", description="Empty: made from the token."
    )
    secret_token: str | None = Field(
        default=None, pattern=r"^[A-Za-z0-9_-]{16,256}$", description="Empty: made from the token."
    )
    certificate: Path | None = Field(default=None, description="Public part of a self-signed certificate.")


class LimitSettings(Settings):
    """How much is asked and sent; 0 switches a limit off."""

    user_per_minute: int = Field(default=30, ge=0)
    all_per_minute: int = Field(default=3000, ge=0)
    send_per_second: float = Field(default=30, ge=0)


class HealthSettings(Settings):
    """`/healthz` and `/metrics`; no port, no endpoint."""

    host: str = "127.0.0.1"
    port: int | None = Field(default=8090, ge=1, le=65535)


class TelegramSettings(Settings):
    """The bot; its token is never among the settings."""

    api_base: str = Field(default="https://api.telegram.org", pattern=r"^https?://[^\s]+[^/\s]$")
    local_mode: bool = Field(default=False, description="The Bot API server at api_base runs with --local.")
    token_file: Path | None = Field(default=None, description="Empty: ZHENGWEN_TELEGRAM_TOKEN holds the token.")
    mode: Literal["polling", "webhook"] = "polling"
    poll_seconds: int = Field(default=25, ge=1, le=50)
    webhook: WebhookSettings = WebhookSettings()
    access: Literal["closed", "open"] = "closed"
    allowed_users: tuple[int, ...] = ()
    administrators: tuple[int, ...] = ()
    pairing_minutes: int = Field(default=60, ge=1, le=10080)
    limits: LimitSettings = LimitSettings()
    max_document_mb: float = Field(default=20, gt=0, le=2000)
    health: HealthSettings = HealthSettings()
    workers: int = Field(default=0, ge=0, le=64, description="0: as many as there are processors, at most four.")
    request_seconds: float = Field(default=30, ge=1, le=600)
    stop_seconds: float = Field(default=25, ge=1, le=600)
    log_level: Literal["debug", "info", "warning", "error"] = "info"
