"""What a history needs now and then: put aside, made smaller, filled from elsewhere, made anew from its results."""

from __future__ import annotations

import contextlib
import sqlite3
import time
from collections.abc import Iterable, Sequence
from pathlib import Path

from pytest_pyramid.core.facts import Outcome, Result
from pytest_pyramid.core.history import FileMemory, lessons, remember
from pytest_pyramid.core.past_runs import Limits, PastResult, PastRun
from pytest_pyramid.stores import history
from pytest_pyramid.stores.history_schema import HistoryError, UnusableError, reading, writing
from pytest_pyramid.stores.locking import locked


def take_in(path: Path, runs: Iterable[tuple[PastRun, Sequence[PastResult]]]) -> int:
    """Keep runs of elsewhere and learn everything anew in the order of time; how many were new.

    All or nothing. Raises UnusableError or HistoryError.
    """
    with writing(path) as connection:
        added = sum(history.add_results(connection, run, results) for run, results in runs)
        _learn_anew(connection)
        return added


def prune(path: Path, limits: Limits) -> int:
    """Forget what is beyond the limits and give the space back; how many runs. Raises UnusableError or HistoryError."""
    with reading(path):
        pass  # a file that is not there shall not be made
    with writing(path) as connection:
        gone = history.forget(connection, limits, int(time.time()))
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
            next(history.results_of(connection), None)
            well: str = connection.execute("PRAGMA quick_check(1)").fetchone()[0]
        history.runs(path)
        history.memories(path)
        history.memories(path, failing=True)
    except HistoryError:
        return True  # it cannot be looked at now, which is no reason to move it
    except UnusableError:
        return False
    return well == "ok"


def _learn_anew(connection: sqlite3.Connection) -> None:
    """Fill the memories of all files from the results of all runs."""
    connection.execute("DELETE FROM file")
    known: dict[str, FileMemory] = {}
    seen: dict[str, int] = {}
    for run, results in history.results_of(connection):
        for file, lesson in lessons(map(_outcome_of, results)).items() if run.taught else ():
            known[file] = remember(known.get(file, FileMemory()), lesson, run.code, whole=run.complete)
            seen[file] = run.started
    for file, memory in known.items():
        history.put_memories(connection, {file: memory}, seen[file])


def _outcome_of(result: PastResult) -> Outcome:
    return Outcome(
        nodeid=result.nodeid,
        tier=result.tier,
        result=Result(result.result),
        setup_seconds=result.setup,
        call_seconds=result.call,
        teardown_seconds=result.teardown,
        start=result.start,
        worker=result.worker,
    )
