"""Passages: whole sentences, bounded, stable ids, lines of the source."""

from __future__ import annotations

from hypothesis import given
from hypothesis import strategies as st

from zhengwen.ingest.models import Block, Passage
from zhengwen.ingest.passages import HARD_LIMIT, citation_id, cut
from zhengwen.ingest.sentences import sentence_spans
from zhengwen.ingest.textmap import Edit, MappedText

SHA = "ab" * 32


def passages_of(source: str, *, limit: int = 400, edits: tuple[Edit, ...] = ()) -> tuple[str, tuple[Passage, ...]]:
    """The clean text and the passages of a source whose every line is a block."""
    body = MappedText.of(source).edit(edits)
    blocks, at = [], 0
    for line in body.text.splitlines(keepends=True):
        if line.strip():
            lead = len(line) - len(line.lstrip())
            kind = "table" if line.strip().startswith("|") else "text"
            blocks.append(Block(start=at + lead, end=at + len(line.rstrip()), kind=kind, mode="review"))
        at += len(line)
    return body.text, cut(body.text, blocks, sha256=SHA, offsets=body.map, source_text=source, limit=limit)


def test_passages_end_at_sentences_before_the_limit() -> None:
    text, passages = passages_of("一" * 90 + "。" + "二" * 90 + "。" + "三" * 90 + "。", limit=200)
    assert [passage.end - passage.start for passage in passages] == [182, 91]
    assert text[passages[1].start] == "三"


def test_a_long_sentence_stays_whole_up_to_the_hard_limit() -> None:
    _, passages = passages_of("短句。" + "长" * 700 + "。" + "尾句。", limit=200)
    assert [passage.end - passage.start for passage in passages] == [3, 701, 3]


def test_a_sentence_beyond_the_hard_limit_is_cut_at_a_semicolon() -> None:
    text, passages = passages_of("甲" * 600 + "；" + "乙" * 100 + "，" + "丙" * 400 + "。")
    assert [text[passage.end - 1] for passage in passages] == ["；", "。"]


def test_passages_never_cross_blocks_and_know_their_line() -> None:
    _, passages = passages_of("第一段。\r\n\r\n第二段。\n第三段。")
    assert [passage.line for passage in passages] == [1, 3, 4]


def test_a_bare_heading_is_context_and_one_with_a_number_a_passage() -> None:
    text = "一、工作回顾\n（一）经济总量突破500亿元"
    blocks = [Block(start=0, end=6, kind="heading"), Block(start=7, end=len(text), kind="heading")]
    body = MappedText.of(text)
    passages = cut(text, blocks, sha256=SHA, offsets=body.map, source_text=text)
    assert [text[passage.start : passage.end] for passage in passages] == ["（一）经济总量突破500亿元"]


def test_the_id_survives_better_cleaning() -> None:
    source = "广告\n新增就业7198人。"
    _, before = passages_of(source)
    _, after = passages_of(source, edits=(Edit(0, 3),))
    assert after[0].id == before[1].id == citation_id(SHA, 3, len(source))
    assert after[0].start == 0 and after[0].source_start == 3


sentences = st.lists(
    st.tuples(st.text(alphabet="增长，；3 ", min_size=1, max_size=300), st.sampled_from("。！\n")), max_size=12
)


@given(sentences, st.integers(80, 800))
def test_passages_hold_the_whole_text(pieces: list[tuple[str, str]], limit: int) -> None:
    text, passages = passages_of("".join(body + end for body, end in pieces), limit=limit)
    at = 0
    for passage in passages:
        assert not text[at : passage.start].strip()
        assert 0 < passage.end - passage.start <= HARD_LIMIT
        at = passage.end
    assert not text[at:].strip()
    ends = {end for _, end in sentence_spans(text)}
    assert all(passage.end in ends for passage in passages if passage.end - passage.start < HARD_LIMIT // 2)
    assert len({passage.id for passage in passages}) == len(passages)


@given(st.lists(st.text(alphabet="甲1| ", min_size=1, max_size=200), min_size=1, max_size=20))
def test_rows_stay_whole(rows: list[str]) -> None:
    source = "\n".join("| " + row.replace("\n", " ").strip() + " |" for row in rows)
    body = MappedText.of(source)
    block = Block(start=0, end=len(source), kind="table")
    for passage in cut(source, [block], sha256=SHA, offsets=body.map, source_text=source):
        assert source[passage.start] == "|" and source[passage.end - 1] == "|"
