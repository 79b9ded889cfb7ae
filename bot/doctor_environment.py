"""The environment: Python, the packages the project asks for, its extras, the font of charts, the space on the disk."""

from __future__ import annotations

import platform
import re
import shutil
import sys
from collections.abc import Iterator
from importlib import metadata
from pathlib import Path

from zhengwen.bot.doctor_models import Finding

_OLDEST = (3, 11)
_REQUIREMENT = re.compile(r"^(?P<name>[A-Za-z0-9._-]+)(?:\[[^\]]*\])?\s*(?P<versions>[^;]*)(?:;\s*(?P<marker>.*))?$")
_EXTRA = re.compile(r"extra\s*==\s*[\"'](?P<extra>[^\"']+)[\"']")
_BOUND = re.compile(r"(?P<sign>>=|<=|==|<|>)\s*(?P<version>[0-9.]+)")
_DEVELOPERS = frozenset({"test"})
_LOW, _FULL = 2 * 1024**3, 200 * 1024**2
"""Bytes: under the first an ingest of many reports may fail, under the second anything may."""


def environment() -> Iterator[Finding]:
    """Python, the installed version, what it needs, and which extras are there."""
    version = ".".join(map(str, sys.version_info[:3]))
    where = f"Python {version} on {platform.system()} {platform.machine()}"
    if sys.version_info[:2] < _OLDEST:
        yield Finding(area="python", severity="error", what=where, remedy="install Python 3.11 or newer")
    else:
        yield Finding(area="python", severity="ok", what=where)
    try:
        needed = metadata.requires("zhengwen") or []
    except metadata.PackageNotFoundError:
        what = "zhengwen runs from a folder and is not installed: what it needs is not known"
        yield Finding(area="packages", severity="warning", what=what, remedy="pip install . in its folder")
        return
    yield from _packages(needed)


def _packages(requirements: list[str]) -> Iterator[Finding]:
    extras: dict[str, list[str]] = {}
    faults, count = [], 0
    for line in requirements:
        match = _REQUIREMENT.match(line)
        if match is None:
            continue
        extra = _EXTRA.search(match["marker"] or "")
        fault = _fault(match["name"], match["versions"])
        if extra is not None:
            extras.setdefault(extra["extra"], []).append(fault)
            continue
        count += 1
        if fault:
            faults.append(
                Finding(area="packages", severity="error", what=fault, remedy="pip install --upgrade zhengwen")
            )
    own = metadata.version("zhengwen")
    if not faults:
        yield Finding(area="packages", severity="ok", what=f"zhengwen {own}; all {count} packages it needs are there")
    yield from faults
    yield from (
        _extra(name, [one for one in found if one]) for name, found in sorted(extras.items()) if name not in _DEVELOPERS
    )


def _extra(name: str, faults: list[str]) -> Finding:
    if not faults:
        return Finding(area="extras", severity="ok", what=f"[{name}] is installed")
    what = f"[{name}] is not installed: {'; '.join(faults)}"
    return Finding(area="extras", severity="hint", what=what, remedy=f"pip install 'zhengwen[{name}]' if you want it")


def _fault(name: str, versions: str) -> str:
    """What is wrong with an installed package; empty where it is there in a version that fits."""
    try:
        installed = metadata.version(name)
    except metadata.PackageNotFoundError:
        return f"{name} is missing"
    for bound in _BOUND.finditer(versions):
        if not _fits(_release(installed), bound["sign"], _release(bound["version"])):
            return f"{name} {installed} is installed, {versions.strip()} is needed"
    return ""


def _release(version: str) -> tuple[int, ...]:
    """`2.13.0+cpu` → (2, 13)."""
    found = re.match(r"\d+(?:\.\d+)*", version)
    numbers = [int(part) for part in found[0].split(".")] if found else []
    while numbers and numbers[-1] == 0:
        numbers.pop()
    return tuple(numbers)


def _fits(installed: tuple[int, ...], sign: str, bound: tuple[int, ...]) -> bool:
    return {
        ">=": installed >= bound,
        "<=": installed <= bound,
        "==": installed == bound,
        "<": installed < bound,
        ">": installed > bound,
    }[sign]


def fonts() -> Iterator[Finding]:
    """Whether charts can be drawn with Chinese characters."""
    remedy = "pip install 'zhengwen[charts]'"
    try:
        import pylopdf_fonts_zh_cn
        from matplotlib.ft2font import FT2Font

        path = Path(str(pylopdf_fonts_zh_cn.sans_path()))
        font = FT2Font(str(path))
        missing = [character for character in "政问亿元≥—" if not font.get_char_index(ord(character))]
    except ImportError as error:
        what = f"no charts as pictures: the package {error.name} is missing; `zhengwen plot --text` works"
        yield Finding(area="fonts", severity="hint", what=what, remedy=remedy)
    except (OSError, RuntimeError) as error:
        yield Finding(area="fonts", severity="warning", what=f"the charts' font cannot be read: {error}",
                      remedy="pip install --force-reinstall pylopdf-fonts-zh-cn")  # fmt: skip
    else:
        if missing:
            yield Finding(area="fonts", severity="warning", what=f"{path.name} lacks {''.join(missing)}", remedy=remedy)
        else:
            yield Finding(area="fonts", severity="ok", what=f"charts are set in {font.family_name}")


def disk(folder: Path) -> Iterator[Finding]:
    """The space where the library lies, or will lie."""
    place = next(one for one in (folder, *folder.absolute().parents) if one.is_dir())
    free = shutil.disk_usage(place).free
    what = f"{free / 1024**3:,.1f} GiB free at {place}"
    remedy = "free some space, or put the library elsewhere with --library"
    if free < _FULL:
        yield Finding(area="disk", severity="error", what=what, remedy=remedy)
    elif free < _LOW:
        yield Finding(area="disk", severity="warning", what=what, remedy=remedy)
    else:
        yield Finding(area="disk", severity="ok", what=what)
