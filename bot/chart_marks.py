"""Lines, points and bars: results full, estimates and parts of a year pale, targets hollow and dashed."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from zhengwen.bot.chart_axis import scaled
from zhengwen.bot.chart_labels import Wanted
from zhengwen.bot.chart_models import Chart, Point, PointStyle
from zhengwen.bot.chart_small import cells
from zhengwen.bot.chart_words import words

if TYPE_CHECKING:
    from matplotlib.artist import Artist
    from matplotlib.axes import Axes
    from matplotlib.font_manager import FontProperties

INK, FAINT = "#222222", "#8A8A8A"
_COLOURS = ("#0072B2", "#D55E00", "#009E73", "#CC79A7", "#E69F00", "#56B4E9", "#7A5C00", "#444444")
"""Okabe and Ito's palette, told apart by colour-blind readers too; its yellow, too pale on white, made brown."""
_DASHES: Any = (0, (4, 2.5))
_MARKERS: dict[PointStyle, str] = {"actual": "o", "estimated": "D", "target": "o", "part": "s"}


@dataclass(frozen=True)
class Fonts:
    """One font file in any size."""

    path: str

    def sized(self, size: float) -> FontProperties:
        from matplotlib.font_manager import FontProperties

        font = FontProperties(fname=self.path)
        font.set_size(size)
        return font


def _colour(number: int) -> str:
    return _COLOURS[number % len(_COLOURS)]


def _face(style: PointStyle, colour: str) -> str:
    """The colour inside a mark; opaque, so that no line shows through."""
    if style == "target":
        return "#FFFFFF"
    if style == "actual":
        return colour
    parts = (int(colour[at : at + 2], 16) for at in (1, 3, 5))
    return "#" + "".join(f"{round(255 - (255 - part) * 0.4):02X}" for part in parts)


def _marker(style: PointStyle, colour: str) -> dict[str, Any]:
    face = _face(style, colour)
    return {"marker": _MARKERS[style], "markerfacecolor": face, "markeredgecolor": colour, "markeredgewidth": 1.6}


def draw_lines(axes: Axes, chart: Chart) -> list[Wanted]:
    """Points at their years, joined where years are neighbours. Gives the labels still to be placed."""
    positions = {x: at for at, x in enumerate(chart.x)}
    for gap in chart.gaps:
        axes.axvspan(positions[gap] - 0.5, positions[gap] + 0.5, color="#F6F6F6", linewidth=0, zorder=0)
    for segment in chart.segments:
        xs = [positions[segment.start.x], positions[segment.end.x]]
        ys = [scaled(segment.start.value, chart.axis), scaled(segment.end.value, chart.axis)]
        style = _DASHES if segment.dashed else "-"
        axes.plot(xs, ys, linestyle=style, color=_colour(segment.series), linewidth=2, zorder=2)
    wanted = []
    for number, series in enumerate(chart.series):
        colour = _colour(number)
        for point in series.points:
            x, y = positions[point.x], scaled(point.value, chart.axis)
            if point.value_max is not None:
                upper = scaled(point.value_max, chart.axis)
                axes.plot([x, x], [y, upper], color=_face("part", colour), linewidth=5, zorder=1)
            hollow = point.style == "target"  # a ring around a result of the same value, below it
            size, level = (10, 3) if hollow else (7, 4)
            axes.plot([x], [y], linestyle="", markersize=size, zorder=level, **_marker(point.style, colour))
            wanted.append(Wanted(x=x, y=y, text=point.label, colour=colour if len(chart.series) > 1 else INK))
    axes.set_xlim(-0.5, len(chart.x) - 0.5)
    axes.margins(y=0.18)
    _around_zero(axes, chart)
    if chart.axis.inverted:
        axes.invert_yaxis()
    return wanted


def _around_zero(axes: Axes, chart: Chart) -> None:
    """A line at nought where values lie on both sides of it; a lone value stands over nought, not in a void."""
    values = [scaled(point.value, chart.axis) for point in chart.points]
    if min(values) < 0 < max(values):
        axes.axhline(0, color="#BBBBBB", linewidth=1, zorder=1)
    if len(set(values)) == 1 and values[0] and not chart.axis.inverted:
        axes.set_ylim(*sorted((0.0, values[0] * 1.35)))


def draw_bars(axes: Axes, chart: Chart, fonts: Fonts) -> list[Wanted]:
    """Bars across, the figure at the end of each: names and figures have room however many there are."""
    lanes: dict[str, list[tuple[int, Point]]] = {x: [] for x in chart.x}
    for number, series in enumerate(chart.series):
        for point in series.points:
            lanes[point.x].append((number, point))
    values = [scaled(point.value, chart.axis) for point in chart.points]
    low, high = min(0.0, *values), max(0.0, *values)
    reach = (high - low) or 1.0
    for at, x in enumerate(chart.x):
        thick = min(0.78 / max(len(lanes[x]), 1), 0.5)
        for lane, (number, point) in enumerate(lanes[x]):
            y = at + (lane - (len(lanes[x]) - 1) / 2) * thick
            value, colour = scaled(point.value, chart.axis), _colour(number)
            if chart.figures == "rank":  # a longer bar would look better, and is not
                axes.plot([value], [y], linestyle="", markersize=9, **_marker(point.style, colour))
            else:
                axes.barh(y, value, height=thick * 0.86, **_bar(point.style, colour))
            aside = (0.03 if chart.figures == "rank" else 0.01) * reach
            end, side = (value - aside, "right") if value < 0 else (value + aside, "left")
            axes.text(end, y, point.label, fontproperties=fonts.sized(9.5), color=INK, va="center", ha=side)
    room = {sign: _room(chart, sign) * reach for sign in (-1, 1)}
    axes.set_xlim(low - room[-1], high + room[1])
    axes.set_ylim(len(chart.x) - 0.5, -0.5)
    if low < 0:
        axes.spines["left"].set_visible(False)
        axes.axvline(0, color="#BBBBBB", linewidth=1)
    return []


def _room(chart: Chart, sign: int) -> float:
    """What labels need beyond the bars on one side, as a share of all bars."""
    longest = max((cells(point.label) for point in chart.points if (point.value < 0) == (sign < 0)), default=0)
    share = min(0.0125 * longest, 0.6)
    return share / (1 - share) + 0.01 if longest else 0.0


def _bar(style: PointStyle, colour: str) -> dict[str, Any]:
    border = "--" if style == "target" else "-"
    hatch = "////" if style == "part" else ""
    face = _face(style, colour)
    return {"facecolor": face, "edgecolor": colour, "linestyle": border, "linewidth": 1.2, "hatch": hatch}


def legend_handles(chart: Chart) -> list[Artist]:
    """The series by colour, then what full, pale and hollow marks mean."""
    from matplotlib.lines import Line2D
    from matplotlib.patches import Patch

    several = len(chart.series) > 1
    handles: list[Artist] = []
    if several:
        handles += [
            Line2D([], [], color=_colour(number), linewidth=4, label=series.name)
            for number, series in enumerate(chart.series)
        ]
    if chart.styles == ("actual",):
        return handles
    colour = INK if several else _colour(0)
    for style in chart.styles:
        label = words()["style"][style]
        if chart.kind == "bar":
            handles.append(Patch(label=label, **_bar(style, colour)))
            continue
        line: Any = "" if style == "part" else _DASHES if style == "target" else "-"
        handles.append(Line2D([], [], linestyle=line, linewidth=2, color=colour, label=label, **_marker(style, colour)))
    return handles
