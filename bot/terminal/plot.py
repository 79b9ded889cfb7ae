"""`plot`: a chart of what the reports say, as a picture or in the terminal."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING

import click

from zhengwen.bot.terminal.session import Session
from zhengwen.ingest.errors import InputError, UsageError

if TYPE_CHECKING:
    from zhengwen.bot.chart_draw import Format
    from zhengwen.bot.chart_models import Chart

_NARROWEST = 40
_PIPE_WIDTH = 100


@click.command(
    short_help="Draw a chart of figures, with their sources.",
    epilog="Examples: zhengwen plot 滨城区 GDP 2016-2020 -o gdp.png · zhengwen plot 山东各市 2020 GDP -o cities.svg"
    " · zhengwen plot 滨城区历年新增就业 --text",
)
@click.argument("question", nargs=-1, required=True)
@click.option("-o", "--output", type=click.Path(path_type=Path), help="The picture: a .png, .svg or .pdf file.")
@click.option("--text", is_flag=True, help="Draw in the terminal; the default where no -o is given.")
@click.option("--targets", is_flag=True, help="Draw each year's target beside its result too.")
@click.option("--json", "as_json", is_flag=True, help="Print the points, lines and sources as one JSON object.")
@click.pass_obj
def plot(
    session: Session, question: tuple[str, ...], output: Path | None, text: bool, targets: bool, as_json: bool
) -> None:
    """Draw what QUESTION asks, in free words: places, what is measured, years.

    Every point carries its figure as printed and its source. Targets are hollow and dashed, estimates pale; a year
    without a figure stays a gap.
    """
    from zhengwen.bot.chart_draw import draw

    form = _format(output) if output is not None else None
    chart = _chart(session, " ".join(question), targets=targets)
    if output is not None and form is not None:
        _write(output, draw(chart, format=form))
        from zhengwen.bot.terminal.tables import counted, visible

        session.err.print(visible(f"{counted(len(chart.points), 'figure')} drawn in {output}"))
    if as_json:
        from zhengwen.bot.jsonl import json_line

        click.echo(json_line(chart.model_dump(mode="json") | {"segments": _segments(chart)}))
    elif text or output is None:
        from zhengwen.bot.chart_text import draw_text

        console = session.out
        width = max(console.width, _NARROWEST) if console.is_terminal else _PIPE_WIDTH
        colour = console.is_terminal and not console.no_color
        click.echo(draw_text(chart, width=width, colour=colour), nl=False, color=colour)


def _format(output: Path) -> Format:
    forms: dict[str, Format] = {".png": "png", ".svg": "svg", ".pdf": "pdf"}
    form = forms.get(output.suffix.lower())
    if form is None:
        raise UsageError(f"{output}: a chart is written as .png, .svg or .pdf; name the file so")
    if not output.parent.is_dir():
        raise UsageError(f"{output}: there is no folder {output.parent}; make it first or choose another")
    return form


def _chart(session: Session, words: str, *, targets: bool) -> Chart:
    """The chart of the words. Raises InputError with the answer's own words where there is nothing to draw."""
    from zhengwen.bot.chart_ask import figures_for_chart
    from zhengwen.bot.chart_build import build_chart

    words = words.encode("utf-8", "replace").decode("utf-8").strip()
    if not words:
        raise UsageError("the question is empty; ask for example: zhengwen plot 滨城区 GDP 2016-2020 -o gdp.png")
    with session.open() as library:
        asked = figures_for_chart(library, words, today=session.today, settings=session.config.answer, targets=targets)
    if not asked.answer.answered:
        raise InputError(asked.answer.text)
    return build_chart(asked.answer, years=asked.years, notes=asked.notes, publishers=asked.publishers, least=1)


def _segments(chart: Chart) -> list[dict[str, object]]:
    return [segment.model_dump(mode="json") for segment in chart.segments]


def _write(output: Path, data: bytes) -> None:
    try:
        output.write_bytes(data)
    except OSError as error:
        raise InputError(f"{output}: cannot be written ({error.strerror}); choose another place with -o") from error
