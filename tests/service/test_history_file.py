"""The history file: what is kept comes back, whatever else happens to the file."""

from __future__ import annotations

import json
import os
import sqlite3
import threading
from pathlib import Path
from typing import Any

import pytest

from pytest_pyramid.core.history import Lesson
from pytest_pyramid.core.past_runs import SECONDS_OF_A_DAY, Limits, PastResult, PastRun
from pytest_pyramid.stores import history, history_care
from pytest_pyramid.stores.history_schema import VERSION, HistoryError, UnusableError

NOW = 1_790_000_000
MANY = Limits(runs=1000, days=1000)


def new_run(key: str, seconds: dict[str, float], started: int = NOW) -> history.NewRun:
    """A run of one file's tests, which took these seconds."""
    results = [PastResult(name, "unit", "passed", 0.25, second, 0.0, 1.5, "gw0") for name, second in seconds.items()]
    run = PastRun(key=key, started=started, seconds=1.5, exit_status=1, workers=2, tests=len(results), code=7,
                  gates=(("unit", "closed"),), commit="c0ffee")  # fmt: skip
    return history.NewRun(run, results, {"test_a.py": Lesson(seconds, setup=2.0)} if seconds else {}, {"test_a.py"})


@pytest.fixture
def path(tmp_path: Path) -> Path:
    """Where a history may be made, in a folder that is not there yet."""
    return tmp_path / "deep" / "history.sqlite3"


def test_what_was_kept_comes_back(path: Path) -> None:
    """A run, its results and what it taught; node ids with any character, numbers to seven digits."""
    odd = "test_a.py::test[\ud800 ⚡ 'q\" \n -%s]"
    given = new_run("k1", {"test_a.py::test_x": 0.125, odd: 3.14159})
    assert history.add(path, [given], MANY) == 1
    ((run, results),) = history.results(path)
    assert run == given.run == history.runs(path)[0]
    assert [result._replace(call=round(result.call, 5)) for result in results] == given.results
    memory = history.memories(path)["test_a.py"]
    assert memory.nodeids == ("test_a.py::test_x", odd)
    assert (memory.columns[0].code, memory.setups) == (7, (2.0,))
    assert memory.columns[0].seconds[1] == pytest.approx(3.14159)


def test_only_the_files_that_were_asked_for_are_read(path: Path) -> None:
    """Of a thousand files as well as of one."""
    runs = new_run("k", {"test_a.py::test_x": 1.0})
    lessons = {f"test_{number}.py": Lesson({f"test_{number}.py::test": 1.0}) for number in range(1100)}
    history.add(path, [runs._replace(lessons=lessons)], MANY)
    wanted = [f"test_{number}.py" for number in range(0, 1100, 2)]
    assert sorted(history.memories(path, wanted)) == sorted(wanted)
    assert history.memories(path, ["test_none.py"]) == {}


def test_a_run_is_kept_once(path: Path) -> None:
    """The same run again, as from an import, changes nothing."""
    history.add(path, [new_run("k", {"test_a.py::test_x": 1.0})], MANY)
    assert history.add(path, [new_run("k", {"test_a.py::test_x": 1.0})], MANY) == 0
    assert len(history.memories(path)["test_a.py"].columns) == 1


def test_the_same_tests_are_named_once(path: Path) -> None:
    """A hundred runs of the same tests share one list of their names; it goes with the last of them."""
    for number in range(100):
        history.add(path, [new_run(f"k{number}", {"test_a.py::test_x": 1.0}, NOW + number)], MANY)
    with sqlite3.connect(path) as connection:
        assert connection.execute("SELECT count(*) FROM collection").fetchone() == (1,)
    connection.close()
    assert len(list(history.results(path))) == 100


def test_what_is_old_or_too_much_goes(path: Path) -> None:
    """Three results per test, ninety days: the time is that of the newest run."""
    history.add(path, [new_run("old", {"test_b.py::gone": 1.0}, NOW - 91 * SECONDS_OF_A_DAY)], MANY)
    for number in range(5):
        history.add(path, [new_run(f"k{number}", {"test_a.py::test_x": 1.0}, NOW + number)], Limits(runs=3, days=90))
    assert [run.key for run in history.runs(path)] == ["k4", "k3", "k2"]
    assert history_care.prune(path, Limits(runs=1, days=10**5)) == 2
    assert [run.key for run, _ in history.results(path)] == ["k4"]


