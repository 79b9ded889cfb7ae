"""Opening the database of a library, with every way it can fail said in one line."""

from __future__ import annotations

import datetime as dt
import os
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any
from urllib.parse import quote

from sqlalchemy import Connection, Engine, create_engine, event, inspect, select
from sqlalchemy.engine import URL, make_url
from sqlalchemy.exc import ArgumentError, DatabaseError, NoSuchModuleError, OperationalError

from zhengwen.index import schema
from zhengwen.ingest.errors import LibraryError

FILE = "library.sqlite"
LOCK_SECONDS = 30.0
_BACKENDS = ("sqlite", "postgresql")
_POSTGRESQL = "postgresql+psycopg"


def open_engine(folder: Path, *, database: str | None, create: bool) -> Engine:
    """The engine of the library in `folder` (or of the SQLAlchemy URL `database`), its tables checked or created.

    Raises LibraryError with what to do: no library yet, newer version, damaged, not writable, locked.
    """
    url = _url(folder, database)
    if url.get_backend_name() not in _BACKENDS:
        raise LibraryError(f"library.database: {url.get_backend_name()} is not supported; use sqlite or {_POSTGRESQL}")
    if url.get_backend_name() == "sqlite":
        _check_folder(folder, create=create)
    try:
        engine = create_engine(url, connect_args=_connect_args(url))
    except NoSuchModuleError as error:
        raise LibraryError(f"library.database: {error}; use sqlite or {_POSTGRESQL}") from None
    except ModuleNotFoundError as error:
        raise LibraryError(f"library.database: needs the package {error.name}; pip install 'psycopg[binary]'") from None
    if url.get_backend_name() == "sqlite":
        event.listen(engine, "connect", _prepare_sqlite)
        event.listen(engine, "begin", _begin_sqlite)
    with translated(folder):
        _check_tables(engine, folder, create=create)
    return engine


def _url(folder: Path, database: str | None) -> URL:
    if not database:
        return _sqlite_url(folder / FILE)
    try:
        return make_url(database)
    except ArgumentError:
        raise LibraryError(
            f"library.database: not a database URL: {database!r}; "
            "leave it empty for SQLite or give postgresql+psycopg://user@host/name"
        ) from None


def _sqlite_url(file: Path) -> URL:
    """A library in a folder that may not be written is read as it stands, unless a writer has left its log there."""
    if not file.is_file() or os.access(file.parent, os.W_OK) or file.with_name(f"{file.name}-wal").exists():
        return URL.create("sqlite", database=str(file))
    # SQLite wants to put two files beside a database in WAL mode, even to read it.
    where = f"file:{quote(str(file.absolute()))}"
    return URL.create("sqlite", database=where, query={"immutable": "1", "mode": "ro", "uri": "true"})


def _connect_args(url: URL) -> dict[str, Any]:
    return {"timeout": LOCK_SECONDS} if url.get_backend_name() == "sqlite" else {}


def _check_folder(folder: Path, *, create: bool) -> None:
    if folder.exists() and not folder.is_dir():
        raise LibraryError(f"{folder}: the library must be a folder; choose another with --library")
    if (folder / FILE).is_file():
        return
    if not create:
        raise LibraryError(f"{folder}: no library yet; run `zhengwen ingest PATH` to make one")
    try:
        folder.mkdir(parents=True, exist_ok=True)
    except OSError as error:
        raise LibraryError(f"{folder}: cannot be made ({error.strerror}); choose another with --library") from None


def _prepare_sqlite(connection: Any, _record: Any) -> None:
    # Transactions are begun by us (see _begin_sqlite): the driver's own handling starts them too late.
    connection.isolation_level = None
    cursor = connection.cursor()
    cursor.execute("PRAGMA foreign_keys=ON")
    cursor.execute("PRAGMA synchronous=NORMAL")  # in WAL mode a killed process loses nothing committed
    cursor.execute("PRAGMA cache_size=-32000")
    cursor.execute("PRAGMA mmap_size=268435456")
    cursor.close()


