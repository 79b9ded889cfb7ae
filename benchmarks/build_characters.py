"""Makes ingest/garble_characters.bin, the character counts behind the repair of damaged pages.

    python benchmarks/build_characters.py FOLDER [--without 0/2] [--out FILE]

FOLDER holds reports in Markdown, one folder a place (../shared/corpus/full.tar.xz, unpacked). Counted are runs of one
to five simplified characters; only runs that `REPORTS` different reports hold at least are kept, so that it tells
how Chinese reports are worded and nothing of what one of them says. Words of jieba's dictionary (MIT) and names of
divisions (regions.csv, CC0) are added with a small weight. The counts become probabilities (Kneser and Ney: how many
different characters stand before a run tells how likely it is in a new place); long runs that a shorter context tells
nearly as well are dropped, and the rest is written in steps of 1/16 nat.

`--without 0/2` leaves out one half of the places, `--without 3/5` a fifth, so that they can measure
(benchmarks/garble.py).
"""

from __future__ import annotations

import argparse
import csv
import re
import sys
from collections import Counter
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path
from zlib import crc32

import numpy as np
import numpy.typing as npt

from zhengwen.ingest.garble_language import BITS, BREAK, LONGEST, OUT, STEP, Table, coded, normal, saved

ROOT = Path(__file__).parents[1]
REPORTS = 5
DISCOUNT = 1.0
"""Taken from each count for what was never seen."""
KEEP = (0.0, 0.0, 1.0e-7, 2.6e-7, 4.5e-7)
"""How much a run of 1 to 5 characters must save over the shorter one, in nats for each character counted."""
WORD = 1.5
"""The count of a run that only the dictionary holds."""
USUAL = 20
"""How often the dictionary's own texts hold a word that is added."""
Ints = npt.NDArray[np.uint64]
Floats = npt.NDArray[np.float64]
Bools = npt.NDArray[np.bool_]


@dataclass(frozen=True)
class Runs:
    """Runs of one length, keys ascending."""

    keys: Ints
    counts: Floats
    weights: Floats
    """How many different characters stand before the run; its count where it is the longest or begins a line."""
    enough: Bools
    """Whether so many reports hold it that it is kept."""


@dataclass
class Estimate:
    """Runs kept, the probability of each one's last character, and of what the runs that begin so leave over."""

    keys: Ints
    chances: Floats
    left: Floats


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
    """The characters that most reports hold; index 0 stands for all others, 1 for a line's edge."""
    seen: Counter[str] = Counter()
    for text in bodies(folder, without):
        seen.update(set(normal(text)))
    usual = [c for c, _ in seen.most_common() if not c.isspace() and c not in OUT + BREAK]
    return OUT + BREAK + "".join(sorted(usual[: 2**BITS - 2]))


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


def counted(folder: Path, without: tuple[int, int] | None, letters: str) -> list[Runs]:
    """For each length all runs, and which of them enough reports hold."""
    index = {c: i for i, c in enumerate(letters)}
    found: list[list[tuple[Ints, npt.NDArray[np.int64]]]] = [[] for _ in range(LONGEST)]
    for text in bodies(folder, without):
        ids = np.array(coded(text, index), dtype=np.int64)
        for length in range(1, LONGEST + 1):
            found[length - 1].append(np.unique(runs(ids, length), return_counts=True))
    tables: list[Runs] = []
    longer: Ints | None = None
    for length in range(LONGEST, 0, -1):
        parts = found.pop()
        keys, inverse, reports = np.unique(
            np.concatenate([keys for keys, _ in parts]), return_inverse=True, return_counts=True
        )
        counts = np.bincount(inverse, weights=np.concatenate([often for _, often in parts])).astype(np.float64)
        weights = counts if longer is None else before(keys, counts, longer, length)
        tables.insert(0, Runs(keys, counts, weights, reports >= REPORTS))
        longer = keys
        print(f"{len(keys)} different runs, {(reports >= REPORTS).sum()} in {REPORTS} reports or more", file=sys.stderr)
    return tables


def before(keys: Ints, counts: Floats, longer: Ints, length: int) -> Floats:
    """How many different characters stand before each run; its count where it begins a line."""
    ends, kinds = np.unique(longer & mask(length), return_counts=True)
    begins = keys >> np.uint64(BITS * (length - 1)) == 1
    return np.where(begins, counts, np.maximum(looked_up(keys, ends, kinds.astype(np.float64)), 1.0))


def mask(length: int) -> np.uint64:
    """The bits of the last characters of a key, so many of them."""
    return np.uint64((1 << BITS * length) - 1)


