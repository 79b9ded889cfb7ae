"""How well region, date and reviewed year are read with file names, folders and front matter hidden.

    python -m benchmarks.about [REPORTS]

REPORTS is the folder of the 240 reports (../shared/corpus/reports). The bodies are read as `1.md`, `2.md`, …; the
answers stand in about_truth.csv (division code, day it was read out, year reviewed; an empty day: the body does not
tell it). Kind and issuing level follow from the folder and the region. Region comes from the folder and the day from
the title or the line that names the session, both checked by hand where they disagreed. A fact is right, honestly
unknown, or wrong; every one that is not right is listed.
"""

from __future__ import annotations

import csv
import sys
from collections import Counter
from pathlib import Path

from zhengwen.ingest.pipeline import read_report

HERE = Path(__file__).parent
BARS = {"region": 0.99, "date": 0.98, "year_reviewed": 0.98, "kind": 0.99, "level": 0.99}


def body(path: Path) -> str:
    """The report without its front matter."""
    text = path.read_text(encoding="utf-8")
    return text.split("\n---\n", 1)[1] if text.startswith("---\n") else text


def judge(given: str, expected: str) -> str:
    """`right`, `unknown` (said to be so) or `wrong`."""
    if given == expected:
        return "right"
    return "unknown" if not given else "wrong"


def kind_of(path: str) -> str:
    """The national bulletins lie in a folder of their own; all else are work reports."""
    return "bulletin" if path.startswith("国家统计局") else "work_report"


def level_of(code: str) -> str:
    """`370000` → province, `371600` → city, `371602` → county."""
    return (
        "national"
        if code == "000000"
        else "province"
        if code.endswith("0000")
        else "city"
        if code.endswith("00")
        else "county"
    )


def main(reports: Path) -> int:
    from tempfile import TemporaryDirectory

    counts: dict[str, Counter[str]] = {name: Counter() for name in BARS}
    with (HERE / "about_truth.csv").open(encoding="utf-8", newline="") as file, TemporaryDirectory() as folder:
        for number, row in enumerate(csv.DictReader(file), start=1):
            hidden = Path(folder) / f"{number}.md"
            hidden.write_text(body(reports / row["path"]), encoding="utf-8")
            about = read_report(hidden, source=hidden.name).about
            given = {
                "region": about.region.value.code if about.region.value else "",
                "date": about.date.value.isoformat() if about.date.value else "",
                "year_reviewed": str(about.year_reviewed.value or ""),
                "kind": about.kind.replace("unknown", ""),
                "level": about.level.replace("unknown", ""),
            }
            truth = row | {"kind": kind_of(row["path"]), "level": level_of(row["region"])}
            for name, value in given.items():
                verdict = judge(value, truth[name])
                counts[name][verdict] += 1
                if verdict != "right":
                    print(f"{row['path']}: {name} {value or '-'} instead of {truth[name] or '-'} ({verdict})")
    failed = False
    for name, bar in BARS.items():
        total = counts[name].total()
        good = counts[name]["right"] + (counts[name]["unknown"] if name == "date" else 0)
        failed |= good < bar * total or (name == "date" and counts[name]["wrong"] > 0)
        print(f"{name}: {dict(counts[name])}, {good / total:.3f} (bar {bar})")
    return int(failed)


if __name__ == "__main__":
    given = Path(sys.argv[1]) if len(sys.argv) > 1 else HERE.parent.parent / "shared" / "corpus" / "reports"
    raise SystemExit(main(given))
