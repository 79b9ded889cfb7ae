"""The garbler property on sentences of real reports: `python benchmarks/garble.py ../shared/corpus/reports 5000`."""

from __future__ import annotations

import random
import re
import sys
import time
from pathlib import Path

ROOT = Path(__file__).parents[1]
sys.path.insert(0, str(ROOT))


def main(folder: str, count: str = "5000", share: str = "0.05") -> None:
    """Damage `count` sentences, a page of 60 for each report, mend them, and print what became of them."""
    from tests.ingest import test_garble as tests

    chance = random.Random(3)
    files = sorted(Path(folder).rglob("*.md"))
    chance.shuffle(files)
    sentences: list[str] = []
    for path in files:
        body = re.sub(r"\A---.*?\n---", "", path.read_text(encoding="utf-8"), flags=re.S)
        found = [item for line in body.split("\n") for item in re.findall(r"[^。！？]{12,}[。！？]”?", line.strip())]
        chance.shuffle(found)
        sentences += found[:60]
        if len(sentences) >= int(count):
            break
    sentences = sentences[: int(count)]
    start = time.perf_counter()
    pages = tests.damaged(sentences, float(share), 60)
    made = time.perf_counter()
    fates = tests.judged(pages)
    slipped = fates["exact"] + fates["marked"] + fates["wrong"]
    slips = sum(line.slips for _, lines in pages for line in lines)
    characters = sum(map(len, sentences))
    print(f"{len(sentences)} sentences, {characters} characters, one slip per {characters / max(slips, 1):.0f}")
    print(f"annotations only: {fates['whole']} exact, {fates['clean wrong']} not")
    print(f"with a slip: {slipped}, exact {fates['exact'] / max(slipped, 1):.1%}, {fates}")
    print(f"garbled in {made - start:.1f} s, mended in {time.perf_counter() - made:.1f} s")


if __name__ == "__main__":
    main(*sys.argv[1:])
