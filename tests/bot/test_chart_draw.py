"""Charts drawn as SVG, PNG, PDF and in a terminal: readable, whole, and the same every time."""

from __future__ import annotations

import io
import random
import re
import threading
import xml.etree.ElementTree as ElementTree

from hypothesis import given, settings
from hypothesis import strategies as st
from rich.cells import cell_len

from tests.bot.figures_to_draw import charted, rows, shown
from zhengwen.bot.chart import draw, draw_text
from zhengwen.bot.chart_labels import Wanted, place_labels
from zhengwen.bot.models import FigureShown


@given(rows(), st.integers(min_value=40, max_value=120), st.booleans())
@settings(max_examples=40, deadline=None)
def test_the_terminal_chart_fits_its_width_and_holds_every_label(
    figures: tuple[FigureShown, ...], width: int, colour: bool
) -> None:
    chart = charted(figures)
    text = draw_text(chart, width=width, colour=colour)
    plain = re.sub(r"\x1b\[[0-9;]*m", "", text)
    assert (plain != text) == colour
    assert all(cell_len(line) <= width for line in plain.splitlines())
    for point in chart.points:
        assert point.label in plain
    for gap in chart.gaps:
        assert f"{gap}年" in plain


@given(rows())
@settings(max_examples=4, deadline=None)
def test_an_svg_holds_every_label_as_text(figures: tuple[FigureShown, ...]) -> None:
    chart = charted(figures)
    root = ElementTree.fromstring(draw(chart, format="svg"))
    texts = [text for element in root.iter() if element.tag.endswith("}text") and (text := "".join(element.itertext()))]
    for point in chart.points:
        assert point.label in texts
    assert chart.title in texts


def test_a_png_decodes_to_a_picture_that_is_not_blank_and_a_pdf_is_one() -> None:
    import numpy as np
    from matplotlib.image import imread

    chart = charted([shown("100", 2019), shown("120", 2020)])
    picture = imread(io.BytesIO(draw(chart)), format="png")
    height, width = picture.shape[:2]
    assert width >= 1000
    assert height >= 500
    assert 0.002 < float(np.mean(picture[..., :3].min(axis=2) < 0.5)) < 0.3
    assert draw(chart, format="pdf").startswith(b"%PDF-")


def test_the_same_chart_gives_the_same_bytes_from_any_thread() -> None:
    charts = [charted([shown(str(n), 2019), shown(str(n + 1), 2020), shown(str(n), 2021)]) for n in (10, 20, 30, 40)]
    expected = [draw(chart, format="svg") for chart in charts]
    found: dict[int, bytes] = {}

    def work(number: int) -> None:
        found[number] = draw(charts[number], format="svg")

    threads = [threading.Thread(target=work, args=(number,)) for number in random.Random(1).sample(range(4), 4)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert [found[number] for number in range(4)] == expected


def test_drawing_leaves_the_callers_settings_alone() -> None:
    import matplotlib as mpl

    before = dict(mpl.rcParams)
    draw(charted([shown("100", 2019), shown("120", 2020)]))
    assert dict(mpl.rcParams) == before


def test_a_dollar_in_a_title_is_no_formula() -> None:
    figures = [shown("1", 2019, indicator="进出口$总额$_x"), shown("2", 2020, indicator="进出口$总额$_x")]
    assert "进出口$总额$_x" in draw(charted(figures), format="svg").decode()


def test_labels_of_neighbouring_points_do_not_cover_each_other() -> None:
    from matplotlib.backends.backend_agg import FigureCanvasAgg
    from matplotlib.figure import Figure
    from matplotlib.font_manager import FontProperties

    figure = Figure(figsize=(8, 5), dpi=100)
    canvas = FigureCanvasAgg(figure)
    axes = figure.add_axes((0.1, 0.1, 0.85, 0.85))
    axes.plot([0, 1, 2, 3], [1, 1.01, 1.0, 1.02])
    axes.margins(0.2)
    wanted = [Wanted(x=x, y=1.0 + x / 100, text=f"12345.6[{x}]", colour="black") for x in (0, 0.2, 0.4, 3)]
    place_labels(axes, wanted, FontProperties(size=9))
    boxes = [text.get_window_extent(canvas.get_renderer()) for text in axes.texts if text.get_text()]
    assert len(boxes) == len(wanted)
    for number, one in enumerate(boxes):
        assert not any(one.overlaps(other) for other in boxes[number + 1 :])
