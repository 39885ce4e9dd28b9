"""What one run leaves for the next, in a real run of pytest in this process."""

from __future__ import annotations

import json
import sqlite3
import subprocess
from collections.abc import Sequence
from pathlib import Path

import pytest

from pytest_pyramid.core.history import FileMemory, estimates
from pytest_pyramid.stores import checkout, history, run_ledger
from tests.service.conftest import Project

TESTS = {
    "tests/unit/test_a.py": """
        import os, time

        def test_quick():
            pass

        def test_moody():
            assert not os.environ.get("BAD")
    """,
    "tests/e2e/test_b.py": """
        import time

        def test_long():
            time.sleep(0.1)
    """,
}
KEPT = "--pyramid-history=kept/h.sqlite3"


@pytest.fixture
def suite(project: Project) -> Project:
    """A unit file and a ui file."""
    from textwrap import dedent

    return project.files({name: dedent(text) for name, text in TESTS.items()})


def memories(suite: Project) -> dict[str, FileMemory]:
    """What is kept beside the suite."""
    return history.memories(suite.path / "kept" / "h.sqlite3")


def summary(suite: Project, *arguments: str) -> str:
    """What a run prints."""
    return "\n".join(suite.pytest("--pyramid", *arguments).outlines)


def test_durations_and_outcomes_are_kept(suite: Project, monkeypatch: pytest.MonkeyPatch) -> None:
    """Two runs, one of them red: every test is known with both its results, and the ledger has both runs."""
    suite.report(KEPT)
    monkeypatch.setenv("BAD", "1")
    suite.report(KEPT)
    known = {name: expected for memory in memories(suite).values() for name, expected in estimates(memory)}
    assert known["tests/e2e/test_b.py::test_long"].seconds == pytest.approx(0.1, abs=0.09)
    assert known["tests/e2e/test_b.py::test_long"].runs == 1
    assert known["tests/unit/test_a.py::test_moody"][2:5] == (2, True, 0.5)
    path = suite.path / "kept" / "h.sqlite3"
    red, green = history.runs(path)
    assert (green.exit_status, red.exit_status, red.failed, dict(red.gates)["unit"]) == (0, 1, 1, "closed")
    assert run_ledger.verify(run_ledger.ledger_of(path)) == (2, ())
    assert {green.seal, red.seal} == run_ledger.seals(run_ledger.ledger_of(path))
    lines = run_ledger.ledger_of(path).read_text(encoding="utf-8").splitlines()
    assert json.loads(lines[1])["gates"][0]["pulled_by"] == ["tests/unit/test_a.py::test_moody"]


def test_a_closed_gate_says_what_it_saved_as_far_as_is_known(suite: Project, monkeypatch: pytest.MonkeyPatch) -> None:
    """From the past of the withheld tests; without a past nothing is claimed."""
    monkeypatch.setenv("BAD", "1")
    assert suite.report(KEPT)["gates"][0]["saved_seconds"] is None
    monkeypatch.delenv("BAD")
    suite.report(KEPT)
    monkeypatch.setenv("BAD", "1")
    assert suite.report(KEPT)["gates"][0]["saved_seconds"] == pytest.approx(0.1, abs=0.09)


def test_a_part_of_the_suite_teaches_too(suite: Project) -> None:
    """-k adds to the tests that ran and leaves the others."""
    suite.report(KEPT)
    suite.report(KEPT, "-k", "quick")
    known = dict(estimates(memories(suite)["tests/unit/test_a.py"]))
    assert [known[f"tests/unit/test_a.py::test_{name}"].runs for name in ("quick", "moody")] == [2, 1]
    assert history.runs(suite.path / "kept" / "h.sqlite3")[0].partial == "-k quick"


def test_a_run_in_which_most_fails_teaches_nothing(suite: Project, monkeypatch: pytest.MonkeyPatch) -> None:
    """It is listed, and the estimates are those from before."""
    many = "import os, pytest\n@pytest.mark.parametrize('n', range(40))\ndef test_all(n):\n    assert not os.environ.get('BAD')\n"
    suite.files({"tests/unit/test_c.py": many}).report(KEPT)
    before = memories(suite)
    monkeypatch.setenv("BAD", "1")
    suite.report(KEPT)
    assert memories(suite) == before
    assert [run.taught for run in history.runs(suite.path / "kept" / "h.sqlite3")] == [False, True]


