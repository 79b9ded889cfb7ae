"""The way of a report: one file becomes one finished `Report`, in the order of the steps below."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from pathlib import Path
from typing import Protocol

from zhengwen.ingest.errors import InputError
from zhengwen.ingest.models import About, Block, Figure, Passage, Repair, Report
from zhengwen.ingest.settings import IngestSettings
from zhengwen.ingest.sources import Source, read_source
from zhengwen.ingest.textmap import Edit, MappedText

MAX_PARAGRAPH = 30_000
"""Figures are not read from longer ones; the longest of 2,216 reports has 15,376 characters: a text without breaks."""


class Mended(Protocol):
    """What a mending step gives: edits of the text it was given, and the explanation of each."""

    @property
    def edits(self) -> tuple[Edit, ...]: ...
    @property
    def repairs(self) -> tuple[Repair, ...]: ...


def read_report(
    path: Path,
    *,
    source: str | None = None,
    settings: IngestSettings = IngestSettings(),  # noqa: B008 - frozen
    sidecar: Mapping[str, str] | None = None,
) -> Report:
    """Read one file into a Report; `source` is the name to store for it, by default the path as given.

    `sidecar` gives facts about the report (region, date, title, url …) that win over its text.
    Raises InputError with one line that says what is wrong with the file and what to do.
    """
    return build_report(read_source(path, source=source, settings=settings, sidecar=sidecar), settings=settings)


def build_report(source: Source, *, settings: IngestSettings = IngestSettings()) -> Report:  # noqa: B008 - frozen
    """After reading: repair, normalise, clear furniture, describe, outline, passages, figures and corrections."""
    from zhengwen.ingest.furniture import remove_furniture
    from zhengwen.ingest.normalise import normalise
    from zhengwen.ingest.outline import outline

    body, repairs = _mended(source)
    text, removals = remove_furniture(normalise(body))
    about = _described(source, text)
    blocks = outline(text.text, about)
    passages = _passages(source, text, blocks, settings)
    read, unread = _figures(text, blocks, about, repairs)
    figures, unapplied = _corrected(source, text, read)
    return Report(
        id=source.sha256[:16],
        sha256=source.sha256,
        source=source.source,
        encoding=source.encoding,
        text=text.text,
        offsets=text.map.segments,
        source_text=source.text,
        about=about,
        blocks=blocks,
        passages=passages,
        figures=figures,
        repairs=tuple(sorted(repairs, key=lambda one: one.start)),
        removals=source.removals + removals,
        warnings=source.warnings + unread + unapplied,
    )


def _mended(source: Source) -> tuple[MappedText, list[Repair]]:
    """The body with damaged places and broken numbers mended, and every repair with its span in the source."""
    from zhengwen.ingest.garble import repair
    from zhengwen.ingest.normalise_lines import close_gaps
    from zhengwen.ingest.normalise_numbers import mend_numbers
    from zhengwen.ingest.normalise_wrapped import join_wrapped_lines

    body, repairs = join_wrapped_lines(close_gaps(source.body)), list(source.repairs)
    mends: tuple[Callable[[str], Mended], ...] = (repair, mend_numbers)
    for mend in mends:
        mended = mend(body.text)
        repairs += [_at_source(one, body) for one in mended.repairs]
        body = body.edit(mended.edits)
    return body, repairs


def _described(source: Source, text: MappedText) -> About:
    from zhengwen.ingest.about import describe

    if not text.text:
        raise InputError(f"{source.source}: holds no text besides page furniture; check that it is the report itself")
    try:
        return describe(text.text, source=source.source, front_matter=source.front_matter, sidecar=source.sidecar)
    except ValueError as error:  # a sidecar's value that cannot be
        raise InputError(f"{source.source}: {error}: correct the sidecar") from None


def _passages(
    source: Source, text: MappedText, blocks: Sequence[Block], settings: IngestSettings
) -> tuple[Passage, ...]:
    from zhengwen.ingest.passages import cut

    return cut(
        text.text,
        blocks,
        sha256=source.sha256,
        offsets=text.map,
        source_text=source.text,
        limit=settings.passage_characters,
    )


def _figures(
    text: MappedText, blocks: Sequence[Block], about: About, repairs: Sequence[Repair]
) -> tuple[list[Figure], tuple[str, ...]]:
    """The figures, but none of damaged places or endless paragraphs; and a warning where there are such paragraphs."""
    from zhengwen.ingest.figures import read_figures

    readable = [block for block in blocks if block.end - block.start <= MAX_PARAGRAPH]
    found = read_figures(text.text, readable, about)
    figures = [_flagged(one, text, repairs) for one in found if not _doubtful(one, text, repairs)]
    left = len(blocks) - len(readable)
    return figures, (f"no figures read from {left} paragraphs over {MAX_PARAGRAPH} characters",) if left else ()


def _corrected(
    source: Source, text: MappedText, figures: Sequence[Figure]
) -> tuple[tuple[Figure, ...], tuple[str, ...]]:
    """The figures as the corrections beside the file leave them, and a warning for each that fits no figure."""
    from zhengwen.ingest.corrections import KEY, apply_corrections

    given = source.sidecar.get(KEY, "")
    return apply_corrections(figures, given, sha256=source.sha256, offsets=text.map, source_text=source.text)


def _at_source(repair: Repair, body: MappedText) -> Repair:
    """A repair found in the body, with its span in the source."""
    start, end = body.map.source_span(repair.start, repair.end)
    return repair.model_copy(update={"start": start, "end": end})


def _doubtful(figure: Figure, text: MappedText, repairs: Sequence[Repair]) -> bool:
    """True for a figure that touches a damaged place which could not be mended: a digit may be missing there."""
    start, end = text.map.source_span(figure.start, figure.end)
    return any(one.certainty == "undecided" and one.start <= end and start <= one.end for one in repairs)


def _flagged(figure: Figure, text: MappedText, repairs: Sequence[Repair]) -> Figure:
    """The figure, with a flag where its sentence holds a mended place."""
    start, end = text.map.source_span(figure.sentence_start, figure.sentence_end)
    mended = any(one.certainty != "undecided" and one.start < end and start < one.end for one in repairs)
    return figure.model_copy(update={"repaired": True}) if mended else figure
