"""Figures and answers for the tests of charts: written out, or drawn by chance."""

from __future__ import annotations

from collections.abc import Sequence
from decimal import Decimal
from typing import Any

from hypothesis import strategies as st

from zhengwen.bot.chart import Chart, chart_points
from zhengwen.bot.models import Answer, Citation, FigureShown
from zhengwen.ingest.models import Period

BINCHENG, LINGCHENG, HEPING = "山东省滨州市滨城区", "山东省德州市陵城区", "天津市和平区"
YEARS = tuple(range(2010, 2026))


def shown(value: str, year: int | str | None, *, region: str = BINCHENG, **fields: Any) -> FigureShown:
    """A level in 亿元 of one year, unless the fields say otherwise; a citation of its own for each value and year."""
    amount = fields.pop("amount", format(Decimal(value) * 10**8, "f"))
    defaults = {
        "indicator": "地区生产总值",
        "value": amount,
        "unit": "元",
        "surface": f"{value}亿元",
        "region": region,
        "period": Period.parse(str(year)) if year is not None else None,
        "kind": "level",
        "citation": 1,
    }
    return FigureShown.model_validate(defaults | fields)


def percent(value: str, year: int | str, **fields: Any) -> FigureShown:
    defaults = {"amount": value, "unit": "%", "surface": f"{value.lstrip('-')}%", "kind": "change"}
    return shown(value, year, **(defaults | fields))


def answered(*figures: FigureShown, text: str = "") -> Answer:
    numbers = sorted({one.citation for one in figures})
    citations = tuple(
        Citation(n=n, id=f"c{n}", title=f"第{n}份报告", source=f"{n}.md", quote="", start=0, end=0) for n in numbers
    )
    return Answer(question="?", answered=True, text=text, figures=figures, citations=citations)


@st.composite
def rows(draw_value: st.DrawFn) -> tuple[FigureShown, ...]:
    """Figures of one indicator: some regions, some years, results, estimates and targets, conflicts too."""
    regions = draw_value(st.lists(st.sampled_from((BINCHENG, LINGCHENG, HEPING)), min_size=1, max_size=3, unique=True))
    spots = draw_value(
        st.lists(
            st.tuples(
                st.sampled_from(regions),
                st.sampled_from(YEARS),
                st.sampled_from(("actual", "target")),
                st.booleans(),
                st.decimals(min_value="0.01", max_value="99999", places=2),
                st.sampled_from(("exact", "about", "at_least", "more_than", "at_most", "less_than", "nearly")),
            ),
            min_size=2,
            max_size=14,
        )
    )
    return tuple(
        shown(str(value), year, region=region, status=status, estimated=estimated, bound=bound, citation=number)
        for number, (region, year, status, estimated, value, bound) in enumerate(spots, 1)
    )


def charted(figures: Sequence[FigureShown]) -> Chart:
    chart = chart_points(answered(*figures))
    assert chart is not None
    return chart
