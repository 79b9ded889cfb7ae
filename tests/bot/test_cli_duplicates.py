"""One report from several sites, as a user meets it: kept once, every source named; what differs stays apart."""

from __future__ import annotations

import itertools
import json
import random
from pathlib import Path

import pytest

from tests.bot.commands import Run

SUBJECTS = ["城镇新增就业", "一般公共预算收入", "固定资产投资", "工业增加值", "学校", "公路", "医院", "绿地", "企业"]
VERBS = ["完成", "达到", "新增", "建成", "增加到", "改造", "惠及"]
UNITS = ["万元", "人", "个", "公里", "所", "亩", "户"]
FEATURES = ["稳步推进", "成效明显", "进展顺利", "全面提速", "持续向好", "群众满意"]


def paragraphs(year: int, *, place: str, seed: int, count: int = 30) -> list[str]:
    """A report in sentences of our own: its head, the review of the year before, a short plan."""
    rng = random.Random(seed)

    def sentence() -> str:
        figure = f"{rng.choice(SUBJECTS)}{rng.choice(VERBS)}{rng.randint(120, 99999)}{rng.choice(UNITS)}"
        return f"{rng.choice(SUBJECTS)}{rng.choice(FEATURES)}，{figure}，{rng.choice(SUBJECTS)}{rng.choice(FEATURES)}。"

    return [
        f"{place}{year}年政府工作报告",
        f"——{year}年1月19日在{place}第十一届人民代表大会第五次会议上",
        "各位代表：",
        "现在，我代表区人民政府，向大会报告工作，请予审议。",
        f"一、{year - 1}年工作回顾",
        *("".join(sentence() for _ in range(3)) for _ in range(count)),
        f"二、{year}年工作安排",
        f"今年的主要预期目标是：城镇新增就业{rng.randint(5000, 9000)}人以上。",
    ]


def variants(lines: list[str]) -> dict[str, bytes]:
    """The same report as five sites show it."""
    import opencc

    page = "".join(f"<p>　　{line}</p>" for line in lines)
    menu = "<ul><li><a href='/'>首页</a></li><li><a href='/b'>政务公开</a></li><li><a href='/c'>互动交流</a></li></ul>"
    folded = "\r\n".join("　　" + line for line in lines)
    wrapped = "\n".join(line[at : at + 45] for line in lines for at in range(0, len(line), 45))
    return {
        "plain.txt": "\n\n".join(lines).encode(),
        "page.html": f"<html><body>{menu}<div>{page}</div><div>责任编辑：某</div></body></html>".encode(),
        "cut.txt": "\n".join(lines[: len(lines) * 6 // 10]).encode(),
        "traditional.txt": opencc.OpenCC("s2t").convert("\n".join(lines)).encode(),
        "gbk.txt": folded.encode("gb18030"),
        "wrapped.txt": wrapped.encode(),
    }


def held(run: Run) -> list[list[str]]:
    """The names of the sources of each report."""
    out = run("reports", "--json").out
    return [sorted(Path(source).name for source in json.loads(line)["sources"]) for line in out.splitlines()]


@pytest.mark.parametrize("seed", range(3))
def test_one_report_from_six_sites_is_kept_once_whatever_comes_first(run: Run, tmp_path: Path, seed: int) -> None:
    lines = paragraphs(2021, place="滨州市滨城区", seed=7)
    files = list(variants(lines).items())
    random.Random(seed).shuffle(files)
    figures = []
    for name, data in files:
        (tmp_path / name).write_bytes(data)
        assert run("ingest", "--quiet", str(tmp_path / name)).code == 0
        figures.append(len(run("figures", "--json").out.splitlines()))
    assert held(run) == [sorted(variants(lines))]
    # The better text is the one that stays: no copy takes a figure away.
    assert figures == sorted(figures)
    assert run("doctor").code == 0
    first = json.loads(run("figures", "--json").out.splitlines()[0])
    shown = run("cite", first["citation"]).out
    assert all(name in shown for name in variants(lines))


def test_the_whole_takes_the_place_of_two_parts(run: Run, tmp_path: Path) -> None:
    lines = paragraphs(2021, place="滨州市滨城区", seed=8)
    whole, front, back = lines, lines[:26], [*lines[:5], *lines[12:]]
    for name, part in (("front.txt", front), ("back.txt", back)):
        (tmp_path / name).write_text("\n".join(part), encoding="utf-8")
        run("ingest", "--quiet", str(tmp_path / name))
    # Each holds figures that the other lacks: neither may go.
    assert held(run) == [["front.txt"], ["back.txt"]] or held(run) == [["back.txt"], ["front.txt"]]
    (tmp_path / "whole.txt").write_text("\n".join(whole), encoding="utf-8")
    run("ingest", "--quiet", str(tmp_path / "whole.txt"))
    assert held(run) == [["back.txt", "front.txt", "whole.txt"]]


def test_what_is_not_the_same_stays_apart(run: Run, tmp_path: Path) -> None:
    own = paragraphs(2021, place="滨州市滨城区", seed=9)
    texts = {
        "own.txt": own,
        # The year before, with half of its sentences word for word.
        "year_before.txt": [*paragraphs(2020, place="滨州市滨城区", seed=10)[:5], *own[5:20]],
        # The city around it.
        "city.txt": [line.replace("滨州市滨城区", "滨州市").replace("区人民", "市人民") for line in own],
        # News that quotes half of it.
        "news.txt": ["滨城区两会开幕", "2021-01-20 来源：滨州日报 作者：赵小明", *own[5:22], "（记者 赵小明）"],
        # A copy in which one number differs: sources that disagree are shown together.
        "other_number.txt": [line.replace("以上。", "以上，新建学校91所。") for line in own],
        "third_number.txt": [line.replace("以上。", "以上，新建学校19所。") for line in own],
    }
    for name, lines in texts.items():
        (tmp_path / name).write_text("\n".join(lines), encoding="utf-8")
    assert run("ingest", "--quiet", *(str(tmp_path / name) for name in texts)).code == 0
    groups = held(run)
    assert sorted(itertools.chain.from_iterable(groups)) == sorted(texts)
    assert all([name] in groups for name in ("year_before.txt", "city.txt", "news.txt"))
    # The text without the added number is a copy of one that has it; those two stay apart.
    assert len(groups) == 5
    assert not any({"other_number.txt", "third_number.txt"} <= set(group) for group in groups)
