"""Repair of bracketed readings and byte slips, also as a property of text that the garbler damaged."""

from __future__ import annotations

import importlib.util
import random
import re
import sys
from pathlib import Path
from types import ModuleType
from typing import Any

import opencc
import pytest
import yaml

from zhengwen.ingest.garble import Repaired, repair
from zhengwen.ingest.garble_bytes import Event, garble_again, read
from zhengwen.ingest.models import Repair
from zhengwen.ingest.textmap import MappedText

CASES = yaml.safe_load((Path(__file__).parent / "cases" / "garble.yaml").read_text(encoding="utf-8"))
READING = r"[ \u00a0\u3000]?[a-zāáǎàēéěèīíǐìōóǒòūúǔùüǖǘǚǜńňǹḿêɑɡ]{1,7}[ \u00a0\u3000]?"
PARTS = yaml.safe_load((Path(__file__).parent / "cases" / "garble_parts.yaml").read_text(encoding="utf-8"))


def _module(name: str) -> ModuleType:
    spec = importlib.util.spec_from_file_location(name, Path(__file__).parent / f"{name}.py")
    assert spec is not None and spec.loader is not None
    module = importlib.util.module_from_spec(spec)
    sys.modules[name] = module
    spec.loader.exec_module(module)
    return module


garbler = _module("garbler")


simplified = opencc.OpenCC("t2s").convert


def mended(text: str) -> tuple[str, Repaired]:
    found = repair(text)
    return MappedText.of(text).edit(found.edits).text, found


def undecided(found: Repaired) -> int:
    return sum(item.certainty == "undecided" for item in found.repairs)


@pytest.mark.parametrize("case", CASES, ids=lambda case: case["name"])
def test_case(case: dict[str, str]) -> None:
    text, found = mended(case["seen"])
    assert text == case["mended"]
    assert undecided(found) == int(case.get("marked", 0))


def own_sentences(count: int) -> list[str]:
    """Sentences of this project's own making: every clause is a combination of written parts."""
    chance = random.Random(5)
    made = []
    for _ in range(count):
        clauses = [
            chance.choice(PARTS["openings"]) + chance.choice(PARTS["objects"]) + chance.choice(PARTS["closings"])
            for _ in range(chance.randrange(1, 4))
        ]
        made.append("，".join(clauses).replace("{n}", str(chance.randrange(3, 9000))) + "。")
    return made


def damaged(sentences: list[str], share: float, per_page: int = 40) -> list[tuple[str, list[Any]]]:
    pages = []
    for seed, part in enumerate(_parts(sentences, per_page)):
        writer = garbler.Garbler(garbler.table(share, seed), seed=seed)
        lines = [writer.garble(sentence) for sentence in part]
        pages.append(("\n".join(line.shown for line in lines), lines))
    return pages


def _parts(sentences: list[str], size: int) -> list[list[str]]:
    return [sentences[at : at + size] for at in range(0, len(sentences), size)]


def judged(pages: list[tuple[str, list[Any]]], *, show: bool = False) -> dict[str, int]:
    """Lines by fate; a digit that changed, or a change away from every repair and annotation, fails at once.

    "eaten": left and marked because an ASCII character, perhaps a digit, was lost with a byte.
    """
    fates = dict.fromkeys(("whole", "exact", "eaten", "marked", "wrong", "clean wrong"), 0)
    for page, lines in pages:
        text, found = mended(page)
        differs_only_where_told(page, found)
        at = 0
        for line, out in zip(lines, text.split("\n"), strict=True):
            here = [item for item in found.repairs if at <= item.start <= at + len(line.shown)]
            at += len(line.shown) + 1
            assert re.findall("[0-9]", out) == re.findall("[0-9]", line.shown)  # a wide digit may be two bytes misread
            fate = _fate(line, out, here)
            fates[fate] += 1
            if show and fate not in ("whole", "exact"):
                print(fate, line.shown, line.written, out, *((i.before, i.after, i.why) for i in here), sep="\n    ")
    return fates


