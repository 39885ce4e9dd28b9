"""PYR403: a test takes longer than its history lets expect, twice in a row."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING, Annotated, ClassVar

from pytest_pyramid.core.examples import example_suite
from pytest_pyramid.core.facts import Result, Suite
from pytest_pyramid.core.figures import beyond, short_time
from pytest_pyramid.core.forecast import Estimate
from pytest_pyramid.core.layers import Count
from pytest_pyramid.core.pace import SCALE, pace
from pytest_pyramid.core.reading import Bounds
from pytest_pyramid.core.ruling import Stage
from pytest_pyramid.core.violations import Severity, Violation

if TYPE_CHECKING:
    from pytest_pyramid.core.benchmarks import Measured

DEVIATIONS = 4.0


def _example(seconds: float, *, last: float, runs: int = 8, spread: float = 0.01) -> Suite:
    """A suite of one test that takes so long now and took so long last time, and 0.2 s before."""
    suite = example_suite({"unit": 1}, seconds={"unit": seconds})
    past = Estimate(0.2, spread, runs, last_seconds=last)
    return replace(suite, past={suite.tests[0].nodeid: past})


def _measured(median: float, *, runs: int = 8, spread: float = 0.00001) -> Suite:
    """A suite of one test whose benchmark took so many seconds now, and a millisecond before."""
    suite = example_suite({"unit": 1}, seconds={"unit": 1.0})
    from pytest_pyramid.core.benchmarks import (  # noqa: PLC0415  # no run makes the examples
        Benchmark,
        Measured,
        PastBenchmark,
    )

    past = PastBenchmark(0.001, spread, 0.0, runs)
    return replace(suite, benchmarks=(Measured(suite.tests[0].nodeid, Benchmark(median, spread, spread, 100), past),))


@dataclass(frozen=True, slots=True, kw_only=True)
class SlowerThanHistory:
    """A test takes clearly longer than in its remembered runs, for the second time in a row.

    ## What it does

    Compares the call of every test that passed with the median of its last 15 remembered runs. A test is told when the
    call lies beyond the median by more than four standard deviations (from the median absolute deviation), by more than
    half of the median, and by more than `min-seconds`, and when the run before lay beyond the same bound. With fewer
    than `min-runs` remembered runs nothing is told. Once most of the remembered runs are slow, that is what the test
    takes, and it is told no more. Where half of all tests are slower than usual, that is the machine, and the seconds are
    divided by as much before they are compared. Setup is left out, because the first test of a file pays for the fixtures of others.

    A test that pytest-benchmark measured is compared by the median of its rounds instead, with the median of its
    remembered runs' medians. It is told, at the first run already, when it is slower by more than `benchmark-margin`, a
    share of that median, and by more than the spread: the distance between the quartiles of the rounds, now and
    before, and four standard deviations of the medians from run to run.

    ## Why it matters

    Tests that have a limit get slower below it, and most tests have none. The change that did it is easiest to find on
    the day it is made.

    ## How to fix

    Look at what changed since: `pytest-pyramid history show NAME` has the last results. Where the test now does more,
    nothing is wrong, and the history will soon say the same.

    ## Options

    `min-runs`: how many runs have to be remembered, 5 by default. `min-seconds`: a difference below this is never
    told, 0.1 by default. `benchmark-margin`: the share by which a benchmark may be slower, 0.2 by default.

    ## Example

    ```text
    PYR403 slower-than-history: tests/unit/test_a.py::test_x took 0.84 s, its last 12 runs 0.21 s (median)
    ```

    ```toml
    [tool.pytest_pyramid.rules.PYR403]
    min-runs = 8
    min-seconds = 0.5
    benchmark-margin = 0.1
    ```
    """

    code: ClassVar[str] = "PYR403"
    name: ClassVar[str] = "slower-than-history"
    stage: ClassVar[Stage] = Stage.RUN
    default: ClassVar[Severity] = Severity.WARNING

    min_runs: Count = 5
    min_seconds: Annotated[float, Bounds(least=0)] = 0.1
    benchmark_margin: Annotated[float, Bounds(least=0)] = 0.2

    @staticmethod
    def good() -> tuple[Suite, ...]:
        """Suites that keep the rule."""
        return (
            example_suite({"unit": 1}, seconds={"unit": 9.0}),
            _example(0.29, last=0.29),
            _example(0.84, last=0.21),
            _example(0.84, last=0.8, runs=4),
            _example(0.84, last=0.8, spread=0.2),
            _measured(0.0011),
            _measured(0.002, runs=4),
            _measured(0.002, spread=0.0015),
        )

    @staticmethod
    def bad() -> tuple[Suite, ...]:
        """Suites that break it."""
        slower = _example(0.84, last=0.8)
        return (slower, replace(slower, partial_reason="-k cart"), _measured(0.0013))

    def check(self, suite: Suite) -> Iterable[Violation]:
        """One violation for every test that got slower."""
        if not suite.past and not suite.benchmarks:
            return
        usual = pace(suite)
        yield from self._benchmarks(suite, usual)
        measured = {one.nodeid for one in suite.benchmarks}
        slower = [one for one in suite.outcomes if one.result is Result.PASSED and one.nodeid in suite.past]
        slower = [one for one in slower if one.nodeid not in measured] if measured else slower
        slower = [one for one in slower if self._is_beyond(one.call_seconds / usual, suite.past[one.nodeid])]
        tests = {test.nodeid: test for test in suite.tests} if slower else {}
        for one in slower:
            past, test = suite.past[one.nodeid], tests[one.nodeid]
            yield Violation(
                code=self.code,
                name=self.name,
                severity=self.default,
                message=f"{one.nodeid} took {beyond(one.call_seconds, past.seconds)}, "
                f"its last {past.runs} runs {past.seconds:.2f} s (median)",
                hint="look at what changed, in the test and in what it calls; the run before was slow as well",
                tier=test.tier,
                nodeid=one.nodeid,
                location=test.location,
                data=(("seconds", one.call_seconds), ("median", past.seconds), ("runs", past.runs)),
            )

    def _benchmarks(self, suite: Suite, usual: float) -> Iterable[Violation]:
        """One violation for every benchmark that got slower."""
        slower = [one for one in suite.benchmarks if self._is_slower(one, usual)]
        tests = {test.nodeid: test for test in suite.tests} if slower else {}
        for one in slower:
            test, past = tests.get(one.nodeid), one.past
            if test is None or past is None:
                continue
            more = one.now.median / past.median - 1
            yield Violation(
                code=self.code,
                name=self.name,
                severity=self.default,
                message=f"{one.nodeid} measured {short_time(one.now.median)} (median of {one.now.rounds:,} rounds), "
                f"its last {past.runs} runs {short_time(past.median)}: {more * 100:.0f} % slower",
                hint="look at what changed in the code that it measures, or run it again on a quiet machine",
                tier=test.tier,
                nodeid=one.nodeid,
                location=test.location,
                data=(("seconds", one.now.median), ("median", past.median), ("runs", past.runs)),
            )

    def _is_slower(self, one: Measured, usual: float) -> bool:
        now, past = one.now, one.past
        if past is None or past.runs < self.min_runs or past.median <= 0:
            return False
        spread = max(now.iqr, past.iqr, DEVIATIONS * SCALE * past.deviation)
        return now.median / usual - past.median > max(self.benchmark_margin * past.median, spread)

    def _is_beyond(self, seconds: float, past: Estimate) -> bool:
        margin = max(DEVIATIONS * SCALE * past.spread, past.seconds / 2, self.min_seconds)
        return past.runs >= self.min_runs and min(seconds, past.last_seconds) > past.seconds + margin
