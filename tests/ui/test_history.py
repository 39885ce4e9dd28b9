"""The history in pytest's cache folder, with and without workers, and whatever happens to the process."""

from __future__ import annotations

import signal
import subprocess
import sys
import time
from pathlib import Path

import pytest

from pytest_pyramid.core.history import estimates
from pytest_pyramid.stores import history, history_care, run_ledger
from tests.harness import WITHOUT, Suite

KEPT = ".pytest_cache/pyramid/history.sqlite3"


@pytest.mark.parametrize("workers", ["0", "2"])
def test_a_run_is_kept_below_the_cache_folder(tmp_path: Path, workers: str) -> None:
    """In a file that version control passes over; --cache-clear leaves it; the second run knows what a gate saves."""
    suite = Suite()
    suite.run(tmp_path, "-n", workers)
    assert (tmp_path / ".pytest_cache" / ".gitignore").exists()
    result = suite.failing("unit").run(tmp_path, "-n", workers, "--cache-clear")
    assert result.gate("unit")["saved_seconds"] > 0
    assert len(history.runs(tmp_path / KEPT)) == 2
    memory = history.memories(tmp_path / KEPT)["tests/unit/test_unit.py"]
    assert {expected.runs for _, expected in estimates(memory)} == {2}
    assert run_ledger.verify(run_ledger.ledger_of(tmp_path / KEPT)) == (2, ())


@pytest.mark.skipif(sys.platform == "win32", reason="there is no such signal")
def test_a_killed_run_leaves_a_good_history(tmp_path: Path) -> None:
    """kill -9 at moments around the end of a run: the file opens, and the runs that ended are in it."""
    Suite().run(tmp_path)
    command = [sys.executable, "-m", "pytest", *WITHOUT, "--pyramid", "-q"]
    for moment in range(6):
        process = subprocess.Popen(command, cwd=tmp_path, stdout=subprocess.DEVNULL)
        time.sleep(0.2 + 0.05 * moment)
        process.send_signal(signal.SIGKILL)
        process.wait()
    assert len(history.runs(tmp_path / KEPT)) >= 1
    assert history_care.put_aside(tmp_path / KEPT) is None
    assert "note:" not in Suite().run(tmp_path).output
    assert run_ledger.verify(run_ledger.ledger_of(tmp_path / KEPT))[1] == ()


def test_runs_side_by_side_lose_nothing(tmp_path: Path) -> None:
    """Four runs of one project at once."""
    Suite().write(tmp_path)
    command = [sys.executable, "-m", "pytest", *WITHOUT, "--pyramid", "-q"]
    running = [subprocess.Popen(command, cwd=tmp_path, stdout=subprocess.DEVNULL) for _ in range(4)]
    assert [process.wait(60) for process in running] == [0] * 4
    assert len(history.runs(tmp_path / KEPT)) == 4
    assert run_ledger.verify(run_ledger.ledger_of(tmp_path / KEPT)) == (4, ())


def test_reports_know_the_last_runs_and_what_is_new_since_main(tmp_path: Path) -> None:
    """Two runs on main, as the build server calls it, then a red one on a branch: trend, delta and comparison."""
    suite = Suite()
    for commit in ("main", "main"):
        suite.run(tmp_path, env={"GITHUB_REF_NAME": commit, "CI_DEFAULT_BRANCH": "main"})
    where = {"GITHUB_REF_NAME": "topic", "CI_DEFAULT_BRANCH": "main"}
    result = suite.failing("service").run(tmp_path, "--pyramid-report=markdown:note.md", "-n", "2", env=where)
    trend = result.report["trend"]
    assert [(run["branch"], run["main"], run["exit_status"], run["red_seconds"]) for run in trend] == [
        ("main", True, 0, 0)
    ] * 2
    assert [(row["name"], row["tests"], row["flaky"]) for row in trend[0]["tiers"]] == [
        ("unit", 3, 0),
        ("service", 2, 0),
        ("ui", 1, 0),
    ] + [("unclassified", 0, None)] * (len(trend[0]["tiers"]) - 3)
    failed = "tests/service/test_service.py::test_service_0"
    assert result.report["delta"]["new_failures"] == [failed]
    text = (tmp_path / "note.md").read_text(encoding="utf-8")
    assert "#### Compared with main" in text
    assert f"New failures: 1\n\n- `{failed}`" in text
    fixed = suite.run(tmp_path, "-o", "pyramid_history=.pytest_cache/pyramid/history.sqlite3", env=where)
    assert fixed.report["trend"][-1]["exit_status"] == 1
    assert fixed.report["trend"][-1]["red_seconds"] >= 0
