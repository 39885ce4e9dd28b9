"""Counts and exit statuses: every selected test ends in exactly one outcome, however the run ends."""

from __future__ import annotations

import re
from pathlib import Path

import pytest

from tests.harness import NOTHING, Result, Suite

CRASHING = """
    import os, pytest

    @pytest.mark.parametrize("number", range(20))
    def test_some(number):
        number != 5 or os._exit(3)
"""


def selected(result: Result) -> int:
    """How many tests the tiers hold, each counted once by its outcome."""
    assert [sum(row["outcomes"].values()) for row in result.report["tiers"]] == [
        row["tests"] for row in result.report["tiers"]
    ]
    return sum(row["tests"] for row in result.report["tiers"])


@pytest.mark.parametrize("workers", ["0", "2", "4"])
@pytest.mark.parametrize("stop", ["-x", "--maxfail=1"])
def test_a_stopped_run_loses_its_own_tier_and_withholds_the_tiers_above(
    tmp_path: Path, workers: str, stop: str
) -> None:
    """With -x and --maxfail=1 the tests of the failing tier that never ran are lost, those above are withheld."""
    result = Suite(unit=40, service=3, ui=2).failing("unit", at=1).run(tmp_path, "-n", workers, stop)
    unit = result.of_tier("unit")
    assert selected(result) == sum(result.counts.values()) == 45
    assert unit["failed"] == 1
    assert unit.get("passed", 0) + unit.get("lost", 0) == 39
    assert (result.of_tier("service"), result.of_tier("ui")) == ({"withheld": 3}, {"withheld": 2})
    if workers == "0":
        assert unit == {"passed": 1, "failed": 1, "lost": 38}


@pytest.mark.parametrize("workers", ["0", "2"])
def test_a_run_stopped_in_the_top_tier_loses_and_withholds_nothing(tmp_path: Path, workers: str) -> None:
    """Tests of the top tier that never ran are lost, for no gate stands below them."""
    text = "import time, pytest\n\n@pytest.mark.parametrize('n', range(9))\ndef test_n(n):\n    time.sleep(.1)\n    assert n\n"
    result = Suite(ui=0).with_file("tests/e2e/test_top.py", text).run(tmp_path, "-n", workers, "-x")
    top = result.of_tier("ui")
    assert (top["failed"], top.get("withheld", 0), sum(top.values())) == (1, 0, 9)
    assert top["lost"] > 0
    assert all(test["message"] == "the run was stopped" for test in result.tests if test["outcome"] == "lost")


@pytest.mark.parametrize("workers", ["2", "4"])
def test_counts_add_up_after_a_crash(tmp_path: Path, workers: str) -> None:
    """A new worker takes over, and every other test of the tier has its own result."""
    result = Suite(unit=0).with_file("tests/unit/test_crash.py", CRASHING).run(tmp_path, "-n", workers)
    assert selected(result) == 23
    assert result.counts == {"passed": 19, "failed": 1, "withheld": 3}
    assert result.status == 1


def test_counts_add_up_when_no_worker_may_be_replaced(tmp_path: Path) -> None:
    """With --max-worker-restart=0 the run ends at the crash: unit tests that never ran are lost, upper ones withheld."""
    suite = Suite(unit=0).with_file("tests/unit/test_crash.py", CRASHING)
    result = suite.run(tmp_path, "-n", "2", "--max-worker-restart=0")
    unit = result.of_tier("unit")
    assert selected(result) == 23
    assert result.test("test_some[5]")["outcome"] == "failed"
    assert unit["failed"] == 1
    assert unit.get("passed", 0) + unit.get("lost", 0) == 19
    assert {**result.of_tier("service"), **result.of_tier("ui")} == {"withheld": 1} | {"withheld": 1}
    assert sum(result.counts.values()) == 23
    assert result.status in (1, 2)


@pytest.mark.parametrize("workers", ["0", "2"])
def test_a_run_in_which_all_is_well_has_status_0(tmp_path: Path, workers: str) -> None:
    """All tests passed: 0, and the report says the same."""
    result = Suite().run(tmp_path, "-n", workers)
    assert (result.status, result.report["run"]["exit_status"]) == (0, 0)
    assert result.counts == {"passed": 6}


@pytest.mark.parametrize("workers", ["0", "2"])
def test_an_interrupted_run_has_status_2_and_a_report(tmp_path: Path, workers: str) -> None:
    """Ctrl-C in the middle of the unit tier: what ran is there, the rest is lost."""
    text = (
        "def test_first():\n    pass\n\ndef test_stop():\n    raise KeyboardInterrupt\n\ndef test_last():\n    pass\n"
    )
    suite = NOTHING.with_file("tests/unit/test_stop.py", text).with_file("tests/e2e/test_a.py", "def test_a(): pass\n")
    result = suite.run(tmp_path, "-n", workers)
    assert (result.status, result.report["run"]["exit_status"]) == (2, 2)
    assert sum(result.counts.values()) == selected(result) == 4
    assert result.outcomes["test_a"] == "lost"
    assert result.outcomes["test_first"] in ("passed", "lost")


@pytest.mark.parametrize("workers", ["0", "2"])
def test_a_wrong_option_has_status_4(tmp_path: Path, workers: str) -> None:
    """A usage error is 4, with and without workers, and no test runs."""
    result = Suite().run(tmp_path, "-n", workers, "--pyramid-gate=strickt")
    assert (result.status, result.report) == (4, {})


@pytest.mark.parametrize("workers", ["0", "2"])
def test_a_run_without_tests_has_status_5(tmp_path: Path, workers: str) -> None:
    """Nothing collected is 5 as in plain pytest; an empty suite breaks no rule."""
    result = NOTHING.run(tmp_path, "-n", workers)
    assert result.status == 5
    assert result.report["violations"] == []


@pytest.mark.parametrize("workers", ["0", "2"])
def test_a_collection_error_without_its_option_ends_as_in_plain_pytest(tmp_path: Path, workers: str) -> None:
    """A file that cannot be imported ends the run before any test starts, with the status of plain pytest."""
    suite = Suite().with_file("tests/unit/test_broken.py", "import no_such_module\n")
    plain = suite.pytest(tmp_path, "-n", workers)
    result = suite.run(tmp_path, "-n", workers)
    assert result.status == plain.status
    assert "no_such_module" in result.output


def test_only_the_tiers_asked_for_are_counted(tmp_path: Path) -> None:
    """--pyramid-tier, --pyramid-upto and --pyramid-stage select; the rest is deselected and the shape not judged."""
    wanted = {"--pyramid-tier=unit,ui": {"unit", "ui"}, "--pyramid-upto=service": {"unit", "service"}}
    wanted["--pyramid-stage=commit"] = {"unit"}
    for option, tiers in wanted.items():
        result = Suite().run(tmp_path, "-n", "0", option)
        assert {test["tier"] for test in result.tests} == tiers
        assert result.report["shape"]["judged"] is False
        assert result.report["run"]["partial"] is True
        assert re.search(r"\d+ passed, \d+ deselected", result.output)
