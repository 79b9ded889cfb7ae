"""config.yaml: strict, complete, and equal to the built-in defaults."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
import yaml
from pydantic import BaseModel

from zhengwen.bot.settings import Config, load_config
from zhengwen.ingest.errors import UsageError

ROOT = Path(__file__).parents[2]
SHIPPED = ROOT / "config.yaml"


def keys(model: type[BaseModel], prefix: str = "") -> set[str]:
    found = set()
    for name, field in model.model_fields.items():
        kind = field.annotation
        if isinstance(kind, type) and issubclass(kind, BaseModel):
            found |= keys(kind, f"{prefix}{name}.")
        else:
            found.add(prefix + name)
    return found


def written(data: dict[str, Any], prefix: str = "") -> Iterator[str]:
    for name, value in data.items():
        if isinstance(value, dict):
            yield from written(value, f"{prefix}{name}.")
        else:
            yield prefix + name


def test_shipped_file_holds_every_setting_with_its_default() -> None:
    data = yaml.safe_load(SHIPPED.read_text(encoding="utf-8"))
    assert set(written(data)) == keys(Config)
    assert load_config(SHIPPED) == Config()


def test_shipped_file_comments_every_setting() -> None:
    lines = SHIPPED.read_text(encoding="utf-8").splitlines()
    bare = [line for line in lines if line.startswith("  ") and ":" in line and "#" not in line]
    assert bare == []


@pytest.mark.parametrize(
    ("text", "said"),
    [
        ("embeder:\n  engine: none\n", "unknown key 'embeder'"),
        ("embedder:\n  engin: none\n", "unknown key 'embedder.engin'"),
        ("embedder:\n  engine: bert\n", "embedder.engine"),
        ("answer:\n  threshold: 3\n", "answer.threshold"),
        ("answer: [1, 2\n", "not valid YAML in line"),
        ("- a\n- b\n", "expected sections"),
    ],
)
def test_bad_files_are_named(tmp_path: Path, text: str, said: str) -> None:
    path = tmp_path / "config.yaml"
    path.write_text(text, encoding="utf-8")
    with pytest.raises(UsageError, match=r"config\.yaml") as caught:
        load_config(path)
    assert said in str(caught.value)
    assert "\n" not in str(caught.value)


def test_order_of_places(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(tmp_path)
    monkeypatch.setenv("XDG_CONFIG_HOME", str(tmp_path / "user"))
    assert load_config() == Config()
    (tmp_path / "user" / "zhengwen").mkdir(parents=True)
    (tmp_path / "user" / "zhengwen" / "config.yaml").write_text("retrieval: {top: 3}\n", encoding="utf-8")
    assert load_config().retrieval.top == 3
    Path("config.yaml").write_text("retrieval: {top: 4}\n", encoding="utf-8")
    assert load_config().retrieval.top == 4
    Path("other.yaml").write_text("", encoding="utf-8")
    assert load_config(Path("other.yaml")) == Config()
    with pytest.raises(UsageError, match="no file"):
        load_config(Path("missing.yaml"))
