"""Scores batch answers against key lines; strict: a turn is right or it is not.

A key line has `id`, `kind`, `question` or `turns`, and per turn `answers` (of the last turn) or `answers_by_turn`.
An answer of a key has either `value` and `unit` (万/亿 in the unit or multiplied out), `period`, `region`, `status`,
or `must_contain`. `refuse: true` asks for a refusal;
`match: any` is content with one of the answers; `wrong` lists tempting surfaces.
"""

from __future__ import annotations

import re
from collections import defaultdict
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from decimal import Decimal, InvalidOperation
from typing import Any

MULTIPLIERS = {"万亿": Decimal(10**12), "亿": Decimal(10**8), "万": Decimal(10**4)}
SAME_UNIT = {"名": "人", "家": "户", "平米": "平方米"}


@dataclass
class Verdict:
    """What became of one turn."""

    kind: str
    id: str
    right: bool = False
    answered: bool = False
    must_refuse: bool = False
    trap: bool = False
    cited: bool | None = None


@dataclass
class Scores:
    """`total` holds the numbers of all turns, `by_kind` the strict accuracy and count of each kind."""

    total: dict[str, float]
    by_kind: dict[str, tuple[float, int]]
    failures: list[str] = field(default_factory=list)


def score(keys: Sequence[Mapping[str, Any]], answers: Mapping[str, Mapping[str, Any]]) -> Scores:
    """Score every key; a missing line or turn is wrong."""
    verdicts: list[Verdict] = []
    cases: dict[str, list[bool]] = defaultdict(list)
    for key in keys:
        turns = turns_of(key)
        said = list(answers.get(key["id"], {}).get("turns", []))
        judged = [judge(key, wanted, said[n] if n < len(said) else {}) for n, wanted in enumerate(turns)]
        verdicts += judged
        cases[key["kind"]].append(all(verdict.right for verdict in judged))
    refusals = [v for v in verdicts if v.must_refuse]
    cited = [v.cited for v in verdicts if v.cited is not None]
    everything = [right for rows in cases.values() for right in rows]
    total = {
        "accuracy": share(everything),
        "wrong_answers": float(sum(v.answered and not v.right for v in verdicts)),
        "traps": float(sum(v.trap for v in verdicts)),
        "false_refusals": float(sum(not v.answered and not v.must_refuse for v in verdicts)),
        "refusal_recall": share([v.right for v in refusals]),
        "citation": share(cited),
    }
    failures = [v.id for v in verdicts if not v.right]
    return Scores(total, {kind: (share(rows), len(rows)) for kind, rows in cases.items()}, failures)


def share(rows: Sequence[bool | None]) -> float:
    return sum(bool(row) for row in rows) / len(rows) if rows else 1.0


def turns_of(key: Mapping[str, Any]) -> list[list[Mapping[str, Any]]]:
    if "answers_by_turn" in key:
        return list(key["answers_by_turn"])
    return [*[[] for _ in key.get("turns", ())][:-1], list(key.get("answers", []))]


def judge(key: Mapping[str, Any], wanted: Sequence[Mapping[str, Any]], said: Mapping[str, Any]) -> Verdict:
    answered = bool(said.get("answered"))
    verdict = Verdict(key["kind"], key["id"], answered=answered, must_refuse=bool(key.get("refuse")))
    if verdict.must_refuse:
        verdict.right = not answered and not said.get("figures")
        return verdict
    if not wanted:
        verdict.right = answered
        return verdict
    figures = list(said.get("figures") or [])
    met = [meets(answer, key, figures, str(said.get("text", ""))) for answer in wanted]
    verdict.right = answered and (any(met) if key.get("match") == "any" else all(met))
    verdict.trap = bool(figures) and not verdict.right and str(figures[0].get("surface", "")) in key.get("wrong", [])
    if answered:
        verdict.cited = all(cited(answer, key, said) for answer, ok in zip(wanted, met, strict=True) if ok) and any(met)
    return verdict


def meets(answer: Mapping[str, Any], key: Mapping[str, Any], figures: Sequence[Mapping[str, Any]], text: str) -> bool:
    if answer.get("value") is None:
        return all(word in text for word in answer["must_contain"])
    wanted = base(str(answer["value"]), str(answer["unit"]))
    region, period = answer.get("region", key.get("region")), answer.get("period", key.get("period"))
    return any(
        base(str(figure["value"]), str(figure["unit"])) == wanted
        and (not region or str(figure["region"]).endswith(str(region)))
        and (not period or str(figure["period"]) == str(period))
        and figure["status"] == answer.get("status", figure["status"])
        for figure in figures
    )


def base(value: str, unit: str) -> tuple[str, str]:
    """`("35", "亿元")` and `("3500000000", "元")` are the same: both give the latter."""
    for word, factor in MULTIPLIERS.items():
        if unit.startswith(word):
            value, unit = format(Decimal(value) * factor, "f"), unit.removeprefix(word)
            break
    try:
        value = format(Decimal(value).normalize(), "f")
    except InvalidOperation:  # a composition such as 10:48.6:41.4
        value = value.replace("∶", ":").replace("：", ":")
    return value, SAME_UNIT.get(unit, unit)


def cited(answer: Mapping[str, Any], key: Mapping[str, Any], said: Mapping[str, Any]) -> bool:
    """One of the first citations of the right document holds the figure as printed."""
    documents = [answer["doc"]] if "doc" in answer else key.get("doc", [])
    surfaces = [answer["surface"]] if answer.get("surface") else answer.get("must_contain", [])
    quotes = [c for c in list(said.get("citations") or [])[:6] if any(str(c["source"]).endswith(d) for d in documents)]
    return any(all(blank(s) in blank(str(c["quote"])) for s in surfaces) and len(c["quote"]) <= 800 for c in quotes)


def blank(text: str) -> str:
    return re.sub(r"\s", "", text).replace("％", "%")


def table(scores: Scores) -> str:
    """The numbers as lines for a terminal."""
    rows = [f"{kind:<14} {right:6.3f}  of {count}" for kind, (right, count) in sorted(scores.by_kind.items())]
    rows += [f"{name:<14} {value:6.3f}" for name, value in scores.total.items()]
    return "\n".join([*rows, f"failing: {', '.join(scores.failures) or 'none'}"])
