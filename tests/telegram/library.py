"""The library that the bot is tried on: the samples, one county over five years, and a second district of one name."""

from __future__ import annotations

import subprocess
import sys
from pathlib import Path

ROOT = Path(__file__).parents[2]
GDP = {2019: "312.4", 2020: "325.8", 2021: "351.6", 2022: "368.3", 2023: "392.7"}
"""桓台县 by year, 亿元; invented for these tests."""
JOBS = {2019: 5120, 2020: 4870, 2021: 5360, 2022: 5215, 2023: 5490}


def county_report(year: int) -> str:
    return (
        f"# {year + 1}年桓台县政府工作报告（测试用）\n\n{year + 1}年1月15日\n\n## 一、{year}年工作回顾\n\n"
        f"{year}年，全县地区生产总值完成{GDP[year]}亿元，一般公共预算收入完成{year - 2000}.5亿元。\n\n"
        f"民生继续改善，全年城镇新增就业{JOBS[year]}人，改造老旧小区{year - 2009}个。\n\n"
        f"教育投入加大，新建幼儿园{year - 2015}所。\n"
    )


DISTRICT = (
    "# 2022年沈阳市和平区政府工作报告（测试用）\n\n2022年1月10日\n\n## 一、2021年工作回顾\n\n"
    "2021年，全区一般公共预算收入完成71.2亿元，增长4.4%。\n\n全年城镇新增就业12600人，新建养老服务站9处。\n"
)


def plain_config(path: Path, more: str = "") -> Path:
    path.write_text("embedder: {engine: none}\n" + more, encoding="utf-8")
    return path


def zhengwen(*arguments: str | Path) -> str:
    """Run the command line in a process of its own; its standard output."""
    command = [sys.executable, "-m", "zhengwen.bot.cli", *map(str, arguments)]
    done = subprocess.run(command, capture_output=True, text=True, check=False, timeout=120)
    assert done.returncode == 0, done.stderr
    return done.stdout


def build_library(folder: Path) -> Path:
    """Read everything in; gives the library's folder."""
    reports = folder / "reports"
    reports.mkdir(parents=True)
    for year in GDP:
        (reports / f"桓台县-{year + 1}.md").write_text(county_report(year), encoding="utf-8")
    (reports / "沈阳和平区-2022.md").write_text(DISTRICT, encoding="utf-8")
    config = plain_config(folder / "plain.yaml")
    library = folder / "library"
    zhengwen("--library", library, "--config", config, "ingest", "--quiet", ROOT / "samples", reports)
    return library
