"""Draws a chart with matplotlib: figure objects only, no pyplot, nothing that two threads could share."""

from __future__ import annotations

import io
import threading
from typing import TYPE_CHECKING, Any, Literal

from zhengwen.bot.chart_labels import place_labels
from zhengwen.bot.chart_marks import FAINT, INK, Fonts, draw_bars, draw_lines, legend_handles
from zhengwen.bot.chart_models import Chart
from zhengwen.bot.chart_small import cells, notes, sources, wrapped
from zhengwen.bot.chart_words import words
from zhengwen.ingest.errors import UsageError

if TYPE_CHECKING:
    from collections.abc import Sequence

    from matplotlib.artist import Artist
    from matplotlib.axes import Axes
    from matplotlib.figure import Figure

Format = Literal["png", "svg", "pdf"]
_DPI = 160
_SETTINGS: Any = {
    "svg.fonttype": "none",  # text that can be searched
    "svg.hashsalt": "zhengwen",  # the same chart gives the same bytes
    "pdf.fonttype": 42,
    "text.parse_math": False,  # a $ in a title is a $
}
_LINE = 0.19
"""Height of a line of small print, in inches, as all sizes here."""
_EDGE = 0.3
_CELLS_AN_INCH = 16.0
"""Cells of small print that fit an inch."""
_LOCK = threading.Lock()  # matplotlib's settings and font caches belong to the whole process


def draw(chart: Chart, *, format: Format = "png") -> bytes:
    """The chart as the bytes of a PNG (160 dots an inch), an SVG whose text stays text, or a PDF. Thread-safe.

    Raises UsageError with the command that helps where matplotlib or the font is not installed.
    """
    fonts = _fonts()
    import matplotlib as mpl

    metadata = {"png": {"Software": None}, "svg": {"Date": None}, "pdf": {"CreationDate": None}}[format]
    out = io.BytesIO()
    with _LOCK, mpl.rc_context(_SETTINGS):
        _figure(chart, fonts).savefig(out, format=format, dpi=_DPI, metadata=metadata)
    return out.getvalue()


def _fonts() -> Fonts:
    try:
        import pylopdf_fonts_zh_cn
        from matplotlib.font_manager import fontManager
    except ImportError as error:
        need = f"charts need the package {error.name}; install it with: pip install 'zhengwen[charts]'"
        raise UsageError(need) from error
    path = str(pylopdf_fonts_zh_cn.sans_path())
    with _LOCK:
        if not any(entry.fname == path for entry in fontManager.ttflist):
            fontManager.addfont(path)  # so that SVG and PDF can name it
    return Fonts(path)


