"""Near-duplicates: the same report in another page is recognised, another year's report is not."""

from __future__ import annotations

import random
from pathlib import Path

from hypothesis import given
from hypothesis import strategies as st

from zhengwen.ingest.duplicates import Similarity, fingerprint, similarity


def report(seed: int, sentences: int = 120) -> str:
    rng = random.Random(seed)
    words = ["新增就业", "财政收入", "固定资产投资", "工业增加值", "学校", "公路", "医院", "绿地", "企业", "居民收入"]
    verbs = ["完成", "达到", "增长", "建成", "提高到", "下降", "新开工", "惠及"]
    units = ["亿元", "万人", "%", "个", "公里", "所", "亩"]
    return "\n".join(
        f"{rng.choice(words)}{rng.choice(verbs)}{rng.randint(2, 9999)}{rng.choice(units)}，"
        f"{rng.choice(words)}{rng.choice(verbs)}{rng.randint(2, 9999)}{rng.choice(units)}。"
        for _ in range(sentences)
    )


def test_the_same_text_in_another_page() -> None:
    one = report(1)
    other = one.replace("，", ",").replace("\n", "\n\n").replace("公路", "道路", 3)
    other = f"某某网\n首页 > 正文\n{other}\n责任编辑：某"
    found = similarity(fingerprint(one), fingerprint(other))
    assert found.same
    assert found.part


def test_a_copy_cut_short_is_the_same() -> None:
    one = report(2)
    found = similarity(fingerprint(one), fingerprint(one[: len(one) // 2]))
    assert found.same


def test_a_few_quoted_paragraphs_are_a_part_and_not_the_same() -> None:
    one = report(2)
    found = similarity(fingerprint(one), fingerprint(one[: len(one) // 4]))
    assert found.part
    assert not found.same


def test_half_quoted_in_a_text_of_its_own_is_not_the_same() -> None:
    one = report(5)
    found = similarity(fingerprint(one), fingerprint(one[: len(one) // 2] + report(6)))
    assert not found.part
    assert not found.same


def test_other_reports_are_neither() -> None:
    found = similarity(fingerprint(report(3)), fingerprint(report(4)))
    assert not found.same
    assert not found.part


def test_short_texts_are_like_nothing() -> None:
    assert fingerprint("全年新增就业7198人。") == b""
    assert similarity(b"", b"") == Similarity(0.0, 0.0)


@given(st.text(max_size=300), st.text(max_size=300))
def test_symmetric_and_within_bounds(one: str, other: str) -> None:
    found = similarity(fingerprint(one), fingerprint(other))
    assert found == similarity(fingerprint(other), fingerprint(one))
    assert 0 <= found.jaccard <= found.of_shorter <= 1


def test_reports_of_one_city_are_different(shared: Path) -> None:
    """Ten years of one city share phrases, never enough to be taken for one report."""
    texts = [path.read_text("utf-8") for path in sorted((shared / "corpus/reports").rglob("*/天津市/*.md"))]
    prints = [fingerprint(text) for text in texts]
    pairs = [similarity(a, b) for at, a in enumerate(prints) for b in prints[at + 1 :]]
    assert pairs
    assert max(pair.jaccard for pair in pairs) < 0.1
    assert all(similarity(one, one) == Similarity(1.0, 1.0) for one in prints)
