"""What `zhengwen doctor` finds."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Literal

from zhengwen.ingest.models import Record

Severity = Literal["ok", "hint", "warning", "error"]
SEVERITIES: tuple[Severity, ...] = ("ok", "hint", "warning", "error")
"""ok: as it should be; hint: something more could be had; warning: works, not as well as it could; error: does not."""


class Finding(Record):
    """One thing looked at: `{"area": "fonts", "severity": "hint", "what": "…", "remedy": "pip install …"}`."""

    area: str
    severity: Severity
    what: str
    remedy: str = ""
    """What to do; empty where nothing need be done."""


def worst(findings: Iterable[Finding]) -> Severity:
    """The gravest severity found; `ok` for none."""
    return max((one.severity for one in findings), key=SEVERITIES.index, default="ok")
