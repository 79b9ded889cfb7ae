"""Citing by id, by figure and by sentence; every form of output is read again and says the same."""

from __future__ import annotations

import datetime as dt
import json
import re
import uuid
from pathlib import Path
from typing import Any
from urllib.parse import unquote, urlsplit

import pytest
import yaml
from hypothesis import example, given
from hypothesis import strategies as st
from markdown_it import MarkdownIt

from tests.bot.commands import Done, Run
from zhengwen.bot.citing import Cited, cite
from zhengwen.bot.citing_markdown import cited_markdown, escape, passage
from zhengwen.bot.citing_reference import reference
from zhengwen.bot.citing_selectors import selectors
from zhengwen.index.codec import about_json
from zhengwen.index.library import Library
from zhengwen.index.rows import ReportRow
from zhengwen.ingest.models import About, Known
from zhengwen.ingest.regions import gazetteer

SAMPLES = Path(__file__).parents[2] / "samples"
REFERENCES = yaml.safe_load((Path(__file__).parent / "cases" / "references.yaml").read_text(encoding="utf-8"))
JOBS = "全年城镇新增就业7198人"


def read_json(done: Done) -> dict[str, Any]:
    assert done.code == 0, done.err
    record = json.loads(done.out)
    assert isinstance(record, dict)
    return record


def selected(text: str, selector: list[dict[str, Any]]) -> str:
    """What both selectors of a target select; they must agree, and the quotation must fit one place alone."""
    quote, position = selector
    assert (quote["type"], position["type"]) == ("TextQuoteSelector", "TextPositionSelector")
    whole = quote["prefix"] + quote["exact"] + quote["suffix"]
    assert len(re.findall(f"(?={re.escape(whole)})", text)) == 1
    assert text.index(whole) + len(quote["prefix"]) == position["start"]
    assert text[position["start"] : position["end"]] == quote["exact"]
    return str(quote["exact"])


def test_the_selectors_select_the_same_in_the_clean_text_and_in_the_file(filled: Run) -> None:
    for given_text in (JOBS, "新增城镇就业5596人", "344项依申请审批事项", "城乡居民收入比缩小到1.85以下"):
        record = read_json(filled("cite", given_text, "--json"))
        assert set(record["annotation"]) == {"@context", "id", "type", "motivation", "target"}
        assert record["annotation"]["id"] == f"urn:uuid:{uuid.UUID(record['annotation']['id'].rpartition(':')[2])}"
        clean, source = record["annotation"]["target"]
        file = Path(record["sources"][0])
        assert source["source"] == record["url"] or unquote(urlsplit(source["source"]).path) == str(file.resolve())
        assert selected(filled("clean", str(file)).out, clean["selector"]) == record["match"]["text"] == given_text
        exact = source["selector"][0]["exact"]
        assert exact == record["match"]["source_text"]
        if file.suffix != ".html":
            assert selected(file.read_text(encoding="utf-8"), source["selector"]) == exact


@given(st.text("甲乙丙。\n", min_size=1, max_size=80), st.data())
def test_selectors_fit_one_place_in_any_text(text: str, data: st.DataObject) -> None:
    start = data.draw(st.integers(0, len(text) - 1))
    end = data.draw(st.integers(start + 1, len(text)))
    assert selected(text, selectors(text, start, end)) == text[start:end]


def test_json_extends_what_it_was(filled: Run) -> None:
    citation = json.loads(filled("ask", "--json", "滨城区2020年新增就业多少").out)["citations"][0]
    record = read_json(filled("cite", citation["id"], "--json"))
    for name in ("id", "text", "source_text", "before", "after", "headings", "title", "region", "date", "sources"):
        assert name in record
    assert record["text"][: len(citation["quote"])] == citation["quote"]
    assert record["match"]["how"] == "id"
    assert (record["match"]["start"], record["match"]["end"]) == (record["start"], record["end"])
    assert len(record["sha256"]) == 64
    assert dt.datetime.fromisoformat(record["read_at"])
    assert read_json(filled("cite", f"[{citation['id']}]", "--json")) == record | {
        "match": record["match"],
        "total": 1,
        "more": False,
        "others": [],
    }