def _figure(chart: Chart, fonts: Fonts) -> Figure:
    from matplotlib.backends.backend_agg import FigureCanvasAgg
    from matplotlib.figure import Figure

    width, body, left = _sizes(chart)
    small = _small_print(chart, width - 2 * _EDGE)
    handles = legend_handles(chart) if _has_legend(chart) else []
    columns = _legend_columns(handles, width - 2 * _EDGE)
    top = 0.68 + (0.1 + 0.26 * -(-len(handles) // columns) if handles else 0)
    bottom = 0.62 + _LINE * len(small)
    height = top + body + bottom
    figure = Figure(figsize=(width, height), facecolor="white", dpi=_DPI)
    FigureCanvasAgg(figure)
    axes = figure.add_axes((left / width, bottom / height, (width - left - 0.4) / width, body / height))
    _frame(axes, chart, fonts)
    wanted = draw_lines(axes, chart) if chart.kind == "line" else draw_bars(axes, chart, fonts)
    _title(figure, chart, fonts)
    _legend(figure, handles, columns, fonts)
    for number, row in enumerate(small):
        y = (bottom - 0.5 - _LINE * number) / height
        for column, text in enumerate(row):
            x = (_EDGE + column * (width - 2 * _EDGE) / len(row)) / width
            figure.text(x, y, text, fontproperties=fonts.sized(8.5), color="#555555", va="center")
    place_labels(axes, wanted, fonts.sized(9))
    return figure


def _sizes(chart: Chart) -> tuple[float, float, float]:
    """The width of the figure, the height of what is drawn, and the room for the names on its left."""
    if chart.kind == "line":
        return min(max(8.0, 0.95 * len(chart.x) + 1.5), 18.0), 4.2 + 0.25 * min(len(chart.series) - 1, 6), 0.9
    names = max(cells(x) for x in chart.x)
    return 8.0, min(max(1.0, 0.32 * len(chart.points) + 0.16 * len(chart.x)), 24.0), _EDGE + 0.16 + 0.078 * names


def _small_print(chart: Chart, width: float) -> list[list[str]]:
    """Rows of one text each, or of two where many short sources fit beside each other."""
    room = int(width * _CELLS_AN_INCH)
    lines = [[piece] for note in notes(chart) for piece in wrapped(note, room)]
    listed = sources(chart)
    if len(listed) > 4 and all(cells(one) < room // 2 for one in listed):
        half = (len(listed) + 1) // 2
        return lines + [[one, *listed[half + at : half + at + 1]] for at, one in enumerate(listed[:half])]
    return lines + [[piece] for one in listed for piece in wrapped(one, room)]


def _title(figure: Figure, chart: Chart, fonts: Fonts) -> None:
    """Title and unit on one line, the legend below; a long title is set smaller rather than cut."""
    width, height = figure.get_size_inches()
    y = 1 - 0.36 / height
    unit = words()["unit"].format(unit=chart.axis.unit) if chart.axis.unit else ""
    room = (width - 2 * _EDGE) - 0.085 * cells(unit)
    size = min(15.0, 15.0 * room / (0.112 * cells(chart.title)))
    figure.text(_EDGE / width, y, chart.title, fontproperties=fonts.sized(max(size, 9.0)), color=INK, va="center")
    small = fonts.sized(9.5)
    figure.text(1 - 0.4 / width, y, unit, fontproperties=small, color=FAINT, va="center", ha="right")


def _legend_columns(handles: Sequence[Artist], room: float) -> int:
    """How many entries of the longest one's width fit beside each other; one row where all fit."""
    widths = [0.75 + 0.073 * cells(str(one.get_label())) for one in handles]
    if not widths or sum(widths) <= room:
        return max(len(widths), 1)
    return max(int(room / max(widths)), 1)


def _legend(figure: Figure, handles: Sequence[Artist], columns: int, fonts: Fonts) -> None:
    width, height = figure.get_size_inches()
    if handles:
        figure.legend(
            handles=list(handles),
            loc="upper left",
            bbox_to_anchor=(_EDGE / width, 1 - 0.62 / height),
            ncols=columns,
            frameon=False,
            prop=fonts.sized(9.5),
            borderaxespad=0,
            borderpad=0,
            handlelength=3.2,
            columnspacing=1.4,
        )


def _has_legend(chart: Chart) -> bool:
    return len(chart.series) > 1 or chart.styles != ("actual",)


def _frame(axes: Axes, chart: Chart, fonts: Fonts) -> None:
    """Ticks in the font and a faint grid across the values; years without a figure are pale."""
    from matplotlib.ticker import FuncFormatter, MaxNLocator

    line = chart.kind == "line"
    values, places = (axes.yaxis, axes.xaxis) if line else (axes.xaxis, axes.yaxis)
    for side in ("top", "right", "left" if line else "bottom"):
        axes.spines[side].set_visible(False)
    axes.spines["bottom" if line else "left"].set_color("#BBBBBB")
    axes.tick_params(length=0, labelcolor="#555555")
    values.set_major_locator(MaxNLocator(nbins=5, integer=chart.figures == "rank"))
    values.set_major_formatter(FuncFormatter(lambda value, _: f"{value:,.10g}"))
    values.grid(True, color="#E9E9E9", linewidth=0.8)
    axes.set_axisbelow(True)
    places.set_ticks(range(len(chart.x)), labels=list(chart.x))
    for label in (*axes.get_xticklabels(), *axes.get_yticklabels()):
        label.set_fontproperties(fonts.sized(10))
    for label, x in zip(places.get_ticklabels(), chart.x, strict=True):
        label.set_color("#BBBBBB" if x in chart.gaps else INK)
