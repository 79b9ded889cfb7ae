"""The YAML block at the head of a Markdown file: `---`, `title: …`, `---`."""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass, field

_BLOCK = re.compile(r"\A\s*---[ \t]*\r?\n(.*?)(?:^---|^\.\.\.)[ \t]*(?:\r?\n|\Z)", re.S | re.M)
_LIMIT = 20_000


@dataclass(frozen=True, slots=True)
class FrontMatter:
    """The fields as strings and where the body begins (an offset into the decoded text)."""

    fields: Mapping[str, str] = field(default_factory=dict)
    end: int = 0
    warnings: tuple[str, ...] = ()


def split_front_matter(text: str) -> FrontMatter:
    """`"---\\ntitle: 报告\\n---\\n正文"` → fields {"title": "报告"}, end 20. No block: no fields, end 0."""
    match = _BLOCK.match(text[:_LIMIT])
    if match is None:
        return FrontMatter()
    fields, bad = parse_fields(match[1])
    if not fields and bad:
        return FrontMatter()
    warnings = (f"front matter lines that are no `key: value`: {len(bad)}",) if bad else ()
    return FrontMatter(fields, match.end(), warnings)


def parse_fields(block: str) -> tuple[dict[str, str], list[str]]:
    """Lines `key: value` → a dict, and the lines that are none; the items of a list are joined with blanks.

    Read line by line, because scraped titles are often no valid YAML.
    """
    fields: dict[str, str] = {}
    bad: list[str] = []
    last = ""
    for line in block.splitlines():
        if not line.strip() or line.lstrip().startswith("#"):
            continue
        key, colon, value = line.partition(":")
        if last and re.match(r"\s*- ", line):
            fields[last] = f"{fields[last]} {_unquoted(line.strip()[2:].strip())}".strip()
        elif colon and re.fullmatch(r"[A-Za-z_一-鿿][\w -]*", key.strip()):
            last = key.strip().lower()
            fields[last] = _unquoted(value.strip())
        else:
            bad.append(line)
    return fields, bad


def _unquoted(value: str) -> str:
    if len(value) >= 2 and value[0] == value[-1] and value[0] in "\"'":
        return value[1:-1]
    return value