def test_a_figure_is_cited_with_its_number_marked(filled: Run) -> None:
    rows = [json.loads(line) for line in filled("figures", "--json", "--region", "滨城区").out.splitlines()]
    row = next(row for row in rows if row["surface"] == "7198人")
    record = read_json(filled("cite", row["id"], "--json"))
    assert (record["id"], record["match"]["how"]) == (row["citation"], "figure")
    assert (record["match"]["text"], record["match"]["start"]) == (row["surface"], row["start"])
    assert record["figure"] == row
    for shown in (filled("cite", row["id"]).out, filled("cite", row["id"], "--markdown").out):
        assert "城镇新增就业 · 2020 · 山东省滨州市滨城区 · 7198人 · actual" in shown
        assert record["sha256"] in shown and record["reference"].split(".")[0] in shown


def test_several_places_are_listed(filled: Run) -> None:
    record = read_json(filled("cite", "一般公共预算收入", "--json", "--limit", "3"))
    assert record["total"] > 3
    assert len(record["others"]) == 2
    assert {"id", "match", "annotation"} <= set(record["others"][0])
    shown = filled("cite", "一般公共预算收入", "--limit", "3").out
    assert all(place["id"] in shown for place in (record, *record["others"]))
    dates = [place["date"] for place in (record, *record["others"]) if place["date"]]
    assert dates == sorted(dates), "the oldest first: that is where it comes from"


def test_what_is_alike_says_how_much_and_what_differs(filled: Run) -> None:
    done = filled("cite", "全年城镇新增就业7188人，完成年度目标的136%")
    assert done.code == 0
    assert "0.96" in done.out
    assert "'7188' → '7198'" in done.out


@pytest.mark.parametrize(
    ("arguments", "code", "said"),
    [
        (["今天天气很好，我们一起去公园放风筝吧"], 1, "no report"),
        (["滨城"], 1, "too short"),
        (["ffffffffffff"], 1, "no passage"),
        (["fffffffffffff"], 1, "no figure"),
        (["nonsense"], 1, "no passage"),
        ([""], 2, "nothing to look up"),
        ([], 2, "ID|SENTENCE"),
        (["7198人", "--json", "--markdown"], 2, "one of"),
    ],
)
def test_what_cannot_be_cited_is_said_in_one_line(filled: Run, arguments: list[str], code: int, said: str) -> None:
    done = filled("cite", *arguments)
    assert (done.code, done.out) == (code, "")
    assert said in done.err
    assert len(done.err.strip().splitlines()) == 1


def test_the_original_stands_beside_a_repair(filled: Run) -> None:
    done = filled("cite", "新增城鎮就業5596人")
    assert "城镇新增就业" in done.out or "新增城镇就业5596人" in done.out
    assert "as it stands in the file:" in done.out
    assert "I5596人" in done.out, "the source as it was damaged"
    record = read_json(filled("cite", "新增城鎮就業5596人", "--json"))
    assert record["repairs"], "what was mended in this passage"
    for repair in record["repairs"]:
        place = slice(repair["start"] - record["source_start"], repair["end"] - record["source_start"])
        assert record["source_text"][place] == repair["before"]
        assert repair["why"] and repair["before"] in done.out


def plain(markdown: str) -> list[tuple[str, bool]]:
    """The text of the block quotations and whether it is marked, as a Markdown parser reads it."""
    found: list[tuple[str, bool]] = []
    depth, marked = 0, False
    for token in MarkdownIt("commonmark").parse(markdown):
        depth += {"blockquote_open": 1, "blockquote_close": -1}.get(token.type, 0)
        for child in token.children or () if depth else ():
            if child.type == "html_inline":
                assert child.content in ("<mark>", "</mark>")
                marked = child.content == "<mark>"
            else:
                found.append((child.content if child.type == "text" else "\n", marked))
    return found


