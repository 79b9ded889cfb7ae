"""Count the noun phrases that stand before figures, by documents: how the list in ingest/indicators.yaml was found.

    python benchmarks/count_indicators.py FOLDER [--top 400] [--every 1] [--missing]

Prints `documents  occurrences  phrase  units` for the most frequent phrases, one a line, tab-separated.
`--every 5` reads every fifth file; `--missing` leaves out what `indicators()` names already.
"""

from __future__ import annotations

import argparse
import re
from collections import Counter, defaultdict
from collections.abc import Iterator
from pathlib import Path

from zhengwen.ingest.indicators import indicators

CLAUSE = re.compile(r"[^，。；：、！？（）()\[\]“”《》\s—]+")
NUMBER = re.compile(r"\d[\d.,]*")
UNIT = re.compile(r"(?:[万亿]+)?(?:个百分点|[%％‰]|[一-龥]{1,3})?")
VERBS = re.compile(
    r"(?:分别|累计|预计|已经|约|接近|超过|突破|达到|达|增长到|增长|增加到|增加|增至|下降到|下降|降低到|降低|降至|提高到|提高|提升到|提升"
    r"|上升到|上升|上涨|控制在|保持在|稳定在|年均(?=增|下)|同比|比上年|较上年|仅|不低于|不超过|高于|低于|减少|完成(?=\d)|实现(?=\d)|为(?=\d)|由(?=\d)"
    r"|(?<!新)增(?=\d)|近(?=\d)|超(?=\d)|[占居列](?=\d|全|第))+"
)
LEADING = re.compile(
    r"^(?:[全我](?:市|省|区|县|国|州|盟|旗|年)|\*\*|20\d\d年|去年|今年|一年来|五年来|其中|预计|力争|确保|完成|实现|累计|年末|年底|同时)+"
)


def phrases(text: str) -> Iterator[tuple[str, str]]:
    """Pairs (phrase, unit) of a text: the words of a clause up to its first verb of quantity or number.

    `"全市城镇新增就业7198人"` gives `("城镇新增就业", "人")`.
    """
    for clause in CLAUSE.finditer(text):
        words = LEADING.sub("", clause.group())
        number = NUMBER.search(words)
        if number is None:
            continue
        head = words[: number.start()]
        verb = VERBS.search(head)
        phrase = head[: verb.start()] if verb and verb.start() >= 2 else VERBS.sub("", head)
        if 2 <= len(phrase) <= 16:
            unit = UNIT.match(words, number.end())
            yield phrase, unit.group() if unit else ""


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("folder", type=Path)
    parser.add_argument("--top", type=int, default=400)
    parser.add_argument("--every", type=int, default=1)
    parser.add_argument("--missing", action="store_true")
    options = parser.parse_args()
    documents: Counter[str] = Counter()
    occurrences: Counter[str] = Counter()
    units: defaultdict[str, Counter[str]] = defaultdict(Counter)
    files = sorted(options.folder.rglob("*.md"))[:: options.every]
    for file in files:
        seen = set()
        for phrase, unit in phrases(file.read_text(encoding="utf-8", errors="replace")):
            seen.add(phrase)
            occurrences[phrase] += 1
            units[phrase][unit] += 1
        documents.update(seen)
    known = indicators()
    shown = 0
    for phrase, count in documents.most_common():
        if options.missing and known.find(phrase):
            continue
        common = " ".join(f"{unit or '-'}:{n}" for unit, n in units[phrase].most_common(4))
        print(f"{count}\t{occurrences[phrase]}\t{phrase}\t{common}")
        shown += 1
        if shown >= options.top:
            break


if __name__ == "__main__":
    main()
