"""The history of runs in one SQLite file: read by one question, written by one transaction per run."""

from __future__ import annotations

import hashlib
import json
import sqlite3
import zlib
from collections.abc import Collection, Iterator, Mapping, Sequence
from pathlib import Path
from typing import Any, NamedTuple

from pytest_pyramid.core.benchmarks import Benchmark
from pytest_pyramid.core.facts import Outcome
from pytest_pyramid.core.flakiness import has_failures
from pytest_pyramid.core.history import FileMemory, Lesson, remember
from pytest_pyramid.core.past_runs import SECONDS_OF_A_DAY, Limits, PastResult, PastRun, too_many, with_rows
from pytest_pyramid.stores import history_behaviour, history_benchmarks
from pytest_pyramid.stores.history_columns import (
    pack_columns,
    pack_numbers,
    pack_results,
    pack_texts,
    unpack_memory,
    unpack_results,
    unpack_texts,
)
from pytest_pyramid.stores.history_schema import reading, writing

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
    benchmarks: Mapping[str, Benchmark] = {}
    """What pytest-benchmark measured, by node id."""
    watched: Sequence[Outcome] = ()
    """The tests that passed under the eyes of the guard, with what they touched."""
    telling: Collection[str] = ()
    """The node ids of those whose behaviour is worth keeping."""


def memories(path: Path, files: Sequence[str] | None = None, *, failing: bool = False) -> dict[str, FileMemory]:
    """What is remembered, by file, of these files or of all; or only of those with a failure.

    Raises UnusableError or HistoryError.
    """
    with reading(path) as connection:
        if files is not None:
            return dict(memories_of(connection, files))
        where = "WHERE failing " if failing else ""
        rows = connection.execute(f"SELECT path, nodeids, columns, setups FROM file {where}ORDER BY path")  # noqa: S608  # one of two texts
        return {row[0]: unpack_memory(*row[1:]) for row in rows}


def runs(path: Path, most: int | None = None) -> list[PastRun]:
    """The runs, the newest first. Raises UnusableError or HistoryError."""
    with reading(path) as connection:
        rows = connection.execute(
            "SELECT key, started, tests, facts FROM run ORDER BY started DESC, id DESC LIMIT ?",
            (-1 if most is None else most,),
        )
        return [run_of(*row) for row in rows]


def results(path: Path) -> Iterator[tuple[PastRun, list[PastResult]]]:
    """Every run with its results, the oldest first. Raises UnusableError or HistoryError."""
    with reading(path) as connection:
        yield from results_of(connection)


def results_of_run(path: Path, key: str) -> list[PastResult]:
    """The results of one run, none for an unknown one. Raises UnusableError or HistoryError."""
    with reading(path) as connection:
        row = connection.execute(
            "SELECT nodeids, data FROM run JOIN result ON result.run = run.id "
            "JOIN collection ON collection.id = result.collection WHERE key = ?",
            (key,),
        ).fetchone()
        return [] if row is None else unpack_results(_unpressed(row[0]), row[1])


def add(path: Path, new: Sequence[NewRun], limits: Limits) -> int:
    """Keep the runs, the oldest first, and forget what is beyond the limits; how many were new.

    All or nothing. The time is that of the newest run: a test may have moved the clock. Raises UnusableError or HistoryError.
    """
    with writing(path) as connection:
        added = [each for each in new if _add(connection, each)]
        forget(connection, limits, max((each.run.started for each in new), default=0))
        return len(added)


def memories_of(connection: sqlite3.Connection, files: Sequence[str]) -> Iterator[tuple[str, FileMemory]]:
    """What is remembered of those of the files that are known."""
    for first in range(0, len(files), _MOST_AT_ONCE):
        some = files[first : first + _MOST_AT_ONCE]
        marks = ",".join("?" * len(some))
        question = f"SELECT path, nodeids, columns, setups FROM file WHERE path IN ({marks})"  # noqa: S608  # only question marks
        for path, *memory in connection.execute(question, some):
            yield path, unpack_memory(*memory)


