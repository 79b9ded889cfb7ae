"""Objections and corrections from the command line: said, listed, settled in a sidecar, shown beside the figure."""

from __future__ import annotations

import csv
import io
import json
from pathlib import Path
from typing import Any

import pytest
import yaml

from tests.bot.commands import Done, Run

QUESTION = "滨城区2020年新增就业多少"


@pytest.fixture
def file(tmp_path: Path, filled: Run) -> Path:
    """A report of the test's own, so that a sidecar can stand beside it."""
    path = tmp_path / "reports" / "a.md"
    path.parent.mkdir()
    path.write_text(
        "# 2021年滨州市博兴县政府工作报告\n\n——2021年1月20日在博兴县人民代表大会上\n\n"
        "过去一年，全县城镇新增就业4321人，新建学校9所。\n",
        encoding="utf-8",
    )
    assert filled("ingest", "--quiet", str(path)).code == 0
    return path


def lines(done: Done) -> list[dict[str, Any]]:
    assert done.code == 0, done.err
    return [json.loads(line) for line in done.out.splitlines()]


def stored(run: Run, surface: str, *options: str) -> dict[str, Any]:
    (found,) = (one for one in lines(run("figures", "--json", *options)) if one["surface"] == surface)
    return found


def correct(run: Run, file: Path, **entry: Any) -> None:
    sidecar = file.with_name("a.md.meta.yaml")
    sidecar.write_text(yaml.safe_dump({"corrections": [entry]}, allow_unicode=True), encoding="utf-8")
    assert run("ingest", "--quiet", str(file)).code == 0


def test_an_objection_is_stored_listed_and_closed(filled: Run) -> None:
    figure = stored(filled, "7198人")
    assert filled("errors").out == "0 objections\n"
    done = filled("report-error", figure["id"], "这是", "全市的数", "--by", "王五")
    assert (done.code, done.out) == (0, "")
    assert done.err.startswith("objection 1 stored")
    shown = filled("errors").out
    for part in (
        "7198人",
        figure["id"],
        "这是 全市的数",
        "王五",
        f"line {figure['line']}",
        "now: as it stood",
        "1 objection",
    ):
        assert part in shown
    (told,) = lines(filled("errors", "--json"))
    assert (told["number"], told["figure_id"], told["text"], told["reader"]) == (
        1,
        figure["id"],
        "这是 全市的数",
        "王五",
    )
    assert (told["now"]["state"], told["now"]["figure"]) == ("same", figure)
    assert filled("errors", "--close", "1", "--note", "无误").code == 0
    assert filled("errors").out == "0 objections\n"
    assert "closed 2" in filled("errors", "--all").out and "无误" in filled("errors", "--all").out


@pytest.mark.parametrize(
    ("arguments", "code", "fault"),
    [
        (("report-error", "f00000000000f", "不对"), 1, "no figure 'f00000000000f' in the library"),
        (("report-error", "ID"), 1, "the objection is empty"),
        (("report-error", "ID", " "), 1, "the objection is empty"),
        (("report-error", "ID", "长" * 1001), 1, "at most 1000"),
        (("report-error",), 2, "Missing argument"),
        (("errors", "--close", "9"), 1, "no objection 9"),
        (("errors", "--sidecar", "9"), 1, "no objection 9"),
        (("errors", "--close", "x"), 2, "not a valid integer"),
        (("errors", "--note", "x"), 2, "--note goes with --close"),
        (("errors", "--close", "1", "--json"), 2, "give one of"),
    ],
)
def test_wrong_use_is_told_in_one_line(filled: Run, arguments: tuple[str, ...], code: int, fault: str) -> None:
    figure = stored(filled, "7198人")["id"]
    done = filled(*(figure if one == "ID" else one for one in arguments))
    assert (done.code, done.out, done.err.count("\n")) == (code, "", 1)
    assert fault in done.err


