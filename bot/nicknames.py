"""Nicknames of places: 内蒙 → 内蒙古, 版纳 → 西双版纳, 鄂市 → 鄂尔多斯市 where the library holds no other such city."""

from __future__ import annotations

import re
from collections.abc import Mapping
from functools import cache
from pathlib import Path
from typing import Any

import yaml

from zhengwen.bot.messages import say
from zhengwen.ingest.models import Region
from zhengwen.ingest.regions import gazetteer


@cache
def _data() -> dict[str, Any]:
    loaded: dict[str, Any] = yaml.safe_load((Path(__file__).parent / "nicknames.yaml").read_text(encoding="utf-8"))
    return loaded


def full_names(text: str, known: Mapping[str, Region]) -> tuple[str, tuple[str, ...]]:
    """The text with nicknames written out, and what to say about those that are not plain.

    `full_names("版纳2020年GDP", {})` → `("西双版纳2020年GDP", ())`
    """
    data, places = _data(), gazetteer()
    for nickname, name in data["names"].items():
        at = text.find(nickname)
        if at < 0 or re.match(data["not_before"], text[at + len(nickname) :]):
            continue
        around = any(one.start <= at < one.end and len(one.text) > len(nickname) for one in places.find(text))
        if not around and name not in text:
            text = text[:at] + name + text[at + len(nickname) :]
    found = re.search(data["first"], text)
    if found is None or found["head"] in data["not_first"]:
        return text, ()
    names = [places.short_name(code) for code, region in known.items() if region.level == "city"]
    fits = [name for name in names if name.startswith(found["head"]) and len(name) >= 4 and name.endswith("市")]
    if len(fits) != 1:
        return text, ()
    note = say("read_as", said=found["name"], meant=fits[0])
    return text[: found.start("name")] + fits[0] + text[found.end("name") :], (note,)
