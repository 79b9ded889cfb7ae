"""Draws the charts that the documentation shows, from the sample reports: python docs/images/chart_images.py"""

from __future__ import annotations

import sys
import tempfile
from collections.abc import Sequence
from pathlib import Path

from zhengwen.bot.cli import main

HERE = Path(__file__).parent
CHARTS = {
    "chart_growth.png": ("全国", "天津市", "陵城区", "GDP增速", "2020-2021"),
    "chart_jobs.png": ("滨城区", "陵城区", "2020", "城镇新增就业"),
    "chart_sources.png": ("滨城区", "2020", "一般公共预算收入"),
}
"""The file and the words that `zhengwen plot` gets."""


def draw_all(folder: Path, *, library: Path | None = None) -> None:
    """Draw every chart into `folder`, from `library` or from the samples read into one of their own."""
    with tempfile.TemporaryDirectory() as work:
        config = Path(work) / "config.yaml"
        config.write_text("embedder: {engine: none}\n", encoding="utf-8")
        start = ["--library", str(library or Path(work) / "library"), "--config", str(config), "--today", "2026-11-22"]
        if library is None:
            _run([*start, "ingest", "--quiet", str(HERE.parents[1] / "samples")])
        for name, words in CHARTS.items():
            _run([*start, "plot", *words, "-o", str(folder / name)])


def _run(arguments: Sequence[str]) -> None:
    if code := main(arguments):
        sys.exit(code)


if __name__ == "__main__":
    draw_all(HERE)
