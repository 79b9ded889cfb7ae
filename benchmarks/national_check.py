"""Does what one source says agree with what another says, through stored figures?

    python benchmarks/national_check.py REPORTS [--years 2015-2025] [--indicator 城镇新增就业]

REPORTS holds the bulletins of the statistics office (`国家统计局年度统计/2020.md` is about 2020) and the national work
reports (`政府工作报告-国务院/2021.md` reviews 2020). For each year the actual annual figure of the one is set beside
that of the other. Exit status 1 when a pair differs or a figure is missing.
"""

from __future__ import annotations

import argparse
import sys
from collections.abc import Sequence
from pathlib import Path

from zhengwen.ingest.models import Figure, Period
from zhengwen.ingest.pipeline import read_report

BULLETINS = "国家统计局年度统计"
REPORTS = "政府工作报告-国务院"


def annual(path: Path, indicator: str, year: int) -> list[Figure]:
    """The actual figures of the whole nation and the whole year, in order of the text, from a report read now."""
    if not path.is_file():
        return []
    wanted = Period.years(year)
    return [
        figure
        for figure in read_report(path).figures
        if figure.indicator == indicator
        and (figure.period, figure.status, figure.kind in ("level", "count")) == (wanted, "actual", True)
    ]


def verdict(one: Sequence[Figure], other: Sequence[Figure]) -> str:
    """`same`, `differs` or what is missing; a bound other than exact is never the same."""
    if not one or not other:
        return "missing: " + " and ".join(name for name, found in (("bulletin", one), ("report", other)) if not found)
    values = {(figure.value, figure.unit, figure.bound) for figure in (*one, *other)}
    return "same" if len(values) == 1 else "differs"


def main() -> int:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("folder", type=Path)
    parser.add_argument("--years", default="2015-2025")
    parser.add_argument("--indicator", default="城镇新增就业")
    options = parser.parse_args()
    first, last = map(int, options.years.split("-"))
    bad = 0
    print("year  bulletin        next year's report  verdict")
    for year in range(first, last + 1):
        bulletin = annual(options.folder / BULLETINS / f"{year}.md", options.indicator, year)
        report = annual(options.folder / REPORTS / f"{year + 1}.md", options.indicator, year)
        said = verdict(bulletin, report)
        bad += said != "same"
        shown = [" / ".join(figure.surface for figure in figures) or "-" for figures in (bulletin, report)]
        print(f"{year}  {shown[0]:14}  {shown[1]:18}  {said}")
    return int(bad > 0)


if __name__ == "__main__":
    sys.exit(main())