def _fate(line: Any, out: str, here: list[Repair]) -> str:
    right = simplified(out) == simplified(line.written)  # 後 and 后 are one to the reader
    if not line.slips:
        return "whole" if right else "clean wrong"
    if right:
        return "exact"
    doubts = [item for item in here if item.certainty == "undecided"]
    if line.eaten and any("digit" in item.why for item in doubts):
        return "eaten"
    return "marked" if doubts else "wrong"


def differs_only_where_told(page: str, found: Repaired) -> None:
    """Every edit removes a reading in brackets or lies within a repair that tells what it did."""
    told = [(item.start, item.end) for item in found.repairs]
    for edit in found.edits:
        reading = not edit.new and re.fullmatch(rf"(?:[(（]{READING}[)）])+", page[edit.start : edit.end])
        within = any(start <= edit.start and edit.end <= end for start, end in told)
        assert reading or within, page[edit.start : edit.end]


def test_annotations_alone_come_back_exactly() -> None:
    fates = judged(
        [
            ("\n".join(line.shown for line in whole), whole)
            for _, lines in damaged(own_sentences(2000), 0.3)
            if (whole := [line for line in lines if not line.slips])
        ]
    )
    assert fates["whole"] > 600
    assert fates["clean wrong"] == 0


def test_slips_in_own_sentences_come_back_or_are_marked() -> None:
    fates = judged(damaged(own_sentences(150), 0.06))
    slipped = fates["exact"] + fates["marked"] + fates["wrong"]
    assert slipped > 10
    assert fates["clean wrong"] == 0
    assert fates["exact"] >= 0.8 * slipped
    assert fates["wrong"] <= 0.05 * slipped


def test_clean_reports_are_left_alone(shared: Path) -> None:
    for path in sorted((shared / "corpus" / "reports").rglob("*.md")):
        assert repair(path.read_text(encoding="utf-8")) == Repaired()


def test_the_damaged_page(shared: Path) -> None:
    source = next((shared / "corpus" / "pages").glob("002_*.txt")).read_text(encoding="utf-8")
    text, found = mended(source)
    assert undecided(found) == 0
    assert len(found.repairs) == 21
    assert len(text) == 18_869
    assert "?" not in text
    assert not re.search(r"\([a-z]*[āáǎàēéěèīíǐìōóǒòūúǔùǖǘǚǜ][a-z]*\)", text)
    stripped = re.sub(r"(?<=[\u3400-\u9fff])\([a-zāáǎàēéěèīíǐìōóǒòūúǔùǖǘǚǜ]{1,6}\)", "", source)
    places = sum(stripped.count(item.before) > 0 or "(" in item.before for item in found.repairs)
    assert places == 21
    differs_only_where_told(source, found)
    for item in found.repairs:
        assert item.why and item.before != item.after


def test_reader_and_writer_agree() -> None:
    seen = "們?cè)谑"
    assert read(b"\x82\x83\xd4(c\xa8\xa8)\xda\xca") == seen
    assert garble_again("們在市", [Event(3, "insert", "(cè)")]).startswith("們?cè)谑"[:4])
    assert read(b"\xd4(a)", keeps_ascii=True) == "?(a)"
    assert read(b"\xd4(a)", silent=True) == "a)"


@pytest.mark.parametrize("damage", ["?" * 10_000, "改革?開放\n" * 3_000, "(qū)" * 10_000, "谑?" * 2_000])
def test_a_page_of_nothing_but_damage_ends(damage: str) -> None:
    """What is not searched for is left as it is and marked; the rest of the page is mended all the same."""
    text, found = mended("大會(huì)議\n" + damage)
    assert text.startswith("大會議\n")
    assert text.count("?") == damage.count("?")
    assert undecided(found) <= damage.count("?") + 1


def test_more_damage_than_is_searched_for_is_marked(monkeypatch: pytest.MonkeyPatch) -> None:
    from zhengwen.ingest import garble_search

    monkeypatch.setattr(garble_search, "_PAGE_EFFORT", 1500)
    line = "我們?cè)谑形?、市政府的領(lǐng)導(dǎo)下"
    text, found = mended("\n".join([line] * 12))
    assert text.split("\n")[0] == "我們在市委、市政府的領導下"
    assert text.count("?") == 2 * text.count("?cè)") > 0
    assert any("more damaged places" in item.why for item in found.repairs)
