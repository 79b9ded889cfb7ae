"""Readers' objections beside the figures as they are now, and the correction that would settle one."""

from __future__ import annotations

import datetime as dt
import json
from collections.abc import Sequence
from typing import TYPE_CHECKING, Any, Literal

from pydantic import Field

from zhengwen.bot.listing import figure_json
from zhengwen.ingest.errors import InputError
from zhengwen.ingest.models import Record

if TYPE_CHECKING:
    from zhengwen.index.library import Library
    from zhengwen.index.lookup import StoredFigure
    from zhengwen.index.objections import Objection

State = Literal["same", "changed", "withdrawn", "gone"]


class Standing(Record):
    """What has become of a figure since somebody objected to it."""

    state: State
    changes: dict[str, tuple[str, str]] = Field(default_factory=dict)
    """Field → as it was, as it is."""
    figure: dict[str, Any] | None = None
    """The stored figure as `zhengwen figures --json` prints it; None when it is gone."""
    alike: tuple[str, ...] = ()
    """Where it is gone: the ids of figures of the same file that are printed as it was."""


def standings(library: Library, found: Sequence[Objection]) -> list[Standing]:
    """What has become of each objection's figure, in their order."""
    from zhengwen.index.objections import alike, as_they_are

    held = as_they_are(library, found)
    return [
        _standing(one, held[one.figure_id])
        if one.figure_id in held
        else Standing(state="gone", alike=tuple(row.id for row in alike(library, one)[:3]))
        for one in found
    ]


def _standing(one: Objection, row: StoredFigure) -> Standing:
    from zhengwen.index.objections import changes

    changed = changes(one, row)
    state: State = "withdrawn" if row.figure.withdrawn else "changed" if changed else "same"
    return Standing(state=state, changes=changed, figure=figure_json(row))


def sidecar_entry(library: Library, one: Objection, *, today: dt.date) -> str:
    """The lines for the figure's sidecar that withdraw it, with what else could be said in comments.

    Raises InputError where the library no longer holds the figure, nor one like it.
    """
    standing = standings(library, [one])[0]
    figure_id = one.figure_id if standing.figure else next(iter(standing.alike), "")
    if not figure_id:
        raise InputError(f"the figure of objection {one.number} is gone: there is nothing to correct")
    now = standing.figure or {"source": one.source, "surface": one.surface, "indicator": one.indicator}
    region = (now.get("region") or {}).get("name", one.region) or "a name or a division code"
    lines = [
        f"# into {_flat(now['source'])}.meta.yaml, then `zhengwen ingest` that file again",
        "corrections:",
        f"  - figure: {figure_id}    # {_flat(now['surface'])} {_flat(now['indicator'])}",
        "    withdraw: true    # or, instead of it, what should stand there:",
        f"    # region: {_flat(region)}",
        f"    # period: {now.get('period') or one.period or 'such as 2020 or 2016-2020'}",
        f"    # status: {now.get('status') or one.status}",
        f"    why: {json.dumps(one.text[:500], ensure_ascii=False)}",
        *([f"    by: {json.dumps(one.reader, ensure_ascii=False)}"] if one.reader else []),
        f"    date: {today.isoformat()}",
    ]
    return "\n".join(lines)


def _flat(text: str) -> str:
    """One line of a comment, whatever a file is called."""
    return "".join(character if character.isprintable() else " " for character in text)
