"""One JSON object a line, for other programs."""

from __future__ import annotations

import json
from typing import Any

_BREAKS = {ord(one): f"\\u{ord(one):04x}" for one in "\x85\u2028\u2029"}


def json_line(record: Any) -> str:
    """`{"text": "滨城区"}` with Chinese as it is; what some programs take for the end of a line is escaped."""
    return json.dumps(record, ensure_ascii=False).translate(_BREAKS)
