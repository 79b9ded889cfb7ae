"""Text broken at a fixed width comes back whole, whatever the width; text with one line a paragraph stays as it is."""

from __future__ import annotations

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from zhengwen.ingest.normalise_wrapped import join_wrapped_lines
from zhengwen.ingest.textmap import MappedText

_SENTENCES = [
    "过去一年，全区完成一般公共预算收入35.27亿元，增长2.1%，新增城镇就业7198人，完成年度目标的136%，各项工作稳步向前，居民生活更加安定。",
    "教育事业继续发展，新建学校7所，投入使用幼儿园16所，新增学位8600个，大班额问题全部解决，群众更加满意，社会更加安定和谐有序。",
    "生态环境继续改善，新增绿地90.5万平方米，河流断面水质稳定达标，空气优良天数增加11天，居民普遍感到满意，评价良好，面貌一新。",
    "城市建设继续加快，改造老旧小区146个，新建改建道路12.8公里，新增停车位11800个，城市功能更加完善，面貌更加美丽，生活更加便利。",
    "产业结构继续优化，规模以上工业增加值增长6.4%，高新技术企业达到312家，研发投入占比提高到2.75%，创新能力明显增强，后劲更足。",
]
PARAGRAPHS = ["".join(_SENTENCES[at:] + _SENTENCES[:at]) for at in range(4)]


def wrapped(width: int, *, indent: str, gap: str) -> str:
    lines = []
    for paragraph in PARAGRAPHS:
        rest = indent + paragraph
        lines += [rest[at : at + width] for at in range(0, len(rest), width)]
    return gap.join(lines)


@given(st.integers(20, 44), st.sampled_from(["　　", "    "]), st.sampled_from(["\n", "\r\n", "\n\n"]))
@settings(deadline=None)
def test_paragraphs_come_back_whole(width: int, indent: str, gap: str) -> None:
    text = wrapped(width, indent=indent, gap=gap)
    joined = join_wrapped_lines(MappedText.of(text))
    assert (
        joined.text.replace("\r", "").replace("\n\n", "\n").replace("　", "").replace(" ", "").split("\n") == PARAGRAPHS
    )
    at = joined.text.index("35.27亿元")
    start, end = joined.map.source_span(at, at + 7)
    assert "".join(text[start:end].split()) == "35.27亿元"


@given(st.integers(20, 44), st.sampled_from(["\n", "\n\n"]))
@settings(deadline=None)
def test_without_indents_no_number_is_cut(width: int, gap: str) -> None:
    joined = join_wrapped_lines(MappedText.of(wrapped(width, indent="", gap=gap))).text
    assert "".join(joined.split()) == "".join(PARAGRAPHS)
    for number in ("35.27亿元", "7198人", "90.5万平方米", "11800个", "2.75%"):
        assert number in joined


@pytest.mark.parametrize(
    "text",
    [
        "\n".join(PARAGRAPHS * 4),
        "\n".join(f"（{at}）新增一项工作共{at}件" for at in range(30)),
        "\n".join(f"| 指标 | {at}亿元 | 增长{at}%，比上年有所提高 |" for at in range(30)),
        "\n".join(_SENTENCES[0][: 10 + 6 * at] for at in range(9)) + "\n短\n" * 9,
        "",
    ],
    ids=["paragraphs", "list", "table", "all lengths", "nothing"],
)
def test_other_text_stays(text: str) -> None:
    assert join_wrapped_lines(MappedText.of(text)).text == text


def test_a_heading_broken_by_the_width_is_one_line() -> None:
    heading = "（一）坚持稳中求进的工作总基调，推动经济发展迈上一个新的更高的台阶"
    lines = wrapped(28, indent="　　", gap="\n").split("\n")
    text = "\n".join([*lines[:3], "　　" + heading[:26], heading[26:], *lines[3:]])
    assert heading in join_wrapped_lines(MappedText.of(text)).text
