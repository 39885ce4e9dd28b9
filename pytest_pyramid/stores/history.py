"""The history of runs in one SQLite file: read by one question, written by one transaction per run."""

from __future__ import annotations

import contextlib
import hashlib
import json
import sqlite3
import time
import zlib
from collections.abc import Collection, Iterator, Mapping, Sequence
from pathlib import Path
from typing import Any, NamedTuple

from pytest_pyramid.core.history import FileMemory, Lesson, remember
from pytest_pyramid.core.past_runs import SECONDS_OF_A_DAY, Limits, PastResult, PastRun, too_many
from pytest_pyramid.stores.history_columns import (
    pack_columns,
    pack_numbers,
    pack_results,
    pack_texts,
    unpack_memory,
    unpack_results,
    unpack_texts,
)
from pytest_pyramid.stores.history_schema import HistoryError, UnusableError, reading, writing
from pytest_pyramid.stores.locking import locked

_MOST_AT_ONCE = 500
"""SQLite before 3.32 takes at most 999 values in one question."""
_KEPT_APART = ("key", "started", "tests")


class NewRun(NamedTuple):
    """A run to be kept."""

    run: PastRun
    results: Sequence[PastResult]
    lessons: Mapping[str, Lesson]
    """By file; empty when the run teaches nothing."""
    whole: Collection[str] = ()
    """The files of which all tests ran."""


def memories(path: Path, files: Sequence[str] | None = None) -> dict[str, FileMemory]:
    """What is remembered, by file, of these files or of all. Raises UnusableError or HistoryError."""
    with reading(path) as connection:
        if files is not None:
            return dict(_memories_of(connection, files))
        rows = connection.execute("SELECT path, nodeids, columns, setups FROM file ORDER BY path")
        return {row[0]: unpack_memory(*row[1:]) for row in rows}


def runs(path: Path, most: int | None = None) -> list[PastRun]:
    """The runs, the newest first. Raises UnusableError or HistoryError."""
    with reading(path) as connection:
        rows = connection.execute(
            "SELECT key, started, tests, facts FROM run ORDER BY started DESC, id DESC LIMIT ?",
            (-1 if most is None else most,),
        )
        return [_run_of(*row) for row in rows]


def results(path: Path) -> Iterator[tuple[PastRun, list[PastResult]]]:
    """Every run with its results, the oldest first. Raises UnusableError or HistoryError."""
    with reading(path) as connection:
        rows = connection.execute(
            "SELECT key, started, tests, facts, nodeids, data FROM run JOIN result ON result.run = run.id "
            "JOIN collection ON collection.id = result.collection ORDER BY started, run.id"
        )
        for *run, nodeids, data in rows:
            yield _run_of(*run), unpack_results(_unpressed(nodeids), data)


def add(path: Path, new: Sequence[NewRun], limits: Limits) -> int:
    """Keep the runs, the oldest first, and forget what is beyond the limits; how many were new.

    All or nothing. The time is that of the newest run: a test may have moved the clock. Raises UnusableError or HistoryError.
    """
    with writing(path) as connection:
        added = [each for each in new if _add_run(connection, each)]
        _forget(connection, limits, max((each.run.started for each in new), default=0))
        return len(added)


def prune(path: Path, limits: Limits) -> int:
    """Forget what is beyond the limits and give the space back; how many runs. Raises UnusableError or HistoryError."""
    with writing(path) as connection:
        gone = _forget(connection, limits, int(time.time()))
    with reading(path) as connection:
        connection.execute("VACUUM")
    return gone


def put_aside(path: Path) -> Path | None:
    """Where the unusable file was moved to, None when it turns out to be good.

    Another run may have put it right meanwhile, so it is looked at once more under a lock. Raises OSError.
    """
    with locked(path):
        if _is_sound(path):
            return None
        number = 1
        while (aside := path.with_name(f"{path.name}.unusable-{number}")).exists():
            number += 1
        path.replace(aside)
        for ending in ("-wal", "-shm"):
            with contextlib.suppress(OSError):
                path.with_name(path.name + ending).replace(aside.with_name(aside.name + ending))
        return aside


