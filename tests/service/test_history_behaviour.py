"""What tests touched, in the history file: a table of its own, made when there is something to keep."""

from __future__ import annotations

import zlib
from pathlib import Path

import pytest

from pytest_pyramid.core.behaviour import OBSERVED, Behaviour
from pytest_pyramid.core.facts import Outcome, Result, Touch
from pytest_pyramid.core.past_runs import Limits
from pytest_pyramid.core.tiers import Action, Resource
from pytest_pyramid.stores import history, history_behaviour
from pytest_pyramid.stores.history_schema import UnusableError, reading, writing
from tests.service.conftest import Project

A, B = "a.py::test", "b.py::test"


def outcome(nodeid: str, *resources: Resource) -> Outcome:
    """A test that passed and touched these."""
    touches = tuple(
        Touch(resource=one, phase="call", detail="x", location=None, action=Action.ALLOW) for one in resources
    )
    return Outcome(nodeid, "service", Result.PASSED, start=1.0, touches=touches)


def put(path: Path, *outcomes: Outcome, telling: tuple[str, ...] = (), started: int = 1) -> None:
    """One more run."""
    with writing(path) as connection:
        history_behaviour.put(connection, started, outcomes, telling)


def test_what_tests_touched_comes_back_newest_first(tmp_path: Path) -> None:
    """Run by run, and no more runs than count."""
    path = tmp_path / "h.sqlite3"
    put(path, outcome(A, Resource.PROCESS), outcome(B), telling=(A,))
    put(path, outcome(A), outcome(B))
    found = history_behaviour.remembered(path, ["a.py", "b.py", "c.py"])
    assert found == {A: Behaviour((frozenset(), frozenset({Resource.PROCESS})))}
    for _ in range(OBSERVED):
        put(path, outcome(A))
    assert history_behaviour.remembered(path, ["a.py"])[A].touched == ()


def test_a_run_of_other_tests_leaves_it_as_it_was(tmp_path: Path) -> None:
    """What did not run shows nothing new."""
    path = tmp_path / "h.sqlite3"
    put(path, outcome(A, Resource.NETWORK), telling=(A,))
    put(path, outcome(B, Resource.SLEEP), telling=(B,))
    assert history_behaviour.remembered(path, ["a.py"]) == {A: Behaviour((frozenset({Resource.NETWORK}),))}


def test_where_nothing_is_telling_there_is_no_table(tmp_path: Path) -> None:
    """It costs nothing, and asking and forgetting work all the same."""
    path = tmp_path / "h.sqlite3"
    put(path, outcome(A))
    with writing(path) as connection:
        history.forget(connection, Limits(), 1)
    assert history_behaviour.remembered(path, ["a.py"]) == {}
    with reading(path) as connection:
        assert connection.execute("SELECT 1 FROM sqlite_master WHERE name = 'behaviour'").fetchone() is None


def test_unknown_files_are_forgotten(tmp_path: Path) -> None:
    """After as many days as the settings give."""
    path, day = tmp_path / "h.sqlite3", 86400
    put(path, outcome(A, Resource.NETWORK), telling=(A,), started=10 * day)
    put(path, outcome(B, Resource.NETWORK), telling=(B,), started=20 * day)
    with writing(path) as connection:
        history.forget(connection, Limits(days=5), 20 * day)
    assert list(history_behaviour.remembered(path, ["a.py", "b.py"])) == [B]


@pytest.mark.parametrize(
    "data", [b"", b"x", zlib.compress(b"[]"), zlib.compress(b'{"a": [999]}'), zlib.compress(b'{"a": 1}')]
)
def test_damage_is_told(tmp_path: Path, data: bytes) -> None:
    """Data that are none make the file unusable, as elsewhere in the history."""
    path = tmp_path / "h.sqlite3"
    put(path, outcome(A, Resource.NETWORK), telling=(A,))
    with writing(path) as connection:
        connection.execute("UPDATE behaviour SET data = ?", (data,))
    with pytest.raises(UnusableError):
        history_behaviour.remembered(path, ["a.py"])


SUITE = {
    "tests/unit/test_u.py": "def test_quiet(): pass\ndef test_busy():\n    import time\n    time.sleep(0.01)\n",
    "tests/service/test_s.py": "import subprocess, sys\ndef test_tool(): subprocess.run([sys.executable, '-c', ''])\n",
    "tests/test_flat.py": "def test_flat(): pass\ndef test_bad(): assert 0\n",
}


@pytest.mark.pyramid_allow("process", reason="the inner run has a test that starts one")
def test_a_run_keeps_what_its_tests_touched(project: Project) -> None:
    """Of tests that passed: those above the base, without a tier, or that touched something."""
    history_file = project.path / "h.sqlite3"
    project.files(SUITE).pytest("--pyramid", f"--pyramid-history={history_file}", "--pyramid-gate=off")
    found = history_behaviour.remembered(history_file, list(SUITE))
    process, sleep = frozenset({Resource.PROCESS}), frozenset({Resource.SLEEP})
    assert {nodeid.partition("::")[2]: one.runs for nodeid, one in found.items()} == {
        "test_busy": (sleep,),
        "test_tool": (process,),
        "test_flat": (frozenset(),),
    }


@pytest.mark.pyramid_allow("process", reason="the inner run has a test that starts one")
def test_without_a_guard_nothing_is_learnt(project: Project) -> None:
    """Nobody watched."""
    history_file = project.path / "h.sqlite3"
    options = (f"--pyramid-history={history_file}", "--pyramid-gate=off", "--pyramid-guard=off")
    project.files(SUITE).pytest("--pyramid", *options)
    assert history_behaviour.remembered(history_file, list(SUITE)) == {}
