"""The default embedder's weights as a sentence-transformers model folder, for the strong engine and other tools."""

from __future__ import annotations

import hashlib
import json
import logging
import re
import shutil
import unicodedata
from pathlib import Path
from typing import Any

import numpy as np

from zhengwen.index.e5_weights import Floats, Vocabulary, Weights, dequantise
from zhengwen.index.files import part_of

EXPORT_VERSION = 1
NAME = "multilingual-e5-small"
_MANIFEST = "manifest.json"
_PRIVATE = "\ue000"
_SAMPLE = 1 << 20
_log = logging.getLogger(__name__)

_LAYER = {
    "q": "attention.self.query",
    "k": "attention.self.key",
    "v": "attention.self.value",
    "ao": "attention.output.dense",
    "aln": "attention.output.LayerNorm",
    "fi": "intermediate.dense",
    "fo": "output.dense",
    "oln": "output.LayerNorm",
}


def exported(weights: Path, cache: Path) -> Path:
    """The model folder under `cache`, written at the first call (about 470 MB) and again when it is damaged.

    Several processes may call this at once: each writes its own folder and one of them stays. Raises OSError.
    """
    folder = cache / f"{NAME}-{EXPORT_VERSION}"
    if _whole(folder):
        return folder
    cache.mkdir(parents=True, exist_ok=True)
    fresh = part_of(folder)
    try:
        export(Weights(weights), fresh)
        if folder.exists() and not _whole(folder):
            _log.warning("%s is damaged and is written again", folder)
            damaged = folder.rename(part_of(folder))
            shutil.rmtree(damaged, ignore_errors=True)
        if not folder.exists():
            fresh.rename(folder)
    except OSError:
        if not _whole(folder):  # otherwise another process was faster, and its folder is as good
            raise
    finally:
        shutil.rmtree(fresh, ignore_errors=True)
    return folder


def export(weights: Weights, folder: Path) -> None:
    """Write the model folder: fp32 weights, tokenizer, mean pooling, unit length, the prompts of E5."""
    from safetensors.numpy import save_file

    (folder / "1_Pooling").mkdir(parents=True)
    (folder / "2_Normalize").mkdir()
    save_file(_tensors(weights), folder / "model.safetensors", metadata={"format": "pt"})
    tokenizer(weights.vocabulary).save(str(folder / "tokenizer.json"))
    for name, content in _configuration(weights).items():
        (folder / name).write_text(json.dumps(content, indent=2, ensure_ascii=False), encoding="utf-8")
    manifest = {str(path.relative_to(folder)): _digest(path) for path in sorted(folder.rglob("*")) if path.is_file()}
    (folder / _MANIFEST).write_text(json.dumps(manifest, indent=2), encoding="utf-8")


def _whole(folder: Path) -> bool:
    try:
        manifest = json.loads((folder / _MANIFEST).read_text(encoding="utf-8"))
        return all(_digest(folder / name) == digest for name, digest in manifest.items())
    except (OSError, ValueError, AttributeError):
        return False


def _digest(path: Path) -> str:
    """Of a file's size, beginning and end: reading all 470 MB at every start would cost more than it finds."""
    size = path.stat().st_size
    with path.open("rb") as file:
        first = file.read(_SAMPLE)
        file.seek(max(0, size - _SAMPLE))
        return f"{size}:{hashlib.sha256(first + file.read()).hexdigest()}"


def _tensors(weights: Weights) -> dict[str, Floats]:
    hidden = weights.shape.hidden

    def matrix(name: str, inputs: int = hidden) -> Floats:
        return dequantise(weights.blocks(name)).reshape(-1, inputs)

    tensors = {
        "embeddings.word_embeddings.weight": matrix("emb.word"),
        "embeddings.position_embeddings.weight": weights.floats("emb.pos").reshape(-1, hidden),
        "embeddings.token_type_embeddings.weight": weights.floats("emb.type").reshape(-1, hidden),
        "embeddings.LayerNorm.weight": weights.floats("emb.ln.w"),
        "embeddings.LayerNorm.bias": weights.floats("emb.ln.b"),
    }
    for number in range(weights.shape.layers):
        for short, long in _LAYER.items():
            name, target = f"l{number}.{short}", f"encoder.layer.{number}.{long}"
            inputs = weights.shape.feed_forward if short == "fo" else hidden
            norm = short.endswith("ln")
            tensors[f"{target}.weight"] = weights.floats(f"{name}.w") if norm else matrix(f"{name}.w", inputs)
            tensors[f"{target}.bias"] = weights.floats(f"{name}.b")
    # Not used with mean pooling, but a BertModel has one, and loaders complain of its absence.
    tensors |= {
        "pooler.dense.weight": np.zeros((hidden, hidden), dtype=np.float32),
        "pooler.dense.bias": np.zeros(hidden, dtype=np.float32),
    }
    return {name: np.array(values, dtype=np.float32) for name, values in tensors.items()}