def with_words(tables: Sequence[Runs], letters: str) -> list[Runs]:
    """The runs with those of dictionary words and of divisions' names among them."""
    index = {c: i for i, c in enumerate(letters)}
    inside: list[set[int]] = [set() for _ in range(LONGEST + 1)]
    for word in words():
        ids = [index.get(c, 0) for c in normal(word)]
        for length in range(2, LONGEST + 1):
            for at in range(len(ids) - length + 1):
                if 0 not in (part := ids[at : at + length]):
                    inside[length].add(sum(item << BITS * place for place, item in enumerate(reversed(part))))
    done = [tables[0]]
    for length in range(2, LONGEST + 1):
        table = tables[length - 1]
        more = np.array(sorted(inside[length]), dtype=np.uint64)
        keys = np.union1d(table.keys, more)
        counts, weights = (looked_up(keys, table.keys, old) for old in (table.counts, table.weights))
        enough = looked_up(keys, table.keys, table.enough.astype(np.float64)) > 0
        added = np.isin(keys, more) & ~enough
        counts[added], weights[added] = np.maximum(counts[added], WORD), np.maximum(weights[added], WORD)
        done.append(Runs(keys, counts, weights, enough | added))
        print(f"{added.sum()} runs of {length} from words", file=sys.stderr)
    return done


def words() -> Iterator[str]:
    """Words of jieba's dictionary and names of divisions."""
    import jieba  # type: ignore[import-untyped]  # a tool of the maker alone: pip install jieba

    for line in (Path(jieba.__file__).parent / "dict.txt").read_text(encoding="utf-8").splitlines():
        word, count = line.split(" ")[:2]
        if 1 < len(word) <= 6 and int(count) >= USUAL:
            yield word
    with (ROOT / "ingest" / "regions.csv").open(encoding="utf-8", newline="") as lines:
        for row in csv.DictReader(lines):
            yield row["name"]


def estimated(tables: Sequence[Runs]) -> list[Estimate]:
    """For each length the runs kept with their chances, after Kneser and Ney."""
    smooth = tables[0].weights + 0.5
    done = [Estimate(tables[0].keys, smooth / smooth.sum(), np.ones(len(smooth)))]
    characters = tables[0].counts.sum()
    for length in range(2, LONGEST + 1):
        table, shorter = tables[length - 1], done[-1]
        heads, inverse = np.unique(table.keys >> np.uint64(BITS), return_inverse=True)
        totals = np.bincount(inverse, weights=table.weights)
        kept = table.enough & np.isin(table.keys >> np.uint64(BITS), shorter.keys)
        keys, inverse = table.keys[kept], inverse[kept]
        share = np.maximum(table.weights[kept] - DISCOUNT, 0.1 * table.weights[kept]) / totals[inverse]
        left = np.clip(1.0 - np.bincount(inverse, weights=share, minlength=len(heads)), 1e-7, 1.0)
        below = left[inverse] * chance(keys & mask(length - 1), done, length - 1)
        gain = table.counts[kept] * np.log((share + below) / below)
        worth = gain > KEEP[length - 1] * characters
        shorter.left = looked_up(shorter.keys, heads, left, 1.0)
        done.append(Estimate(keys[worth], (share + below)[worth], np.ones(worth.sum())))
        print(f"{worth.sum()} runs of {length} kept", file=sys.stderr)
    return done


def looked_up(keys: Ints, known: Ints, values: Floats, other: float = 0.0) -> Floats:
    """The values of keys; `other` for those that are not known."""
    at = np.minimum(np.searchsorted(known, keys), len(known) - 1)
    return np.where(known[at] == keys, values[at], other)


def chance(keys: Ints, done: Sequence[Estimate], length: int) -> Floats:
    """The probability of each run's last character, from the estimates so far."""
    table = done[length - 1]
    result = looked_up(keys, table.keys, table.chances, 1e-7 if length == 1 else 0.0)
    missing = result == 0.0
    if missing.any():
        lost = keys[missing]
        left = looked_up(lost >> np.uint64(BITS), done[length - 2].keys, done[length - 2].left, 1.0)
        result[missing] = left * chance(lost & mask(length - 1), done, length - 1)
    return result


def stepped(chances: Floats) -> bytes:
    """Negative logarithms in steps, a byte each."""
    return np.clip(np.rint(-np.log(chances) / STEP), 0, 255).astype(np.uint8).tobytes()


def main() -> None:
    """Count and write."""
    parser = argparse.ArgumentParser()
    parser.add_argument("folder", type=Path)
    parser.add_argument("--without", type=part)
    parser.add_argument("--out", type=Path, default=ROOT / "ingest" / "garble_characters.bin")
    given = parser.parse_args()
    letters = alphabet(given.folder, given.without)
    tables = estimated(with_words(counted(given.folder, given.without, letters), letters))
    steps = [Table(item.keys.tolist(), stepped(item.chances), stepped(item.left)) for item in tables]
    given.out.write_bytes(saved(letters, steps))
    print(f"{given.out}: {given.out.stat().st_size} bytes, {len(letters)} characters", file=sys.stderr)


if __name__ == "__main__":
    main()
