"""Workers that crash, come late, or collect something else: every selected test still has exactly one outcome."""

from __future__ import annotations

from pathlib import Path

import pytest

from tests.harness import FOLDERS, NOTHING, Result, Suite

PLACES = dict(FOLDERS)
ABOVE = {"unit": ("service", "ui"), "service": ("ui",), "ui": ()}
DIES = "import os\n\ndef test_dies():\n    os._exit(3)\n"


def booked(result: Result) -> int:
    """How many tests the report has, after a look whether tiers and outcomes agree."""
    assert sum(row["tests"] for row in result.report["tiers"]) == len(result.tests)
    assert all(sum(row["outcomes"].values()) == row["tests"] for row in result.report["tiers"])
    return len(result.tests)


@pytest.mark.parametrize("workers", ["1", "2"])
@pytest.mark.parametrize("tier", PLACES)
def test_a_crash_closes_the_gate_of_its_own_tier(tmp_path: Path, tier: str, workers: str) -> None:
    """The test that killed its worker has failed, what is above it is withheld, and everything else has passed."""
    suite = Suite(unit=4, service=3, ui=2).with_file(f"{PLACES[tier]}/test_dies.py", DIES)
    result = suite.run(tmp_path, "-n", workers)
    above = sum(getattr(suite, name) for name in ABOVE[tier])
    wanted = {"failed": 1, "passed": 9 - above} | ({"withheld": above} if above else {})
    assert (result.status, result.counts, booked(result)) == (1, wanted, 10)
    assert result.gate(tier)["pulled_by"] == [f"{PLACES[tier]}/test_dies.py::test_dies"]
    assert "crashed" in result.test("test_dies")["message"]
    assert not set(result.started_tiers) & set(ABOVE[tier])


BOMB = """
    import os, pathlib, threading, time, pytest

    BEGUN = pathlib.Path(__file__).with_name(os.environ["PYTEST_XDIST_WORKER"])

    @pytest.mark.parametrize("number", range(12))
    def test_some(number):
        time.sleep(0.05)
        if not BEGUN.exists():
            BEGUN.touch()
            if BEGUN.name == "gw0":
                threading.Timer(1.2, os._exit, [3]).start()
            elif BEGUN.name == "gw1":
                time.sleep(2.5)
"""


@pytest.mark.parametrize("restarts", [(), ("--max-worker-restart=0",)])
def test_a_worker_that_dies_between_two_tiers_is_nobodys_fault(tmp_path: Path, restarts: tuple[str, ...]) -> None:
    """It stood idle at the edge of the tier and no test is blamed. A new worker joins, or the run is known to be cut."""
    suite = Suite(unit=0, service=4).with_file("tests/unit/test_bomb.py", BOMB)
    result = suite.run(tmp_path, "-n", "2", *restarts)
    assert "node down" in result.output
    assert booked(result) == 17
    if restarts:
        assert (result.status, "failed" in result.counts) == (1, False)
        assert (result.counts["lost"], result.of_tier("ui")) == (5, {"lost": 1})
    else:
        assert (result.status, result.counts) == (0, {"passed": 17})


@pytest.mark.parametrize("allowed", [0, 2])
@pytest.mark.parametrize("workers", ["1", "2"])
def test_no_more_workers_are_replaced_than_allowed(tmp_path: Path, workers: str, allowed: int) -> None:
    """The crash after the last allowed one ends the run; unit tests that never ran are lost, those above withheld."""
    text = """
        import os, pytest

        @pytest.mark.parametrize("number", range(40))
        def test_some(number):
            number % 8 != 3 or os._exit(3)
    """
    suite = Suite(unit=0).with_file("tests/unit/test_some.py", text)
    result = suite.run(tmp_path, "-n", workers, f"--max-worker-restart={allowed}")
    unit = result.of_tier("unit")
    assert booked(result) == 43
    assert result.status in (1, 2)
    assert allowed + 1 <= unit["failed"] <= allowed + int(workers)
    assert unit["lost"] > 0
    assert unit.get("passed", 0) + unit["failed"] + unit["lost"] == 40
    assert result.of_tier("service") | result.of_tier("ui") == {"withheld": 1}


UNEQUAL = """
    import os, pathlib, time

    MARK = pathlib.Path(__file__).with_name("mark")
    if os.environ.get("PYTEST_XDIST_WORKER") == "VICTIM" and not MARK.exists():
        MARK.touch()
        ACT
"""


def unequal(victim: str, act: str) -> str:
    """A conftest with which only one worker, and only once, does something while it collects."""
    return UNEQUAL.replace("VICTIM", victim).replace("ACT", act)


@pytest.mark.parametrize("victim", ["gw0", "gw1"])
def test_a_worker_that_dies_while_it_collects_is_replaced(tmp_path: Path, victim: str) -> None:
    """Also when it was the one to describe the suite: its successor does, and no test is missing."""
    suite = Suite().failing("unit").with_file("tests/conftest.py", unequal(victim, "os._exit(3)"))
    result = suite.run(tmp_path, "-n", "2")
    assert (result.status, result.counts, booked(result)) == (1, {"failed": 1, "passed": 2, "withheld": 3}, 6)


