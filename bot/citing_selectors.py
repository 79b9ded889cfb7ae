"""A cited span as a W3C Web Annotation: found again by its words, and by where they stand.

https://www.w3.org/TR/annotation-model/#text-quote-selector and #text-position-selector. Positions count Unicode code
points, as the standard asks; a program in JavaScript, which counts UTF-16 units, converts them.
"""

from __future__ import annotations

import uuid
from pathlib import PurePath
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from zhengwen.bot.citing import Match
    from zhengwen.index.rows import ReportRow, StoredText

CONTEXT = "http://www.w3.org/ns/anno.jsonld"
AROUND = 32
"""Characters of prefix and suffix, doubled until the three together stand in the text once."""


def annotation(text: StoredText, report: ReportRow, match: Match) -> dict[str, Any]:
    """Two targets: the clean text, as `zhengwen clean FILE` prints it, and the source, as the file was decoded."""
    clean = {
        "type": "SpecificResource",
        "source": f"urn:sha256:{report.sha256}#clean",
        "selector": selectors(text.clean, match.start, match.end),
    }
    source = {
        "type": "SpecificResource",
        "source": address(report),
        "state": {"type": "TimeState", "sourceDate": report.read_at},
        "selector": selectors(text.source, match.source_start, match.source_end),
    }
    # Named after what it marks, so that the same span has the same name in every library.
    name = uuid.uuid5(uuid.NAMESPACE_URL, f"{report.sha256}:{match.source_start}:{match.source_end}")
    return {
        "@context": CONTEXT,
        "id": f"urn:uuid:{name}",
        "type": "Annotation",
        "motivation": "identifying",
        "target": [clean, source],
    }


def selectors(text: str, start: int, end: int) -> list[dict[str, Any]]:
    """`text[start:end]` as a TextQuoteSelector that fits one place alone, and as a TextPositionSelector."""
    around = AROUND
    while True:
        first, last = max(start - around, 0), min(end + around, len(text))
        if (first, last) == (0, len(text)) or _stands_once(text, text[first:last]):
            break
        around *= 2
    return [
        {
            "type": "TextQuoteSelector",
            "exact": text[start:end],
            "prefix": text[first:start],
            "suffix": text[end:last],
        },
        {"type": "TextPositionSelector", "start": start, "end": end},
    ]


def _stands_once(text: str, piece: str) -> bool:
    return text.find(piece, text.find(piece) + 1) < 0


def address(report: ReportRow) -> str:
    """Where the report was published, or else its file: `file:///home/me/reports/a.md`."""
    if report.about.url or not report.sources:
        return report.about.url or f"urn:sha256:{report.sha256}"
    location = report.sources[0].location
    return location if "://" in location else PurePath(location).as_uri()
