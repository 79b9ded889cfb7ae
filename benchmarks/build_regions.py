"""Builds ingest/regions.csv from the division table of the gazetteer (CC0).

    python benchmarks/build_regions.py ../shared/gazetteer/areacodes.csv ingest/regions.csv

It lies here and not in ingest/ because nobody needs it to read a report: the table it writes is the data. It keeps one
row for a code and name, writes the province and the city only where the code does not give them, and keeps the
successors of the last change alone (the table also lists transfers of parts of a division).
"""

from __future__ import annotations

import csv
import sys
from collections.abc import Iterable, Mapping
from pathlib import Path

LEVELS = {"省级": "province", "地级": "city", "县级": "county"}
FIELDS = ("code", "name", "level", "city", "since", "until", "successors")


def successors(text: str) -> str:
    """`130102[2001];130104` → `130104`: an entry with a year is an earlier transfer of a part."""
    return ";".join(code for code in text.split(";") if code and "[" not in code)


def rows(source: Iterable[Mapping[str, str]]) -> list[dict[str, str]]:
    """One row for each code and name, the latest of those that share both."""
    kept: dict[tuple[str, str], dict[str, str]] = {}
    for row in source:
        since, until = row["启用时间"], row["变更/弃用时间"]
        new = {
            "code": row["代码"],
            "name": row["名称"],
            "level": LEVELS[row["级别"]],
            "city": row["二级行政区"] if row["级别"] == "县级" else "",
            "since": since,
            "until": until,
            "successors": successors(row["新代码"]) if until else "",
        }
        old = kept.get((new["code"], new["name"]))
        if old is None:
            kept[new["code"], new["name"]] = new
            continue
        latest = new if not until or (old["until"] and until > old["until"]) else old
        kept[new["code"], new["name"]] = latest | {"since": min(old["since"], since)}
    return list(kept.values())


def without_derivable_city(table: list[dict[str, str]]) -> list[dict[str, str]]:
    """Empties `city` where the last division with the code of the city has that name."""
    last: dict[str, dict[str, str]] = {}
    for row in table:
        if row["level"] == "city" and (row["code"] not in last or not row["until"]):
            last[row["code"]] = row
    result = []
    for row in table:
        city = last.get(row["code"][:4] + "00")
        derived = city["name"] if city else "直辖"
        result.append(row | {"city": "" if row["city"] in ("", derived) else row["city"]})
    return result


def main(source: Path, target: Path) -> None:
    with source.open(encoding="utf-8-sig", newline="") as file:
        table = without_derivable_city(rows(csv.DictReader(file)))
    table.sort(key=lambda row: (row["code"], row["until"] or "9999"))
    with target.open("w", encoding="utf-8", newline="") as file:
        writer = csv.DictWriter(file, FIELDS, lineterminator="\n")
        writer.writeheader()
        writer.writerows(table)


if __name__ == "__main__":
    main(Path(sys.argv[1]), Path(sys.argv[2]))
