"""Numbers that are no figures: classes, thresholds, names, the size of a group of comparison (decoys.yaml)."""

from __future__ import annotations

import re

from zhengwen.ingest.quantities_model import Quantity
from zhengwen.ingest.quantities_tables import Tables

_NEVER = ("rank", "composition", "fraction", "index", "percent", "points", "times", "permille", "doublings")
_VERB = re.compile(r"突破|达到|增长|提高|新增")


def is_decoy(text: str, found: Quantity, tables: Tables) -> bool:
    """True for what only looks like a figure."""
    if found.family in _NEVER:
        return False
    end, decoy = found.end, tables.decoy
    before = text[max(0, found.start - 32) : found.start]
    if decoy["after_class"].match(text, end):
        return True
    if decoy["after_threshold_below"].match(text, end):
        return True
    if found.unit not in tables.words["counted_units"] and decoy["after_threshold"].match(text, end):
        return True
    if found.unit in tables.words["modifying_units"] and decoy["after_modified"].match(text, end):
        return True
    if found.family == "money":
        return _class_of_things(text, found, before, tables)
    if found.family in tables.words["project_families"] and _project_name(text, found, before, tables):
        return True
    if found.unit in tables.words["group_units"] and _group(text, found, before, tables):
        return True
    return _quoted_name(text, found)


def _class_of_things(text: str, found: Quantity, before: str, tables: Tables) -> bool:
    """过亿元企业30家, 百亿产业集群: the money names a class of what is counted."""
    decoy = tables.decoy
    if noun := decoy["after_class_noun"].match(text, found.end):
        if found.bare or decoy["before_class"].search(before):
            return True
        if decoy["after_counted"].match(text, noun.end()) or decoy["before_counted"].search(before):
            return True
    return decoy["before_over"].search(before) is not None and decoy["after_over"].match(text, found.end) is not None


def _project_name(text: str, found: Quantity, before: str, tables: Tables) -> bool:
    named = tables.decoy["after_project"].match(text, found.end)
    return named is not None and tables.decoy["before_project_verb"].search(before) is None


def _group(text: str, found: Quantity, before: str, tables: Tables) -> bool:
    decoy = tables.decoy
    if decoy["before_based_on"].search(before):
        return True
    return decoy["before_group"].search(before) is not None and decoy["after_group"].match(text, found.end) is not None


def _quoted_name(text: str, found: Quantity) -> bool:
    """A number in a short quotation without a verb is part of a name: “7×24小时”, “一小时通勤、两小时通达”."""
    if found.bound != "exact":
        return False
    low = max(0, found.start - 14)
    opening = max(text.rfind("“", low, found.start), text.rfind("「", low, found.start))
    if opening < 0 or text.find("”", opening, found.start) >= 0:
        return False
    closing = text.find("”", found.end, found.end + 14)
    return closing >= 0 and not _VERB.search(text, opening, closing)
