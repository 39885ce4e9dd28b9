"""Limits of time from end to end: hanging tests are stopped, budgets are kept, one slow sample is no trend."""

from __future__ import annotations

from pathlib import Path

import pytest

from tests.harness import NOTHING, Suite

CONFIG = "[pytest]\n{keys}\n[pytest_pyramid]\n[pytest_pyramid:tier:unit]\n{unit}\n[pytest_pyramid:tier:service]\n"


def suite(test: str, *, unit: str = "", keys: str = "") -> Suite:
    """One unit test of that text, one service test, and these settings."""
    return (
        NOTHING.with_file("tests/unit/test_time.py", f"import time, pytest\n\n{test}\n")
        .with_file("tests/service/test_above.py", "def test_above():\n    pass\n")
        .with_file("pytest.ini", CONFIG.format(keys=keys, unit=unit))
    )


HANGS = "def test_hangs():\n    time.sleep(55)\n"


@pytest.mark.parametrize(("workers", "method"), [("0", "signal"), ("2", "signal"), ("2", "thread")])
def test_a_hanging_test_is_stopped_and_pulls_the_cord(tmp_path: Path, workers: str, method: str) -> None:
    """It fails after the seconds of its tier, by a signal or with its worker, and what is above is withheld."""
    hanging = suite(HANGS, unit="timeout-seconds = 1", keys=f"timeout_method = {method}")
    result = hanging.run(tmp_path, "-n", workers)
    assert (result.status, result.outcomes) == (1, {"test_hangs": "failed", "test_above": "withheld"})
    assert ("Timeout" if method == "signal" else "crashed") in str(result.test("test_hangs")["message"])


def test_a_hanging_test_ends_the_only_process_by_a_thread(tmp_path: Path) -> None:
    """Without workers pytest-timeout's thread can only end the process; nothing hangs, and nothing passes."""
    hanging = suite(HANGS, unit="timeout-seconds = 1", keys="timeout_method = thread")
    result = hanging.run(tmp_path, "-n0")
    assert result.status == 1
    assert "Timeout" in result.output + result.errors


@pytest.mark.parametrize("workers", ["0", "2"])
def test_a_limit_of_its_own_is_left_to_the_test(tmp_path: Path, workers: str) -> None:
    """The tier's seconds are only for tests that have no timeout mark; a class's mark is one too."""
    text = "@pytest.mark.timeout(30)\nclass TestOwn:\n    def test_own(self):\n        time.sleep(0.6)\n"
    result = suite(text, unit="timeout-seconds = 0.3").run(tmp_path, "-n", workers)
    assert result.outcomes == {"TestOwn::test_own": "passed", "test_above": "passed"}


def test_without_pytest_timeout_the_summary_says_so(tmp_path: Path) -> None:
    """The setting is no error there, and no secret."""
    quick = suite("def test_quick():\n    pass\n", unit="timeout-seconds = 1")
    result = quick.run(tmp_path, "-p", "no:timeout")
    assert result.status == 0
    assert "tiers.unit.timeout-seconds has no effect: pytest-timeout is not installed" in result.output


@pytest.mark.parametrize("workers", ["0", "2"])
def test_a_tier_over_its_budget_fails_the_run(tmp_path: Path, workers: str) -> None:
    """The tests pass, nothing is withheld, and the run does not pass."""
    result = suite("def test_slow():\n    time.sleep(0.4)\n", unit="budget-seconds = 0.2").run(tmp_path, "-n", workers)
    assert (result.status, result.codes.count("PYR402"), result.counts) == (1, 1, {"passed": 2})


SLOW = "def test_slow():\n    time.sleep(0.3)\n"
SEVERE = "[pytest_pyramid:severity]\nPYR401 = {weight}\n"


@pytest.mark.parametrize("workers", ["0", "2"])
@pytest.mark.parametrize(("weight", "above"), [("error", "withheld"), ("warning", "passed")])
def test_a_slow_test_pulls_the_cord_where_that_is_an_error(
    tmp_path: Path, workers: str, weight: str, above: str
) -> None:
    """The test itself has passed and is told so; what is above waits for it to get quick."""
    severe = suite(SLOW, unit=f"max-seconds = 0.1\n{SEVERE.format(weight=weight)}")
    result = severe.run(tmp_path, "-n", workers)
    assert result.outcomes == {"test_slow": "passed", "test_above": above}
    assert result.status == (1 if weight == "error" else 0)
    assert result.codes.count("PYR401") == 1


def test_a_slow_test_that_the_baseline_knows_pulls_nothing(tmp_path: Path) -> None:
    """Neither in the run that records it, nor in those after it."""
    severe = suite(SLOW, unit=f"max-seconds = 0.1\n{SEVERE.format(weight='error')}")
    for more in (["--pyramid-update-baseline"], []):
        result = severe.run(tmp_path, "--pyramid-baseline=b.toml", *more)
        assert (result.status, result.counts) == (0, {"passed": 2})


def test_the_real_failure_of_a_slow_test_is_kept(tmp_path: Path) -> None:
    """That it was slow is told beside it, and changes no word of it."""
    text = "def test_wrong():\n    time.sleep(0.3)\n    assert 'real' == 'reason'\n"
    result = suite(text, unit="max-seconds = 0.1").run(tmp_path)
    assert "real" in str(result.test("test_wrong")["message"])
    assert "PYR401" in result.codes