def test_a_figure_keeps_its_objection_through_change_and_loss(filled: Run, file: Path) -> None:
    filled("report-error", stored(filled, "4321人")["id"], "是次年的目标")
    correct(filled, file, surface="4321人", line=5, status="target", period=2021, why="写错了时期", by="李四")
    (changed,) = lines(filled("errors", "--json"))
    assert changed["now"]["state"] == "changed"
    assert changed["now"]["changes"] == {"period": ["2020", "2021"], "status": ["actual", "target"]}
    assert "now: period 2020 → 2021; status actual → target; 时期由2020改为2021" in filled("errors").out
    file.with_name("a.md.meta.yaml").unlink()
    file.write_text(
        file.read_text(encoding="utf-8").replace("博兴县人民代表大会上", "县人民代表大会上"), encoding="utf-8"
    )
    filled("ingest", "--quiet", str(file))
    (gone,) = lines(filled("errors", "--json"))
    assert (gone["now"]["state"], gone["now"]["figure"]) == ("gone", None)
    assert gone["now"]["alike"] == [stored(filled, "4321人")["id"]]
    assert (gone["surface"], gone["period"], gone["region"]) == ("4321人", "2020", "山东省滨州市博兴县")
    assert f"now: gone; printed alike in the same file: {gone['now']['alike'][0]}" in filled("errors").out


def test_what_sidecar_prints_settles_the_objection(filled: Run, file: Path) -> None:
    filled("report-error", stored(filled, "4321人")["id"], '与公报"不符": # 见第3页', "--by", "王五")
    printed = filled("errors", "--sidecar", "1").out
    file.with_name("a.md.meta.yaml").write_text(printed, encoding="utf-8")
    assert filled("ingest", "--quiet", str(file)).code == 0
    (told,) = lines(filled("errors", "--json"))
    assert told["now"]["state"] == "withdrawn"
    gone = stored(filled, "4321人", "--withdrawn")
    assert gone["corrected"] == '撤回：与公报"不符": # 见第3页（王五，2026-11-22）'
    # The lines in its comments are what could be said instead.
    other = printed.replace("    withdraw: true", "    #").replace("    # status: actual", "    status: target")
    assert yaml.safe_load(other)["corrections"][0]["status"] == "target"
    file.with_name("a.md.meta.yaml").write_text(other, encoding="utf-8")
    assert filled("ingest", "--quiet", str(file)).code == 0
    assert stored(filled, "4321人")["status"] == "target"


def test_a_figure_that_is_gone_has_no_correction(filled: Run, file: Path) -> None:
    filled("report-error", stored(filled, "4321人")["id"], "不对")
    filled("remove", str(file))
    done = filled("errors", "--sidecar", "1")
    assert done.code == 1
    assert "the figure of objection 1 is gone" in done.err
    assert "now: gone" in filled("errors").out


def test_a_correction_is_shown_wherever_the_figure_is(filled: Run, file: Path) -> None:
    correct(filled, file, surface="4321人", line=5, status="target", period=2021, why="写错了时期", by="李四")
    said = "时期由2020改为2021；状态由实际改为目标：写错了时期（李四）"
    answer = lines(filled("ask", "--json", "博兴县2021年新增就业目标是多少"))[0]
    assert (answer["figures"][0]["surface"], answer["figures"][0]["corrected"]) == ("4321人", said)
    assert said in answer["text"] and said in filled("ask", "博兴县2021年新增就业目标是多少").out
    assert not lines(filled("ask", "--json", "博兴县2020年新增就业多少"))[0]["answered"]
    assert said in filled("ask", "博兴县2020年新增就业多少").out  # the nearest figure is the corrected one
    figure = stored(filled, "4321人")
    assert (figure["corrected"], figure["withdrawn"]) == (said, False)
    table = filled("figures", "--region", "博兴县").out
    assert said in table and "corrected" in table.splitlines()[0]
    assert "corrected" not in filled("figures", "--region", "滨城区").out
    assert said in filled("figures", "--why", figure["id"]).out
    for options in ((), ("--json",), ("--markdown",)):
        assert f"4321人：{said}" in filled("cite", figure["id"], *options).out


