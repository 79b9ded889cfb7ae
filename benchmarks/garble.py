"""The garbler property on sentences of real reports whose places the language model never saw.

    python benchmarks/build_characters.py FOLDER --without 1/2 --out /tmp/half.bin
    python benchmarks/garble.py FOLDER --only 1/2 --table /tmp/half.bin [--count 5000] [--share 0.05] [--seed 3]

Sentences of the places left out of the table are damaged by the tests' garbler, a page of 60 for each report, and
mended. `--share`: the share of the traditional characters that a page's own table of readings holds; one is drawn at
random for each page. Prints what became of the sentences, and every one that is not as it was.
"""

from __future__ import annotations

import argparse
import random
import re
import sys
import time
from pathlib import Path

ROOT = Path(__file__).parents[1]
sys.path.insert(0, str(ROOT))


def sentences_of(folder: Path, only: tuple[int, int] | None, count: int, seed: int) -> list[str]:
    """Sentences of at least 12 characters, at most 60 of a report."""
    from benchmarks.build_characters import part_of

    chance = random.Random(seed)
    files = [path for path in sorted(folder.rglob("*.md")) if only is None or part_of(path, only[1]) == only[0]]
    chance.shuffle(files)
    sentences: list[str] = []
    for path in files:
        body = re.sub(r"\A---.*?\n---", "", path.read_text(encoding="utf-8"), flags=re.S)
        found = [item for line in body.split("\n") for item in re.findall(r"[^。！？]{12,}[。！？]”?", line.strip())]
        chance.shuffle(found)
        sentences += found[:60]
        if len(sentences) >= count:
            break
    return sentences[:count]


def main() -> None:
    """Damage, mend, print."""
    from benchmarks.build_characters import part
    from tests.ingest import test_garble as tests
    from zhengwen.ingest import garble_language

    parser = argparse.ArgumentParser()
    parser.add_argument("folder", type=Path)
    parser.add_argument("--only", type=part)
    parser.add_argument("--table", type=Path, default=garble_language.TABLE)
    parser.add_argument("--count", type=int, default=5000)
    parser.add_argument("--share", type=float, default=0.05)
    parser.add_argument("--seed", type=int, default=3)
    given = parser.parse_args()
    garble_language.TABLE = given.table
    sentences = sentences_of(given.folder, given.only, given.count, given.seed)
    pages = tests.damaged(sentences, given.share, 60)
    start = time.process_time()
    fates = tests.judged(pages, show=True)
    seconds = time.process_time() - start
    slipped = sum(fates[name] for name in ("exact", "eaten", "marked", "wrong"))
    slips = sum(line.slips for _, lines in pages for line in lines)
    characters = sum(map(len, sentences))
    print(f"{len(sentences)} sentences, {characters} characters, one slip per {characters / max(slips, 1):.0f}")
    print(f"annotations only: {fates['whole']} exact, {fates['clean wrong']} not")
    print(f"with a slip: {slipped}: " + ", ".join(
        f"{name} {fates[name]} ({fates[name] / max(slipped, 1):.1%})" for name in ("exact", "eaten", "marked", "wrong")
    ))  # fmt: skip
    print("(eaten: marked because a digit was lost with a byte; no digit was changed, or this would have stopped)")
    print(f"{seconds:.1f} s of one core")


if __name__ == "__main__":
    main()
