"""`zhengwen mcp` through the official SDK's own client over real pipes, against the samples."""

from __future__ import annotations

import json
import re
import shutil
import subprocess
import sys
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest

pytest.importorskip("mcp.server.mcpserver", reason="needs the extra [mcp], version 2 of the SDK")

import anyio
import jsonschema
from anyio.from_thread import start_blocking_portal
from mcp import MCPError, StdioServerParameters
from mcp.client import Client
from mcp.client.stdio import stdio_client
from mcp.types import CallToolResult

from zhengwen.bot.cli import main

COMMAND = [sys.executable, "-m", "zhengwen.bot.cli"]
Call = Callable[..., CallToolResult]
HAN = re.compile(r"[\u4e00-\u9fff]")


class Talk:
    """One client and its server process, driven from a test without async."""

    def __init__(self, portal: Any, client: Client) -> None:
        self.portal, self.client = portal, client

    def do(self, name: str, *arguments: Any) -> Any:
        return self.portal.call(getattr(self.client, name), *arguments)

    def call(self, tool: str, **arguments: Any) -> Any:
        """What a tool gives. Fails where it is an error, is not what its schema says, or its text differs."""
        result = self.do("call_tool", tool, arguments)
        assert not result.is_error, result.content
        (schema,) = (one.output_schema for one in self.do("list_tools").tools if one.name == tool)
        jsonschema.validate(result.structured_content, schema)
        assert json.loads(result.content[0].text) == result.structured_content
        return result.structured_content

    def error(self, tool: str, **arguments: Any) -> str:
        result = self.do("call_tool", tool, arguments)
        assert result.is_error
        (content,) = result.content
        assert "\n" not in content.text and "Traceback" not in content.text
        return str(content.text)


def options(library: Path) -> list[str]:
    config = library.parent / "plain.yaml"
    config.write_text("embedder: {engine: none}\n", encoding="utf-8")
    return ["--library", str(library), "--config", str(config), "--today", "2026-11-22"]


def talking(library: Path) -> Iterator[Talk]:
    server = StdioServerParameters(command=COMMAND[0], args=[*COMMAND[1:], *options(library), "mcp"])
    with start_blocking_portal() as portal:
        client = Client(stdio_client(server))
        with portal.wrap_async_context_manager(client):
            yield Talk(portal, client)