def results_of(connection: sqlite3.Connection) -> Iterator[tuple[PastRun, list[PastResult]]]:
    """Every run that has results, with them, the oldest first."""
    rows = connection.execute(
        "SELECT key, started, tests, facts, nodeids, data FROM run JOIN result ON result.run = run.id "
        "JOIN collection ON collection.id = result.collection ORDER BY started, run.id"
    )
    for *run, nodeids, data in rows:
        yield run_of(*run), unpack_results(_unpressed(nodeids), data)


def _add(connection: sqlite3.Connection, new: NewRun) -> bool:
    """False for a run that is known already."""
    if not add_results(connection, new.run, new.results):
        return False
    known = dict(memories_of(connection, list(new.lessons)))
    found = {
        file: remember(known.get(file, FileMemory()), lesson, new.run.code, whole=file in new.whole)
        for file, lesson in new.lessons.items()
    }
    put_memories(connection, found, new.run.started)
    history_benchmarks.put(connection, new.run.key, new.run.started, new.benchmarks)
    history_behaviour.put(connection, new.run.started, new.watched, new.telling)
    return True


def add_results(connection: sqlite3.Connection, run: PastRun, results: Sequence[PastResult]) -> bool:
    """Keep the run without learning from it; False when it is known already."""
    facts = {key: value for key, value in run._asdict().items() if key not in _KEPT_APART}
    row = (run.key, run.started, run.tests, json.dumps(facts))
    done = connection.execute("INSERT OR IGNORE INTO run (key, started, tests, facts) VALUES (?, ?, ?, ?)", row)
    if not done.rowcount:
        return False
    if results:
        number = done.lastrowid
        packed = (number, _collection(connection, [result.nodeid for result in results]), pack_results(results))
        connection.execute("INSERT INTO result (run, collection, data) VALUES (?, ?, ?)", packed)
    return True


def put_memories(connection: sqlite3.Connection, memories: Mapping[str, FileMemory], seen: int) -> None:
    """Keep what is remembered of these files, last seen at this time."""
    rows = [
        (
            file,
            seen,
            len(memory.nodeids),
            has_failures(memory),
            pack_texts(memory.nodeids),
            pack_columns(memory.columns),
            pack_numbers(memory.setups),
        )
        for file, memory in memories.items()
    ]
    connection.executemany("INSERT OR REPLACE INTO file VALUES (?, ?, ?, ?, ?, ?, ?)", rows)


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


def forget(connection: sqlite3.Connection, limits: Limits, now: int) -> int:
    """Forget runs and files beyond the limits; how many runs."""
    kept = connection.execute("SELECT id, started, tests FROM run").fetchall()
    known = connection.execute("SELECT coalesce(sum(tests), 0) FROM file").fetchone()[0]
    gone = too_many(kept, known, now, limits)
    oldest = now - limits.days * SECONDS_OF_A_DAY
    connection.execute("DELETE FROM file WHERE seen < ?", (oldest,))
    history_benchmarks.forget(connection, oldest)
    history_behaviour.forget(connection, oldest)
    if gone:
        connection.executemany("DELETE FROM run WHERE id = ?", [(run,) for run in gone])
        connection.executemany("DELETE FROM result WHERE run = ?", [(run,) for run in gone])
        connection.execute("DELETE FROM collection WHERE id NOT IN (SELECT collection FROM result)")
    return len(gone)


def run_of(key: str, started: int, tests: int, facts: str) -> PastRun:
    """Raises ValueError for facts that are none."""
    known: dict[str, Any] = json.loads(facts)
    mine = with_rows({name: known[name] for name in PastRun._fields if name in known})
    return PastRun(key=key, started=started, tests=tests, **mine)


def _unpressed(data: bytes) -> tuple[str, ...]:
    try:
        return unpack_texts(zlib.decompress(data))
    except zlib.error as error:
        raise ValueError(str(error)) from error
