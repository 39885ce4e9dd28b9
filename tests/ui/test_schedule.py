"""The schedule with real workers: resources, the order that history gives, and runs without fences."""

from __future__ import annotations

from pathlib import Path

import pytest

from tests.harness import NOTHING, Suite

CLAIMING = """
    import os, time, pytest
    LOG = os.path.join(os.path.dirname(__file__), "log.txt")

    @pytest.mark.parametrize("number", range(6))
    @pytest.mark.pyramid(resource="db")
    def test_claims(number):
        with open(LOG, "a") as file:
            file.write(f"{time.monotonic()} 1\\n")
        time.sleep(0.05)
        with open(LOG, "a") as file:
            file.write(f"{time.monotonic()} -1\\n")

    @pytest.mark.parametrize("number", range(6))
    def test_claims_nothing(number):
        pass
"""


def capacity(name: str) -> Suite:
    """Tests that claim a resource of which one place is configured under this name."""
    table = f"[tool.pytest_pyramid.resources]\n{name} = 1\n"
    return NOTHING.with_file("tests/unit/test_it.py", CLAIMING).with_file("pyproject.toml", table)


def test_a_resource_is_held_by_no_more_than_it_has_places(tmp_path: Path) -> None:
    """On three workers the tests that claim the one place run one after the other, and all run."""
    result = capacity("db").run(tmp_path, "-n3")
    assert (result.status, result.counts) == (0, {"passed": 12})
    lines = (tmp_path / "tests/unit/log.txt").read_text().splitlines()
    held = 0
    for _, step in sorted((float(line.split()[0]), int(line.split()[1])) for line in lines):
        held += step
        assert held <= 1


@pytest.mark.parametrize("workers", ["-n0", "-n2"])
def test_a_resource_without_capacity_is_a_usage_error(tmp_path: Path, workers: str) -> None:
    """Both ways of running name the test and what it may have meant."""
    result = capacity("dbs").run(tmp_path, workers)
    assert result.status == 4
    assert "did you mean 'dbs'?" in result.output + result.errors


@pytest.mark.parametrize("workers", ["-n0", "-n2"])
def test_what_failed_last_time_starts_first(tmp_path: Path, workers: str) -> None:
    """In the second run it is the first test of its worker."""
    suite = NOTHING.with_file("pytest.ini", "[pytest]\npyramid_history = history.sqlite3\n")
    for name in "abcd":
        fails = "False" if name == "d" else "True"
        suite = suite.with_file(
            f"tests/unit/test_{name}.py", f"def test_{name}(): assert {fails}\ndef test_more(): pass"
        )
    assert suite.run(tmp_path, workers).status == 1
    again = suite.run(tmp_path, workers)
    firsts = {test["worker"]: test["nodeid"] for test in sorted(again.tests, key=lambda test: -test["start"])}
    assert "tests/unit/test_d.py::test_d" in firsts.values()
    assert again.counts == {"passed": 7, "failed": 1}


@pytest.mark.parametrize("failing", [None, "unit", "service"])
@pytest.mark.parametrize("workers", [1, 2, 3])
def test_without_fences_tiers_run_in_order_too(tmp_path: Path, failing: str | None, workers: int) -> None:
    """A test of the next tier lets the last one run, and is refused when the gate closes."""
    suite = Suite(unit=7, service=4, ui=2)
    suite = suite if failing is None else suite.failing(failing)
    suite = suite.with_file("pyproject.toml", '[tool.pytest_pyramid]\nfences = "never"\n')
    result = suite.run(tmp_path, f"-n{workers}")
    ranks = [("unit", "service", "ui").index(tier) for tier in result.started_tiers]
    assert ranks == sorted(ranks)
    assert result.status == (0 if failing is None else 1)
    assert len(ranks) == {None: 13, "unit": 7, "service": 11}[failing]
    assert sum(result.counts.values()) == 13
