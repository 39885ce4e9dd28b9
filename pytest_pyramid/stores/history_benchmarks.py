"""The part of the history that keeps what pytest-benchmark measured; its table is made when there is something to keep."""

from __future__ import annotations

import sqlite3
from collections.abc import Mapping, Sequence
from pathlib import Path

from pytest_pyramid.core.benchmarks import Benchmark
from pytest_pyramid.core.history import REMEMBERED
from pytest_pyramid.stores.history_schema import reading

_MOST_AT_ONCE = 500
"""SQLite before 3.32 takes at most 999 values in one question."""
_TABLE = """
CREATE TABLE IF NOT EXISTS benchmark (nodeid TEXT NOT NULL, started INTEGER NOT NULL, run TEXT NOT NULL,
    median REAL NOT NULL, iqr REAL NOT NULL, stddev REAL NOT NULL, rounds INTEGER NOT NULL, iterations INTEGER NOT NULL,
    PRIMARY KEY (nodeid, started, run)) WITHOUT ROWID
"""
"""Older versions of this program know no such table and leave it as it is: no change of version."""
_FORGET = """
DELETE FROM benchmark WHERE nodeid = ? AND (started, run) NOT IN
    (SELECT started, run FROM benchmark WHERE nodeid = ? ORDER BY started DESC, run DESC LIMIT ?)
"""


def remembered(path: Path, nodeids: Sequence[str] | None = None) -> dict[str, list[Benchmark]]:
    """What these tests, or all, measured in past runs, the newest first. Raises UnusableError or HistoryError."""
    found: dict[str, list[Benchmark]] = {}
    with reading(path) as connection:
        if not _is_there(connection):
            return found
        for question, values in _questions(nodeids):
            for nodeid, *figures in connection.execute(question, values):
                found.setdefault(nodeid, []).append(Benchmark(*figures))
    return found


def _questions(nodeids: Sequence[str] | None) -> list[tuple[str, Sequence[str]]]:
    columns = "SELECT nodeid, median, iqr, stddev, rounds, iterations FROM benchmark"
    order = "ORDER BY nodeid, started DESC, run DESC"
    if nodeids is None:
        return [(f"{columns} {order}", ())]
    parts = [nodeids[first : first + _MOST_AT_ONCE] for first in range(0, len(nodeids), _MOST_AT_ONCE)]
    return [(f"{columns} WHERE nodeid IN ({','.join('?' * len(part))}) {order}", part) for part in parts]


def put(connection: sqlite3.Connection, run: str, started: int, benchmarks: Mapping[str, Benchmark]) -> None:
    """Keep what the run with this key measured, and of each test no more than so many runs as count."""
    if not benchmarks:
        return
    connection.execute(_TABLE)
    rows = [(nodeid, started, run, *figures) for nodeid, figures in benchmarks.items()]
    connection.executemany("INSERT OR REPLACE INTO benchmark VALUES (?, ?, ?, ?, ?, ?, ?, ?)", rows)
    connection.executemany(_FORGET, [(nodeid, nodeid, REMEMBERED) for nodeid in benchmarks])


def forget(connection: sqlite3.Connection, oldest: int) -> None:
    """Forget what was measured before this time."""
    if _is_there(connection):
        connection.execute("DELETE FROM benchmark WHERE started < ?", (oldest,))


def _is_there(connection: sqlite3.Connection) -> bool:
    known = connection.execute("SELECT 1 FROM sqlite_master WHERE type = 'table' AND name = 'benchmark'").fetchone()
    return known is not None
