"""Draws a chart with matplotlib: figure objects only, no pyplot, nothing that two threads could share."""

from __future__ import annotations

import io
import threading
from typing import TYPE_CHECKING, Any, Literal

from zhengwen.bot.chart_axis import scaled
from zhengwen.bot.chart_build import words
from zhengwen.bot.chart_labels import Wanted, place_labels
from zhengwen.bot.chart_models import Chart, Point, PointStyle
from zhengwen.ingest.errors import UsageError

if TYPE_CHECKING:
    from matplotlib.axes import Axes
    from matplotlib.figure import Figure
    from matplotlib.font_manager import FontProperties

Format = Literal["png", "svg", "pdf"]
COLOURS = ("#0072B2", "#D55E00", "#009E73", "#CC79A7", "#E69F00", "#56B4E9", "#7A5C00", "#444444")
"""Okabe and Ito's palette, told apart by colour-blind readers too; yellow, too pale on white, made darker."""
_MARKERS: dict[PointStyle, str] = {"actual": "o", "estimated": "D", "target": "o", "part": "s"}
_INK, _FAINT = "#222222", "#8A8A8A"
_LINE_POINTS = 8.5 * 1.5 / 72  # height of a line of small print, in inches
_LOCK = threading.Lock()  # matplotlib's settings and font caches belong to the whole process


def draw(chart: Chart, *, format: Format = "png") -> bytes:
    """The chart as the bytes of a PNG (160 dots an inch), an SVG whose text stays text, or a PDF. Thread-safe.

    Raises UsageError with the command that helps where matplotlib or the font is not installed.
    """
    font = _font()
    import matplotlib as mpl

    with _LOCK, mpl.rc_context({"svg.fonttype": "none", "svg.hashsalt": "zhengwen", "pdf.fonttype": 42}):
        figure = _figure(chart, font)
        out = io.BytesIO()
        metadata = {"png": {"Software": None}, "svg": {"Date": None}, "pdf": {"CreationDate": None}}[format]
        figure.savefig(out, format=format, dpi=160, metadata=metadata)
    return out.getvalue()


def _font() -> FontProperties:
    try:
        import pylopdf_fonts_zh_cn
        from matplotlib.font_manager import FontProperties, fontManager
    except ImportError as error:
        raise UsageError(
            f"charts need the package {error.name}; install it with: pip install 'zhengwen[charts]'"
        ) from error
    path = str(pylopdf_fonts_zh_cn.sans_path())
    with _LOCK:
        if not any(entry.fname == path for entry in fontManager.ttflist):
            fontManager.addfont(path)  # so that SVG and PDF name it
    return FontProperties(fname=path)


def _sized(font: FontProperties, size: float) -> FontProperties:
    copy = font.copy()
    copy.set_size(size)
    return copy


def _figure(chart: Chart, font: FontProperties) -> Figure:
    from matplotlib.backends.backend_agg import FigureCanvasAgg
    from matplotlib.figure import Figure

    small = _small_print(chart)
    lanes = len(chart.points)
    width = min(max(8.0, 1.05 * len(chart.x) + 1.6), 18.0) if chart.kind == "line" else 8.0
    body = 4.3 if chart.kind == "line" else min(max(1.6, 0.34 * lanes + 0.22 * len(chart.x)), 20.0)
    small = [piece for line in small for piece in _wrapped(line, int(width * 13.5))]
    top, bottom = 0.75 + (0.3 if _has_legend(chart) else 0), 0.55 + _LINE_POINTS * len(small) + 0.1
    height = top + body + bottom
    figure = Figure(figsize=(width, height), facecolor="white")
    FigureCanvasAgg(figure)
    left = 0.85 if chart.kind == "line" else 0.35 + 0.155 * max(_cells(x) for x in chart.x) / 2
    axes = figure.add_axes((left / width, bottom / height, (width - left - 0.35) / width, body / height))
    _frame(axes, chart, font)
    wanted = _draw_lines(axes, chart) if chart.kind == "line" else _draw_bars(axes, chart, font)
    figure.text(0.3 / width, 1 - 0.36 / height, chart.title, fontproperties=_sized(font, 14), color=_INK, va="center")
    unit = words()["unit"].format(unit=chart.axis.unit) if chart.axis.unit else ""
    figure.text(
        1 - 0.35 / width,
        1 - 0.36 / height,
        unit,
        fontproperties=_sized(font, 9.5),
        color=_FAINT,
        va="center",
        ha="right",
    )
    if _has_legend(chart):
        _legend(figure, chart, font, (0.3 / width, 1 - 0.72 / height))
    for number, line in enumerate(reversed(small)):
        figure.text(
            0.3 / width,
            (0.12 + _LINE_POINTS * number) / height,
            line,
            fontproperties=_sized(font, 8.5),
            color="#555555",
        )
    if wanted:
        place_labels(axes, wanted, _sized(font, 9))
    return figure


