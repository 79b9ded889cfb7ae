"""The small print of a chart: gaps, what was left out, and the sources that its labels number."""

from __future__ import annotations

from zhengwen.bot.chart_models import Chart
from zhengwen.bot.chart_words import words
from zhengwen.bot.wording import when
from zhengwen.ingest.models import Period


def notes(chart: Chart) -> list[str]:
    """One sentence a line."""
    table = words()
    if not chart.gaps:
        return list(chart.notes)
    gaps = _ranges([int(x) for x in chart.gaps]) if chart.kind == "line" else list(chart.gaps)
    return [table["gaps"].format(what=table["join"].join(gaps)), *chart.notes]


def _ranges(years: list[int]) -> list[str]:
    """2014, 2016, 2017, 2018 → 2014年, 2016—2018年."""
    spans: list[tuple[int, int]] = []
    for year in years:
        if spans and spans[-1][1] == year - 1:
            spans[-1] = (spans[-1][0], year)
        else:
            spans.append((year, year))
    return [when(Period.years(first, last)) for first, last in spans]


def sources(chart: Chart) -> list[str]:
    """`[1][3] 滨城区2021年政府工作报告，2021-01-19`: a line for each report, by the numbers of its passages."""
    grouped: dict[tuple[str, str], list[int]] = {}
    for one in chart.sources:
        date = words()["date"].format(date=one.date) if one.date else ""
        grouped.setdefault((one.title + date, one.source), []).append(one.n)
    return ["".join(f"[{n}]" for n in numbers) + " " + text for (text, _), numbers in grouped.items()]


def cells(text: str) -> int:
    """The width of a text in cells: 滨城区 is 6, GDP 3."""
    from rich.cells import cell_len

    return cell_len(text)


def wrapped(text: str, width: int) -> list[str]:
    """Lines of at most `width` cells, the further ones indented."""
    lines, line, used = [], "", 0
    for character in text:
        size = cells(character)
        if used + size > width and line.strip():
            lines.append(line)
            line, used = "    ", 4
        line, used = line + character, used + size
    return [*lines, line]
