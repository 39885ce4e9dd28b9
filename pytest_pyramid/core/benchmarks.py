"""What pytest-benchmark measured in a run, and how that compares with what it measured before."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from math import isfinite
from typing import Any, NamedTuple

from pytest_pyramid.core.plain_entry import Entry


class Benchmark(NamedTuple):
    """What one test measured in one run; all but the counts in seconds of one iteration."""

    median: float
    iqr: float
    """The distance between the quartiles of the rounds."""
    stddev: float
    rounds: int
    iterations: int = 1


class PastBenchmark(NamedTuple):
    """What a test measured in its remembered runs, in seconds."""

    median: float
    """The median of the runs' medians."""
    iqr: float
    """The median of the runs' distances between the quartiles."""
    deviation: float
    """The median absolute deviation of the runs' medians."""
    runs: int


class Measured(NamedTuple):
    """One test's figures of this run, and of those before it where there are any."""

    nodeid: str
    now: Benchmark
    past: PastBenchmark | None = None


def benchmark_of(plain: Mapping[str, Any]) -> Benchmark | None:
    """The figures that another process sent, None for those that are none: a clock may have been faked."""
    found = Benchmark(**plain)
    numbers = (found.median, found.iqr, found.stddev)
    return found if all(isfinite(number) and number >= 0 for number in numbers) and found.rounds > 0 else None


def plain_benchmarks(measured: Iterable[Measured]) -> dict[str, Any]:
    """The key "benchmarks" with one object per test, or nothing when nothing was measured."""
    found = [_plain(one) for one in measured]
    return {"benchmarks": found} if found else {}


def benchmarks_of(whole: Entry) -> tuple[Measured, ...]:
    """The measurements of the report, none when it has no such key.

    Raises ValueError when a key is missing or of the wrong kind.
    """
    return tuple(_measured(entry) for entry in whole.entries("benchmarks")) if whole.has("benchmarks") else ()


def _plain(one: Measured) -> dict[str, Any]:
    past = None if one.past is None else {key: _short(value) for key, value in one.past._asdict().items()}
    return {"nodeid": one.nodeid, **{key: _short(value) for key, value in one.now._asdict().items()}, "past": past}


def _short(value: float) -> float:
    """Seven digits: a benchmark may take nanoseconds, so places after the point are no measure."""
    return value if isinstance(value, int) else float(f"{value:.7g}")


def _measured(entry: Entry) -> Measured:
    past = None
    if entry.values.get("past") is not None:
        known = entry.entry("past")
        past = PastBenchmark(
            known.number("median"), known.number("iqr"), known.number("deviation"), known.whole("runs")
        )
    now = Benchmark(
        entry.number("median"), entry.number("iqr"), entry.number("stddev"), entry.whole("rounds"),
        entry.whole("iterations"),
    )  # fmt: skip
    return Measured(entry.text("nodeid"), now, past)
