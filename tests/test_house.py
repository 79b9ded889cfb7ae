"""The arrows between the rooms run one way: bot → index → ingest, bot → prompts."""

from __future__ import annotations

import ast
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[1]
ROOMS = ("ingest", "index", "bot", "prompts")
ALLOWED = {"ingest": {"ingest"}, "index": {"index", "ingest"}, "bot": set(ROOMS), "prompts": {"prompts"}}
STORAGE = {"sqlalchemy", "sqlite3", "faiss", "tantivy"}
HEAVY = {
    "faiss", "llama_index", "onnx", "onnxruntime", "opencc", "sentence_transformers", "tantivy", "tokenizers",
    "torch", "trafilatura", "pypinyin", "rjieba",
}  # fmt: skip
FILES = [path for room in ROOMS for path in sorted((ROOT / room).rglob("*.py"))]


def imported(node: ast.AST) -> list[str]:
    if isinstance(node, ast.Import):
        return [name.name for name in node.names]
    if isinstance(node, ast.ImportFrom):
        assert node.level == 0, "relative imports hide the arrows"
        return [node.module or ""]
    return []


@pytest.mark.parametrize("path", FILES, ids=lambda path: str(path.relative_to(ROOT)))
def test_imports_follow_the_arrows(path: Path) -> None:
    room = path.relative_to(ROOT).parts[0]
    tree = ast.parse(path.read_text(encoding="utf-8"))
    for module in (name for node in ast.walk(tree) for name in imported(node)):
        parts = module.split(".")
        if parts[0] == "zhengwen":
            assert len(parts) > 1 and parts[1] in ALLOWED[room], f"{room} may not import {module}"
        if room == "bot":
            assert parts[0] not in STORAGE, "bot never touches SQL, FAISS or the keyword index"


def test_help_is_instant_because_heavy_imports_wait(tmp_path: Path) -> None:
    import subprocess
    import sys

    code = "import sys, zhengwen.bot.cli; print(' '.join(sys.modules))"
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True, cwd=tmp_path)
    loaded = {name.split(".")[0] for name in done.stdout.split()}
    assert loaded & HEAVY == set()


def test_every_package_is_listed_for_the_wheel() -> None:
    import tomllib

    table = tomllib.loads((ROOT / "pyproject.toml").read_text(encoding="utf-8"))["tool"]["setuptools"]
    packages = {f"zhengwen.{'.'.join(path.parent.relative_to(ROOT).parts)}" for path in FILES}
    packages |= {"zhengwen", "zhengwen.samples"}
    assert set(table["packages"]) == packages
    assert set(table["package-dir"]) == packages
