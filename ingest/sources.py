"""Files become sources: found, read within limits, decoded, with front matter and sidecar."""

from __future__ import annotations

import hashlib
from collections.abc import Mapping
from dataclasses import dataclass, field
from pathlib import Path

from zhengwen.ingest.decode import decode, declared_encoding
from zhengwen.ingest.errors import InputError
from zhengwen.ingest.front_matter import split_front_matter
from zhengwen.ingest.models import Removal
from zhengwen.ingest.settings import IngestSettings
from zhengwen.ingest.textmap import Edit, MappedText

FORMATS = (".txt", ".md", ".html", ".htm")


@dataclass(frozen=True, slots=True)
class Source:
    """One document as received: bytes' hash, decoded text, and the body as a mapped slice of that text."""

    source: str
    sha256: str
    text: str
    body: MappedText
    encoding: str
    front_matter: Mapping[str, str] = field(default_factory=dict)
    sidecar: Mapping[str, str] = field(default_factory=dict)
    removals: tuple[Removal, ...] = ()
    warnings: tuple[str, ...] = ()


def read_source(
    path: Path, *, source: str | None = None, settings: IngestSettings | None = None, sidecar: Mapping[str, str] | None = None
) -> Source:
    """Read one file. Raises InputError with one line that says what is wrong and what to do."""
    name = source or str(path)
    settings = settings or IngestSettings()
    suffix = path.suffix.lower()
    if suffix not in FORMATS:
        raise InputError(f"{name}: format {suffix or '(none)'} is not supported; supported are {' '.join(FORMATS)}")
    try:
        if path.stat().st_size > settings.max_file_mb * 1_000_000:
            raise InputError(f"{name}: larger than {settings.max_file_mb:g} MB; raise ingest.max_file_mb or split the file")
        data = path.read_bytes()
    except FileNotFoundError:
        raise InputError(f"{name}: no such file; check the path") from None
    except OSError as error:
        raise InputError(f"{name}: cannot be read ({error.strerror}); check its permissions") from None
    if not data.strip():
        raise InputError(f"{name}: is empty; remove it or put the report's text into it")
    try:
        decoded = decode(data, declared=declared_encoding(data) if suffix.startswith(".htm") else None)
    except InputError as error:
        raise InputError(f"{name}: {error}") from None
    body = MappedText.of(decoded.text)
    front = split_front_matter(decoded.text)
    if front.end:
        body = body.edit([Edit(0, front.end)])
    return Source(
        name, hashlib.sha256(data).hexdigest(), decoded.text, body, decoded.encoding,
        front.fields, sidecar or {}, (), decoded.warnings + front.warnings,
    )  # fmt: skip