def test_runs_that_end_at_once_are_all_kept(path: Path) -> None:
    """Eight writers begin with no file at all; none loses a run, and every run taught."""
    failures: list[Exception] = []

    def write(worker: int) -> None:
        try:
            for number in range(5):
                history.add(path, [new_run(f"{worker}-{number}", {"test_a.py::test_x": 1.0})], MANY)
        except Exception as error:  # noqa: BLE001  # told below, in the test's own thread
            failures.append(error)

    threads = [threading.Thread(target=write, args=(worker,)) for worker in range(8)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert failures == []
    assert len(history.runs(path)) == 40
    assert len(history.memories(path)["test_a.py"].columns) == 15


def overwrite(path: Path) -> None:
    """Not a database at all."""
    path.write_bytes(b"not a database, but long enough to be one" * 100)


def damage(path: Path) -> None:
    """A database with holes."""
    data = bytearray(path.read_bytes())
    data[100:4000] = os.urandom(3900)
    path.write_bytes(data)


def change(statement: str) -> object:
    """A change that a program made by the book."""

    def do(path: Path) -> None:
        connection = sqlite3.connect(path)
        connection.execute(statement)
        connection.commit()
        connection.close()

    return do


@pytest.mark.parametrize(
    "spoil",
    [
        overwrite,
        damage,
        change(f"PRAGMA user_version = {VERSION + 1}"),
        change("PRAGMA application_id = 1"),
        change("UPDATE file SET columns = x'0505'"),
        change("UPDATE run SET facts = '{'"),
        change("DROP TABLE result"),
        change("ALTER TABLE file DROP COLUMN setups"),
    ],
    ids=["no database", "damaged", "newer", "another program's", "bad columns", "bad facts", "no results", "no column"],
)
def test_a_file_of_no_use_is_put_aside(path: Path, spoil: object) -> None:
    """It is kept under another name, and the next run starts a new history."""
    history.add(path, [new_run("k", {"test_a.py::test_x": 1.0})], MANY)
    assert callable(spoil)
    spoil(path)
    with pytest.raises(UnusableError):
        history.runs(path), history.memories(path), list(history.results(path))
    aside = history_care.put_aside(path)
    assert aside is not None
    assert aside.exists()
    assert history_care.put_aside(path) is None if path.exists() else True
    history.add(path, [new_run("k2", {"test_a.py::test_x": 1.0})], MANY)
    assert [run.key for run in history.runs(path)] == ["k2"]


def test_a_good_file_is_never_put_aside(path: Path) -> None:
    """Another run may have started anew a moment ago."""
    history.add(path, [new_run("k", {"test_a.py::test_x": 1.0})], MANY)
    assert history_care.put_aside(path) is None
    assert len(history.runs(path)) == 1


def test_a_run_that_cannot_be_written_changes_nothing(path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """A disk that fills up in the middle of the transaction leaves the file as it was."""
    history.add(path, [new_run("k", {"test_a.py::test_x": 1.0})], MANY)

    def full(*_: object) -> int:
        raise sqlite3.OperationalError("database or disk is full")

    monkeypatch.setattr(history, "forget", full)
    with pytest.raises(HistoryError, match="full"):
        history.add(path, [new_run("k2", {"test_a.py::test_x": 1.0})], MANY)
    monkeypatch.undo()
    assert [run.key for run in history.runs(path)] == ["k"]


def test_a_damaged_file_is_not_held_open(path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """It is closed by us, not by the garbage collection that would warn in the middle of someone's test."""
    path.parent.mkdir(parents=True)
    path.write_bytes(b"not a database " * 1000)
    opened: list[sqlite3.Connection] = []
    connect = sqlite3.connect

    def connected(*arguments: Any, **options: Any) -> sqlite3.Connection:
        opened.append(connect(*arguments, **options))
        return opened[-1]

    monkeypatch.setattr(sqlite3, "connect", connected)
    for use in (lambda: history.runs(path), lambda: history.add(path, [new_run("k", {})], MANY)):
        with pytest.raises(UnusableError):
            use()
        with pytest.raises(sqlite3.ProgrammingError, match="closed"):
            opened[-1].execute("SELECT 1")
    assert len(opened) == 2


@pytest.mark.parametrize("kind", ["folder", "missing", "empty"])
def test_what_cannot_be_read_now_is_told_and_left_alone(path: Path, kind: str) -> None:
    """A folder of that name, no file, or an empty one is no reason to move anything."""
    path.parent.mkdir(parents=True)
    if kind == "folder":
        path.mkdir()
    elif kind == "empty":
        path.touch()
    with pytest.raises(HistoryError):
        history.runs(path)


def test_keys_of_a_later_version_are_passed_over(path: Path) -> None:
    """A run with facts that this version does not know is read without them."""
    history.add(path, [new_run("k", {"test_a.py::test_x": 1.0})], MANY)
    with sqlite3.connect(path) as connection:
        facts = json.loads(connection.execute("SELECT facts FROM run").fetchone()[0])
        connection.execute("UPDATE run SET facts = ?", (json.dumps({**facts, "mood": "good"}),))
    connection.close()
    assert history.runs(path)[0].commit == "c0ffee"