def _is_sound(path: Path) -> bool:
    try:
        with reading(path) as connection:
            well: str = connection.execute("PRAGMA quick_check(1)").fetchone()[0]
        runs(path)
        memories(path)
    except HistoryError:
        return True  # it cannot be looked at now, which is no reason to move it
    except UnusableError:
        return False
    return well == "ok"


def _memories_of(connection: sqlite3.Connection, files: Sequence[str]) -> Iterator[tuple[str, FileMemory]]:
    for first in range(0, len(files), _MOST_AT_ONCE):
        some = files[first : first + _MOST_AT_ONCE]
        marks = ",".join("?" * len(some))
        question = f"SELECT path, nodeids, columns, setups FROM file WHERE path IN ({marks})"  # noqa: S608  # only question marks
        for path, *memory in connection.execute(question, some):
            yield path, unpack_memory(*memory)


def _add_run(connection: sqlite3.Connection, new: NewRun) -> bool:
    """False for a run that is known already."""
    run = new.run
    facts = {key: value for key, value in run._asdict().items() if key not in _KEPT_APART}
    row = (run.key, run.started, run.tests, json.dumps(facts))
    done = connection.execute("INSERT OR IGNORE INTO run (key, started, tests, facts) VALUES (?, ?, ?, ?)", row)
    if not done.rowcount:
        return False
    number = done.lastrowid
    if new.results:
        collection = _collection(connection, [result.nodeid for result in new.results])
        packed = (number, collection, pack_results(new.results))
        connection.execute("INSERT INTO result (run, collection, data) VALUES (?, ?, ?)", packed)
    known = dict(_memories_of(connection, list(new.lessons)))
    rows = []
    for file, lesson in new.lessons.items():
        memory = remember(known.get(file, FileMemory()), lesson, run.code, whole=file in new.whole)
        parts = (pack_texts(memory.nodeids), pack_columns(memory.columns), pack_numbers(memory.setups))
        rows.append((file, run.started, len(memory.nodeids), *parts))
    connection.executemany("INSERT OR REPLACE INTO file VALUES (?, ?, ?, ?, ?, ?)", rows)
    return True


def _collection(connection: sqlite3.Connection, nodeids: Sequence[str]) -> int:
    """The number of this list of tests, which most runs share with the run before."""
    plain = pack_texts(nodeids)
    digest = hashlib.sha256(plain).digest()
    known = connection.execute("SELECT id FROM collection WHERE digest = ?", (digest,)).fetchone()
    if known is not None:
        number: int = known[0]
        return number
    row = (digest, zlib.compress(plain, 6))
    return connection.execute("INSERT INTO collection (digest, nodeids) VALUES (?, ?)", row).lastrowid or 0


def _forget(connection: sqlite3.Connection, limits: Limits, now: int) -> int:
    """Forget runs and files beyond the limits; how many runs."""
    kept = connection.execute("SELECT id, started, tests FROM run").fetchall()
    known = connection.execute("SELECT coalesce(sum(tests), 0) FROM file").fetchone()[0]
    gone = too_many(kept, known, now, limits)
    oldest = now - limits.days * SECONDS_OF_A_DAY
    connection.execute("DELETE FROM file WHERE seen < ?", (oldest,))
    if gone:
        connection.executemany("DELETE FROM run WHERE id = ?", [(run,) for run in gone])
        connection.executemany("DELETE FROM result WHERE run = ?", [(run,) for run in gone])
        connection.execute("DELETE FROM collection WHERE id NOT IN (SELECT collection FROM result)")
    return len(gone)


def _run_of(key: str, started: int, tests: int, facts: str) -> PastRun:
    """Raises ValueError for facts that are none."""
    known: dict[str, Any] = json.loads(facts)
    mine = {name: known[name] for name in PastRun._fields if name in known}
    mine["gates"] = tuple((tier, state) for tier, state in known.get("gates", ()))
    return PastRun(key=key, started=started, tests=tests, **mine)


def _unpressed(data: bytes) -> tuple[str, ...]:
    try:
        return unpack_texts(zlib.decompress(data))
    except zlib.error as error:
        raise ValueError(str(error)) from error
