"""Reports made by hand and libraries to put them in."""

from __future__ import annotations

import datetime as dt
import hashlib
from collections.abc import Callable, Iterator, Sequence
from decimal import Decimal
from pathlib import Path
from typing import Any

import numpy as np
import pytest

from zhengwen.index.keywords import tokens
from zhengwen.index.library import Library
from zhengwen.index.settings import EmbedderSettings
from zhengwen.ingest.models import About, Block, Figure, Known, Period, Region, Report
from zhengwen.ingest.passages import cut
from zhengwen.ingest.textmap import Edit, MappedText

MakeReport = Callable[..., Report]
PLACES = {
    "371602": ("山东省滨州市滨城区", "county"),
    "371600": ("山东省滨州市", "city"),
    "370000": ("山东省", "province"),
    "120101": ("天津市和平区", "county"),
}


def figure(text: str, surface: str, *, sentence: tuple[int, int], **fields: Any) -> Figure:
    """A figure whose surface stands once in the sentence."""
    at = text.index(surface, sentence[0])
    return Figure(
        surface=surface,
        start=at,
        end=at + len(surface),
        sentence_start=sentence[0],
        sentence_end=sentence[1],
        clause_start=sentence[0],
        clause_end=sentence[1],
        **fields,
    )


def build_report(
    source: str,
    *,
    code: str | None = "371602",
    year: int = 2020,
    facts: Sequence[tuple[str, str, str]] = (("城镇新增就业", "7198", "人"),),
    remark: str = "",
) -> Report:
    """A report of one heading and one paragraph a fact; its source has a menu line that the clean text has not.

    Facts with the unit % are growth rates of the year; the last fact is a target of the next year.
    """
    region = Region(code=code, name=PLACES[code][0], level=PLACES[code][1]) if code else None  # type: ignore[arg-type]
    lines = [f"{region.name if region else '本地'}{year}年工作回顾{remark}"]
    lines += [f"全年{name}{value}{unit}，这是写给测试的一句话。" for name, value, unit in facts]
    original = "首页 导航\n" + "\n".join(lines)
    mapped = MappedText.of(original).edit([Edit(0, 6)])
    text, sha256 = mapped.text, hashlib.sha256(original.encode()).hexdigest()
    blocks, figures, at = [], [], 0
    for number, line in enumerate(lines):
        end = at + len(line)
        kind = "heading" if number == 0 else "text"
        headings = () if number == 0 else (lines[0],)
        blocks.append(Block(start=at, end=end, kind=kind, headings=headings, mode="review", period=Period.years(year)))
        if number:
            name, value, unit = facts[number - 1]
            target = number == len(facts) and number > 1
            figures.append(
                figure(
                    text,
                    value + unit,
                    sentence=(at, end),
                    indicator=name,
                    indicator_text=name,
                    canonical=True,
                    value=Decimal(value),
                    unit=unit,
                    kind="change" if unit == "%" else "count",
                    status="target" if target else "actual",
                    period=Period.years(year + 1 if target else year),
                    region=region,
                )
            )
        at = end + 1
    about = About(
        region=Known[Region](value=region, how="text") if region else Known[Region](),
        kind="work_report",
        title=Known[str](value=f"{region.name if region else ''}{year}年工作报告", how="title"),
        date=Known[dt.date](value=dt.date(year + 1, 1, 19), how="text"),
        year_reviewed=Known[int](value=year, how="text"),
    )
    return Report(
        id=sha256[:16],
        sha256=sha256,
        source=source,
        encoding="utf-8",
        text=text,
        offsets=mapped.map.segments,
        source_text=original,
        about=about,
        blocks=tuple(blocks),
        passages=cut(text, blocks, sha256=sha256, offsets=mapped.map, source_text=original),
        figures=tuple(figures),
    )


@pytest.fixture
def make_report() -> MakeReport:
    return build_report


@pytest.fixture
def empty_library(tmp_path: Path) -> Iterator[Library]:
    """A new library without an embedder."""
    with Library.open(tmp_path / "library", embedder=EmbedderSettings(engine="none"), create=True) as library:
        yield library


def write_report(path: Path, *, place: str, year: int, jobs: int, homes: int, rate: str) -> None:
    """A small report as a Markdown file, in sentences of its own."""
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_text(
        f"# {year + 1}年{place}政府工作报告\n\n——{year + 1}年1月19日在{place}人民代表大会上\n\n"
        f"一、{year}年工作回顾\n\n"
        f"过去一年，全区城镇新增就业{jobs}人，为上年的一点三倍。改造老旧小区{homes}个，居民用水用气更加便利。\n\n"
        f"一般公共预算收入增长{rate}%。道路、学校和公园逐项建成，群众办事更加方便。\n\n"
        f"二、{year + 1}年工作安排\n\n新的一年，计划新增就业{jobs + 100}人以上，再改造老旧小区{homes + 5}个。\n",
        encoding="utf-8",
    )


@pytest.fixture
def write_small_report() -> Callable[..., None]:
    return write_report


class BigramEmbedder:
    """A small embedder that needs no model: hashed bigrams, so that texts sharing words are near."""

    identity = "bigrams/64"
    dimensions = 64

    def question(self, text: str) -> np.ndarray[Any, np.dtype[np.float32]]:
        vector = np.full(self.dimensions, 1e-3, dtype=np.float32)
        for token in tokens(text):
            vector[sum(map(ord, token)) % self.dimensions] += 1
        return np.asarray(vector / np.linalg.norm(vector), dtype=np.float32)

    def passages(
        self, texts: Sequence[str], *, progress: Callable[[int], None] | None = None
    ) -> np.ndarray[Any, np.dtype[np.float32]]:
        del progress
        return np.stack([self.question(text) for text in texts])


@pytest.fixture
def bigram_embedder() -> BigramEmbedder:
    return BigramEmbedder()