def tokenizer(vocabulary: Vocabulary) -> Any:
    """The same tokenizer as `e5_tokens.Tokenizer`, of the `tokenizers` library."""
    from tokenizers import AddedToken, Regex, Tokenizer, models, normalizers, pre_tokenizers, processors

    pieces = list(zip(vocabulary.pieces, vocabulary.scores.tolist(), strict=True))
    made = Tokenizer(models.Unigram(pieces, unk_id=vocabulary.unknown, byte_fallback=False))
    gone, space, kept = _not_nfkc(vocabulary.replacements)
    made.normalizer = normalizers.Sequence(
        [
            normalizers.Replace(Regex(f"[{gone}]"), ""),
            normalizers.Replace(Regex(f"[{space}]"), " "),
            normalizers.Replace(kept, _PRIVATE),
            normalizers.NFKC(),
            normalizers.Replace(_PRIVATE, kept),
            normalizers.Replace(Regex(" {2,}"), " "),
        ]
    )
    made.pre_tokenizer = pre_tokenizers.Metaspace(replacement="▁", prepend_scheme="always")
    first, last = vocabulary.pieces[vocabulary.bos], vocabulary.pieces[vocabulary.eos]
    made.post_processor = processors.TemplateProcessing(
        single=f"{first} $A {last}", special_tokens=[(first, vocabulary.bos), (last, vocabulary.eos)]
    )
    special = (vocabulary.bos, vocabulary.pad, vocabulary.eos, vocabulary.unknown, vocabulary.size - 1)
    made.add_special_tokens([AddedToken(vocabulary.pieces[number], special=True) for number in special])
    return made


def _not_nfkc(replacements: dict[int, str]) -> tuple[str, str, str]:
    """Where the model's normalisation is not NFKC: characters removed, made a space, and left as they are.

    The model keeps ～, which NFKC makes a ~; the other characters it leaves do not occur in Chinese text.
    """
    odd = {code: text for code, text in replacements.items() if unicodedata.normalize("NFKC", chr(code)) != text}
    gone = "".join(re.escape(chr(code)) for code, text in odd.items() if text == "")
    space = "".join(re.escape(chr(code)) for code, text in odd.items() if text == " ")
    return gone, space, "～"


def _configuration(weights: Weights) -> dict[str, Any]:
    shape, vocabulary = weights.shape, weights.vocabulary
    special = {"bos": vocabulary.bos, "cls": vocabulary.bos, "eos": vocabulary.eos, "sep": vocabulary.eos}
    special |= {"pad": vocabulary.pad, "unk": vocabulary.unknown, "mask": vocabulary.size - 1}
    modules = ("Transformer", ""), ("Pooling", "1_Pooling"), ("Normalize", "2_Normalize")
    return {
        "config.json": {
            "architectures": ["BertModel"],
            "model_type": "bert",
            "hidden_act": "gelu",
            "hidden_size": shape.hidden,
            "intermediate_size": shape.feed_forward,
            "layer_norm_eps": shape.epsilon,
            "max_position_embeddings": shape.positions,
            "num_attention_heads": shape.heads,
            "num_hidden_layers": shape.layers,
            "pad_token_id": vocabulary.pad,
            "torch_dtype": "float32",
            "type_vocab_size": len(weights.floats("emb.type")) // shape.hidden,
            "vocab_size": len(weights.blocks("emb.word")) * 32 // shape.hidden,
        },
        "tokenizer_config.json": {
            "tokenizer_class": "PreTrainedTokenizerFast",
            "model_max_length": shape.positions,
            "model_input_names": ["input_ids", "attention_mask"],
            "clean_up_tokenization_spaces": False,
            **{f"{name}_token": vocabulary.pieces[number] for name, number in special.items()},
        },
        "modules.json": [
            {"idx": at, "name": str(at), "path": path, "type": f"sentence_transformers.models.{kind}"}
            for at, (kind, path) in enumerate(modules)
        ],
        "sentence_bert_config.json": {"max_seq_length": shape.positions, "do_lower_case": False},
        "1_Pooling/config.json": {"word_embedding_dimension": shape.hidden, "pooling_mode_mean_tokens": True},
        "config_sentence_transformers.json": {
            "prompts": {"query": "query: ", "passage": "passage: "},
            "default_prompt_name": None,
            "similarity_fn_name": "cosine",
        },
    }
