"""What the library holds, as messages: /regions, /reports, /figures, /about."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from importlib.metadata import PackageNotFoundError, version

from zhengwen.bot.held import held_regions, reports_of
from zhengwen.bot.listing import list_figures
from zhengwen.bot.telegram.desk_models import ListPage, Reply
from zhengwen.bot.telegram.richtext import LIMIT, Block, block, pages, to_html, units
from zhengwen.bot.telegram.texts import table, text
from zhengwen.bot.wording import short, when
from zhengwen.index.library import Library
from zhengwen.index.lookup import StoredFigure
from zhengwen.ingest.errors import InputError
from zhengwen.ingest.models import Figure, Region
from zhengwen.ingest.regions import gazetteer

_ROWS = 25
_FIGURES = 60


def listed(library: Library, name: str, page: int) -> ListPage:
    """One page of "regions" or "reports", counted from 1; a number beyond the end gives the last page."""
    rows = _regions(library) if name == "regions" else _reports(library)
    if not rows:
        return ListPage(html=to_html([block(text("lists.empty"))]), page=1, pages=1)
    cut = _cut(rows)
    at = min(max(page, 1), len(cut))
    blocks = [block(text(f"lists.{name}", count=len(rows)), mark="b"), *cut[at - 1]]
    if len(cut) > 1:
        blocks.append(block(text("lists.page", page=at, pages=len(cut)), gap=True))
    return ListPage(html=to_html(blocks), page=at, pages=len(cut))


def figures(library: Library, words: str) -> Reply:
    """The figures of a place: `滨州市 2023 就业`; year and indicator may be missing."""
    parts = words.split()
    if not parts:
        return _said(text("lists.figures_usage", example=_example(library)))
    region, *rest = parts
    year_given = next((int(one.strip("年")) for one in rest if one.strip("年").isdecimal() and len(one) < 7), None)
    indicator = "".join(one for one in rest if not one.strip("年").isdecimal())
    try:
        rows = list_figures(library, region=region, year=year_given, indicator=indicator or None)
    except InputError:
        return _said(text("lists.no_region", name=region[:40]))
    if not rows:
        return _said(text("lists.figures_none"))
    year = text("lists.figures_year", year=year_given) if year_given else ""
    head = block(text("lists.figures", region=region, year=year, count=len(rows)), mark="b")
    blocks = [head, *(_figure(row, dated=not year_given) for row in rows[:_FIGURES])]
    if len(rows) > _FIGURES:
        more = text("lists.figures_more", shown=_FIGURES, region=region, year=year_given or _latest(rows))
        blocks.append(block(more, gap=True))
    return Reply(pages=tuple(pages(blocks)), outcome="page")


def about(library: Library) -> Reply:
    """What this is, and how much it holds."""
    rows = library.reports()
    try:
        release = version("zhengwen")
    except PackageNotFoundError:
        release = ""
    counts = {"regions": len(held_regions(library)), "reports": len(rows), "figures": sum(row.figures for row in rows)}
    return _said(text("about", version=release, **counts))


def any_citation(library: Library) -> str:
    """Some citation id, for an example; empty where the library holds nothing."""
    rows = library.reports()
    return next((one.id for one in library.passages_of(rows[0])), "") if rows else ""


def _example(library: Library) -> str:
    """滨州市 2023: a place that is held, with a year that is."""
    for code, region in held_regions(library).items():
        for row in reports_of(library, code):
            if row.year_reviewed:
                return f"{short(region)} {row.year_reviewed}"
    return ""


def _said(words: str) -> Reply:
    return Reply(pages=(to_html([block(words)]),), outcome="page")


def _regions(library: Library) -> list[Block]:
    """辽宁省 as a heading would, then its cities: the divisions in the order of their codes."""
    rows = []
    for code, region in sorted(held_regions(library).items()):
        years = sorted({row.year_reviewed for row in reports_of(library, code) if row.year_reviewed})
        name = _placed(region)
        rows.append(block((name, "b"), text("lists.region", name="", years=runs(years)) if years else ""))
    return rows


def _placed(region: Region) -> str:
    """滨州市滨城区: with the place above for a district, whose name may be found twice."""
    above = gazetteer().parent(region.code)
    if region.level == "county" and above is not None:
        return f"{short(above)}{short(region)}"
    return short(region)


def runs(years: Iterable[int]) -> str:
    """2014、2018—2021."""
    found: list[list[int]] = []
    for year in years:
        if found and year == found[-1][-1] + 1:
            found[-1].append(year)
        else:
            found.append([year])
    return "、".join(f"{run[0]}—{run[-1]}" if len(run) > 2 else "、".join(map(str, run)) for run in found)


def _reports(library: Library) -> list[Block]:
    rows = []
    for row in library.reports():
        date = text("source.date", date=row.date) if row.date else ""
        place = short(row.region) if row.region else text("lists.unknown")
        title = row.title or text("lists.untitled")
        named = title if place in title else f"{place} {title}"
        rows.append(block("· ", text("lists.report", title=named, date=date)))
    return rows


def _cut(rows: Sequence[Block]) -> list[list[Block]]:
    """Pages of at most 25 rows that fit into a message with room for head and foot."""
    cut: list[list[Block]] = [[]]
    length = 0
    for row in rows:
        more = units(row.text) + 1
        if len(cut[-1]) == _ROWS or (cut[-1] and length + more > LIMIT - 200):
            cut.append([])
            length = 0
        cut[-1].append(row)
        length += more
    return cut


def _figure(row: StoredFigure, *, dated: bool) -> Block:
    figure = row.figure
    status = text(f"answer.{figure.status}") if figure.status != "actual" else ""
    time = when(figure.period) + " " if dated and figure.period else ""
    name = figure.indicator if figure.canonical else figure.indicator_text
    return block(f"· {time}{name} {status}{_said_as(name, figure)}", (figure.surface, "b"))


def _said_as(name: str, figure: Figure) -> str:
    """增长, 下降 or 完成 before a figure that is no amount of its indicator, where the name does not say so."""
    if figure.kind == "completion":
        return text("lists.completed")
    if figure.kind not in ("change", "change_pp") or name.endswith(tuple(table("lists.says_change"))):
        return ""
    return text("lists.fell" if figure.value < 0 else "lists.rose")


def _latest(rows: Sequence[StoredFigure]) -> int | str:
    years = [row.figure.period.end.year for row in rows if row.figure.period]
    return max(years, default="")
