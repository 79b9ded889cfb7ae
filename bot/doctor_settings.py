"""The configuration and the secrets: which file is used, whether it is valid, who else may read what is secret."""

from __future__ import annotations

import os
import re
import stat
from collections.abc import Iterator
from pathlib import Path

from zhengwen.bot.doctor_models import Finding
from zhengwen.bot.settings import Config, config_file, load_config
from zhengwen.ingest.errors import UsageError

_PASSWORD = re.compile(r"^[^:]+://[^:/@]+:[^@]+@")


def configuration(option: Path | None) -> tuple[Config, list[Finding]]:
    """The settings in use and what is to be said of them; the built-in ones where the file is at fault."""
    file = config_file(option)
    try:
        config = load_config(option)
    except UsageError as error:
        remedy = "mend the line it names; docs and the shipped config.yaml list every key"
        return Config(), [Finding(area="config", severity="error", what=str(error), remedy=remedy)]
    what = f"{file} is used, and valid" if file else "no config.yaml; the built-in settings are used"
    findings = [Finding(area="config", severity="ok", what=what)]
    if file is not None and config.library.database and _PASSWORD.match(config.library.database):
        findings += _readable(file, "it holds the database's password")
    return config, findings


def telegram(config: Config) -> Iterator[Finding]:
    """Whether there is a token, without a character of it, and who may read its file."""
    from zhengwen.bot.telegram.secrets import VARIABLE, read_token

    file = config.telegram.token_file
    given = bool(os.environ.get(VARIABLE, "").strip())
    try:
        read_token(file)
    except UsageError as error:
        what, _, remedy = str(error).partition(": ")
        wanted = given or file is not None
        if wanted:
            yield Finding(area="telegram", severity="warning", what=str(error), remedy="ask @BotFather for the token")
        else:
            yield Finding(area="telegram", severity="hint", what=what, remedy=f"{remedy}, if you want the bot")
    else:
        where = VARIABLE if given else file
        yield Finding(area="telegram", severity="ok", what=f"a token is set (from {where})")
    if file is not None and file.exists():
        yield from _readable(file, "it holds the bot's token")


def _readable(file: Path, why: str) -> Iterator[Finding]:
    """A secret file is for its owner alone. Windows keeps no such bits."""
    if os.name != "posix":
        return
    mode = stat.S_IMODE(file.stat().st_mode)
    if mode & 0o077:
        what = f"{file} can be read or written by others (mode {mode:04o}), and {why}"
        yield Finding(area="secrets", severity="warning", what=what, remedy=f"chmod 600 {file}")
    else:
        yield Finding(area="secrets", severity="ok", what=f"{file} is for its owner alone")
