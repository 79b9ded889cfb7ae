"""Is a quotation found again, and one that no report holds refused? What the threshold of bot/citing.yaml rests on.

    python benchmarks/quotes.py --library DIR --foreign ../shared/corpus/reports/辽宁省 --count 200

Quotations are sentences of the library's own passages, as they are and changed in five ways; foreign ones are sentences
of files that the library does not hold. Prints the shares, the likeness of both kinds, and the time of a look-up.
"""

from __future__ import annotations

import argparse
import random
import re
import statistics
import time
from collections.abc import Callable, Sequence
from pathlib import Path

from zhengwen.bot.citing_data import citing_data
from zhengwen.bot.citing_quote import Place, find_quote
from zhengwen.index.library import Library

Change = Callable[[str, random.Random], str]
SHORTEST, LONGEST = 15, 120


def traditional(text: str, _: random.Random) -> str:
    import opencc

    converted: str = opencc.OpenCC("s2t").convert(text)
    return converted


def other_number(text: str, dice: random.Random) -> str:
    return re.sub(r"\d+", lambda match: str(int(match[0]) + dice.randint(1, 9)), text, count=1)


def without_clause(text: str, dice: random.Random) -> str:
    clauses = re.split(r"(?<=[，、；])", text)
    if len(clauses) > 2:
        del clauses[dice.randrange(len(clauses))]
    return "".join(clauses)


def misread(text: str, dice: random.Random) -> str:
    """Every tenth character is another."""
    return "".join(dice.choice("的一是在不了有和人这") if dice.random() < 0.1 else char for char in text)


def retold(text: str, dice: random.Random) -> str:
    """Two in five characters are gone."""
    return "".join(char for char in text if dice.random() > 0.4)


CHANGES: dict[str, Change] = {
    "as it is": lambda text, _: text,
    "traditional": traditional,
    "a number changed": other_number,
    "a clause left out": without_clause,
    "every tenth character wrong": misread,
    "two in five characters gone": retold,
}


def sentences(text: str) -> list[str]:
    """Those of a useful length, without line breaks."""
    return [one for one in re.findall(r"[^。！？\n]+[。！？]", text) if SHORTEST <= len(one) <= LONGEST]


def own_sentences(library: Library, count: int, dice: random.Random) -> list[tuple[int, str]]:
    """(number of the report, sentence) from reports taken at random."""
    reports = library.reports()
    found: list[tuple[int, str]] = []
    while len(found) < count:
        report = dice.choice(reports)
        if choice := sentences(library.text(report).clean):
            found.append((report.no, dice.choice(choice)))
    return found


def foreign_sentences(folder: Path, library: Library, count: int, dice: random.Random) -> list[str]:
    """Sentences of files whose names (the last two parts of the path) no source of the library has."""
    held = {Path(source.source).parts[-2:] for row in library.reports() for source in row.sources}
    files = [path for path in sorted(folder.rglob("*.md")) if path.parts[-2:] not in held]
    chosen = dice.sample(files, min(count, len(files)))
    pools = (sentences(path.read_text(encoding="utf-8", errors="replace")) for path in chosen)
    return [dice.choice(pool) for pool in pools if pool]


def likeness(places: Sequence[Place], nearest: Place | None) -> float:
    return max((place.score for place in places), default=nearest.score if nearest else 0.0)


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--library", type=Path, required=True)
    parser.add_argument("--foreign", type=Path, help="folder of files that the library does not hold")
    parser.add_argument("--count", type=int, default=200)
    options = parser.parse_args()
    dice = random.Random(1)
    threshold = citing_data()["lookup"]["threshold"]
    with Library.open(options.library) as library:
        own = own_sentences(library, options.count, dice)
        find_quote(library, own[0][1])  # opens the index
        seconds: list[float] = []
        print(f"threshold {threshold}\n\n| quotation | right place first | among those shown | refused | likeness p5 |")
        print("|---|---|---|---|---|")
        for name in CHANGES:
            print(changed_row(library, name, own, dice, seconds))
        if options.foreign:
            print("\n" + foreign_line(library, foreign_sentences(options.foreign, library, options.count, dice)))
        spread = statistics.quantiles(seconds, n=20)
        print(f"\nlook-up: p50 {statistics.median(seconds) * 1000:.0f} ms, p95 {spread[-1] * 1000:.0f} ms")


def changed_row(
    library: Library, name: str, own: Sequence[tuple[int, str]], dice: random.Random, seconds: list[float]
) -> str:
    """One row of the table; the times of the look-ups are added to `seconds`."""
    first = shown = refused = 0
    scores = []
    for number, sentence in own:
        begun = time.perf_counter()
        found = find_quote(library, CHANGES[name](sentence, dice))
        seconds.append(time.perf_counter() - begun)
        numbers = [place.report.no for place in found.places]
        first += numbers[:1] == [number]
        shown += number in numbers
        refused += not numbers
        scores.append(likeness(found.places, found.nearest))
    shares = " | ".join(f"{one / len(own):.3f}" for one in (first, shown, refused))
    return f"| {name} | {shares} | {statistics.quantiles(scores, n=20)[0]:.2f} |"


def foreign_line(library: Library, strange: Sequence[str]) -> str:
    results = [find_quote(library, one) for one in strange]
    scores = sorted(likeness(found.places, found.nearest) for found in results)
    taken = sum(bool(found.places) for found in results)
    highest = " ".join(f"{score:.2f}" for score in scores[-12:])
    middle = statistics.median(scores)
    return f"foreign: {taken} of {len(results)} taken for known; likeness p50 {middle:.2f}, the highest {highest}"


if __name__ == "__main__":
    main()