@pytest.mark.parametrize("victim", ["gw0", "gw1"])
def test_a_worker_that_dies_while_it_collects_ends_the_run_when_none_may_be_replaced(
    tmp_path: Path, victim: str
) -> None:
    """No hang, no test started, and never status 0, which stock xdist may give to a run in which nothing ran."""
    suite = Suite().with_file("tests/conftest.py", unequal(victim, "os._exit(3)"))
    result = suite.run(tmp_path, "-n", "2", "--max-worker-restart=0")
    assert result.status in (1, 5)  # 5 when the other worker had not collected either
    assert (result.said, result.started) == ({}, [])
    assert "Traceback" not in result.output + result.errors


@pytest.mark.parametrize("victim", ["gw0", "gw1"])
def test_a_worker_that_comes_late_changes_nothing(tmp_path: Path, victim: str) -> None:
    """One worker needs a second more to collect; outcomes, order of the tiers and counts are the same."""
    suite = Suite(unit=6).with_file("tests/conftest.py", unequal(victim, "time.sleep(1)"))
    result = suite.run(tmp_path, "-n", "2")
    assert (result.status, result.counts, booked(result)) == (0, {"passed": 9}, 9)
    assert result.started_tiers == ["unit"] * 6 + ["service"] * 2 + ["ui"]


def test_different_collections_end_the_run_with_the_error_of_xdist(tmp_path: Path) -> None:
    """The message is xdist's own, with its difference and its advice; nothing runs, and the status is the same."""
    text = "import os\n\nif os.environ.get('PYTEST_XDIST_WORKER') == 'gw1':\n    def test_only_here():\n        pass\n"
    suite = Suite().with_file("tests/unit/test_differs.py", text)
    plain = suite.pytest(tmp_path, "-n", "2")
    result = suite.run(tmp_path, "-n", "2")
    assert (result.status, result.said) == (plain.status, plain.said)
    for said in (plain.output, result.output):
        assert "Different tests were collected between gw" in said
        assert "tests/unit/test_differs.py::test_only_here" in said
        assert "xdist" in said.partition("Different tests")[2]
    assert not any(test["start"] for test in result.report.get("tests", []))


def test_the_same_tests_in_another_order_are_run(tmp_path: Path) -> None:
    """Random parameters in every worker's own order are no reason to refuse a run: tests are told apart by their ids."""
    text = """
        import os, pytest

        NUMBERS = list(range(10))
        if os.environ.get("PYTEST_XDIST_WORKER") == "gw1":
            NUMBERS.reverse()

        @pytest.mark.parametrize("number", NUMBERS)
        def test_some(number):
            assert number != 7
    """
    result = Suite(unit=0).with_file("tests/unit/test_random.py", text).run(tmp_path, "-n", "2")
    assert (result.status, result.counts, booked(result)) == (1, {"failed": 1, "passed": 9, "withheld": 3}, 13)
    assert result.test("test_some[7]")["outcome"] == "failed"


@pytest.mark.parametrize("tier", ["unit", "ui"])
def test_a_crash_that_is_run_again_is_no_failure(tmp_path: Path, tier: str) -> None:
    """pytest-rerunfailures gives a crashed test back; it passes on a new worker, and no gate closes."""
    text = """
        import os, pathlib

        def test_dies_once():
            mark = pathlib.Path(__file__).with_name("died")
            if not mark.exists():
                mark.touch()
                os._exit(3)
    """
    suite = Suite().with_file(f"{PLACES[tier]}/test_once.py", text)
    result = suite.run(tmp_path, "-n", "2", "--reruns", "2")
    assert (result.status, result.counts, booked(result)) == (0, {"passed": 7}, 7)
    assert result.gate(tier)["state"] == "open"


def test_a_crash_that_every_rerun_repeats_closes_the_gate(tmp_path: Path) -> None:
    """The last attempt counts: one failure, the tiers above withheld."""
    suite = Suite().with_file("tests/unit/test_dies.py", DIES)
    result = suite.run(tmp_path, "-n", "2", "--reruns", "1")
    assert (result.status, result.counts, booked(result)) == (1, {"failed": 1, "passed": 3, "withheld": 3}, 7)


def test_a_suite_in_which_every_test_crashes_comes_to_an_end(tmp_path: Path) -> None:
    """More crashes than replacements: the run ends, and each unit test has failed or is lost."""
    text = "import os, pytest\n\n@pytest.mark.parametrize('n', range(30))\ndef test_some(n):\n    os._exit(3)\n"
    suite = NOTHING.with_file("tests/unit/test_all.py", text).with_file("tests/e2e/test_a.py", "def test_a(): pass\n")
    result = suite.run(tmp_path, "-n", "2", "--max-worker-restart=3")
    unit = result.of_tier("unit")
    assert booked(result) == 31
    assert unit["failed"] + unit["lost"] == 30
    assert (result.status in (1, 2), result.of_tier("ui")) == (True, {"withheld": 1})