def _begin_sqlite(connection: Connection) -> None:
    # A writer takes its lock at once: upgrading a read transaction fails without waiting when another one writes.
    write = connection.get_execution_options().get("writing", False)
    connection.exec_driver_sql("BEGIN IMMEDIATE" if write else "BEGIN")


def _check_tables(engine: Engine, folder: Path, *, create: bool) -> None:
    """Looks before it touches: a library of a newer version keeps its every byte."""
    with engine.connect() as connection:
        tables = set(inspect(connection).get_table_names())
        if schema.meta.name in tables:
            rows = connection.execute(select(schema.meta.c.key, schema.meta.c.value)).all()
            _check_version({row.key: row.value for row in rows}.get("schema_version", ""), folder)
            missing = set(schema.metadata.tables) - tables
            if missing:
                raise LibraryError(f"{folder}: damaged (tables missing: {', '.join(sorted(missing))}); {_REBUILD}")
            return
        if tables:
            raise LibraryError(f"{folder}: its database is not a zhengwen library; choose another with --library")
    if not create:
        raise LibraryError(f"{folder}: no library yet; run `zhengwen ingest PATH` to make one")
    _create(engine)


_REBUILD = "move the folder away and run `zhengwen ingest` on your reports again"


def _check_version(stored: str, folder: Path) -> None:
    if not stored.isdigit():
        raise LibraryError(f"{folder}: damaged (no version in it); {_REBUILD}")
    if int(stored) > schema.SCHEMA_VERSION:
        raise LibraryError(
            f"{folder}: made by a newer zhengwen (library version {stored}, this program knows "
            f"{schema.SCHEMA_VERSION}); upgrade with `pip install -U zhengwen`; nothing was changed"
        )
    if int(stored) < schema.SCHEMA_VERSION:
        raise LibraryError(f"{folder}: made by an older zhengwen (library version {stored}); {_REBUILD}")


def _create(engine: Engine) -> None:
    if engine.dialect.name == "sqlite":
        with engine.connect() as connection:
            raw = connection.connection.driver_connection
            assert raw is not None
            # WAL: readers do not wait for the writer, and a killed writer leaves the last commit intact.
            raw.execute("PRAGMA journal_mode=WAL")
    # The version goes in with the tables: a kill in between leaves an empty database, which counts as none.
    with writing(engine) as connection:
        schema.metadata.create_all(connection)
        if connection.execute(select(schema.meta.c.key)).first() is None:
            created = dt.datetime.now(dt.UTC).isoformat(timespec="seconds")
            values = {"schema_version": str(schema.SCHEMA_VERSION), "created": created}
            connection.execute(schema.meta.insert(), [{"key": key, "value": value} for key, value in values.items()])


@contextmanager
def writing(engine: Engine) -> Iterator[Connection]:
    """One write transaction: committed at the end of the block, rolled back when it raises."""
    with engine.connect().execution_options(writing=True) as connection, connection.begin():
        yield connection


@contextmanager
def translated(folder: Path) -> Iterator[None]:
    """Turns the database's errors into LibraryErrors that say what to do."""
    try:
        yield
    except OperationalError as error:
        raise LibraryError(f"{folder}: {_operational(str(error.orig))}") from None
    except DatabaseError as error:
        raise LibraryError(f"{folder}: its database is damaged ({_first_line(error.orig)}); {_REBUILD}") from None


def _operational(text: str) -> str:
    lowered = text.lower()
    if "locked" in lowered:
        return f"another process has been writing for {LOCK_SECONDS:.0f} s; wait for it to end and try again"
    if "readonly" in lowered or "unable to open" in lowered:
        return "cannot be opened or written; check the folder's permissions or choose another with --library"
    if "full" in lowered:
        return "the disk is full; free some space and try again"
    if "malformed" in lowered or "disk i/o" in lowered:
        return f"its database is damaged ({_first_line(text)}); {_REBUILD}"
    return f"the database does not answer ({_first_line(text)}); check library.database"


def _first_line(error: object) -> str:
    return str(error).strip().splitlines()[0] if str(error).strip() else type(error).__name__
