"""What pytest-benchmark measured: the past of it, plain data, and when it counts as slower."""

from __future__ import annotations

from dataclasses import replace

import pytest

from pytest_pyramid.core.benchmarks import (
    Benchmark,
    Measured,
    PastBenchmark,
    benchmark_of,
    benchmarks_of,
    plain_benchmarks,
)
from pytest_pyramid.core.examples import example_suite
from pytest_pyramid.core.figures import short_time
from pytest_pyramid.core.past_benchmarks import past_of
from pytest_pyramid.core.past_tables import benchmarks
from pytest_pyramid.core.plain_entry import entry_of
from pytest_pyramid.rules.pyr403_slower_than_history import SlowerThanHistory

NOW = Benchmark(1.5e-6, 1e-7, 2e-7, 1000, 10)
PAST = PastBenchmark(1e-6, 1e-7, 1e-8, 6)


def run(median: float, iqr: float = 0.0) -> Benchmark:
    """One run of a benchmark."""
    return Benchmark(median, iqr, 0.0, 5)


def test_the_past_is_the_median_of_the_last_runs_and_their_spreads() -> None:
    """One run that went wild changes neither, and of more than fifteen the oldest do not count."""
    runs = [run(2.0, 0.1), run(9.0, 5.0), run(2.2, 0.2)]
    assert past_of(runs) == PastBenchmark(2.2, 0.2, pytest.approx(0.2), 3)  # type: ignore[arg-type]  # compares as a number
    assert past_of([run(1.0)] * 15 + [run(99.0)] * 50) == PastBenchmark(1.0, 0.0, 0.0, 15)
    assert past_of([]) is None


@pytest.mark.parametrize("past", [None, PAST])
def test_figures_of_any_size_survive_the_report(past: PastBenchmark | None) -> None:
    """Nanoseconds keep their digits, and a benchmark without a past has none."""
    measured = (Measured("a.py::t", NOW, past), Measured("b.py::t", Benchmark(1.234567e-9, 0.0, 0.0, 1), past))
    assert benchmarks_of(entry_of(plain_benchmarks(measured), "")) == measured


def test_a_report_without_benchmarks_has_no_such_key() -> None:
    """Nothing is written, and nothing is missed."""
    assert plain_benchmarks(()) == {}
    assert benchmarks_of(entry_of({}, "")) == ()


@pytest.mark.parametrize("wrong", [{"median": float("nan")}, {"median": -1.0}, {"iqr": float("inf")}, {"rounds": 0}])
def test_figures_that_cannot_be_are_none(wrong: dict[str, float]) -> None:
    """A test that fakes the clock measures nothing."""
    assert benchmark_of(NOW._asdict()) == NOW
    assert benchmark_of({**NOW._asdict(), **wrong}) is None


@pytest.mark.parametrize(
    ("now", "past", "margin", "told"),
    [
        (run(1.21), PastBenchmark(1.0, 0.0, 0.0, 5), 0.2, True),
        (run(1.19), PastBenchmark(1.0, 0.0, 0.0, 5), 0.2, False),
        (run(1.19), PastBenchmark(1.0, 0.0, 0.0, 5), 0.1, True),
        (run(9.0), PastBenchmark(1.0, 0.0, 0.0, 4), 0.2, False),
        (run(1.5, 0.6), PastBenchmark(1.0, 0.0, 0.0, 5), 0.2, False),
        (run(1.5), PastBenchmark(1.0, 0.6, 0.0, 5), 0.2, False),
        (run(1.5), PastBenchmark(1.0, 0.0, 0.1, 5), 0.2, False),
        (run(0.5), PastBenchmark(1.0, 0.0, 0.0, 5), 0.2, False),
        (run(9.0), PastBenchmark(0.0, 0.0, 0.0, 5), 0.2, False),
        (run(9.0), None, 0.2, False),
    ],
)
def test_slower_is_beyond_the_margin_and_beyond_every_spread(
    now: Benchmark, past: PastBenchmark | None, margin: float, told: bool
) -> None:
    """The margin, the quartiles of both, the runs among themselves, and enough of them."""
    suite = example_suite({"unit": 1}, seconds={"unit": 1.0})
    suite = replace(suite, benchmarks=(Measured(suite.tests[0].nodeid, now, past),))
    assert bool(list(SlowerThanHistory(benchmark_margin=margin).check(suite))) is told


def test_the_sentence_has_both_medians() -> None:
    """And how many rounds and runs they are of, and the difference as a share."""
    suite = example_suite({"unit": 1}, seconds={"unit": 1.0})
    suite = replace(suite, benchmarks=(Measured(suite.tests[0].nodeid, NOW, PAST),))
    (found,) = SlowerThanHistory().check(suite)
    assert "measured 1.50 µs (median of 1,000 rounds), its last 6 runs 1.00 µs: 50 % slower" in found.message


@pytest.mark.parametrize(
    ("seconds", "expected"),
    [(1.5, "1.50 s"), (0.0123, "12.3 ms"), (4.07e-6, "4.07 µs"), (8.12e-7, "812 ns"), (0.9999, "1.00 s"), (0, "0 ns")],
)
def test_a_time_of_any_size_has_three_digits(seconds: float, expected: str) -> None:
    """From seconds to nanoseconds."""
    assert short_time(seconds) == expected


def test_the_table_of_benchmarks_has_the_slowest_first() -> None:
    """The last median beside the usual one, spread and runs."""
    known = {"a.py::quick": [run(0.001)], "a.py::slow": [run(3.0, 0.1), run(2.0, 0.1), run(2.0, 0.1)]}
    rows = benchmarks(known, 1)
    assert rows == [("3.00 s", "2.00 s", "100 ms", "3", "a.py::slow")]
