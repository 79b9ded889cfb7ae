"""HTML: visible main text, tables as rows, hidden text aside, and every character mapped into the page."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from zhengwen.ingest.errors import InputError
from zhengwen.ingest.readers import extract

PARAGRAPH = (
    "过去一年，全区完成一般公共预算收入35亿元，增长2.1%，新增城镇就业7198人，"
    "完成年度目标的136%，各项工作稳步向前，居民生活更加安定。"
)
PAGE = f"""<!DOCTYPE html><html><head><meta charset="utf-8"><title>工作报告_示例网</title>
<meta name="ArticleTitle" content="2021年示例区政府工作报告"><meta name="PubDate" content="2021-01-20">
<meta name="ContentSource" content="示例区人民政府办公室"><script>var a = "<p>脚本</p>";</script></head><body>
<div class="nav"><ul><li><a href="/">首页</a></li><li><a href="/a">政务公开</a></li></ul></div>
<div class="content"><h1>2021年示例区政府工作报告</h1><div>发布时间：2021-01-20 来源：示例区人民政府办公室</div>
<p>{PARAGRAPH}</p>
<p>全年实现地区生产总值<b>4</b>98.71亿元，增长<span>3.5</span>%，居民收入继续增加，
市场主体达到1.8万户，发展的基础更加坚实，动力更加充足。<span style="display: none">某资料网</span></p>
<table><tr><th>指标</th><th>2020年</th></tr><tr><td>收入</td><td><p>35亿元</p></td></tr>
<tr><td>就业</td><td>7198&nbsp;人</td></tr></table>
<p>下一步，我们将坚持以人民为中心，持续改善民生，力争全年城镇新增就业7000人以上，建设更高水平的小康社会。</p>
</div><div class="related"><h3>相关新闻</h3><ul><li><a href="/1">某地召开会议</a></li></ul></div>
<div class="footer">版权所有 示例区人民政府</div></body></html>"""


def test_main_text_tables_and_facts() -> None:
    found = extract(PAGE.encode(), ".html")
    lines = found.body.text.strip().split("\n")
    assert lines[0] == "2021年示例区政府工作报告"
    assert PARAGRAPH in lines
    assert "全年实现地区生产总值498.71亿元，增长3.5%，居民收入继续增加，市场主体达到1.8万户" in found.body.text
    rows = [line for line in lines if line.startswith("|")]
    assert rows == ["| 指标 | 2020年 |", "| 收入 | 35亿元 |", "| 就业 | 7198 人 |"]
    assert not any(word in found.body.text for word in ("脚本", "某资料网", "首页", "相关新闻", "版权所有"))
    assert found.front_matter == {
        "title": "2021年示例区政府工作报告",
        "date": "2021-01-20",
        "publisher": "示例区人民政府办公室",
    }
    assert {one.why for one in found.removals} == {"hidden text", "outside the main text of the page"}


def test_each_character_lies_where_the_map_says() -> None:
    found = extract(PAGE.encode(), ".html")
    for at, char in enumerate(found.body.text):
        start, end = found.body.map.source_span(at, at + 1)
        source = found.text[start:end]
        assert char == source or (char in "\n| " and (not source or source[0] in "<&\n \xa0"))
    at = found.body.text.index("498.71亿元")
    assert found.text[slice(*found.body.map.source_span(at, at + 8))] == "4</b>98.71亿元"


def test_declared_encodings() -> None:
    page = PAGE.replace('charset="utf-8"', 'charset="gb2312"')
    assert PARAGRAPH in extract(page.encode("gb18030"), ".htm").body.text
    assert PARAGRAPH in extract(PAGE.encode(), ".txt").body.text, "a page saved under the name of a text"


def test_a_picture_inside_the_page_is_no_text() -> None:
    picture = f'<img src="data:image/png;base64,{"iVBOR" * 60_000}">'
    page = f"<html><body><p>{PARAGRAPH}</p>{picture}<p>完。</p></body></html>"
    assert "iVBOR" not in extract(page.encode(), ".html").body.text


def test_layout_tables_are_no_rows() -> None:
    page = f"<html><body><table><tr><td><table><tr><td>{PARAGRAPH}</td></tr></table></td></tr></table></body></html>"
    assert extract(page.encode(), ".html").body.text.strip() == PARAGRAPH


SITE = f"""<html><body><ul class="menu"><li><a>首页</a></li><li><a>新闻中心</a></li></ul><table><tr><td>
<div class="TRS_Editor"><p>{PARAGRAPH}</p><p>一、过去一年的工作</p>
<p>教育事业继续发展，新建学校7所，投入使用幼儿园6所，大班额问题全部解决，群众更加满意。</p>
<p>主要指标见下表：</p><table><tr><th rowspan="2">指标</th><th colspan="2">2020年</th></tr>
<tr><th>完成数</th><th>增长</th></tr>
<tr><td>财政收入<td>35.2亿元<td>2.1%</tr></table>
<p>二、今年的工作</p><p>力争新增就业7000人以上。</p></div><div>责任编辑：某某</div>
<div class="rel"><h4>相关新闻</h4><a>某地投资增长99%，达到1000亿元</a></div>
<div class="comments"><h4>大家说</h4><p>今年收入又涨了500元，真是太好了，
希望以后一年比一年好，感谢大家的努力和付出，我们都看在眼里记在心里。</p></div>
<div>免责声明：本文仅代表作者个人观点，与本站立场无关，转载请联系版权方。</div></td></tr></table></body></html>"""


def test_short_paragraphs_stay_and_comments_go_in_a_page_laid_out_with_tables() -> None:
    found = extract(SITE.encode(), ".html")
    lines = [line.strip() for line in found.body.text.strip().split("\n")]
    assert lines[:4] == [
        PARAGRAPH,
        "一、过去一年的工作",
        "教育事业继续发展，新建学校7所，投入使用幼儿园6所，大班额问题全部解决，群众更加满意。",
        "主要指标见下表：",
    ]
    assert lines[-2:] == ["二、今年的工作", "力争新增就业7000人以上。"] or lines[-3:-1] == [
        "二、今年的工作",
        "力争新增就业7000人以上。",
    ]
    assert not any(word in found.body.text for word in ("新闻中心", "1000亿元", "500元"))


def test_merged_and_unclosed_cells_keep_their_columns() -> None:
    rows = [line.strip() for line in extract(SITE.encode(), ".html").body.text.split("\n") if line.startswith("|")]
    assert [[cell.strip() for cell in row.strip("|").split("|")] for row in rows] == [
        ["指标", "2020年", ""],
        ["", "完成数", "增长"],
        ["财政收入", "35.2亿元", "2.1%"],
    ]


HOSTILE = {
    "deep": "<html><body>" + "<div>" * 70_000 + PARAGRAPH + "</div>" * 70_000,
    "quotes": "<html>" + '<p title="' * 20_000 + "文字",
    "entities": "&" * 300_000 + "文字",
    "angles": "<" * 300_000 + "文字",
    "comments": "<p>文字</p>" + "<!--" * 50_000,
    "tables": "<table>" * 20_000 + "<tr><td>文字</td></tr>",
    "attributes": "<p " + 'a="b" ' * 50_000 + ">文字",
    "hidden": '<div style="display:none">' * 5_000 + "无" + "</div>" * 4_999 + "<p>文字",
}


@pytest.mark.parametrize("name", HOSTILE)
def test_hostile_pages_end(name: str) -> None:
    try:
        assert extract(HOSTILE[name].encode(), ".html").body.text.strip()
    except InputError as error:
        assert "holds no text" in str(error)


TAGS = st.sampled_from(["<p>", "</p>", "<b>", "<td>", "<table>", "</table>", "<tr>", "<br/>", "&nbsp;", "<", "\n"])


@given(st.lists(st.one_of(TAGS, st.sampled_from(["全区", "35亿元", "，", " "])), max_size=40).map("".join))
def test_any_soup_keeps_its_words_or_sets_them_aside(soup: str) -> None:
    try:
        found = extract(soup.encode(), ".html")
    except InputError:
        return
    kept = found.body.text + "".join(one.text for one in found.removals)
    words = "全区35亿元，"
    assert sorted(one for one in kept if one in words) == sorted(one for one in soup if one in words)