@pytest.mark.parametrize("arguments", [(), ("--pyramid-history=off",), ("--pyramid-history=off", "--pyramid-gate=off")])
def test_off_keeps_nothing(suite: Project, arguments: tuple[str, ...]) -> None:
    """Without pytest's cache folder, or when nobody wants one, no file appears and nothing is said."""
    before = sorted(suite.path.rglob("*.sqlite3")) + sorted(suite.path.rglob("*.jsonl"))
    assert "history" not in summary(suite, *arguments)
    assert sorted(suite.path.rglob("*.sqlite3")) + sorted(suite.path.rglob("*.jsonl")) == before == []


def test_ungated_runs_are_no_matter_of_the_ledger(suite: Project) -> None:
    """With --pyramid-gate=off there is no verdict to be kept."""
    suite.report(KEPT, "--pyramid-gate=off")
    assert not run_ledger.ledger_of(suite.path / "kept" / "h.sqlite3").exists()
    assert len(history.runs(suite.path / "kept" / "h.sqlite3")) == 1


def spoil(path: Path, kind: str) -> None:
    """Make the history unusable in one of several ways."""
    if kind == "damaged":
        path.write_bytes(b"x" * 5000)
    elif kind == "newer":
        connection = sqlite3.connect(path)
        connection.execute("PRAGMA user_version = 99")
        connection.close()
    else:
        path.unlink()
        path.mkdir()


@pytest.mark.parametrize(
    ("kind", "said", "runs"),
    [("damaged", "started anew", 1), ("newer", "started anew: a newer version", 1), ("folder", "was left out", 0)],
)
def test_a_bad_file_costs_one_note_and_no_result(suite: Project, kind: str, said: str, runs: int) -> None:
    """The run goes on as without a past; what is put aside stays, and the next run says nothing more."""
    suite.report(KEPT)
    path = suite.path / "kept" / "h.sqlite3"
    spoil(path, kind)
    text = summary(suite, KEPT)
    assert text.count("note: ") == 1
    assert said in " ".join(text.split())
    assert "3 passed" in text
    if runs:
        assert len(history.runs(path)) == runs
        assert "note: " not in summary(suite, KEPT)


def test_a_path_may_come_from_the_ini_file(suite: Project) -> None:
    """pyramid_history, relative to the root folder."""
    suite.files({"pytest.ini": "[pytest]\npyramid_history = from/ini.sqlite3\n"}).report()
    assert len(history.runs(suite.path / "from" / "ini.sqlite3")) == 1


def test_a_flaky_test_is_told_from_the_next_run_on(suite: Project, monkeypatch: pytest.MonkeyPatch) -> None:
    """Green, then red on the same commit; an edit in between would explain it."""
    monkeypatch.setattr(checkout, "PATIENCE", 20.0)
    who = ("-c", "user.name=ann", "-c", "user.email=ann@example.org", "-c", "commit.gpgsign=false")
    for arguments in (("init", "-q"), ("add", "."), ("commit", "-q", "-m", "first")):
        subprocess.run(["git", *who, *arguments], cwd=suite.path, check=True)
    suite.report(KEPT)
    monkeypatch.setenv("BAD", "1")
    assert "PYR702" not in [one["code"] for one in suite.report(KEPT)["violations"]]
    monkeypatch.delenv("BAD")
    (found,) = [one for one in suite.report(KEPT)["violations"] if one["code"] == "PYR702"]
    assert found["message"].startswith("tests/unit/test_a.py::test_moody failed in 1 of 2 runs of the same code")
    assert "PYR702" not in [one["code"] for one in suite.report(KEPT, "-o", "addopts=", "-k", "quick")["violations"]]


def test_what_is_expected_is_looked_up_once(suite: Project, monkeypatch: pytest.MonkeyPatch) -> None:
    """Before the tests are ordered; the order changes nothing about it."""
    suite.report(KEPT)
    asked: list[object] = []
    known = history.memories

    def counted(path: Path, files: Sequence[str] | None = None, *, failing: bool = False) -> dict[str, FileMemory]:
        asked.append(files) if not failing else None
        return known(path, files, failing=failing)

    monkeypatch.setattr(history, "memories", counted)
    report = suite.report(KEPT)
    assert asked == [["tests/unit/test_a.py", "tests/e2e/test_b.py"]]
    assert [test["tier"] for test in report["tests"]] == ["unit", "unit", "ui"]
