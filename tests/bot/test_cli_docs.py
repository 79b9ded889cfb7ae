"""The help of the real commands: examples that parse, a page that is up to date, completion that completes."""

from __future__ import annotations

import importlib.util
import os
import re
import shlex
import shutil
import subprocess
import sys
from pathlib import Path
from types import ModuleType

import click
import pytest

from tests.bot.commands import Run
from zhengwen.bot.cli import COMMANDS, root

DOCS = Path(__file__).parents[2] / "docs"
NAMES = sorted(COMMANDS)


def make_cli() -> ModuleType:
    spec = importlib.util.spec_from_file_location("make_cli", DOCS / "make_cli.py")
    assert spec is not None and spec.loader is not None
    module = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(module)
    return module


def command(name: str) -> click.Command:
    found = root.get_command(click.Context(root), name)
    assert found is not None
    return found


def test_the_page_is_what_the_commands_say() -> None:
    assert (DOCS / "cli.md").read_text(encoding="utf-8") == make_cli().document(), "run `make docs`"


def test_the_page_has_every_command_and_every_option() -> None:
    page = (DOCS / "cli.md").read_text(encoding="utf-8")
    for name in NAMES:
        section = page.partition(f"\n## zhengwen {name}\n")[2].partition("\n## ")[0]
        assert section, name
        for param in command(name).params:
            if isinstance(param, click.Option) and not param.hidden:
                assert max(param.opts, key=len) in section, f"{name}: {param.opts}"


@pytest.mark.parametrize("name", NAMES)
def test_every_command_has_help_with_an_example_of_itself(name: str) -> None:
    one = command(name)
    assert one.help and one.help.strip().endswith((".", ")")), name
    shown = make_cli().examples(one)
    assert shown, f"{name} --help shows no example"
    assert any(re.search(rf"zhengwen(?: --?\S+ \S+)* {name}\b", line) for line in shown), shown


@pytest.mark.parametrize("name", NAMES)
def test_examples_are_right(name: str) -> None:
    """Each is parsed as if it were called, down to its last option."""
    for line in make_cli().examples(command(name)):
        for part in re.split(r"&&|\||>>?\s*\S+|#.*$", line):
            words = shlex.split(part)
            if "zhengwen" not in words:
                continue
            context = root.make_context("zhengwen", words[words.index("zhengwen") + 1 :])
            # Where click keeps the subcommand's words differs between its releases.
            rest = [*getattr(context, "_protected_args", []), *context.args]
            called, found, arguments = root.resolve_command(context, rest)
            assert found is not None
            found.make_context(called, arguments, parent=context)


@pytest.mark.parametrize("name", NAMES)
def test_help_shows_the_example(run: Run, name: str) -> None:
    done = run(name, "--help")
    assert (done.code, done.err) == (0, "")
    assert "zhengwen" in done.out.partition("\n")[2]
    assert done.out.startswith("Usage: zhengwen")


@pytest.mark.parametrize("shell", ["bash", "zsh", "fish"])
def test_a_completion_script_is_one_its_shell_reads(run: Run, tmp_path: Path, shell: str) -> None:
    done = run("completion", shell)
    assert done.code == 0
    assert "_ZHENGWEN_COMPLETE" in done.out
    if shutil.which(shell):
        script = tmp_path / "script"
        script.write_text(done.out, encoding="utf-8")
        subprocess.run([shell, "-n", str(script)], check=True, timeout=30)


@pytest.mark.skipif(not shutil.which("bash"), reason="needs bash")
def test_bash_completes_commands_options_and_values(run: Run, tmp_path: Path) -> None:
    (tmp_path / "bin").mkdir()
    program = tmp_path / "bin" / "zhengwen"
    program.write_text(f'#!/bin/sh\nexec {sys.executable} -m zhengwen.bot.cli "$@"\n', encoding="utf-8")
    program.chmod(0o755)
    script = run("completion", "bash").out

    def complete(*words: str) -> set[str]:
        typed = " ".join(shlex.quote(word) for word in ("zhengwen", *words))
        call = f'COMP_WORDS=({typed}); COMP_CWORD={len(words)}; _zhengwen_completion zhengwen; echo "${{COMPREPLY[*]}}"'
        path = {"PATH": f"{program.parent}{os.pathsep}{os.environ['PATH']}"}
        done = subprocess.run(
            ["bash", "-c", script + "\n" + call], capture_output=True, text=True, check=True, timeout=60,
            env=os.environ | path,
        )  # fmt: skip
        return set(done.stdout.split())

    assert {"chat", "cite", "completion"} <= complete("c")
    assert {"--json", "--markdown", "--reference"} <= complete("cite", "--")
    assert complete("figures", "--status", "t") == {"target"}


def test_a_wrong_shell_is_wrong_usage(run: Run) -> None:
    done = run("completion", "tcsh")
    assert done.code == 2
    assert "bash" in done.err