def squeezed(text: str) -> str:
    return "".join(text.split())


def test_markdown_reads_as_the_passage_with_its_span_marked(library: Library) -> None:
    for report in library.reports():
        for stored in library.passages_of(report):
            cited = cite(library, stored.id)
            assert squeezed(cited.text) in squeezed("".join(text for text, _ in plain(cited_markdown(cited))))
            assert not any(marked for _, marked in plain(cited_markdown(cited))), "all of it is cited"


def test_markdown_marks_the_figure(filled: Run) -> None:
    done = filled("cite", JOBS, "--markdown")
    assert "".join(text for text, marked in plain(done.out) if marked) == JOBS
    heading = next(token for token in MarkdownIt("commonmark").parse(done.out) if token.type == "heading_open")
    assert heading.tag == "h3"


HARSH = st.text("甲乙a;1.2)(#+-=*_`~<>&[]|!\\ 　“”：，\n", min_size=1, max_size=40)


@given(HARSH, st.data())
def test_any_text_survives_markdown(text: str, data: st.DataObject) -> None:
    if not text.strip():
        return
    start = data.draw(st.integers(0, len(text) - 1))
    end = data.draw(st.integers(start + 1, len(text)))
    read = plain(passage(text, [(start, end)]))
    assert squeezed("".join(one for one, _ in read)) == squeezed(text)
    assert squeezed("".join(one for one, marked in read if marked)) == squeezed(text[start:end])


@given(HARSH)
@example("&amp; &#35; &lt;b&gt;")
@example("__甲__ *乙* ~~丙~~ http://a.b/c_d_e?f=1&g=2")
@example("1) 甲")
def test_an_escaped_line_is_a_paragraph_that_reads_as_itself(text: str) -> None:
    tokens = MarkdownIt("commonmark").parse(escape(text))
    assert [token.type for token in tokens] in ([], ["paragraph_open", "inline", "paragraph_close"])
    read = "".join(child.content for token in tokens for child in token.children or ())
    assert squeezed(read) == squeezed(text)


def row_of(about: dict[str, Any]) -> ReportRow:
    """A stored report of which no more is known than the case says."""
    region = gazetteer().by_code(about["region"]) if "region" in about else None
    record = About(
        level=about.get("level", "unknown"),
        kind=about["kind"],
        publisher=Known[str](value=about.get("publisher")),
        author=Known[str](value=about.get("author")),
        url=about.get("url"),
    )
    return ReportRow(
        no=1, id="0" * 16, sha256="0" * 64, encoding="utf-8", region=region, kind=about["kind"], title=about["title"],
        date=about.get("date"), year_reviewed=about.get("year_reviewed"), covers=None, characters=0, passages=0,
        figures=0, read_at="2026-11-22T04:03:25+00:00", warnings=(), sources=(), about_record=about_json(record),
    )  # fmt: skip


@pytest.mark.parametrize("case", REFERENCES, ids=lambda case: case["reference"][:30])
def test_references_follow_the_standard(case: dict[str, Any]) -> None:
    assert reference(row_of(case["about"])) == case["reference"]


def test_the_reference_alone_is_one_line_a_report(filled: Run) -> None:
    done = filled("cite", JOBS, "--reference")
    (line,) = done.out.splitlines()
    assert re.search(r"\[(?:R|N|EB|Z)(?:/OL)?\]", line)
    assert line == read_json(filled("cite", JOBS, "--json"))["reference"]


def test_a_record_reads_again(library: Library) -> None:
    cited = cite(library, library.passages_of(library.reports()[0])[0].id)
    assert Cited.model_validate_json(cited.model_dump_json()) == cited
