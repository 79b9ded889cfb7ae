"""Furniture: what goes, what must stay, and that nothing real is removed from reports."""

from __future__ import annotations

from collections import Counter
from pathlib import Path
from typing import Any

import pytest
import yaml

from zhengwen.ingest.furniture import remove_furniture
from zhengwen.ingest.models import Removal
from zhengwen.ingest.normalise import normalise
from zhengwen.ingest.sources import read_source
from zhengwen.ingest.textmap import MappedText

CASES: list[dict[str, Any]] = yaml.safe_load((Path(__file__).parent / "cases/furniture.yaml").read_text("utf-8"))
FIRST = "过去一年全区完成一般公共预算收入35亿元，增长2.1%，新增城镇就业7198人，完成年度目标的136%，各项工作稳步向前。"
SECOND = "教育事业继续发展，新建学校7所，投入使用幼儿园6所，大班额问题全部解决，群众更加满意，社会更加安定和谐有序。"


def cleaned(text: str) -> tuple[str, tuple[Removal, ...]]:
    result, removals = remove_furniture(MappedText.of(text))
    return result.text, removals


def page(line: str, where: str) -> str:
    orders = {"head": [line, FIRST, SECOND], "inside": [FIRST, line, SECOND], "tail": [FIRST, SECOND, line]}
    return "\n".join(orders[where])


@pytest.mark.parametrize("case", CASES, ids=lambda case: str(case["line"]))
def test_case(case: dict[str, Any]) -> None:
    text = page(case["line"], case.get("where", "tail"))
    after, removals = cleaned(text)
    if case.get("keep"):
        assert (after, removals) == (text, ())
    else:
        assert after == f"{FIRST}\n{SECOND}"
        assert [one.why for one in removals] == [case["why"]]
        assert text[removals[0].start : removals[0].end].strip("\n") == removals[0].text


def test_a_list_of_other_pages_goes_up_to_the_next_paragraph() -> None:
    after, _ = cleaned(f"{FIRST}\n相关新闻\n某地召开会议\n某地开展活动\n{SECOND}")
    assert after == f"{FIRST}\n{SECOND}"


def test_a_header_goes_with_its_breadcrumb() -> None:
    after, removals = cleaned(f"某某网 某某论坛\n新闻 财经 体育\n首页 > 区域 > 正文\n某区工作报告\n{FIRST}")
    assert after == f"某区工作报告\n{FIRST}"
    assert len(removals) == 3


def test_photo_numbers_and_their_captions_go() -> None:
    after, removals = cleaned(f"{FIRST}\n2\n志愿者开展活动\n{SECOND}")
    assert after == f"{FIRST}\n{SECOND}"
    assert [one.why for one in removals] == ["number of a picture", "photo caption"]


def test_a_clause_said_twice_is_kept_once() -> None:
    clause = "培育社会组织20余家，服务群众300余次"
    assert cleaned(f"开展活动60次；{clause}{clause}；继续推进。")[0] == f"开展活动60次；{clause}；继续推进。"


def test_parallel_clauses_are_no_copies() -> None:
    text = "设立50亿元的融资担保发展基金、100亿元的民营企业发展基金、100亿元的民营企业纾困基金。"
    assert cleaned(text)[0] == text


def test_a_paragraph_pasted_twice_is_kept_once() -> None:
    assert cleaned(f"{FIRST}{SECOND}\n{SECOND}\n{FIRST}{SECOND}")[0] == f"{FIRST}{SECOND}\n{SECOND}"


def test_a_watermark_goes_and_a_responsible_office_stays() -> None:
    lines = [FIRST, SECOND, FIRST.replace("35", "36"), SECOND.replace("7", "8")]
    assert cleaned("\n".join(f"{line}某某文库网" for line in lines))[0] == "\n".join(lines)
    offices = "\n".join(f"{line}（市民政局负责）" for line in lines)
    assert cleaned(offices)[0] == offices


def test_hidden_text_goes() -> None:
    after, removals = cleaned(f'{FIRST}<span style="display:none">某资料网</span>{SECOND}')
    assert after == FIRST + SECOND
    assert removals[0].why == "hidden text"


HARMLESS = {"picture", "a picture's caption in a comment", "newspaper page turn", "attached file"}


def test_nothing_real_is_removed_from_reports(shared: Path) -> None:
    """Every third report (all of them were read once): the reasons that occur, and copies of whole sentences alone."""
    whys: Counter[str] = Counter()
    for path in sorted((shared / "corpus/reports").rglob("*.md"))[::3]:
        _, removals = remove_furniture(normalise(read_source(path).body))
        rest = [one for one in removals if one.why not in HARMLESS]
        assert all("twice in a row" in one.why or "word for word" in one.why for one in rest), (path, rest)
        whys.update(one.why for one in rest)
    assert sum(whys.values()) <= 2


def test_the_pages_come_out_clean(shared: Path) -> None:
    """The scraped pages: nothing of the page around them is left, each begins and ends with the report's own words."""
    ends = {"000": "居全市第一。", "001": "讲座92场。", "003": "“答卷”。（李荣新 霍希征）", "004": "突破6万元。"}
    for path in sorted((shared / "corpus/pages").glob("*.txt")):
        text, _ = remove_furniture(normalise(read_source(path).body))
        furniture = ("编辑：", "验证码", "网站地图", "微笑", "推荐阅读", "本站", "首页")
        assert not any(word in text.text for word in furniture)
        assert text.text.endswith(ends.get(path.name[:3], ""))


@pytest.mark.parametrize("tools", ["字号：大 中 小", "打印本页 | 关闭窗口", "分享到：微信 微博"])
def test_a_line_that_ends_in_page_tools_does_not_join_the_next(tools: str) -> None:
    after, removals = cleaned(f"2021-01-06 10:20 来源：示例日报 {tools}\n{FIRST}\n{SECOND}")
    assert after.split("\n")[-2:] == [FIRST, SECOND]
    assert all("\n" not in removal.text for removal in removals)
