"""The part of the history that keeps what tests were seen to touch; its table is made when there is something to keep."""

from __future__ import annotations

import json
import sqlite3
import zlib
from collections.abc import Collection, Iterable, Iterator, Mapping, Sequence
from pathlib import Path
from typing import Any

from pytest_pyramid.core.behaviour import Behaviour, seen
from pytest_pyramid.core.facts import Outcome
from pytest_pyramid.stores.history_schema import reading

_MOST_AT_ONCE = 500
"""SQLite before 3.32 takes at most 999 values in one question."""
_TABLE = "CREATE TABLE IF NOT EXISTS behaviour (file TEXT PRIMARY KEY, seen INTEGER NOT NULL, data BLOB NOT NULL)"
"""Older versions of this program know no such table and leave it as it is: no change of version."""


def remembered(path: Path, files: Collection[str]) -> dict[str, Behaviour]:
    """How the tests of these files behaved, by node id, as far as it is kept. Raises UnusableError or HistoryError."""
    with reading(path) as connection:
        known = _of(connection, files) if _is_there(connection) else {}
        return {nodeid: one for tests in known.values() for nodeid, one in tests.items()}


def put(connection: sqlite3.Connection, started: int, watched: Sequence[Outcome], telling: Collection[str]) -> None:
    """Add what one run saw of the tests that were `watched`; of those that are not `telling` only what is kept already.

    Nothing is kept of a test of the base that never touched anything: that is what everybody expects of it.
    """
    there = _is_there(connection)
    if not telling and not there:
        return
    by_file = _by_file(watched)
    kept = {file for (file,) in connection.execute("SELECT file FROM behaviour")} if there else set()
    wanted = ({nodeid.partition("::")[0] for nodeid in telling} | kept) & by_file.keys()
    known = _of(connection, wanted) if there else {}
    rows = []
    for file in sorted(wanted):
        before = known.get(file, {})
        after = {**before, **dict(_after(before, by_file[file], telling))}
        rows += [(file, started, _packed(after))] if after != before else []
    if rows:
        connection.execute(_TABLE)
        connection.executemany("INSERT OR REPLACE INTO behaviour VALUES (?, ?, ?)", rows)


def forget(connection: sqlite3.Connection, oldest: int) -> None:
    """Forget files that the history knows no more, and of which nothing new was seen since this time."""
    if _is_there(connection):
        gone = "DELETE FROM behaviour WHERE seen < ? AND file NOT IN (SELECT path FROM file)"
        connection.execute(gone, (oldest,))


def _after(
    before: Mapping[str, Behaviour], outcomes: Iterable[Outcome], telling: Collection[str]
) -> Iterator[tuple[str, Behaviour]]:
    for outcome in outcomes:
        nodeid = outcome.nodeid
        if nodeid in before or nodeid in telling:
            yield nodeid, before.get(nodeid, Behaviour()).then(seen(outcome))


def _by_file(outcomes: Iterable[Outcome]) -> dict[str, list[Outcome]]:
    found: dict[str, list[Outcome]] = {}
    for outcome in outcomes:
        found.setdefault(outcome.nodeid.partition("::")[0], []).append(outcome)
    return found


def _of(connection: sqlite3.Connection, files: Collection[str]) -> dict[str, dict[str, Behaviour]]:
    """By file and node id what is kept."""
    names, found = sorted(files), {}
    for first in range(0, len(names), _MOST_AT_ONCE):
        some = names[first : first + _MOST_AT_ONCE]
        question = f"SELECT file, data FROM behaviour WHERE file IN ({','.join('?' * len(some))})"  # noqa: S608  # only question marks
        found.update({file: _unpacked(data) for file, data in connection.execute(question, some)})
    return found


def _packed(behaviours: Mapping[str, Behaviour]) -> bytes:
    plain = {nodeid: one.to_numbers() for nodeid, one in behaviours.items()}
    return zlib.compress(json.dumps(plain).encode())


def _unpacked(data: bytes) -> dict[str, Behaviour]:
    """Raises ValueError for data that are none."""
    try:
        plain: Any = json.loads(zlib.decompress(data))
        return {str(nodeid): Behaviour.of_numbers(numbers) for nodeid, numbers in plain.items()}
    except (zlib.error, AttributeError, TypeError) as error:
        raise ValueError(str(error)) from error


def _is_there(connection: sqlite3.Connection) -> bool:
    known = connection.execute("SELECT 1 FROM sqlite_master WHERE type = 'table' AND name = 'behaviour'").fetchone()
    return known is not None
