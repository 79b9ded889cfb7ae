"""A conversation is saved as Markdown with its sources, and over nothing else."""

from __future__ import annotations

from pathlib import Path

from markdown_it import MarkdownIt

from tests.bot.talking import QUESTION, said
from zhengwen.bot.terminal.chat_talk import Talk


def saved_text(path: Path) -> str:
    tokens = MarkdownIt("commonmark").parse(path.read_text(encoding="utf-8"))
    return "".join(child.content for token in tokens for child in token.children or () if child.type == "text")


def test_saving_writes_markdown_with_every_source(talk: Talk, tmp_path: Path) -> None:
    assert "还没有" in said(talk, "/save")
    for question in (QUESTION, "那陵城区呢", "苏州市2020年地区生产总值是多少？"):
        said(talk, question)
    assert "notes.md" in said(talk, "/save notes")
    text = saved_text(tmp_path / "notes.md")
    for turn in talk.turns:
        assert turn.question in text
        assert "".join(turn.text.split()) in "".join(text.split())
        for citation in turn.citations:
            assert citation.id in text and citation.source in text
            assert "".join(citation.quote.split()) in "".join(text.split())
    assert "[R]. " in text or "[Z]. " in text
    headings = MarkdownIt("commonmark").parse((tmp_path / "notes.md").read_text(encoding="utf-8"))
    assert sum(token.type == "heading_open" and token.tag == "h2" for token in headings) == 3


def test_saving_never_overwrites_what_it_did_not_write(talk: Talk, tmp_path: Path) -> None:
    (tmp_path / "mine.md").write_text("mine", encoding="utf-8")
    said(talk, QUESTION)
    assert "没有覆盖" in said(talk, "/save mine.md")
    assert (tmp_path / "mine.md").read_text(encoding="utf-8") == "mine"
    assert "不存在" in said(talk, "/save missing/a.md")
    said(talk, "/save")
    (first,) = tmp_path.glob("政问对话-*.md")
    said(talk, "那陵城区呢")
    said(talk, "/save")
    assert list(tmp_path.glob("政问对话-*.md")) == [first], "the same conversation goes on in its file"
    assert "5596人" in first.read_text(encoding="utf-8")
    said(talk, f"/save {tmp_path}")
    assert len(list(tmp_path.glob("政问对话-*.md"))) == 2, "a folder takes a file of its own"
