"""Makes ingest/garble_characters.bin, the character counts behind the repair of damaged pages.

    python benchmarks/build_characters.py FOLDER [--without 0/2] [--out FILE]

FOLDER holds reports in Markdown, one folder a place (../shared/corpus/full.tar.xz, unpacked). Counted are runs of one
to four simplified characters; only runs that `REPORTS` different reports hold at least are kept, so that it tells
how Chinese reports are worded and nothing of what one of them says. Words of jieba's dictionary (MIT) and names of
divisions (regions.csv, CC0) are added with a small weight. The counts become probabilities (absolute discounting),
those that a shorter context tells nearly as well are dropped, and the rest is written in steps of 1/16 nat.

`--without 0/2` leaves out one half of the places, `--without 3/5` a fifth, so that they can measure
(benchmarks/garble.py).
"""

from __future__ import annotations

import argparse
import csv
import re
import sys
from collections import Counter
from collections.abc import Iterator
from pathlib import Path
from zlib import crc32

import numpy as np
import numpy.typing as npt

from zhengwen.ingest.garble_language import BITS, BREAK, LONGEST, OUT, STEP, Table, coded, normal, saved

ROOT = Path(__file__).parents[1]
REPORTS = 5
DISCOUNT = 1.5
"""Taken from each count for what was never seen: high, because the rarest runs were left out."""
KEEP = (0.0, 3.3e-7, 5.5e-7, 7.7e-7)
"""How much a run of 1, 2, 3, 4 characters must save over the shorter one, in nats for each character counted."""
WORD_WEIGHT = 0.05
Ints = npt.NDArray[np.uint64]
Floats = npt.NDArray[np.float64]
Counts = tuple[Ints, Floats]


def part_of(path: Path, parts: int) -> int:
    """Which part of the places a report's place belongs to: by its name's checksum, so that nobody chose."""
    return crc32(path.parent.name.encode()) % parts


def part(text: str) -> tuple[int, int]:
    """`"0/2"` is the first of two parts."""
    number, _, parts = text.partition("/")
    return int(number), int(parts)


def bodies(folder: Path, without: tuple[int, int] | None) -> Iterator[str]:
    """The texts of the reports, without front matter and without those of the places left out."""
    for path in sorted(folder.rglob("*.md")):
        if without is None or part_of(path, without[1]) != without[0]:
            yield re.sub(r"\A---.*?\n---", "", path.read_text(encoding="utf-8"), flags=re.S)


def alphabet(folder: Path, without: tuple[int, int] | None) -> str:
    """Characters that enough reports hold, those of GB 2312 level 1 besides; index 0 stands for all others."""
    seen: Counter[str] = Counter()
    for text in bodies(folder, without):
        seen.update(set(normal(text)))
    common = {bytes((high, low)).decode("gb2312", "ignore") for high in range(0xB0, 0xF8) for low in range(0xA1, 0xFF)}
    kept = {c for c, count in seen.items() if count >= REPORTS and not c.isspace()} | common - {""}
    return OUT + BREAK + "".join(sorted(kept - {OUT, BREAK}))


def runs(ids: npt.NDArray[np.int64], length: int) -> Ints:
    """The keys of all runs of that length that do not go across a line."""
    keys = np.zeros(max(len(ids) - length + 1, 0), dtype=np.uint64)
    whole = np.ones(len(keys), dtype=bool)
    for place in range(length):
        part = ids[place : place + len(keys)]
        keys = (keys << np.uint64(BITS)) | part.astype(np.uint64)
        if 0 < place < length - 1:
            whole &= part != 1
        whole &= part != 0 if place < length - 1 else True
    return keys[whole] if length > 1 else keys


def counted(folder: Path, without: tuple[int, int] | None, letters: str) -> list[Counts]:
    """For each length the runs that enough reports hold, and how often."""
    index = {c: i for i, c in enumerate(letters)}
    found: list[list[Counts]] = [[] for _ in range(LONGEST)]
    for text in bodies(folder, without):
        ids = np.array(coded(text, index), dtype=np.int64)
        for length in range(1, LONGEST + 1):
            keys, often = np.unique(runs(ids, length), return_counts=True)
            found[length - 1].append((keys, often.astype(np.float64)))
    tables: list[Counts] = []
    for parts in found:
        keys = np.concatenate([keys for keys, _ in parts])
        counts = np.concatenate([counts for _, counts in parts])
        unique, inverse, reports = np.unique(keys, return_inverse=True, return_counts=True)
        sums = np.bincount(inverse, weights=counts).astype(np.float64)
        enough = reports >= REPORTS
        tables.append((unique[enough], sums[enough]))
        print(f"{len(unique)} different runs, {enough.sum()} in {REPORTS} reports or more", file=sys.stderr)
    return tables


def with_words(tables: list[Counts], letters: str) -> list[Counts]:
    """The counts with those of dictionary words and of divisions' names added, weighed down."""
    index = {c: i for i, c in enumerate(letters)}
    weights: dict[int, dict[int, float]] = {length: {} for length in range(1, LONGEST + 1)}
    for word, weight in words():
        ids = [index.get(c, 0) for c in normal(word)]
        for length in range(2, LONGEST + 1):
            for at in range(len(ids) - length + 1):
                part = ids[at : at + length]
                if 0 not in part:
                    key = 0
                    for item in part:
                        key = key << BITS | item
                    weights[length][key] = weights[length].get(key, 0.0) + weight
    done = [tables[0]]
    for length in range(2, LONGEST + 1):
        keys = np.concatenate([tables[length - 1][0], np.array(list(weights[length]), dtype=np.uint64)])
        counts = np.concatenate([tables[length - 1][1], np.array(list(weights[length].values()))])
        unique, inverse = np.unique(keys, return_inverse=True)
        done.append((unique, np.bincount(inverse, weights=counts).astype(np.float64)))
    return done


