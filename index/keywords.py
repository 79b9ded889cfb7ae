"""The keyword index: BM25 over character bigrams with tantivy, scoped by report.

It is derived from the database and lies in its own folder. Beside tantivy's files, `held.json` says which reports it
holds; reports about to be written are noted there first, so a killed update is seen and repaired by the next one.
"""

from __future__ import annotations

import json
import os
import re
import shutil
import tempfile
import weakref
from collections.abc import Collection, Iterable
from dataclasses import dataclass
from operator import add
from pathlib import Path
from typing import TYPE_CHECKING, Any

from zhengwen.ingest.errors import LibraryError

if TYPE_CHECKING:
    from tantivy import Document, Index, Query, Schema

FORMAT = 1
"""Raised when tokens or fields change: an index of another format is rebuilt."""

_RUN = re.compile(
    r"(?P<latin>[A-Za-z]+)|(?P<digits>\d+(?:[.．]\d+)*)|(?P<han>[\u3007\u3400-\u9fff\U00020000-\U0003ffff]+)"
)
_MAX_QUERY_TOKENS = 400
_HEAP = 64_000_000
_HELD = "held.json"


class KeywordIndexDamaged(Exception):
    """The index's files cannot be read: it is to be rebuilt."""


@dataclass(frozen=True)
class KeywordText:
    """What is indexed of one passage."""

    passage_no: int
    report_no: int
    text: str


def tokens(text: str) -> list[str]:
    """Bigrams of Chinese runs, Latin words in lower case, numbers whole.

    >>> tokens("新增就业7198人 GDP")
    ['新增', '增就', '就业', '7198', '人', 'gdp']
    """
    found: list[str] = []
    for latin, digits, han in _RUN.findall(text):
        if len(han) > 1:
            found.extend(map(add, han, han[1:]))  # much faster than slicing: this runs over whole libraries
        else:
            found.append(han or latin.lower() or digits.replace("．", "."))
    return found


