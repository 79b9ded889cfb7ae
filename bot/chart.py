"""Charts of answers, for every front end: `chart_points(answer)`, then `draw` or `draw_text`.

chart = chart_points(answer(library, "滨城区2016年到2020年每年的地区生产总值是多少", today=today))
if chart is not None:
    Path("gdp.png").write_bytes(draw(chart))
"""

from __future__ import annotations

from zhengwen.bot.chart_build import build_chart
from zhengwen.bot.chart_draw import draw
from zhengwen.bot.chart_models import Axis, Chart, ChartSource, Point, Segment, Series
from zhengwen.bot.chart_scope import NothingToPlot
from zhengwen.bot.chart_text import draw_text
from zhengwen.bot.models import Answer

__all__ = [
    "Axis",
    "Chart",
    "ChartSource",
    "NothingToPlot",
    "Point",
    "Segment",
    "Series",
    "build_chart",
    "chart_points",
    "draw",
    "draw_text",
]


def chart_points(answer: Answer) -> Chart | None:
    """The chart of an answer with at least two figures of one kind and unit; None where there is nothing to plot.

    `build_chart` gives the reason instead of None.
    """
    try:
        return build_chart(answer)
    except NothingToPlot:
        return None