def words() -> Iterator[tuple[str, float]]:
    """Words of jieba's dictionary and names of divisions, with their weights."""
    import jieba  # type: ignore[import-untyped]  # a tool of the maker alone: pip install jieba

    for line in (Path(jieba.__file__).parent / "dict.txt").read_text(encoding="utf-8").splitlines():
        word, count = line.split(" ")[:2]
        if 1 < len(word) <= 6 and int(count) >= 3:
            yield word, WORD_WEIGHT * float(count)
    with (ROOT / "ingest" / "regions.csv").open(encoding="utf-8", newline="") as lines:
        for row in csv.DictReader(lines):
            yield row["name"], 1.0


def estimated(tables: list[Counts]) -> list[tuple[Ints, Floats, Floats]]:
    """For each length: the runs kept, the logarithm of the last character's probability, and of what is left over."""
    keys, counts = tables[0]
    done: list[tuple[Ints, Floats, Floats]] = []
    smooth = counts + 0.5
    done.append((keys, np.log(smooth / smooth.sum()), np.zeros(len(keys))))
    for length in range(2, LONGEST + 1):
        keys, counts = tables[length - 1]
        context, shorter = keys >> np.uint64(BITS), keys & np.uint64((1 << BITS * (length - 1)) - 1)
        heads, inverse = np.unique(context, return_inverse=True)
        totals = np.maximum(looked_up(heads, *tables[length - 2]), np.bincount(inverse, weights=counts))
        share = np.maximum(counts - DISCOUNT, 0.2 * counts) / totals[inverse]
        left = 1.0 - np.bincount(inverse, weights=share)
        below = np.exp(probability(shorter, done, length - 1))
        chance = share + left[inverse] * below
        gain = counts * (np.log(chance) - np.log(np.maximum(left[inverse], 1e-6) * below))
        kept = gain > KEEP[length - 1] * tables[0][1].sum()
        keys, chance, below, inverse = keys[kept], chance[kept], below[kept], inverse[kept]
        free = 1.0 - np.bincount(inverse, weights=chance, minlength=len(heads))
        rest = 1.0 - np.bincount(inverse, weights=below, minlength=len(heads))
        weight = np.log(np.clip(free, 1e-4, 1.0) / np.clip(rest, 1e-4, 1.0))
        has = np.bincount(inverse, minlength=len(heads)) > 0
        done[-1] = with_weights(done, heads[has], np.minimum(weight[has], 0.0), length - 1)
        done.append((keys, np.log(chance), np.zeros(len(keys))))
        print(f"{len(keys)} runs of {length} kept", file=sys.stderr)
    return done


def with_weights(
    done: list[tuple[Ints, Floats, Floats]], heads: Ints, weight: Floats, length: int
) -> tuple[Ints, Floats, Floats]:
    """The runs of that length, those that begin longer ones added, with what these leave over."""
    keys, logs, _ = done[length - 1]
    missing = np.setdiff1d(heads, keys)
    extra = probability(missing, done, length)
    keys, logs = np.concatenate([keys, missing]), np.concatenate([logs, extra])
    order = np.argsort(keys)
    keys, logs = keys[order], logs[order]
    weights = np.zeros(len(keys))
    weights[np.searchsorted(keys, heads)] = weight
    return keys, logs, weights


def looked_up(keys: Ints, known: Ints, values: Floats) -> Floats:
    """The values of keys; 0 for those that are not known."""
    at = np.minimum(np.searchsorted(known, keys), len(known) - 1)
    return np.where(known[at] == keys, values[at], 0.0)


def probability(keys: Ints, done: list[tuple[Ints, Floats, Floats]], length: int) -> Floats:
    """The logarithm of the probability of each run's last character, from the tables so far."""
    known, logs, _ = done[length - 1]
    at = np.minimum(np.searchsorted(known, keys), len(known) - 1)
    found = known[at] == keys
    result = np.where(found, logs[at], 0.0)
    if length == 1 or found.all():
        return np.where(found, result, -14.0) if length == 1 else result
    lost = keys[~found]
    shorter = probability(lost & np.uint64((1 << BITS * (length - 1)) - 1), done, length - 1)
    result[~found] = shorter + looked_up(lost >> np.uint64(BITS), done[length - 2][0], done[length - 2][2])
    return result


def main() -> None:
    """Count and write."""
    parser = argparse.ArgumentParser()
    parser.add_argument("folder", type=Path)
    parser.add_argument("--without", type=part)
    parser.add_argument("--out", type=Path, default=ROOT / "ingest" / "garble_characters.bin")
    given = parser.parse_args()
    letters = alphabet(given.folder, given.without)
    tables = estimated(with_words(counted(given.folder, given.without, letters), letters))
    steps = [
        Table(keys.tolist(), np.clip(np.rint(-logs / STEP), 0, 255).astype(np.uint8).tobytes(),
              np.clip(np.rint(-weights / STEP), 0, 255).astype(np.uint8).tobytes())
        for keys, logs, weights in tables
    ]  # fmt: skip
    given.out.write_bytes(saved(letters, steps))
    print(f"{given.out}: {given.out.stat().st_size} bytes, {len(letters)} characters", file=sys.stderr)


if __name__ == "__main__":
    main()