class KeywordIndex:
    """The keyword index in one folder; whoever updates it holds the library's lock (`sync.deriving`)."""

    def __init__(self, folder: Path, index: Index, schema: Schema) -> None:
        self.folder = folder
        self._index = index
        self._schema = schema

    @classmethod
    def open(cls, folder: Path) -> KeywordIndex:
        """Open the index, an empty one where there is none. Raises KeywordIndexDamaged."""
        import tantivy

        schema = _schema()
        try:
            folder.mkdir(parents=True, exist_ok=True)
            place = folder if os.access(folder, os.W_OK) else _copied(folder)
            index = tantivy.Index(schema, path=str(place))
            opened = cls(folder, index, schema)
            if place != folder:
                weakref.finalize(opened, shutil.rmtree, place, ignore_errors=True)
            if opened._read_held()["format"] != FORMAT:
                raise KeywordIndexDamaged(f"{folder}: made in another format")
        except (FileExistsError, NotADirectoryError) as error:
            raise KeywordIndexDamaged(f"{folder}: is no folder") from error
        except OSError as error:
            raise LibraryError(f"{folder}: cannot be opened ({error.strerror}); check its permissions") from None
        except (ValueError, KeyError) as error:  # what tantivy raises for files it cannot read
            raise KeywordIndexDamaged(f"{folder}: {error}") from error
        return opened

    @classmethod
    def rebuild(cls, folder: Path) -> KeywordIndex:
        """An empty index in place of whatever lies there."""
        shutil.rmtree(folder, ignore_errors=True)
        if folder.is_file():
            folder.unlink()
        return cls.open(folder)

    def reload(self) -> None:
        """See what another process has committed. Raises KeywordIndexDamaged."""
        try:
            self._index.reload()
        except (ValueError, OSError) as error:
            raise KeywordIndexDamaged(f"{self.folder}: {error}") from error

    def held(self) -> set[int]:
        """The numbers of the reports that are in the index whole."""
        return set(self._read_held()["held"])

    def suspect(self) -> set[int]:
        """Reports that an interrupted update may have left in any state."""
        return set(self._read_held()["pending"])

    def update(self, *, texts: Iterable[KeywordText], reports: Collection[int], remove: Collection[int]) -> None:
        """Put the passages of `reports` in (replacing what is held of them) and take `remove` out, in one commit.

        Raises KeywordIndexDamaged when tantivy cannot write, LibraryError when the disk is full or locked.
        """
        held = self.held()
        touched = set(reports) | set(remove) | self.suspect()
        self._write_held(held - touched, touched)
        try:
            writer = self._index.writer(heap_size=_HEAP, num_threads=1)
            for number in touched:
                writer.delete_documents_by_term("report", number)
            for one in texts:
                writer.add_document(self._document(one))
            writer.commit()
            writer.wait_merging_threads()
            self._index.reload()
        except (ValueError, OSError) as error:
            raise KeywordIndexDamaged(f"{self.folder}: {error}") from error
        self._write_held((held - touched) | set(reports), ())

    def _document(self, one: KeywordText) -> Document:
        import tantivy

        document = tantivy.Document()
        document.add_integer("passage", one.passage_no)
        document.add_integer("report", one.report_no)
        document.add_text("body", " ".join(tokens(one.text)))
        return document

    def search(self, text: str, *, top: int, reports: Collection[int] | None = None) -> list[tuple[int, float]]:
        """(passage number, BM25 score), best first; only within `reports` unless that is None."""
        import tantivy

        words = list(dict.fromkeys(tokens(text)))[:_MAX_QUERY_TOKENS]
        if not words or (reports is not None and not reports):
            return []
        should = tantivy.Occur.Should
        terms = [(should, tantivy.Query.term_query(self._schema, "body", word, "freq")) for word in words]
        query = tantivy.Query.boolean_query(terms)
        if reports is not None:
            query = tantivy.Query.boolean_query(
                [(tantivy.Occur.Must, query), (tantivy.Occur.Must, self._within(reports))]
            )
        try:
            searcher = self._index.searcher()
            hits = searcher.search(query, limit=top, count=False).hits
            return [(int(searcher.doc(at)["passage"][0]), float(score)) for score, at in hits]
        except (ValueError, OSError) as error:
            raise KeywordIndexDamaged(f"{self.folder}: {error}") from error

    def _within(self, reports: Collection[int]) -> Query:
        import tantivy

        chosen = tantivy.Query.term_set_query(self._schema, "report", list(reports))
        return tantivy.Query.const_score_query(chosen, 0.0)

    def _read_held(self) -> dict[str, Any]:
        path = self.folder / _HELD
        if not path.exists():
            if self._index.searcher().num_docs:
                raise KeywordIndexDamaged(f"{path} is missing")
            return {"format": FORMAT, "held": [], "pending": []}
        data = json.loads(path.read_text(encoding="utf-8"))
        if not isinstance(data, dict):
            raise KeywordIndexDamaged(f"{path} is damaged")
        return data

    def _write_held(self, held: Collection[int], pending: Collection[int]) -> None:
        data = {"format": FORMAT, "held": sorted(held), "pending": sorted(pending)}
        fresh = self.folder / (_HELD + ".new")
        fresh.write_text(json.dumps(data), encoding="utf-8")
        fresh.replace(self.folder / _HELD)  # at once: a reader sees the old list or the new one


def _copied(folder: Path) -> Path:
    """A copy that may be written: tantivy wants to put locks beside an index, even to read it."""
    place = Path(tempfile.mkdtemp(prefix="zhengwen-keywords-"))
    for file in folder.iterdir():
        shutil.copyfile(file, place / file.name)
    return place


def _schema() -> Schema:
    import tantivy

    builder = tantivy.SchemaBuilder()
    builder.add_integer_field("passage", stored=True, indexed=True)
    builder.add_integer_field("report", indexed=True, fast=True)
    builder.add_text_field("body", tokenizer_name="whitespace", index_option="freq")
    return builder.build()
