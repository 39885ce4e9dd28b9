"""The tier beside the shape: after all others, alone, counted in no share, and not there when nothing is in it."""

from __future__ import annotations

import itertools
from pathlib import Path

import pytest

from tests.harness import Suite

SPEED = """
    import pytest, time

    pytestmark = pytest.mark.performance

    @pytest.mark.parametrize("number", range(4))
    def test_speed(number):
        time.sleep(0.05)
"""
SLOW_UI = """
    import time, pytest

    @pytest.mark.parametrize("number", range(6))
    def test_slow(number):
        time.sleep(0.1)
"""


@pytest.mark.parametrize("gate", ["strict", "soft", "off"])
@pytest.mark.parametrize("workers", ["0", "2"])
def test_it_comes_after_all_others_alone_and_changes_no_share(tmp_path: Path, workers: str, gate: str) -> None:
    """By the times of the report no other test runs beside it, and its tests run one by one on one worker."""
    suite = Suite(unit=4, service=2, ui=1).with_file("a/test_aaa.py", SPEED).with_file("tests/ui/test_slow.py", SLOW_UI)
    result = suite.run(tmp_path, "-n", workers, f"--pyramid-gate={gate}")
    assert result.status == 0 or gate == "off" or result.codes == ["PYR101"]
    spans = sorted((t["start"], t["start"] + t["seconds"], t["tier"], t["worker"]) for t in result.report["tests"])
    aside = spans[-4:]
    assert {span[2] for span in aside} == {"performance"}
    assert aside[0][0] >= max(end for _, end, _, _ in spans[:-4]) - 0.001
    assert all(one[1] <= other[0] + 0.001 for one, other in itertools.pairwise(aside))
    assert len({span[3] for span in aside}) == 1
    rows = {row["name"]: row for row in result.report["tiers"]}
    assert rows["performance"]["side"] is True
    assert rows["performance"]["share"] == 0.0
    assert sum(row["share"] for row in rows.values()) == pytest.approx(1.0)


@pytest.mark.parametrize("workers", ["0", "2"])
def test_a_failure_below_withholds_it_and_its_own_withholds_nothing(tmp_path: Path, workers: str) -> None:
    """Its gate stands above all others."""
    below = Suite(unit=3, service=2, ui=1).failing("ui", at=0).with_file("a/test_aaa.py", SPEED)
    held = below.run(tmp_path / "held", "-n", workers)
    assert held.counts == {"passed": 5, "failed": 1, "withheld": 4}
    assert held.gate("ui")["withheld"] == 4
    own = Suite(unit=3, service=2, ui=1).with_file("a/test_aaa.py", SPEED.replace("time.sleep(0.05)", "assert number"))
    failed = own.run(tmp_path / "failed", "-n", workers)
    assert failed.counts == {"passed": 9, "failed": 1}
    assert failed.status == 1


def test_it_is_nowhere_when_nothing_is_in_it(tmp_path: Path) -> None:
    """Neither rows nor gates nor the summary name it."""
    result = Suite(unit=3, service=2, ui=1).run(tmp_path)
    assert [row["name"] for row in result.report["tiers"]] == ["unit", "service", "ui"]
    assert [gate["tier"] for gate in result.report["gates"]] == ["unit", "service", "ui"]
    assert "performance" not in result.output


@pytest.mark.parametrize(("stage", "ran"), [("commit", {"unit"}), ("acceptance", {"service", "ui"})])
def test_the_other_stages_leave_it_out(tmp_path: Path, stage: str, ran: set[str]) -> None:
    """It has the stage performance for itself, and a run up to the top of the shape is judged as a whole one."""
    suite = Suite(unit=3, service=2, ui=1).with_file("a/test_aaa.py", SPEED)
    result = suite.run(tmp_path, f"--pyramid-stage={stage}")
    assert {test["tier"] for test in result.report["tests"]} == ran
    whole = suite.run(tmp_path, "--pyramid-upto=ui")
    assert whole.report["shape"]["judged"] is True