def _small_print(chart: Chart) -> list[str]:
    """Gaps, what was left out, and the sources, one a line."""
    table = words()
    lines = [table["gaps"].format(what=_gap_words(chart))] if chart.gaps else []
    lines += chart.notes
    lines += [source_line(source.n, source.title, str(source.date) if source.date else "") for source in chart.sources]
    return lines


def source_line(n: int, title: str, date: str) -> str:
    """`[1] 滨城区2021年政府工作报告，2021-01-19`."""
    return f"[{n}] {title}" + (words()["date"].format(date=date) if date else "")


def _gap_words(chart: Chart) -> str:
    table = words()
    if chart.kind == "line":
        return str(table["join"].join(table["year"].format(year=year) for year in chart.gaps))
    return str(table["join"].join(chart.gaps))


def _cells(text: str) -> int:
    from rich.cells import cell_len

    return cell_len(text)


def _wrapped(text: str, width: int) -> list[str]:
    """Lines of at most `width` cells."""
    lines, line = [], ""
    for character in text:
        if _cells(line + character) > width:
            lines.append(line)
            line = "    "
        line += character
    return [*lines, line]


def _has_legend(chart: Chart) -> bool:
    return len(chart.series) > 1 or chart.styles != ("actual",)


def _frame(axes: Axes, chart: Chart, font: FontProperties) -> None:
    """Ticks in the font, a faint grid across the values alone."""
    from matplotlib.ticker import FuncFormatter, MaxNLocator

    line = chart.kind == "line"
    value_axis, place_axis = (axes.yaxis, axes.xaxis) if line else (axes.xaxis, axes.yaxis)
    for side in ("top", "right", "left" if line else "bottom"):
        axes.spines[side].set_visible(False)
    axes.spines["bottom" if line else "left"].set_color("#BBBBBB")
    axes.tick_params(length=0, labelcolor="#555555")
    value_axis.set_major_locator(MaxNLocator(nbins=5, integer=chart.figures == "rank"))
    value_axis.set_major_formatter(FuncFormatter(lambda value, _: f"{value:,.10g}"))
    value_axis.grid(True, color="#E6E6E6", linewidth=0.8)
    axes.set_axisbelow(True)
    place_axis.set_ticks(range(len(chart.x)), labels=list(chart.x))
    for label in (*axes.get_xticklabels(), *axes.get_yticklabels()):
        label.set_fontproperties(_sized(font, 10))
    for label, x in zip(place_axis.get_ticklabels(), chart.x, strict=True):
        label.set_color("#BBBBBB" if x in chart.gaps else _INK)


def _marker(style: PointStyle, colour: str) -> dict[str, Any]:
    """Results are full, an estimate and a part of a year pale, a target hollow."""
    face = {"actual": colour, "estimated": colour + "55", "part": colour + "55", "target": "white"}[style]
    return {"marker": _MARKERS[style], "markerfacecolor": face, "markeredgecolor": colour, "markeredgewidth": 1.6}


def _colour(number: int) -> str:
    return COLOURS[number % len(COLOURS)]


