"""The history file itself: made, opened, and put aside when it cannot be used."""

from __future__ import annotations

import contextlib
import sqlite3
from collections.abc import Generator
from pathlib import Path

VERSION = 1
"""Goes up when a table changes its meaning."""
BUSY_SECONDS = 10.0
"""So long a run waits for others that write at the same moment."""

_APPLICATION = 0x70797261
_IDENTITY = """
SELECT user_version, application_id, (SELECT count(*) FROM sqlite_master) FROM pragma_user_version, pragma_application_id
"""
"""One question, so that another run cannot make the tables between two answers."""
_TABLES = """
CREATE TABLE file (path TEXT PRIMARY KEY, seen INTEGER NOT NULL, tests INTEGER NOT NULL, failing INTEGER NOT NULL,
    nodeids BLOB NOT NULL, columns BLOB NOT NULL, setups BLOB NOT NULL) WITHOUT ROWID;
CREATE INDEX file_failing ON file (path) WHERE failing;
CREATE TABLE run (id INTEGER PRIMARY KEY, key TEXT NOT NULL UNIQUE, started INTEGER NOT NULL,
    tests INTEGER NOT NULL, facts TEXT NOT NULL);
CREATE TABLE collection (id INTEGER PRIMARY KEY, digest BLOB NOT NULL UNIQUE, nodeids BLOB NOT NULL);
CREATE TABLE result (run INTEGER PRIMARY KEY, collection INTEGER NOT NULL, data BLOB NOT NULL);
CREATE INDEX result_collection ON result (collection);
"""


class HistoryError(Exception):
    """The history cannot be read or written now; its text says why."""


class UnusableError(Exception):
    """The file is no history of this version: damaged, newer, or another program's."""


@contextlib.contextmanager
def reading(path: Path) -> Generator[sqlite3.Connection]:
    """A connection to an existing history. Raises UnusableError or HistoryError."""
    with _told(), contextlib.closing(_opened(path)) as connection:
        if _version(connection) == 0:
            raise HistoryError("it is empty")
        yield connection


@contextlib.contextmanager
def writing(path: Path) -> Generator[sqlite3.Connection]:
    """A transaction that is kept as a whole when the block ends well, else not at all.

    Makes the file and its folder. Raises UnusableError or HistoryError.
    """
    with _told():
        path.parent.mkdir(parents=True, exist_ok=True)
        with contextlib.closing(sqlite3.connect(path, timeout=BUSY_SECONDS, isolation_level=None)) as connection:
            connection.execute("PRAGMA synchronous = NORMAL")  # with WAL: a power cut may lose runs, never the file
            if _version(connection) == 0:
                _make(connection)
            connection.execute("BEGIN IMMEDIATE")
            try:
                yield connection
                connection.execute("COMMIT")
            except BaseException:
                if connection.in_transaction:
                    connection.execute("ROLLBACK")
                raise


@contextlib.contextmanager
def _told() -> Generator[None]:
    """What may go wrong with a file, in our words."""
    try:
        yield
    except (sqlite3.OperationalError, OSError) as error:
        if str(error).startswith("no such"):  # a table or column: the file was made by hand, or by half
            raise UnusableError(str(error)) from error
        raise HistoryError(str(error)) from error
    except (sqlite3.DatabaseError, ValueError) as error:
        raise UnusableError(str(error)) from error


def _opened(path: Path) -> sqlite3.Connection:
    """A connection that changes nothing; on a disk where nothing may be written, one that takes the file as it is."""
    address = path.resolve().as_uri()
    connection = sqlite3.connect(f"{address}?mode=rw", uri=True, timeout=BUSY_SECONDS, isolation_level=None)
    try:
        connection.execute("SELECT 1 FROM sqlite_master").fetchone()
    except sqlite3.DatabaseError as error:
        connection.close()
        if not isinstance(error, sqlite3.OperationalError):
            raise  # damaged: no other way of opening it would help
        connection = sqlite3.connect(f"{address}?mode=ro&immutable=1", uri=True, isolation_level=None)
    return connection


def _version(connection: sqlite3.Connection) -> int:
    """The version of the tables, 0 for a new file. Raises UnusableError for what is not ours to use."""
    version, owner, tables = connection.execute(_IDENTITY).fetchone()
    if version > VERSION:
        raise UnusableError(f"a newer version of pytest-test-pyramid made it (format {version}, not {VERSION})")
    if owner != _APPLICATION and (version or owner or tables):
        raise UnusableError("it belongs to another program")
    found: int = version
    return found


def _make(connection: sqlite3.Connection) -> None:
    """Make the tables, unless another run was faster."""
    with contextlib.suppress(
        sqlite3.OperationalError
    ):  # a file system without shared memory has no WAL, and needs none
        connection.execute("PRAGMA journal_mode = WAL")
    connection.execute("BEGIN IMMEDIATE")
    if _version(connection) == 0:
        for statement in _TABLES.split(";"):
            connection.execute(statement)
        connection.execute(f"PRAGMA application_id = {_APPLICATION}")
        connection.execute(f"PRAGMA user_version = {VERSION}")
    connection.execute("COMMIT")
