"""Where the labels of points go: beside their point, clear of the other labels and points."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from itertools import pairwise
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from matplotlib.axes import Axes
    from matplotlib.font_manager import FontProperties

_TRIES = tuple(
    (dx, dy)
    for distance in (12, 20, 30, 42)
    for dx, dy in ((0, distance), (0, -distance), (distance, distance), (-distance, distance),
                   (distance, -distance), (-distance, -distance))
)  # fmt: skip
"""Offsets in points, the nearest first."""
_POINT = 10.0
"""Half the size of a marker, in pixels of the canvas."""
_LINE = 3.0
"""Half the thickness of a line with a margin, in pixels."""
Box = tuple[float, float, float, float]


@dataclass(frozen=True)
class Wanted:
    """A label and the point it belongs to, in the axes' own numbers."""

    x: float
    y: float
    text: str
    colour: str


def place_labels(axes: Axes, wanted: Sequence[Wanted], font: FontProperties) -> None:
    """Write every label where it hides the least: above its point if it can, else below or further off."""
    canvas = axes.figure.canvas
    renderer: Any = canvas.get_renderer()  # type: ignore[attr-defined]
    canvas.draw()
    pixels = axes.figure.dpi / 72
    spots = [tuple(axes.transData.transform((one.x, one.y))) for one in wanted]
    marks: list[Box] = [(x - _POINT, y - _POINT, x + _POINT, y + _POINT) for x, y in spots]
    frame: Any = axes.get_window_extent(renderer)
    lines = _line_boxes(axes)
    taken: list[Box] = []
    for number, one in enumerate(wanted):
        text = axes.annotate(one.text, (one.x, one.y), xytext=(0, 9), textcoords="offset points", ha="center",
                             va="center", fontproperties=font, color=one.colour, zorder=5)  # fmt: skip
        extent = text.get_window_extent(renderer)
        half = (extent.width / 2 + 1, extent.height / 2)
        others = [mark for at, mark in enumerate(marks) if at != number]

        def cost(offset: tuple[float, float], at: int = number, half: tuple[float, float] = half,
                 others: list[Box] = others) -> float:  # fmt: skip
            box = _box(spots[at], offset, half, pixels)
            outside = max(frame.x0 - 40 - box[0], 0) + max(box[2] - frame.x1 - 25, 0)
            outside += max(frame.y0 - box[1], 0) + max(box[3] - frame.y1 - 10, 0)
            hidden = 4 * sum(_overlap(box, other) for other in taken) + 3 * sum(
                _overlap(box, other) for other in others
            )
            hidden += sum(_overlap(box, other) for other in lines)
            return float(hidden + outside * 50 + 0.01 * (abs(offset[0]) + abs(offset[1])))

        best = min(_TRIES, key=cost)
        text.set_position(_shifted(best, half, pixels))
        taken.append(_box(spots[number], best, half, pixels))


def _line_boxes(axes: Axes) -> list[Box]:
    """Small boxes along every drawn line, in pixels."""
    boxes = []
    for line in axes.get_lines():
        spots = axes.transData.transform(line.get_xydata())
        for (x0, y0), (x1, y1) in pairwise(spots):
            steps = max(int(max(abs(x1 - x0), abs(y1 - y0)) / (2 * _LINE)), 1)
            for step in range(steps + 1):
                x, y = x0 + (x1 - x0) * step / steps, y0 + (y1 - y0) * step / steps
                boxes.append((x - _LINE, y - _LINE, x + _LINE, y + _LINE))
    return boxes


def _shifted(offset: tuple[float, float], half: tuple[float, float], pixels: float) -> tuple[float, float]:
    """To the side the label stands beside the point, not across it."""
    dx = 0.0 if offset[0] == 0 else (half[0] / pixels + 2) * (1 if offset[0] > 0 else -1)
    return dx, offset[1]


def _box(spot: tuple[float, ...], offset: tuple[float, float], half: tuple[float, float], pixels: float) -> Box:
    dx, dy = _shifted(offset, half, pixels)
    x, y = spot[0] + dx * pixels, spot[1] + dy * pixels
    return x - half[0], y - half[1], x + half[0], y + half[1]


def _overlap(a: Box, b: Box) -> float:
    """The area that two boxes share."""
    return max(min(a[2], b[2]) - max(a[0], b[0]), 0) * max(min(a[3], b[3]) - max(a[1], b[1]), 0)
