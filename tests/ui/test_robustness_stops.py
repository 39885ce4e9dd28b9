"""Runs that are stopped, or that were asked for a part only: the rest is counted, never forgotten."""

from __future__ import annotations

from pathlib import Path

import pytest

from tests.harness import NOTHING, Suite

BOTH = pytest.mark.parametrize("workers", ["0", "2"])

CTRL_C = """
    import os, signal, time, pytest

    @pytest.mark.parametrize("number", range(20))
    def test_some(number):
        if number == 3:
            os.kill(os.getppid() if "PYTEST_XDIST_WORKER" in os.environ else os.getpid(), signal.SIGINT)
        time.sleep(0.1)
"""
LISTENING = "import signal\n\nsignal.signal(signal.SIGINT, signal.default_int_handler)\n"
"""For a conftest: what a shell starts in the background ignores Ctrl-C, and so does everything below it."""


@BOTH
@pytest.mark.parametrize("place", ["tests/unit", "tests/e2e"])
def test_ctrl_c_leaves_a_report_and_status_2(tmp_path: Path, workers: str, place: str) -> None:
    """SIGINT to the process that decides, in the lowest and in the highest tier: what ran is booked, the rest lost."""
    suite = NOTHING.with_file(f"{place}/test_some.py", CTRL_C).with_file("conftest.py", LISTENING)
    suite = suite.with_file("tests/service/test_other.py", "def test_other():\n    pass\n")
    result = suite.run(tmp_path, "-n", workers)
    assert (result.status, result.report["run"]["exit_status"]) == (2, 2)
    assert set(result.counts) <= {"passed", "lost"}
    assert (sum(result.counts.values()), result.counts["lost"] > 0) == (21, True)
    assert result.outcomes["test_some[0]"] == "passed"
    assert result.test("test_other")["outcome"] == ("passed" if place == "tests/e2e" else "lost")
    assert "KeyboardInterrupt" in result.output


@BOTH
def test_maxfail_stops_at_the_third_failure_and_counts_the_rest(tmp_path: Path, workers: str) -> None:
    """--maxfail=3: at least three failures, the rest of the tier lost or passed, the tiers above withheld."""
    text = "import pytest, time\n\n@pytest.mark.parametrize('n', range(40))\ndef test_n(n):\n    time.sleep(.02)\n    assert n % 2\n"
    suite = Suite(unit=0).with_file("tests/unit/test_n.py", text)
    plain = suite.pytest(tmp_path, "-n", workers, "--maxfail=3", "tests/unit")
    result = suite.run(tmp_path, "-n", workers, "--maxfail=3")
    unit = result.of_tier("unit")
    assert result.status == plain.status
    assert 3 <= unit["failed"] <= 3 + int(workers)
    assert unit["lost"] > 10
    assert (sum(unit.values()), result.counts["withheld"], len(result.tests)) == (40, 3, 43)
    if workers == "0":
        assert result.said["failed"] == plain.said["failed"] == unit["failed"] == 3


PARTS = {
    "-m": (("-m", "quick"), 3),
    "--deselect": (("--deselect", "tests/unit/test_unit.py::test_unit_0", "--deselect", "tests/e2e"), 7),
    "--ignore": (("--ignore=tests/e2e",), 8),
    "several files": (("tests/e2e/test_ui.py", "tests/unit"), 6),
    "a node id": (("tests/unit/test_quick.py::test_quick_1",), 1),
}


