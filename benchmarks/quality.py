"""The quality gate: answer a key file of questions over a corpus and hold the numbers against recorded floors.

    python -m benchmarks.quality                                              sample_questions.jsonl over samples/
    python -m benchmarks.quality --questions KEYS.jsonl --corpus FOLDER       any other
    python -m benchmarks.quality … --scorer score.py                          numbers from another scorer (`--json OUT`)
    python -m benchmarks.quality … --record [--allow-lower]                   write the floors

The floors stand in benchmarks/floors.yaml with the digest of questions and corpus. A number below its floor,
or a digest that differs, fails; lowering a floor needs --allow-lower.
"""

from __future__ import annotations

import argparse
import hashlib
import json
import subprocess
import sys
from collections.abc import Sequence
from pathlib import Path
from typing import Any

import yaml

from benchmarks.scoring import score, table

ROOT = Path(__file__).parents[1]
FLOORS = Path(__file__).parent / "floors.yaml"
HEADER = "# Written by quality.py --record; lowering a number needs --allow-lower and its reason in the commit.\n"
HIGHER_IS_BETTER = ("accuracy", "weighted", "citation", "refusal_recall")
LOWER_IS_BETTER = ("wrong_answers", "traps", "false_refusals", "inventions")


def main(argv: Sequence[str] | None = None) -> int:
    """Exit status 1 when a floor is missed, 2 when the call is wrong."""
    options = parse(argv)
    name = options.name or ("samples" if options.corpus == ROOT / "samples" else options.questions.stem)
    library = options.library or ROOT / ".zhengwen" / f"eval-{name}"
    answers = library.parent / f"{library.name}-answers.jsonl"
    zhengwen("--library", str(library), "ingest", "--quiet", *map(str, [options.corpus, *options.also]))
    batch = zhengwen("--library", str(library), "--today", options.today, "ask", "--batch", str(options.questions))
    answers.write_text(batch, encoding="utf-8")
    measured = by_scorer(options, answers) if options.scorer else by_own(options.questions, answers)
    return gate(name, measured, digest(options.questions, options.corpus), options)


def parse(argv: Sequence[str] | None) -> argparse.Namespace:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--questions", type=Path, default=ROOT / "benchmarks" / "sample_questions.jsonl")
    parser.add_argument("--corpus", type=Path, default=ROOT / "samples", help="folder that is ingested and asked")
    parser.add_argument("--also", type=Path, action="append", default=[], help="a further folder to ingest")
    parser.add_argument("--library", type=Path, help="kept between runs; default .zhengwen/eval-NAME")
    parser.add_argument("--name", help="key in floors.yaml; default: the name of the question file")
    parser.add_argument("--today", default="2026-11-22", help="the day that 今年 and 去年 count from")
    parser.add_argument("--scorer", type=Path, help="score with this script instead of the project's own")
    parser.add_argument("--record", action="store_true", help="write the measured numbers as floors")
    parser.add_argument("--allow-lower", action="store_true", help="let --record lower a floor")
    return parser.parse_args(argv)


def zhengwen(*arguments: str) -> str:
    """Standard output of the real command; its messages go to this process's standard error."""
    done = subprocess.run(
        [sys.executable, "-m", "zhengwen.bot.cli", *arguments], stdout=subprocess.PIPE, text=True, check=False, cwd=ROOT
    )
    if done.returncode != 0:
        sys.exit(f"zhengwen {' '.join(arguments)} ended with exit code {done.returncode}")
    return done.stdout


def by_own(questions: Path, answers: Path) -> dict[str, float]:
    report = score(read_jsonl(questions), {line["id"]: line for line in read_jsonl(answers)})
    print(table(report))
    return report.total


def by_scorer(options: argparse.Namespace, answers: Path) -> dict[str, float]:
    out = answers.with_suffix(".scores.json")
    command = [sys.executable, str(options.scorer), str(options.questions), str(answers)]
    subprocess.run([*command, "--corpus", str(options.corpus), "--json", str(out)], check=True)
    total = json.loads(out.read_text(encoding="utf-8"))["total"]
    return {key: value for key, value in total.items() if isinstance(value, int | float)}


def gate(name: str, measured: dict[str, float], corpus_digest: str, options: argparse.Namespace) -> int:
    """Compare with the recorded floors, or record them. 0 when nothing is below its floor."""
    recorded: dict[str, Any] = yaml.safe_load(FLOORS.read_text(encoding="utf-8")) if FLOORS.is_file() else {}
    entry = recorded.get(name)
    kept = {key: measured[key] for key in (*HIGHER_IS_BETTER, *LOWER_IS_BETTER) if key in measured}
    misses = [] if entry is None else missed(entry["floors"], kept)
    if options.record:
        if misses and not options.allow_lower:
            print(f"floors of '{name}' not written, they would be lowered: {'; '.join(misses)} (--allow-lower does it)")
            return 1
        recorded[name] = {"digest": corpus_digest, "floors": {key: round(value, 4) for key, value in kept.items()}}
        FLOORS.write_text(HEADER + yaml.safe_dump(recorded, allow_unicode=True, sort_keys=True), encoding="utf-8")
        print(f"floors of '{name}' written")
        return 0
    if entry is None:
        print(f"no floors recorded for '{name}'; --record writes them")
        return 0
    if entry["digest"] != corpus_digest:
        print(f"questions or corpus of '{name}' differ from those the floors were recorded on; record them anew")
        return 1
    print(
        f"below the floor of '{name}': {'; '.join(misses)}" if misses else f"no number of '{name}' is below its floor"
    )
    return int(bool(misses))


def missed(floors: dict[str, float], measured: dict[str, float]) -> list[str]:
    """`["accuracy 0.91 < 0.93"]`; a number that is recorded but no longer measured is missed too."""
    found = []
    for key, floor in floors.items():
        value = measured.get(key)
        if value is None:
            found.append(f"{key} not measured")
        elif key in HIGHER_IS_BETTER and round(value, 4) < floor:
            found.append(f"{key} {value:.4f} < {floor}")
        elif key in LOWER_IS_BETTER and value > floor:
            found.append(f"{key} {value:g} > {floor:g}")
    return found


def digest(questions: Path, corpus: Path) -> str:
    """SHA-256 over the question file and the names and bytes of the corpus."""
    total = hashlib.sha256(questions.read_bytes())
    for path in sorted(
        path for path in corpus.rglob("*") if path.is_file() and path.suffix in {".md", ".txt", ".html"}
    ):
        total.update(str(path.relative_to(corpus)).encode())
        total.update(hashlib.sha256(path.read_bytes()).digest())
    return total.hexdigest()


def read_jsonl(path: Path) -> list[dict[str, Any]]:
    return [json.loads(line) for line in path.read_text(encoding="utf-8-sig").splitlines() if line.strip()]


if __name__ == "__main__":
    sys.exit(main())
