"""`zhengwen clean FILE --explain`: the text alone on standard output, each change with its reason on standard error."""

from __future__ import annotations

import re
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

Run = Callable[..., Any]

PROSE = (
    "教育事业继续发展，新建学校7所，投入使用幼儿园6所，大班额问题全部解决，群众更加满意，社会更加安定和谐有序，生活更加幸福美好。",
    "生态环境继续改善，新增绿地90万平方米，河流断面水质稳定达标，空气优良天数增加11天，居民普遍感到满意，评价良好。",
    "城市建设继续加快，改造老旧小区46个，新建改建道路12公里，新增停车位1800个，城市功能更加完善，面貌更加美丽。",
)

REMOVED = {
    "head": {
        "某某资讯网 新闻 财经\n首页 > 政务 > 正文": "name and menu of the site",
        "您的位置：首页 > 政务公开 > 正文": "breadcrumb",
    },
    "inside": {
        "（下转第二版）": "newspaper page turn",
        '<span style="display:none">某资料网</span>': "hidden text",
        "![图](./a.png)": "picture",
        "图为会议现场": "photo caption",
    },
    "tail": {
        "责任编辑：某某": "editor's line",
        "分享到：微信 微博": "link to a share button",
        "打印本页 | 关闭窗口": "page tools",
        "浏览次数：2048次": "page counter",
        "相关新闻\n某地召开会议": "list of other pages",
        "网友评论（3条）\n写得好": "comments of readers",
        "上一篇：某区召开会议": "neighbour link",
        "免责声明：本站内容来自互联网，转载请联系本站。": "disclaimer",
        "版权所有 某区 京ICP备00000000号": "site licence",
        "附件：2021年报告.docx": "attached file",
        PROSE[0]: "the same as paragraph 1, word for word",
    },
}
PLACED = [(where, piece, why) for where, pieces in REMOVED.items() for piece, why in pieces.items()]


def page(where: str, piece: str) -> str:
    orders = {"head": [piece, *PROSE], "inside": [PROSE[0], piece, *PROSE[1:]], "tail": [*PROSE, piece]}
    return "\n".join(orders[where])


@pytest.mark.parametrize(("where", "piece", "why"), PLACED, ids=[why for _, _, why in PLACED])
def test_each_kind_of_furniture_is_listed_with_its_line_and_reason(
    run: Run, tmp_path: Path, where: str, piece: str, why: str
) -> None:
    (tmp_path / "page.txt").write_text(page(where, piece), "utf-8")
    done = run("clean", "page.txt", "--explain")
    assert done.code == 0
    assert done.out.strip().split("\n") == list(PROSE)
    first = {"head": 1, "inside": 2, "tail": 4}[where]
    for number, part in enumerate(piece.split("\n"), start=first):
        (line,) = [one for one in done.err.splitlines() if one.startswith(f"removed, line {number} ")]
        assert part in line
    assert f"({why})" in done.err
    assert run("clean", "page.txt").out == done.out, "without the option nothing but the text"
    assert not run("clean", "page.txt").err


def test_a_watermark_at_line_ends_goes_and_joins_no_paragraphs(run: Run, tmp_path: Path) -> None:
    (tmp_path / "page.txt").write_text("\n".join(f"{line}某某文库网" for line in PROSE), "utf-8")
    done = run("clean", "page.txt", "--explain")
    assert done.out.strip().split("\n") == list(PROSE)
    assert done.err.count("(watermark at the end of lines): '某某文库网'") == 3


def test_a_clause_said_twice_is_listed(run: Run, tmp_path: Path) -> None:
    clause = "培育社会组织20余家，服务群众300余次，"
    (tmp_path / "page.txt").write_text(f"{clause}{clause}取得了新的进展。", "utf-8")
    done = run("clean", "page.txt", "--explain")
    assert done.out.strip() == f"{clause}取得了新的进展。"
    assert f"removed, line 1 (the same words twice in a row): '{clause}'" in done.err


MENDED = [
    ("增长181 . 6%。", "增长181.6%。", "repaired", "certain", "181 . 6 → 181.6: blanks inside a decimal number"),
    ("收入2 , 345万元。", "收入2,345万元。", "repaired", "certain", "thousands commas"),
    ("到1 995年。", "到1995年。", "repaired", "certain", "1 995 → 1995: blanks inside a year"),
    ("覆盖4O%。", "覆盖40%。", "repaired", "certain", "4O → 40: a letter that looks like a digit"),
    ("到二O三五年。", "到二〇三五年。", "repaired", "certain", "二O三五 → 二〇三五: a letter or digit for 〇"),
    ("由9 1个增加。", "由9 1个增加。", "marked", "undecided", "9 1: two numbers with only a blank between them"),
    ("推動(dòng)?jì)D幼保健院建設。", "推动妇幼保健院建设。", "repaired", "certain", "婦"),
]


@pytest.mark.parametrize(("before", "after", "what", "certainty", "said"), MENDED, ids=[one[0] for one in MENDED])
def test_each_kind_of_repair_says_before_after_why_and_how_certain(
    run: Run, tmp_path: Path, before: str, after: str, what: str, certainty: str, said: str
) -> None:
    (tmp_path / "page.txt").write_text(f"工作报告\n{before}\n", "utf-8")
    done = run("clean", "page.txt", "--explain")
    assert done.out == f"工作报告\n{after}\n"
    (line,) = [one for one in done.err.splitlines() if re.match("repaired|marked", one)]
    assert line.startswith(f"{what}, line 2 ({certainty}): ")
    assert said in line


def test_a_warning_of_the_reader_is_said(run: Run, tmp_path: Path) -> None:
    text = "\n".join(PROSE).encode()
    (tmp_path / "page.txt").write_bytes(text + "\n另一行用别的编码写成。\n".encode("gbk"))
    done = run("clean", "page.txt", "--explain")
    assert "另一行用别的编码写成。" in done.out
    assert done.err.startswith("warning: 1 lines are in another encoding, read as GB18030")
    ingested = run("ingest", "page.txt")
    assert ingested.code == 0
    assert "page.txt: 1 lines are in another encoding" in ingested.err