def test_a_withdrawn_figure_answers_nothing_and_stays_listed(filled: Run, file: Path) -> None:
    question = "博兴县2020年新增就业多少"
    assert lines(filled("ask", "--json", question))[0]["figures"][0]["surface"] == "4321人"
    correct(filled, file, surface="4321人", line=5, withdraw=True, why="与公报不符")
    answer = lines(filled("ask", "--json", question))[0]
    assert (answer["answered"], answer["figures"], "4321" in answer["text"]) == (False, [], False)
    assert "4321人" not in filled("figures", "--region", "博兴县").out
    assert "9所" in filled("figures", "--region", "博兴县").out
    listed = filled("figures", "--withdrawn", "--region", "博兴县", "--status", "actual").out
    assert "4321人" in listed and "撤回：与公报不符" in listed and "9所" not in listed
    assert filled("figures", "--withdrawn", "--status", "target").out == "0 figures\n"
    gone = stored(filled, "4321人", "--withdrawn")
    assert gone["withdrawn"] is True
    assert "撤回：与公报不符" in filled("cite", gone["id"]).out
    assert filled("report-error", gone["id"], "其实是对的").code == 0


def test_tables_hold_the_correction(filled: Run, file: Path, tmp_path: Path) -> None:
    parquet = pytest.importorskip("pyarrow.parquet")
    correct(filled, file, surface="4321人", line=5, withdraw=True, why="与公报不符")
    (row,) = csv.DictReader(io.StringIO(filled("figures", "--withdrawn", "--csv").out.lstrip("\ufeff")))
    assert (row["surface"], row["corrected"], row["withdrawn"]) == ("4321人", "撤回：与公报不符", "True")
    target = tmp_path / "figures.parquet"
    assert filled("figures", "--withdrawn", "--parquet", str(target)).code == 0
    (record,) = parquet.read_table(target).to_pylist()
    assert (record["corrected"], record["withdrawn"]) == ("撤回：与公报不符", True)


def test_a_wrong_sidecar_leaves_the_reading_before_it(filled: Run, file: Path) -> None:
    sidecar = file.with_name("a.md.meta.yaml")
    sidecar.write_text("corrections:\n- {surface: 4321人, line: 5, withdraw: true}\n", encoding="utf-8")
    done = filled("ingest", str(file))
    assert done.code == 1
    assert "its sidecar a.md.meta.yaml: corrections, entry 1: why: Field required" in done.err
    assert stored(filled, "4321人")["corrected"] == ""


def test_an_entry_without_a_figure_is_said_and_kept_as_a_warning(filled: Run, file: Path) -> None:
    sidecar = file.with_name("a.md.meta.yaml")
    sidecar.write_text(
        "corrections:\n- {figure: f00000000000f, withdraw: true, why: 无此数}\n"
        "- {surface: 9所, line: 5, withdraw: true, why: 有此数}\n",
        encoding="utf-8",
    )
    done = filled("ingest", "--quiet", str(file))
    assert (done.code, "correction 1 (f00000000000f) is left out" in done.err) == (0, True)
    (report,) = (one for one in lines(filled("reports", "--json")) if "博兴县" in (one["region"] or ""))
    assert ["f00000000000f" in one for one in report["warnings"]] == [True]
    assert stored(filled, "9所", "--withdrawn")["withdrawn"] is True


def test_a_quotation_tells_what_was_taken_back_in_it(filled: Run, file: Path) -> None:
    file.write_text(
        file.read_text(encoding="utf-8")
        + "\n二、民生\n\n推进养老服务，建成社区食堂6处，为老年人送餐上门，收费低廉，老人们按时吃上了热饭。\n",
        encoding="utf-8",
    )
    question = "博兴县养老服务情况"
    correct(filled, file, surface="6处", line=9, withdraw=True, why="与公报不符")
    answer = lines(filled("ask", "--json", question))[0]
    assert answer["answered"] and answer["figures"] == []
    assert "6处" in answer["citations"][0]["quote"]
    assert answer["text"].endswith("注：6处[1]已更正，撤回：与公报不符。")
