"""Figures of reports: rows for a scorer, or counts and speed over a folder.

python benchmarks/figures.py rows FOLDER... > rows.jsonl    one figure a line, as `zhengwen figures --json` does
python benchmarks/figures.py count FOLDER... [--every 10]   figures, with period and name, characters per second
"""

from __future__ import annotations

import argparse
import json
import sys
import time
from bisect import bisect_right
from collections import Counter
from pathlib import Path

from zhengwen.ingest.models import Report
from zhengwen.ingest.pipeline import read_report


def reports(folders: list[Path], every: int) -> list[Path]:
    files = [path for folder in folders for path in ([folder] if folder.is_file() else sorted(folder.rglob("*.md")))]
    return files[::every]


def rows(report: Report) -> list[dict[str, object]]:
    """The fields of each figure with source, line and sentence."""
    from zhengwen.ingest.textmap import TextMap

    breaks = [index for index, character in enumerate(report.source_text) if character == "\n"]
    offsets = TextMap(report.offsets)
    found = []
    for figure in report.figures:
        row = figure.model_dump(mode="json", exclude={"marks"})
        if figure.parts:
            row["value"] = ":".join(str(part) for part in figure.parts)
        at, end = offsets.source_span(figure.sentence_start, figure.sentence_end)
        spot = offsets.source_span(figure.start, figure.end)
        row |= {
            "source": report.source,
            "line": bisect_right(breaks, at) + 1,
            # As the source prints them: a scorer compares with the file, in which 2.28∶1 or 4O% were not yet mended.
            "sentence": report.source_text[at:end],
            "surface": report.source_text[spot[0] : spot[1]],
        }
        found.append(row)
    return found


def main() -> int:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("what", choices=["rows", "count"])
    parser.add_argument("folders", nargs="+", type=Path)
    parser.add_argument("--every", type=int, default=1, help="take every n-th file only")
    options = parser.parse_args()
    if options.what == "rows":
        for path in reports(options.folders, options.every):
            for row in rows(read_report(path)):
                sys.stdout.write(json.dumps(row, ensure_ascii=False) + "\n")
        return 0
    counts: Counter[str] = Counter()
    spent = 0.0
    for path in reports(options.folders, options.every):
        report = read_report(path)
        from zhengwen.ingest.figures import read_figures

        begin = time.perf_counter()
        figures = read_figures(report.text, report.blocks, report.about)
        spent += time.perf_counter() - begin
        counts["reports"] += 1
        counts["characters"] += len(report.text)
        counts["figures"] += len(figures)
        counts["with period"] += sum(figure.period is not None for figure in figures)
        counts["with canonical name"] += sum(figure.canonical for figure in figures)
        counts["spans that re-read"] += sum(report.text[f.start : f.end] == f.surface for f in figures)
    for name, number in counts.items():
        print(f"{name:22s}{number:>12,}")
    print(f"{'characters per second':22s}{counts['characters'] / spent:>12,.0f}")
    return 0


if __name__ == "__main__":
    raise SystemExit(main())
