"""`zhengwen clean --explain` on a damaged page: every mended place is printed, and what was done to it."""

from __future__ import annotations

from pathlib import Path

from tests.bot.commands import Run


def test_each_place_of_the_damaged_page_is_printed_with_its_explanation(run: Run, shared: Path) -> None:
    page = next((shared / "corpus" / "pages").glob("002_*.txt"))
    done = run("clean", str(page), "--explain")
    assert done.code == 0
    told = done.err.replace("\n", "")
    assert "21 repairs, 0 marked places" in told
    assert told.count("repaired, line ") == 21
    assert told.count(" was put after the bytes ") + told.count("the page was cut ") >= 21
    assert "?" not in done.out
