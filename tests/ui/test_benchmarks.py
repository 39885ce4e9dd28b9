"""pytest-benchmark together with the pyramid: measured at any -n, reported, remembered and compared."""

from __future__ import annotations

from pathlib import Path

import pytest

from tests.harness import Suite

pytest.importorskip("pytest_benchmark", reason="pytest-benchmark is not installed")

SPEED = """
    import time

    def test_speed(benchmark):
        benchmark.pedantic(time.sleep, args=(SECONDS,), rounds=5)
"""
RULE = """
    [tool.pytest_pyramid.rules.PYR403]
    min-runs = 2
"""
PLUGIN = ("-p", "benchmark")


def measuring(seconds: float) -> Suite:
    """A suite with one benchmark of so many seconds."""
    return (
        Suite(unit=2, service=1, ui=0)
        .with_file("a/test_speed.py", SPEED.replace("SECONDS", str(seconds)))
        .with_file("pyproject.toml", RULE)
    )


@pytest.mark.parametrize("workers", ["0", "2"])
def test_a_benchmark_is_measured_and_a_slower_one_is_told_with_both_medians(tmp_path: Path, workers: str) -> None:
    """With workers as without; the history knows two runs when the third is twice as slow."""
    for _ in range(2):
        result = measuring(0.01).run(tmp_path, *PLUGIN, "-n", workers)
        assert result.codes == []
    (one,) = result.report["benchmarks"]
    assert one["nodeid"] == "a/test_speed.py::test_speed"
    assert 0.01 <= one["median"] < 0.02
    assert (one["rounds"], one["iterations"], one["past"]["runs"]) == (5, 1, 1)
    slower = measuring(0.05).run(tmp_path, *PLUGIN, "-n", workers)
    assert slower.codes == ["PYR403"]
    (violation,) = slower.report["violations"]
    assert "(median of 5 rounds), its last 2 runs 1" in violation["message"]
    assert "automatically disabled" not in slower.output + slower.errors


@pytest.mark.parametrize("option", ["--benchmark-disable", "--benchmark-skip", "--pyramid-history=off"])
def test_the_options_of_pytest_benchmark_are_honoured(tmp_path: Path, option: str) -> None:
    """What is switched off measures nothing; without a history there is only no past."""
    result = measuring(0.01).run(tmp_path, *PLUGIN, "-n", "2", option)
    assert result.status == 0
    found = [one["past"] for one in result.report.get("benchmarks", [])]
    assert found == ([None] if "history" in option else [])
