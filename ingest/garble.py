"""Repair of pages damaged by bracketed readings: 區(qū) becomes 區, and the bytes that slipped with it are mended.

The damage (docs/garble.md): a converter wrote readings behind traditional characters on the page's GBK bytes, also
behind bytes that only looked like a character because two neighbours touched; the rest was then read one byte off.
"""

from __future__ import annotations

from dataclasses import dataclass

from zhengwen.ingest.garble_readings import hinted
from zhengwen.ingest.models import Repair
from zhengwen.ingest.textmap import Edit


@dataclass(frozen=True, slots=True)
class Repaired:
    """Edits that mend a text, in its own offsets, and the damaged places among them with their explanations."""

    edits: tuple[Edit, ...] = ()
    repairs: tuple[Repair, ...] = ()
    annotations: int = 0
    """How many readings in brackets the edits remove."""


def repair(text: str) -> Repaired:
    """Remove bracketed readings and mend the byte slips they left; undamaged text comes back with no edits at once.

    A place that cannot be decided is left as it is, with a `Repair` whose certainty is "undecided". Digits are neither
    changed nor guessed. `repair("陵城區(qū)")` has the one edit `Edit(3, 7, "")`; `repair("陵城区")` has none.
    """
    if not hinted(text):
        return Repaired()
    from zhengwen.ingest.garble_mend import Mender
    from zhengwen.ingest.garble_page import Page

    page = Page(text)
    if not page.damaged:
        return Repaired()
    mender = Mender(text, page)
    start = 0
    for line in text.splitlines(keepends=True):
        mender.line(start, start + len(line.rstrip("\r\n")))
        start += len(line)
    return Repaired(tuple(mender.edits), tuple(mender.repairs), mender.annotations)
