"""Word files (.docx): paragraphs in order, table rows as `| cell | cell |`, text boxes as lines below their paragraph,
footnotes as `[1] …` at the end; nothing fetched, nothing expanded."""

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
_DRAWING = "{http://schemas.openxmlformats.org/drawingml/2006/main}"
_FALLBACK = "{http://schemas.openxmlformats.org/markup-compatibility/2006}Fallback"
_LIMIT = 100_000_000
_STRICT = b"http://purl.oclc.org/ooxml/wordprocessingml/main"
"""The name of the same elements in files saved as "Strict Open XML"."""
_LEFT_OUT = frozenset(f"{_W}{name}" for name in ("del", "delText", "instrText", "moveFrom", "rt")) | {_FALLBACK}
"""Deleted text, field codes, readings above characters (rt), and the older form of what stands there already."""
_BOX = f"{_W}txbxContent"
_NOTES = {f"{_W}{kind}Reference": (f"word/{kind}s.xml", f"{_W}{kind}") for kind in ("footnote", "endnote")}
_MOST_CELLS = 60
_BREAKS = {f"{_W}tab": "\t", f"{_W}br": "\n", f"{_W}cr": "\n", f"{_W}noBreakHyphen": "-"}


def read_docx(data: bytes) -> tuple[str, tuple[str, ...]]:
    """The text of a .docx file, one paragraph a line, and warnings. Raises InputError for a damaged or unsafe one."""
    body = _parsed(_part(data, "word/document.xml")).find(f"{_W}body")
    notes = _numbered_notes(data, body) if body is not None else []
    lines = list(_lines(body)) if body is not None else []
    drawn = body is not None and any(True for _ in body.iter(f"{_DRAWING}blip"))
    if not any(line.strip() for line in lines):
        what = "holds pictures but no text: run OCR over it first" if drawn else "holds no text"
        raise InputError(f"is a Word file that {what}")
    return "\n".join(lines + notes), ()


def _parsed(xml: bytes) -> _Element:
    """The root of a part. Raises InputError for damaged XML and for entities."""
    if re.search(rb"<!(?:DOCTYPE|ENTITY)", xml[:100_000]):
        raise InputError("is a Word file that declares XML entities, which no genuine one does: save it anew in Word")
    from lxml import etree  # type: ignore[import-untyped]

    parser: Any = etree.XMLParser(resolve_entities=False, no_network=True, load_dtd=False, huge_tree=False)
    try:
        return etree.fromstring(xml.replace(_STRICT, _W[1:-1].encode()), parser)
    except etree.XMLSyntaxError as error:
        raise InputError(f"is a damaged Word file ({error.msg}): open it in Word and save it anew") from None


def _numbered_notes(data: bytes, body: _Element) -> list[str]:
    """`[1] …` for each footnote, then each endnote, that the text refers to; its mark in the text becomes `[1]`."""
    lines: list[str] = []
    for reference, (part, note) in _NOTES.items():
        marks = list(body.iter(reference))
        if not marks or not _has(data, part):
            continue
        texts = {
            one.get(f"{_W}id"): " ".join(_paragraph(one)[0].split()) for one in _parsed(_part(data, part)).iter(note)
        }
        for mark in marks:
            if words := texts.get(mark.get(f"{_W}id")):
                mark.text = f"[{len(lines) + 1}]"
                lines.append(f"{mark.text} {words}")
    return lines


def _has(data: bytes, name: str) -> bool:
    with zipfile.ZipFile(io.BytesIO(data)) as archive:
        return name in archive.namelist()


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
            text, boxes = _paragraph(child)
            yield from text.split("\n")
            for box in boxes:
                yield from _lines(box)
        elif child.tag == f"{_W}tbl":
            yield from _rows(child)
        elif child.tag in (f"{_W}sdt", f"{_W}sdtContent", f"{_W}ins", f"{_W}customXml", f"{_W}smartTag"):
            yield from _lines(child)


def _rows(table: _Element) -> Iterator[str]:
    """`| cell | cell |`; a cell over several columns leaves empty ones, so that columns stay below their headings."""
    for row in table.findall(f"{_W}tr") + table.findall(f"{_W}sdt/{_W}sdtContent/{_W}tr"):
        cells: list[str] = []
        for cell in row.findall(f"{_W}tc") + row.findall(f"{_W}sdt/{_W}sdtContent/{_W}tc"):
            text, boxes = _paragraph(cell)
            words = [text, *(_paragraph(box)[0] for box in boxes)]
            cells.append(" ".join(" ".join(words).split()).replace("|", "/"))
            span = cell.find(f"{_W}tcPr/{_W}gridSpan")
            wide = span.get(f"{_W}val", "1") if span is not None else "1"
            cells += [""] * (min(int(wide), _MOST_CELLS) - 1 if wide.isdecimal() else 0)
        if any(cells):
            yield "| " + " | ".join(cells) + " |"


def _paragraph(element: _Element) -> tuple[str, list[_Element]]:
    """The text of the runs below an element, and the text boxes that hang on it; what is not shown is left out."""
    pieces: list[str] = []
    boxes: list[_Element] = []
    stack = [element]
    while stack:
        one = stack.pop()
        if one.tag in _LEFT_OUT or _vanished(one):
            continue
        if one.tag == _BOX and one is not element:
            boxes.append(one)
            continue
        if one.tag == f"{_W}t":
            pieces += [one.text or "", *(child.tail or "" for child in one)]  # an entity's node is left out
        elif one.tag in _BREAKS:
            pieces.append(_BREAKS[one.tag])
        elif one.tag in _NOTES:
            pieces.append(one.text or "")
        elif one.tag == f"{_W}p" and pieces:
            pieces.append(" ")
        if one.tag != f"{_W}t":
            stack.extend(reversed(one))
    return "".join(pieces).strip("\n"), boxes


def _vanished(run: _Element) -> bool:
    if run.tag != f"{_W}r":
        return False
    hidden = run.find(f"{_W}rPr/{_W}vanish")
    return hidden is not None and hidden.get(f"{_W}val", "1") not in ("0", "false")
