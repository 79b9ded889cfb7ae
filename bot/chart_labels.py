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
_FAR = 3.0
"""What a point of distance costs, in hidden pixels: a label over a line is better than one that has lost its point."""
_LEADER_FROM = 28
"""Labels this far off are tied to their points by a thin line."""
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


@dataclass(frozen=True)
class _Page:
    """What a label may hide, and the frame it stays in; all in pixels."""

    frame: Any
    marks: tuple[Box, ...]
    lines: tuple[Box, ...]
    taken: list[Box]
    pixels: float
    """Pixels in a point."""

    def cost(self, number: int, offset: tuple[float, float], half: tuple[float, float]) -> float:
        """What the label of a point hides if it stands there, labels counting most, and how far it has gone."""
        box = self.box(number, offset, half)
        outside = max(self.frame.x0 - 40 - box[0], 0) + max(box[2] - self.frame.x1 - 25, 0)
        outside += max(self.frame.y0 - box[1], 0) + max(box[3] - self.frame.y1 - 10, 0)
        hidden = 4 * sum(_overlap(box, other) for other in self.taken)
        hidden += 3 * sum(_overlap(box, other) for at, other in enumerate(self.marks) if at != number)
        hidden += sum(_overlap(box, other) for other in self.lines)
        return float(hidden + outside * 50 + _FAR * (abs(offset[0]) + abs(offset[1])))

    def box(self, number: int, offset: tuple[float, float], half: tuple[float, float]) -> Box:
        """The label's box at an offset from its point."""
        mark = self.marks[number]
        dx, dy = _shifted(offset, half, self.pixels)
        x, y = (mark[0] + mark[2]) / 2 + dx * self.pixels, (mark[1] + mark[3]) / 2 + dy * self.pixels
        return x - half[0], y - half[1], x + half[0], y + half[1]


def place_labels(axes: Axes, wanted: Sequence[Wanted], font: FontProperties) -> None:
    """Write every label where it hides the least: above its point if it can, else below or further off."""
    canvas = axes.figure.canvas
    renderer: Any = canvas.get_renderer()  # type: ignore[attr-defined]
    canvas.draw()
    spots = [axes.transData.transform((one.x, one.y)) for one in wanted]
    page = _Page(
        frame=axes.get_window_extent(renderer),
        marks=tuple((x - _POINT, y - _POINT, x + _POINT, y + _POINT) for x, y in spots),
        lines=tuple(_line_boxes(axes)),
        taken=[],
        pixels=axes.figure.dpi / 72,
    )
    for number, one in enumerate(wanted):
        text = axes.annotate(
            one.text,
            (one.x, one.y),
            xytext=(0, 0),
            textcoords="offset points",
            ha="center",
            va="center",
            fontproperties=font,
            color=one.colour,
            zorder=2.8,  # over the lines, which its pale ground covers; under the points
            bbox={"facecolor": "white", "edgecolor": "none", "alpha": 0.75, "pad": 0.6},
        )
        extent = text.get_window_extent(renderer)
        half = (extent.width / 2 + 1, extent.height / 2)
        best = min(_TRIES, key=lambda offset: page.cost(number, offset, half))
        place = _shifted(best, half, page.pixels)
        text.set_position(place)
        page.taken.append(page.box(number, best, half))
        if abs(best[1]) >= _LEADER_FROM:
            _leader(axes, one, best)


def _leader(axes: Axes, one: Wanted, offset: tuple[float, float]) -> None:
    """A thin line from the point to a label that stands far off."""
    near = tuple(part * 0.75 for part in offset)
    line = {"arrowstyle": "-", "color": "#AAAAAA", "linewidth": 0.8, "shrinkA": 0, "shrinkB": 5}
    axes.annotate("", (one.x, one.y), xytext=(near[0], near[1]), textcoords="offset points", arrowprops=line, zorder=3)


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


def _overlap(a: Box, b: Box) -> float:
    """The area that two boxes share."""
    return max(min(a[2], b[2]) - max(a[0], b[0]), 0) * max(min(a[3], b[3]) - max(a[1], b[1]), 0)
