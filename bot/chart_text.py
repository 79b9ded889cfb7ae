"""A chart in a terminal: a bar and the figure as printed for every point, wide characters counted as two."""

from __future__ import annotations

import io
from typing import TYPE_CHECKING

from zhengwen.bot.chart_models import Chart, Point
from zhengwen.bot.chart_small import cells, notes, sources, wrapped
from zhengwen.bot.chart_words import words

if TYPE_CHECKING:
    from rich.text import Text

_EIGHTHS = " ▏▎▍▌▋▊▉"
_COLOURS = ("blue", "red", "green", "magenta", "yellow", "cyan")


def draw_text(chart: Chart, *, width: int = 80, colour: bool = False) -> str:
    """The chart in lines of at most `width` cells; with ANSI colours where `colour` is set.

    Results are full bars (█), targets light ones (░), estimates half dark (▒), parts of a year darker (▓).
    """
    from rich.console import Console

    console = Console(
        file=io.StringIO(), width=max(width, 30), force_terminal=colour, color_system="standard" if colour else None,
        highlight=False, legacy_windows=False, no_color=not colour,
    )  # fmt: skip
    for line in _lines(chart, max(width, 30)):
        console.print(line, overflow="fold", soft_wrap=False)
    written = console.file
    assert isinstance(written, io.StringIO)
    return "\n".join(line.rstrip() for line in written.getvalue().splitlines()) + "\n"


def _lines(chart: Chart, width: int) -> list[Text]:
    from rich.text import Text

    table = words()
    head = Text(chart.title, style="bold")
    found = [head]
    styles = [style for style in chart.styles if style != "actual"]
    if styles:
        key = "  ".join(f"{_FILL[style]} {table['style'][style]}" for style in chart.styles)
        found.append(Text(key, style="dim"))
    for number, series in enumerate(chart.series):
        if len(chart.series) > 1:
            found.append(Text(series.name, style=f"bold {_COLOURS[number % len(_COLOURS)]}"))
        found += _rows(chart, number, width)
    found.append(Text(""))
    small = notes(chart) + sources(chart)
    found += [Text(line, style="dim") for one in small for line in wrapped(one, width)]
    return found


_FILL = {"actual": "█", "estimated": "▒", "part": "▓", "target": "░"}


def _rows(chart: Chart, number: int, width: int) -> list[Text]:
    from rich.text import Text

    points = chart.series[number].points
    name = max(cells(_place(chart, x)) for x in chart.x)
    label = max(cells(point.label) for point in chart.points)
    room = max(width - name - label - 4, 4)
    values = [float(point.value) for point in chart.points]
    low, high = min(0.0, *values), max(0.0, *values)
    scale = room / (high - low or 1.0)
    zero = round(-low * scale)
    rows = []
    for x in chart.x:
        here = [point for point in points if point.x == x]
        place = _place(chart, x)
        lead = place + " " * (name - cells(place)) + " "
        if not here:
            if chart.kind == "line":
                rows.append(Text(lead + " " * zero + "│ " + words()["gap"], style="dim"))
            continue
        for at, point in enumerate(here):
            text = Text(lead if at == 0 else " " * cells(lead))
            bar, used = _bar(point, scale, zero) if chart.figures != "rank" else ("│", 1)  # a longer bar is no better
            text.append(bar, style=_COLOURS[number % len(_COLOURS)])
            text.append(" " * max(zero + 1 - used, 0) + " " + point.label)
            rows.append(text)
    return rows


def _place(chart: Chart, x: str) -> str:
    return str(words()["year"].format(year=x)) if chart.kind == "line" else x


def _bar(point: Point, scale: float, zero: int) -> tuple[str, int]:
    """The bar from the zero line, `│`, and the cells it takes."""
    length = float(point.value) * scale
    fill = _FILL[point.style]
    if length < 0:
        cells = min(max(round(-length), 1), zero)
        return " " * (zero - cells) + fill * cells + "│", zero + 1
    whole = int(length)
    part = _EIGHTHS[int((length - whole) * 8)] if fill == "█" else ""
    bar = " " * zero + "│" + fill * whole + part.strip()
    return bar, len(bar)
