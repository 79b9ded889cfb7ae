"""config.yaml as one typed object; the answer section lives here, the others in their rooms."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import yaml
from pydantic import Field, ValidationError

from zhengwen.bot.telegram.settings import TelegramSettings
from zhengwen.index.settings import EmbedderSettings, LibrarySettings, RetrievalSettings
from zhengwen.ingest.errors import UsageError
from zhengwen.ingest.settings import IngestSettings, Settings


class AnswerSettings(Settings):
    """When an answer is given and how much of it is shown."""

    threshold: float = Field(default=0.5, ge=0, le=1, description="A candidate scored below is not offered as answer.")
    max_question_characters: int = Field(default=500, ge=20, le=5000)


class Config(Settings):
    """All settings. `Config()` holds the defaults, which are those of the shipped config.yaml."""

    library: LibrarySettings = LibrarySettings()
    ingest: IngestSettings = IngestSettings()
    embedder: EmbedderSettings = EmbedderSettings()
    retrieval: RetrievalSettings = RetrievalSettings()
    answer: AnswerSettings = AnswerSettings()
    telegram: TelegramSettings = TelegramSettings()


def user_config() -> Path:
    """Where a user's own config.yaml is looked for: `~/.config/zhengwen/config.yaml` on Linux."""
    from platformdirs import user_config_path

    return user_config_path("zhengwen") / "config.yaml"


def user_library() -> Path:
    """The library's folder unless one is chosen: `~/.local/share/zhengwen/library` on Linux."""
    from platformdirs import user_data_path

    return user_data_path("zhengwen") / "library"


def model_cache() -> Path:
    """Where the embedder's converted model is kept: `~/.cache/zhengwen` on Linux."""
    from platformdirs import user_cache_path

    return user_cache_path("zhengwen")


def load_config(path: Path | None = None) -> Config:
    """The settings of `path`, or of ./config.yaml, or of the user's config.yaml, or the built-in ones.

    Raises UsageError for a missing file, broken YAML, an unknown key or a value out of bounds, naming the key.
    """
    if path is not None and not path.is_file():
        raise UsageError(f"--config: no file {path}; give an existing file or leave the option out for the defaults")
    file = config_file(path)
    return Config() if file is None else _read(file)


def config_file(path: Path | None = None) -> Path | None:
    """The file that `load_config` reads; None where there is none and the built-in settings hold."""
    candidates = [path] if path is not None else [Path("config.yaml"), user_config()]
    return next((candidate for candidate in candidates if candidate.is_file()), None)


def _read(path: Path) -> Config:
    try:
        data = yaml.safe_load(path.read_text(encoding="utf-8"))
    except (OSError, UnicodeDecodeError) as error:
        raise UsageError(f"{path}: cannot be read ({error}); it must be a UTF-8 text file") from error
    except yaml.YAMLError as error:
        place = getattr(error, "problem_mark", None)
        where = f" in line {place.line + 1}" if place is not None else ""
        raise UsageError(f"{path}: not valid YAML{where}; compare it with the shipped config.yaml") from error
    if data is None:
        return Config()
    if not isinstance(data, dict):
        raise UsageError(f"{path}: expected sections such as 'library:' and 'embedder:', found {type(data).__name__}")
    try:
        return Config.model_validate({str(key): value for key, value in data.items() if value is not None})
    except ValidationError as error:
        raise UsageError(f"{path}: {_explain(error)}") from error


def _explain(error: ValidationError) -> str:
    """One line for the first problem: the key's path, what came, what was expected."""
    first = error.errors()[0]
    key = ".".join(str(part) for part in first["loc"])
    if first["type"] == "extra_forbidden":
        known = ", ".join(_keys_beside(first["loc"]))
        return f"unknown key '{key}'; known here: {known}"
    return f"{key}: {first['msg']} (found {first['input']!r})"


def _keys_beside(location: tuple[int | str, ...]) -> list[str]:
    model: Any = Config
    for part in location[:-1]:
        model = model.model_fields[str(part)].annotation
    return list(model.model_fields)