def _draw_lines(axes: Axes, chart: Chart) -> list[Wanted]:
    positions = {x: at for at, x in enumerate(chart.x)}
    for segment in chart.segments:
        xs = [positions[segment.start.x], positions[segment.end.x]]
        ys = [scaled(segment.start.value, chart.axis), scaled(segment.end.value, chart.axis)]
        style = "--" if segment.dashed else "-"
        axes.plot(xs, ys, linestyle=style, color=_colour(segment.series), linewidth=2, zorder=2)
    wanted = []
    for number, series in enumerate(chart.series):
        for point in series.points:
            x, y = positions[point.x], scaled(point.value, chart.axis)
            if point.value_max is not None:
                axes.plot(
                    [x, x], [y, scaled(point.value_max, chart.axis)], color=_colour(number), linewidth=5, alpha=0.4
                )
            axes.plot([x], [y], linestyle="", markersize=7, zorder=3, **_marker(point.style, _colour(number)))
            wanted.append(Wanted(x=x, y=y, text=point.label, colour=_colour(number) if len(chart.series) > 1 else _INK))
    axes.set_xlim(-0.5, len(chart.x) - 0.5)
    for gap in chart.gaps:
        axes.axvspan(positions[gap] - 0.5, positions[gap] + 0.5, color="#F4F4F4", linewidth=0, zorder=0)
    axes.margins(y=0.18)
    if chart.axis.inverted:
        axes.invert_yaxis()
    return wanted


def _draw_bars(axes: Axes, chart: Chart, font: FontProperties) -> list[Wanted]:
    """Bars across, the figure at the end of each: names and figures have room however many there are."""
    lanes: dict[str, list[tuple[int, Point]]] = {x: [] for x in chart.x}
    for number, series in enumerate(chart.series):
        for point in series.points:
            lanes[point.x].append((number, point))
    values = [scaled(point.value, chart.axis) for point in chart.points]
    reach = max(max(values), 0) - min(min(values), 0) or 1.0
    for at, x in enumerate(chart.x):
        thick = 0.72 / max(len(lanes[x]), 2)
        for lane, (number, point) in enumerate(lanes[x]):
            y = at + (lane - (len(lanes[x]) - 1) / 2) * thick
            value, colour = scaled(point.value, chart.axis), _colour(number)
            face = {"actual": colour, "estimated": colour + "77", "part": colour + "77", "target": "white"}[point.style]
            border = "--" if point.style == "target" else "-"
            axes.barh(y, value, height=thick * 0.84, color=face, edgecolor=colour, linestyle=border, linewidth=1.2)
            side = "right" if value < 0 else "left"
            end = value + (-0.01 if value < 0 else 0.01) * reach
            axes.text(end, y, point.label, fontproperties=_sized(font, 9.5), color=_INK, va="center", ha=side)
    longest = max(_cells(point.label) for point in chart.points)
    room = reach * min(0.016 * longest + 0.03, 0.6)
    axes.set_xlim(
        min(min(values), 0) - (room if min(values) < 0 else 0), max(max(values), 0) + (room if max(values) > 0 else 0)
    )
    axes.set_ylim(len(chart.x) - 0.5, -0.5)
    return []


def _legend(figure: Figure, chart: Chart, font: FontProperties, place: tuple[float, float]) -> None:
    """The series by colour, then what filled, pale and hollow marks mean."""
    from matplotlib.lines import Line2D

    handles: list[Line2D] = []
    if len(chart.series) > 1:
        handles += [
            Line2D([], [], color=_colour(number), linewidth=4, label=series.name)
            for number, series in enumerate(chart.series)
        ]
    if chart.styles != ("actual",):
        colour = _INK if len(chart.series) > 1 else _colour(0)
        handles += [
            Line2D(
                [],
                [],
                linestyle="--" if style == "target" else "-",
                color=colour,
                label=words()["style"][style],
                **_marker(style, colour),
            )
            for style in chart.styles
        ]
    figure.legend(handles=handles, loc="center left", bbox_to_anchor=place, ncols=8, frameon=False,
                  prop=_sized(font, 9.5), borderaxespad=0, handlelength=1.8, columnspacing=1.4)  # fmt: skip