@pytest.fixture(scope="module")
def library(samples_library: Path, tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("mcp")
    return Path(shutil.copytree(samples_library, folder / "library"))


@pytest.fixture(scope="module")
def talk(library: Path) -> Iterator[Talk]:
    yield from talking(library)


def printed(capsys: pytest.CaptureFixture[str], library: Path, *command: str) -> list[Any]:
    """What the command line prints for the same."""
    capsys.readouterr()
    assert main([*options(library), *command]) == 0
    return [json.loads(line) for line in capsys.readouterr().out.splitlines()]


def test_the_tools_explain_themselves_in_two_languages(talk: Talk) -> None:
    tools = {tool.name: tool for tool in talk.do("list_tools").tools}
    assert list(tools) == ["ask", "figures", "cite", "reports"]
    for tool in tools.values():
        assert HAN.search(tool.description) and re.search(r"[a-z]{4} [a-z]", tool.description)
        assert HAN.search(tool.title)
        assert tool.annotations.read_only_hint is True
        assert tool.output_schema["type"] == "object"
        for described in tool.input_schema["properties"].values():
            assert HAN.search(described["description"]) and re.search("[a-z]{3}", described["description"])
    assert HAN.search(talk.client.instructions) and "slices of the source" in talk.client.instructions


def test_an_answer_is_the_command_lines(talk: Talk, library: Path, capsys: pytest.CaptureFixture[str]) -> None:
    question = "滨城区2020年新增就业多少"
    answer = talk.call("ask", question=question)
    assert answer["answered"] is True
    assert (answer["figures"][0]["surface"], answer["figures"][0]["period"]) == ("7198人", "2020")
    assert answer["figures"][0]["surface"] in answer["citations"][0]["quote"]
    assert [answer] == printed(capsys, library, "ask", "--json", question)


def test_computed_values_name_their_inputs(talk: Talk) -> None:
    answer = talk.call("ask", question="滨城区和陵城区2020年城镇新增就业哪个多")
    assert answer["derived"] and all(set(one["from"]) <= {1, 2, 3, 4} for one in answer["derived"])


def test_a_refusal_is_no_error(talk: Talk) -> None:
    answer = talk.call("ask", question="滨城区2020年演唱会收入多少")
    assert (answer["answered"], answer["reason"]) == (False, "indicator")
    assert answer["figures"] == [] and answer["text"]


def test_the_day_counts(talk: Talk) -> None:
    this_year = talk.call("ask", question="滨城区去年新增就业多少", today="2021-06-01")
    assert this_year["figures"][0]["period"] == "2020"
    assert talk.call("ask", question="滨城区去年新增就业多少")["answered"] is False


def test_figures_are_filtered(talk: Talk, library: Path, capsys: pytest.CaptureFixture[str]) -> None:
    found = talk.call("figures", region="滨城区", year=2020, indicator="城镇新增就业", status="actual")
    assert {one["region"]["code"] for one in found["figures"]} == {"371602"}
    assert {one["indicator"] for one in found["figures"]} == {"城镇新增就业"}
    assert (found["total"], found["next_offset"]) == (len(found["figures"]), None)
    told = ("--region", "滨城区", "--year", "2020", "--indicator", "城镇新增就业", "--status", "actual")
    wanted = printed(capsys, library, "figures", "--json", *told)
    assert found["figures"] == [{name: one[name] for name in one if name != "marks"} for one in wanted]
    assert talk.call("figures", withdrawn=True)["total"] == 0


def test_figures_come_in_parts(talk: Talk) -> None:
    ids, offset = [], 0
    while offset is not None:
        part = talk.call("figures", report="滨城区", limit=7, offset=offset)
        assert len(part["figures"]) <= 7
        ids += [one["id"] for one in part["figures"]]
        offset = part["next_offset"]
    assert len(ids) == len(set(ids)) == part["total"] > 20


def test_what_a_figure_names_can_be_cited(talk: Talk, library: Path, capsys: pytest.CaptureFixture[str]) -> None:
    figure = talk.call("figures", region="滨城区", indicator="城镇新增就业")["figures"][0]
    by_passage = talk.call("cite", what=f"[{figure['citation']}]")
    assert figure["surface"] in by_passage["text"]
    by_figure = talk.call("cite", what=figure["id"])
    assert (by_figure["id"], by_figure["match"]["text"]) == (figure["citation"], figure["surface"])
    by_sentence = talk.call("cite", what=figure["sentence"])
    assert by_sentence["match"]["how"] == "exact" and by_sentence["total"] >= 1
    assert [by_sentence] == printed(capsys, library, "cite", "--json", "--limit", "3", figure["sentence"])


def test_a_passage_is_a_resource(talk: Talk) -> None:
    (template,) = talk.do("list_resource_templates").resource_templates
    figure = talk.call("figures", region="滨城区", indicator="城镇新增就业")["figures"][0]
    (content,) = talk.do("read_resource", template.uri_template.format(citation=figure["citation"])).contents
    assert content.mime_type == "text/markdown"
    assert figure["surface"] in content.text and figure["citation"] in content.text
    with pytest.raises(MCPError, match="no passage with the id 'abcdefabcdef'"):
        talk.do("read_resource", template.uri_template.format(citation="abcdefabcdef"))


def test_reports_are_listed(talk: Talk, library: Path, capsys: pytest.CaptureFixture[str]) -> None:
    everything = talk.call("reports")
    assert list(everything["reports"]) == printed(capsys, library, "reports", "--json")
    district = talk.call("reports", region="滨城区")
    assert {one["region"] for one in district["reports"]} == {"山东省滨州市滨城区"}
    assert talk.call("reports", region="山东省")["total"] > district["total"]
    assert {one["year"] for one in talk.call("reports", year=2020)["reports"]} == {2020}
    assert talk.call("reports", limit=2, offset=1)["reports"] == everything["reports"][1:3]


BAD: list[tuple[str, dict[str, Any], str]] = [
    ("ask", {}, "question: Field required"),
    ("ask", {"question": ""}, "question: String should have at least 1 character"),
    ("ask", {"question": "长" * 2001}, "question: String should have at most 2000"),
    ("ask", {"question": "滨城区", "today": "昨天"}, "today: String should match"),
    ("ask", {"question": "滨城区", "today": "2021-02-30"}, "'2021-02-30' is not a date"),
    ("ask", {"question": ["滨城区"]}, "question: Input should be a valid string"),
    ("ask", {"quesion": "滨城区"}, "unknown argument 'quesion'; ask takes question, today"),
    ("figures", {"year": "二〇二〇"}, "year: Input should be a valid integer"),
    ("figures", {"year": 20}, "year: Input should be greater than or equal to 1949"),
    ("figures", {"limit": 201}, "limit: Input should be less than or equal to 200"),
    ("figures", {"offset": -1}, "offset: Input should be greater than or equal to 0"),
    ("figures", {"status": "planned"}, "status: Input should be 'actual', 'target'"),
    ("figures", {"region": "火星"}, "no region '火星' is known"),
    ("figures", {"report": "没有的"}, "no report '没有的' in the library"),
    ("reports", {"region": "火星"}, "no region '火星' is known"),
    ("cite", {"what": " "}, "nothing to look up"),
    ("cite", {"what": "abcdefabcdef"}, "no passage with the id 'abcdefabcdef'"),
    ("cite", {"what": "f00000000000f"}, "no figure 'f00000000000f'"),
    ("cite", {"what": "全县鲸鱼养殖面积扩大到九千亩并出口海外"}, "no report in the library holds this sentence"),
    ("forget", {}, "Unknown tool: forget"),
]


@pytest.mark.parametrize(("tool", "arguments", "fault"), BAD, ids=[f"{tool} {said}" for tool, _, said in BAD])
def test_a_bad_call_is_told_in_one_line(talk: Talk, tool: str, arguments: dict[str, Any], fault: str) -> None:
    assert fault in talk.error(tool, **arguments)


def test_many_questions_at_once_get_their_own_answers(talk: Talk) -> None:
    questions = ("滨城区2020年新增就业多少", "陵城区2020年新增就业多少", "全国2020年新增就业多少")
    alone = {question: talk.call("ask", question=question)["text"] for question in questions}
    assert len(set(alone.values())) == 3

    async def together() -> list[tuple[str, str]]:
        found: list[tuple[str, str]] = []

        async def one(question: str) -> None:
            result = await talk.client.call_tool("ask", {"question": question})
            found.append((question, result.structured_content["text"]))

        async with anyio.create_task_group() as group:
            for question in questions * 8:
                group.start_soon(one, question)
        return found

    answers = talk.portal.call(together)
    assert len(answers) == 24
    assert all(text == alone[question] for question, text in answers)


def test_a_missing_library_is_told_and_found_once_it_is_there(tmp_path: Path, library: Path) -> None:
    missing = tmp_path / "later"
    for talk in talking(missing):
        assert "no library yet; run `zhengwen ingest PATH`" in talk.error("ask", question="滨城区2020年新增就业多少")
        assert "no library yet" in talk.error("reports")
        shutil.copytree(library, missing)
        assert talk.call("ask", question="滨城区2020年新增就业多少")["answered"] is True


def test_nothing_but_the_protocol_is_printed(library: Path) -> None:
    client = {"protocolVersion": "2025-06-18", "capabilities": {}, "clientInfo": {"name": "test", "version": "1"}}
    call = {"name": "ask", "arguments": {"question": "滨城区2020年新增就业多少"}}
    sent = [
        {"jsonrpc": "2.0", "id": 1, "method": "initialize", "params": client},
        {"jsonrpc": "2.0", "method": "notifications/initialized"},
        {"jsonrpc": "2.0", "id": 2, "method": "tools/call", "params": call},
    ]
    command = [*COMMAND, *options(library), "mcp"]
    with subprocess.Popen(command, stdin=subprocess.PIPE, stdout=subprocess.PIPE, stderr=subprocess.PIPE) as server:
        assert server.stdin and server.stdout and server.stderr
        server.stdin.write("".join(json.dumps(one) + "\n" for one in sent).encode())
        server.stdin.flush()
        answers = [json.loads(server.stdout.readline()) for _ in range(2)]
        server.stdin.close()
        assert server.stdout.read() == b""
        assert server.stderr.read() == b""
        assert server.wait(timeout=30) == 0
    assert [one["id"] for one in answers] == [1, 2]
    assert answers[0]["result"]["serverInfo"]["name"] == "zhengwen"
    assert answers[1]["result"]["structuredContent"]["answered"] is True


def test_without_the_extra_the_command_says_how_to_get_it(library: Path) -> None:
    code = "import sys; sys.modules['mcp'] = None; from zhengwen.bot.cli import main; sys.exit(main(sys.argv[1:]))"
    done = subprocess.run([sys.executable, "-c", code, *options(library), "mcp"], capture_output=True, check=False)
    assert (done.returncode, done.stdout) == (2, b"")
    assert b"pip install 'zhengwen[mcp]'" in done.stderr and done.stderr.count(b"\n") == 1
