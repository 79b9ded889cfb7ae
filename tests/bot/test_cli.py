"""The command line end to end over the samples, and what it says to bad input."""

from __future__ import annotations

import json
from pathlib import Path

from tests.bot.commands import Run

SAMPLES = Path(__file__).parents[2] / "samples"
QUESTION = "滨城区2020年新增就业多少"


def test_a_question_is_answered_with_its_source(filled: Run) -> None:
    done = filled("ask", QUESTION)
    assert done.code == 0
    assert "7198人" in done.out
    assert "滨城区-2020年成绩单.md" in done.out


def test_json_has_the_public_shape_and_the_quote_can_be_cited(filled: Run) -> None:
    answer = json.loads(filled("ask", "--json", QUESTION).out)
    assert {"question", "answered", "text", "figures", "citations", "derived", "reason", "choices"} <= set(answer)
    figure, citation = answer["figures"][0], answer["citations"][0]
    assert (figure["value"], figure["unit"], figure["period"]) == ("7198", "人", "2020")
    assert figure["region"].endswith("滨城区")
    assert figure["surface"] in citation["quote"]
    assert len(citation["quote"]) <= 800
    cited = filled("cite", citation["id"])
    assert cited.code == 0
    assert "7198人" in cited.out
    assert json.loads(filled("cite", citation["id"], "--json").out)["sha256"]


def test_a_refusal_says_so_and_is_no_error(filled: Run) -> None:
    done = filled("ask", "--json", "苏州市2020年地区生产总值是多少？")
    answer = json.loads(done.out)
    assert done.code == 0
    assert not answer["answered"]
    assert answer["figures"] == []
    assert answer["reason"] == "region"


def test_a_batch_answers_line_by_line(filled: Run, tmp_path: Path) -> None:
    lines = [{"id": "a", "question": QUESTION}, {"id": "b", "turns": [QUESTION, "地区生产总值呢？"]}]
    (tmp_path / "batch.jsonl").write_text("\n".join(map(json.dumps, lines)), encoding="utf-8")
    answers = [json.loads(line) for line in filled("ask", "--batch", "batch.jsonl").out.splitlines()]
    assert [(answer["id"], len(answer["turns"])) for answer in answers] == [("a", 1), ("b", 2)]


def test_only_what_changed_is_read_again(filled: Run, tmp_path: Path) -> None:
    again = filled("ingest", str(SAMPLES))
    assert "unchanged" in again.err
    count = len(filled("reports", "--json").out.splitlines())
    assert count == len([path for path in SAMPLES.iterdir() if path.suffix in {".md", ".txt", ".html"}])
    copy = tmp_path / "report.md"
    copy.write_text("# 甲市工作总结\n\n2020年，滨城区新增城镇就业100人。\n", encoding="utf-8")
    assert filled("ingest", str(copy)).code == 0
    assert len(filled("reports", "--json").out.splitlines()) == count + 1
    assert filled("remove", str(copy)).code == 0
    assert len(filled("reports", "--json").out.splitlines()) == count


def test_figures_are_listed_with_their_citations(filled: Run) -> None:
    rows = [
        json.loads(line)
        for line in filled("figures", "--json", "--region", "滨城区", "--year", "2020").out.splitlines()
    ]
    assert any(row["surface"] == "7198人" for row in rows)
    for row in rows:
        assert {"id", "source", "line", "sentence", "citation", "value", "unit", "kind", "status"} <= set(row)
        assert row["surface"] in row["sentence"]
    assert "7198人" in filled("figures", "--indicator", "新增就业").out


def test_clean_prints_the_text_alone_and_explains_on_standard_error(filled: Run) -> None:
    page = str(SAMPLES / "滨州市-2023年政府工作报告.html")
    done = filled("clean", page, "--explain")
    assert "城乡居民收入比缩小到1.85以下" in done.out
    assert "999亿元" not in done.out
    assert "removed" in done.err
