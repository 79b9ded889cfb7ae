"""Slips of the ear and of the input method: 宾城区 → 滨城区, 城真新增就业 → 城镇新增就业.

A name is mended only where the words as typed mean nothing, where they sound like exactly one name, and never from one
real name into another; what was taken for what is said in the answer.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

from zhengwen.bot.slips_indicators import mend_indicators
from zhengwen.bot.slips_places import mend_places
from zhengwen.ingest.models import Region


@dataclass(frozen=True, slots=True)
class Mended:
    """A question with its slips mended: what to say about them, and the places that one slip may mean."""

    text: str
    notes: tuple[str, ...] = ()
    unclear: tuple[Region, ...] = ()


def mend_slips(text: str, known: Mapping[str, Region]) -> Mended:
    """The question with slips in names of indicators and places mended. Never raises."""
    text, notes = mend_indicators(text)
    text, place_notes, unclear = mend_places(text, known)
    return Mended(text, (*notes, *place_notes), unclear)
