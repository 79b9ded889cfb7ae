"""Facts kept beside a file: NAME.meta.yaml for one, manifest.csv for a folder. They win over what the text says.

reports/a.pdf   reports/a.pdf.meta.yaml (or a.meta.yaml):   region: 山东省滨州市滨城区
                                                            date: 2021-01-19
                                                            corrections: [...]      (ingest/corrections.py)
reports/manifest.csv:   file,region,date,title,url
                        a.pdf,371602,2021-01-19,,https://…
"""

from __future__ import annotations

import csv
import io
from collections.abc import Mapping
from dataclasses import dataclass, field
from pathlib import Path

from zhengwen.ingest.corrections import KEY as CORRECTIONS
from zhengwen.ingest.corrections import read_corrections
from zhengwen.ingest.errors import InputError

KEYS = ("region", "date", "title", "url", "publisher", "author", "kind", "year_reviewed", "encoding")
"""What a sidecar may say; the meaning is that of `About`. `encoding` names the file's encoding.

A sidecar of one file may also hold `corrections`, which a manifest cannot.
"""

MANIFEST = "manifest.csv"
_ENDING = ".meta.yaml"
_ALIASES = {
    "文件": "file", "文件名": "file", "name": "file", "path": "file", "filename": "file",
    "地区": "region", "区划": "region", "日期": "date", "标题": "title", "题名": "title", "网址": "url", "链接": "url",
    "来源": "publisher", "发布机构": "publisher", "作者": "author", "种类": "kind", "年度": "year_reviewed",
    "编码": "encoding", "source": "url", "更正": CORRECTIONS, "勘误": CORRECTIONS,
}  # fmt: skip
_LIMIT = 200_000
_MANIFEST_LIMIT = 20_000_000


def is_sidecar(name: str) -> bool:
    """True for the files that speak about others: `a.meta.yaml`, `manifest.csv`."""
    return name == MANIFEST or name.endswith(_ENDING)


@dataclass(frozen=True, slots=True)
class Sidecars:
    """What the sidecars of one folder (or archive folder) say, by file name; `faults` are those that cannot be read."""

    files: Mapping[str, bytes] = field(default_factory=dict)
    """NAME.meta.yaml → its bytes."""
    manifest: Mapping[str, Mapping[str, str]] = field(default_factory=dict)
    faults: tuple[tuple[str, str], ...] = ()

    @classmethod
    def of_folder(cls, folder: Path) -> Sidecars:
        """Read the manifest and the sidecars of a folder."""
        files = {one.name: _bytes(one) for one in sorted(folder.glob(f"*{_ENDING}"))}
        return cls.of(files | ({MANIFEST: _bytes(folder / MANIFEST)} if (folder / MANIFEST).is_file() else {}))

    @classmethod
    def beside(cls, path: Path) -> Sidecars:
        """Only those that speak about one file."""
        names = [name for name in (*_names(path.name), MANIFEST) if (path.parent / name).is_file()]
        return cls.of({name: _bytes(path.parent / name) for name in names})

    @classmethod
    def of(cls, files: Mapping[str, bytes]) -> Sidecars:
        """From the bytes of the sidecars by name."""
        rest = {name: data for name, data in files.items() if name != MANIFEST}
        if MANIFEST not in files:
            return cls(rest)
        try:
            return cls(rest, parse_manifest(files[MANIFEST]))
        except InputError as error:
            return cls(rest, {}, ((MANIFEST, str(error)),))

    def of_name(self, name: str) -> Mapping[str, str]:
        """The facts about the file of this name; its own sidecar wins over the manifest. Raises InputError."""
        facts = dict(self.manifest.get(name, {}))
        for beside in _names(name):
            if beside in self.files:
                facts |= parse_sidecar(self.files[beside], name=beside)
                break
        return facts


def read_sidecar(path: Path) -> tuple[Mapping[str, str], tuple[str, ...]]:
    """The facts beside one file and notes about sidecars that were left aside. Raises InputError for a broken one."""
    sidecars = Sidecars.beside(path)
    return sidecars.of_name(path.name), tuple(f"{name}: {reason}" for name, reason in sidecars.faults)


def parse_sidecar(data: bytes, *, name: str) -> dict[str, str]:
    """`b"region: 371602"` → {"region": "371602"}; corrections as `read_corrections` packs them.

    Raises InputError that names the sidecar and the fault.
    """
    import yaml

    try:
        fields = yaml.safe_load(data.decode("utf-8-sig"))
    except (yaml.YAMLError, UnicodeDecodeError, RecursionError) as error:
        where = getattr(error, "problem_mark", None)
        at = f", line {where.line + 1}" if where else ""
        raise InputError(f"its sidecar {name} is no valid YAML{at}: correct or remove it") from None
    if fields is None:
        return {}
    if not isinstance(fields, dict):
        raise InputError(f"its sidecar {name} is no list of `key: value` lines: correct or remove it")
    facts: dict[str, str] = {}
    for key, value in fields.items():
        known = _known(str(key))
        if known is None:
            keys = ", ".join((*KEYS, CORRECTIONS))
            raise InputError(f"its sidecar {name} has an unknown key {str(key)[:40]!r}; known are {keys}")
        if known == CORRECTIONS:
            facts[known] = _corrections(value, name)
            continue
        if not isinstance(value, (str, int, float)) and not hasattr(value, "isoformat"):
            raise InputError(f"its sidecar {name} gives {known} no single value: correct or remove it")
        facts[known] = str(value).strip()
    return {key: value for key, value in facts.items() if value}


def _corrections(value: object, name: str) -> str:
    try:
        return read_corrections(value or [])
    except InputError as error:
        raise InputError(f"its sidecar {name}: {error}") from None


def parse_manifest(data: bytes) -> dict[str, Mapping[str, str]]:
    """CSV with a column `file` → {file: facts}; unknown columns are left out. Raises InputError for no such column."""
    from zhengwen.ingest.decode import decode

    rows = csv.reader(io.StringIO(decode(data).text))
    try:
        header = [_ALIASES.get(name.strip().lower(), name.strip().lower()) for name in next(rows, [])]
        if "file" not in header:
            raise InputError(f"{MANIFEST} has no column `file`; it needs file and any of {', '.join(KEYS)}")
        found: dict[str, Mapping[str, str]] = {}
        for row in rows:
            fields = dict(zip(header, (cell.strip() for cell in row), strict=False))
            if fields.get("file"):
                found[fields["file"]] = {key: fields[key] for key in KEYS if fields.get(key)}
    except csv.Error as error:
        raise InputError(f"{MANIFEST} is no valid CSV ({error}): correct or remove it") from None
    return found


def _known(key: str) -> str | None:
    name = _ALIASES.get(key.strip().lower(), key.strip().lower())
    return name if name in (*KEYS, CORRECTIONS) else None


def _names(name: str) -> tuple[str, str]:
    return f"{name}{_ENDING}", f"{Path(name).stem}{_ENDING}"


def _bytes(path: Path) -> bytes:
    limit = _MANIFEST_LIMIT if path.name == MANIFEST else _LIMIT
    try:
        with path.open("rb") as file:
            data = file.read(limit + 1)
    except OSError:
        return b"- cannot be read"
    return data if len(data) <= limit else b"- too long, and half of it must not be taken for the whole"
