"""Word files (.docx): paragraphs in order, table rows as `| cell | cell |`, nothing fetched, nothing expanded."""

from __future__ import annotations

import io
import re
import zipfile
from collections.abc import Iterator
from typing import TYPE_CHECKING, Any

from zhengwen.ingest.errors import InputError

if TYPE_CHECKING:
    from lxml.etree import _Element  # type: ignore[import-untyped]

_W = "{http://schemas.openxmlformats.org/wordprocessingml/2006/main}"
_FALLBACK = "{http://schemas.openxmlformats.org/markup-compatibility/2006}Fallback"
_LIMIT = 100_000_000
_BREAKS = {f"{_W}tab": "\t", f"{_W}br": "\n", f"{_W}cr": "\n", f"{_W}noBreakHyphen": "-"}


def read_docx(data: bytes) -> tuple[str, tuple[str, ...]]:
    """The text of a .docx file, one paragraph a line, and warnings. Raises InputError for a damaged or unsafe one."""
    xml = _part(data, "word/document.xml")
    if re.search(rb"<!(?:DOCTYPE|ENTITY)", xml[:100_000]):
        raise InputError("is a Word file that declares XML entities, which no genuine one does: save it anew in Word")
    from lxml import etree  # type: ignore[import-untyped]

    parser: Any = etree.XMLParser(resolve_entities=False, no_network=True, load_dtd=False, huge_tree=False)
    try:
        root = etree.fromstring(xml, parser)
    except etree.XMLSyntaxError as error:
        raise InputError(f"is a damaged Word file ({error.msg}): open it in Word and save it anew") from None
    body = root.find(f"{_W}body")
    lines = list(_lines(body)) if body is not None else []
    drawn = sum(1 for _ in root.iter("{http://schemas.openxmlformats.org/drawingml/2006/main}blip"))
    if not any(line.strip() for line in lines):
        what = "holds pictures but no text: run OCR over it first" if drawn else "holds no text"
        raise InputError(f"is a Word file that {what}")
    return "\n".join(lines), ()


def _part(data: bytes, name: str) -> bytes:
    try:
        with zipfile.ZipFile(io.BytesIO(data)) as archive:
            info = archive.getinfo(name)
            if info.file_size > _LIMIT:
                raise InputError(f"is a Word file whose text unpacks to over {_LIMIT // 1_000_000} MB: split it")
            if info.flag_bits & 1:
                raise InputError("is a Word file with a password: save a copy without it")
            with archive.open(info) as part:
                xml = part.read(_LIMIT + 1)
    except KeyError:
        raise InputError("is no Word file (it has no word/document.xml): save it as .docx or .txt") from None
    except (zipfile.BadZipFile, EOFError, OSError, ValueError, NotImplementedError) as error:
        if data.startswith(b"\xd0\xcf\x11\xe0"):
            raise InputError("is an old or encrypted Office file: save a copy as .docx without a password") from None
        raise InputError(f"is a damaged Word file ({error}): open it in Word and save it anew") from None
    if len(xml) > _LIMIT:
        raise InputError(f"is a Word file whose text unpacks to over {_LIMIT // 1_000_000} MB: split it")
    return xml


def _lines(parent: _Element) -> Iterator[str]:
    """Paragraphs and tables below an element, in order; content controls and tracked insertions are looked into."""
    for child in parent:
        if child.tag == f"{_W}p":
            yield from _paragraph(child).split("\n")
        elif child.tag == f"{_W}tbl":
            yield from _rows(child)
        elif child.tag in (f"{_W}sdt", f"{_W}sdtContent", f"{_W}ins", f"{_W}customXml", f"{_W}smartTag"):
            yield from _lines(child)


def _rows(table: _Element) -> Iterator[str]:
    for row in table.iter(f"{_W}tr"):
        cells = [" ".join(_paragraph(cell).split()) for cell in row.findall(f"{_W}tc")]
        if any(cells):
            yield "| " + " | ".join(cell.replace("|", "/") for cell in cells) + " |"


def _paragraph(element: _Element) -> str:
    """The text of the runs below an element; deleted, hidden and fallback text is left out."""
    pieces: list[str] = []
    stack = [element]
    while stack:
        one = stack.pop()
        if one.tag in (f"{_W}del", f"{_W}delText", f"{_W}instrText", f"{_W}moveFrom", _FALLBACK) or _vanished(one):
            continue
        if one.tag == f"{_W}t":
            pieces += [one.text or "", *(child.tail or "" for child in one)]  # an entity's node is left out
        elif one.tag in _BREAKS:
            pieces.append(_BREAKS[one.tag])
        elif one.tag == f"{_W}p" and pieces:
            pieces.append(" ")
        if one.tag != f"{_W}t":
            stack.extend(reversed(one))
    return "".join(pieces).strip("\n")


def _vanished(run: _Element) -> bool:
    if run.tag != f"{_W}r":
        return False
    hidden = run.find(f"{_W}rPr/{_W}vanish")
    return hidden is not None and hidden.get(f"{_W}val", "1") not in ("0", "false")