@BOTH
@pytest.mark.parametrize("part", PARTS)
def test_a_part_runs_as_without_the_plugin(tmp_path: Path, part: str, workers: str) -> None:
    """-m, --deselect, --ignore, files and node ids select what plain pytest selects; the shape is not judged."""
    quick = "import pytest\n\n" + "\n".join(
        f"@pytest.mark.quick\ndef test_quick_{number}():\n    pass\n" for number in range(3)
    )
    suite = Suite(unit=2, service=3).with_file("tests/unit/test_quick.py", quick)
    suite = suite.with_file("pytest.ini", "[pytest]\nmarkers = quick\n")
    arguments, count = PARTS[part]
    plain = suite.pytest(tmp_path, "-n", workers, *arguments)
    result = suite.run(tmp_path, "-n", workers, *arguments)
    assert (result.status, result.counts, result.said) == (plain.status, {"passed": count}, plain.said)
    assert result.report["run"]["partial"] is True
    assert result.report["shape"]["judged"] is False


@BOTH
def test_the_gate_holds_among_the_last_failed(tmp_path: Path, workers: str) -> None:
    """--lf runs the failures of the run before; when the unit test fails again, the service test stays withheld."""
    suite = Suite().failing("unit").failing("service")
    assert suite.run(tmp_path, "-n", workers, "--pyramid-gate=off").counts == {"failed": 2, "passed": 4}
    again = suite.run(tmp_path, "-n", workers, "--lf")
    assert (again.status, again.outcomes) == (1, {"test_unit_0": "failed", "test_service_0": "withheld"})
    mended = Suite().failing("service").run(tmp_path, "-n", workers, "--lf")
    assert (mended.status, mended.outcomes) == (1, {"test_unit_0": "passed", "test_service_0": "failed"})


@BOTH
def test_new_files_come_first_inside_their_tier(tmp_path: Path, workers: str) -> None:
    """--nf moves the tests of a new file to the front of their tier and not before a lower one."""
    suite = Suite(unit=2, service=2)
    suite.run(tmp_path, "-n", workers, "--nf")
    later = suite.with_file("tests/service/test_z_new.py", "def test_new():\n    pass\n")
    result = later.run(tmp_path, "-n", workers, "--nf")
    assert (result.status, result.counts) == (0, {"passed": 6})
    assert result.started_tiers == ["unit"] * 2 + ["service"] * 3 + ["ui"]
    if workers == "0":  # with workers pytest's cache never learns which files it knows
        names = [test["nodeid"].partition("::")[2] for test in result.tests]
        assert names == ["test_unit_0", "test_unit_1", "test_new", "test_service_0", "test_service_1", "test_ui_0"]


@BOTH
def test_stepwise_with_workers_ends_as_without_the_plugin(tmp_path: Path, workers: str) -> None:
    """--sw stops at the first failure, goes on there when it is mended, and no test is missing from the counts."""
    broken, mended = Suite(unit=4).failing("unit", at=2), Suite(unit=4)
    plain = broken.pytest(tmp_path / "plain", "-n", workers, "--sw")
    first = broken.run(tmp_path / "ours", "-n", workers, "--sw")
    assert first.status == plain.status
    assert (first.of_tier("unit")["failed"], len(first.tests)) == (1, 7)
    assert first.of_tier("service") | first.of_tier("ui") == {"withheld": 1}
    second = mended.run(tmp_path / "ours", "-n", workers, "--sw")
    assert second.status == 0
    assert "test_unit_2" in second.outcomes
    assert set(second.counts) == {"passed"}


@BOTH
@pytest.mark.parametrize("status", [1, 9])
def test_a_test_that_leaves_pytest_ends_the_run_with_its_own_status(tmp_path: Path, workers: str, status: int) -> None:
    """pytest.exit is obeyed with workers as without, where stock xdist breaks down; every test is in the report."""
    text = f"import pytest\n\ndef test_leaves():\n    pytest.exit('enough', returncode={status})\n"
    suite = Suite(unit=3).with_file("tests/unit/test_z_leaves.py", text)
    result = suite.run(tmp_path, "-n", workers)
    assert (result.status, len(result.tests)) == (status, 7)
    assert set(result.counts) == {"passed", "lost"}
    assert result.test("test_leaves")["outcome"] == "lost"
    assert result.of_tier("service") | result.of_tier("ui") == {"lost": 1}
