"""The gate: one failure below, and nothing above starts, with any number of workers."""

from __future__ import annotations

from pathlib import Path

import pytest

from tests.harness import NOTHING, Suite

SLOW_SERVICE = """
    import time, pytest

    @pytest.mark.parametrize("number", range(20))
    def test_slow(number):
        time.sleep(0.1)
"""


def test_a_failing_unit_test_withholds_all_above_alike_with_any_number_of_workers(tmp_path: Path) -> None:
    """Whatever the number of workers: no test above starts, and totals, violations and messages are the same."""
    suite = Suite(unit=9, service=5, ui=4).failing("unit", at=4)
    results = {number: suite.run(tmp_path, "-n", str(number)) for number in (0, 2, 4, 8)}
    for result in results.values():
        assert result.status == 1
        assert set(result.started_tiers) == {"unit"}
        assert len(result.started) == 9
        assert result.counts == {"passed": 8, "failed": 1, "withheld": 9}
        assert result.gate("unit")["pulled_by"] == ["tests/unit/test_unit.py::test_unit_4"]
        assert [result.gate(tier)["withheld"] for tier in ("unit", "service", "ui")] == [9, 0, 0]
        assert result.codes == ["PYR501"]
    assert [result.report["run"]["workers"] for result in results.values()] == [1, 2, 4, 8]
    assert all(result.same_everywhere() == results[0].same_everywhere() for result in results.values())


@pytest.mark.parametrize("workers", ["0", "2"])
@pytest.mark.parametrize("at", [0, 4])
def test_the_place_of_the_failing_test_does_not_matter(tmp_path: Path, workers: str, at: int) -> None:
    """The first and the last unit test pull the cord like any other."""
    result = Suite(unit=5).failing("unit", at=at).run(tmp_path, "-n", workers)
    assert result.counts == {"passed": 4, "failed": 1, "withheld": 3}
    assert result.test(f"test_unit_{at}")["outcome"] == "failed"
    assert result.test(f"test_unit_{at}")["message"] == "assert 1 == 2"


@pytest.mark.parametrize("workers", ["0", "2", "4"])
def test_tiers_run_bottom_first_when_all_is_well(tmp_path: Path, workers: str) -> None:
    """Files of the highest tier come first by name; every unit test ends before a service test starts, and so on."""
    result = Suite(unit=8, service=6, ui=4).run(tmp_path, "-n", workers)
    assert result.status == 0
    assert result.started_tiers == ["unit"] * 8 + ["service"] * 6 + ["ui"] * 4
    rows = {row["name"]: row for row in result.report["tiers"]}
    assert rows["unit"]["finished"] <= rows["service"]["started"]
    assert rows["service"]["finished"] <= rows["ui"]["started"]
    assert [gate["state"] for gate in result.report["gates"]] == ["open"] * 3
    assert result.report["shape"]["name"] == "pyramid"
    assert result.report["violations"] == []


@pytest.mark.parametrize("workers", ["0", "2"])
def test_a_failing_service_test_withholds_only_what_is_above_it(tmp_path: Path, workers: str) -> None:
    """The gate of service closes; unit has gone well, ui is withheld, and all service failures are seen."""
    suite = Suite(unit=3, service=4, ui=2).failing("service", at=0).failing("service", at=3)
    result = suite.run(tmp_path, "-n", workers)
    assert result.counts == {"passed": 5, "failed": 2, "withheld": 2}
    assert [gate["state"] for gate in result.report["gates"]] == ["open", "closed", "not reached"]
    assert sorted(result.gate("service")["pulled_by"]) == [
        "tests/service/test_service.py::test_service_0",
        "tests/service/test_service.py::test_service_3",
    ]


@pytest.mark.parametrize("workers", ["0", "2"])
def test_a_failing_test_at_the_top_withholds_nothing(tmp_path: Path, workers: str) -> None:
    """Above the top tier there is nothing to withhold; the run fails all the same."""
    result = Suite().failing("ui").run(tmp_path, "-n", workers)
    assert (result.status, result.counts) == (1, {"passed": 5, "failed": 1})
    assert result.gate("ui")["withheld"] == 0


def test_soft_starts_nothing_new_above_once_the_failure_is_known(tmp_path: Path) -> None:
    """An idle worker begins with service early; when the slow unit test fails, only what ran by then has started."""
    suite = NOTHING.with_file("tests/service/test_slow.py", SLOW_SERVICE).with_file(
        "tests/unit/test_fails.py", "import time\n\ndef test_fails():\n    time.sleep(0.45)\n    assert 0\n"
    )
    result = suite.run(tmp_path, "-n", "2", "--pyramid-gate=soft")
    closed = result.gate("unit")["seconds"]
    service = [test for test in result.tests if test["tier"] == "service"]
    early = [test for test in service if test["start"] is not None]
    assert 0 < len(early) < 20
    assert all(test["start"] < closed + 0.3 for test in early)
    assert result.counts == {"failed": 1, "passed": len(early), "withheld": 20 - len(early)}
    assert (result.status, result.report["run"]["gate_mode"]) == (1, "soft")


@pytest.mark.parametrize("workers", ["0", "2"])
def test_off_keeps_the_order_and_withholds_nothing(tmp_path: Path, workers: str) -> None:
    """With the gates off everything runs, and the failure still fails the run."""
    suite = Suite().failing("unit")
    result = suite.run(tmp_path, "-n", workers, "--pyramid-gate=off")
    assert (result.status, result.counts) == (1, {"passed": 5, "failed": 1})
    assert [gate["state"] for gate in result.report["gates"]] == ["off"] * 3
    assert result.codes == []


def test_soft_in_one_process_withholds_like_strict(tmp_path: Path) -> None:
    """A single process runs tier after tier, so soft has nothing to start early."""
    result = Suite().failing("unit").run(tmp_path, "-n", "0", "--pyramid-gate=soft")
    assert result.counts == {"failed": 1, "passed": 2, "withheld": 3}
