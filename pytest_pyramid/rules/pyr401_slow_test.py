"""PYR401: a test takes longer than it may."""

from __future__ import annotations

import math
from collections.abc import Iterable, Iterator
from dataclasses import replace
from typing import ClassVar, NamedTuple

from pytest_pyramid.core.examples import example_suite
from pytest_pyramid.core.facts import Outcome, Suite, TestFacts
from pytest_pyramid.core.figures import beyond
from pytest_pyramid.core.forecast import Estimate
from pytest_pyramid.core.pace import is_too_slow, limit_of
from pytest_pyramid.core.ruling import RuleWithoutOptions, Stage
from pytest_pyramid.core.tiers import Pyramid, Tier
from pytest_pyramid.core.violations import Severity, Violation

HALF = Pyramid(tiers=(Tier(name="unit", rank=0, max_seconds=0.5), Tier(name="service", rank=1)))
"""The limits of the examples."""


class _Case(NamedTuple):
    """One test that ran, and the seconds that it might have taken."""

    test: TestFacts
    outcome: Outcome
    limit: float


def _example(row: str, seconds: float, *, own: float | None = None) -> Suite:
    """A suite of one test, which may have a limit of its own."""
    suite = example_suite({row: 1}, seconds={row: seconds})
    return replace(suite, pyramid=HALF, tests=tuple(test._replace(max_seconds=own) for test in suite.tests))


def _remembered(seconds: float, *, last: float) -> Suite:
    """A unit test that takes so long now and took so long last time, and 0.2 s before."""
    suite = _example("unit", seconds)
    return replace(suite, past={suite.tests[0].nodeid: Estimate(0.2, 0.01, 5, last_seconds=last)})


class SlowTest(RuleWithoutOptions):
    """A test takes longer than the tests of its tier may.

    ## What it does

    Compares the seconds of every test that ran, setup, call and teardown together, with `max-seconds` of its tier.
    A limit of the test's own, `@pytest.mark.pyramid(max_seconds=2)`, wins over that of the tier, be it looser or
    stricter. A function with several cases is told once, by its slowest case. A test without a tier has only its own
    limit. What a fixture takes counts for the test that sets it up or tears it down. A partial run is judged as well.

    Where the history knows three runs or more, one slow run is not told of a test whose past is well under the limit:
    its median and three standard deviations (from the median absolute deviation), at least a quarter of the median,
    lie below it, and so did its last run. The second slow run in a row is told. The history leaves out what fixtures
    cost that several tests share, so that a test which pays for them is judged by its own time.

    As an error (`severity`, `--pyramid-strict`) a slow test pulls the cord as a failed one does: the tiers above are
    withheld. The test itself keeps its outcome, and a failure its text.

    ## Why it matters

    A unit test that takes half a second is one that nobody runs after every change, and a hundred of them are a minute.
    More often than not it waits for something that a unit test should not need.

    ## How to fix

    `pytest --durations=10` tells which phase takes the time. Make that cheaper; or, when the test has to be slow, move
    it to a tier that may take longer, or give it a limit of its own.

    ## Options

    None. The limits stand with the tiers and the tests.

    ## Example

    ```text
    PYR401 slow-test: tests/unit/test_a.py::test_x took 0.84 s, unit tests may take 0.5 s
    ```

    ```toml
    [[tool.pytest_pyramid.tiers]]
    name = "unit"
    max-seconds = 0.5
    ```
    """

    code: ClassVar[str] = "PYR401"
    name: ClassVar[str] = "slow-test"
    stage: ClassVar[Stage] = Stage.RUN
    default: ClassVar[Severity] = Severity.WARNING

    @staticmethod
    def good() -> tuple[Suite, ...]:
        """Suites that keep the rule."""
        return (
            _example("unit", 0.5),
            _example("unit", 1.5, own=2.0),
            _example("service", 9.0),
            _example("unclassified", 9.0),
            _remembered(0.84, last=0.2),
        )

    @staticmethod
    def bad() -> tuple[Suite, ...]:
        """Suites that break it."""
        return (
            _example("unit", 0.84),
            _example("unit", 0.25, own=0.1),
            _example("unclassified", 9.0, own=1.0),
            replace(_example("unit", 0.84), partial_reason="-k cart"),
            _remembered(0.84, last=0.7),
        )

    def check(self, suite: Suite) -> Iterable[Violation]:
        """One violation for every function with a case that took too long."""
        slow: dict[str, list[_Case]] = {}
        for case in _beyond_their_limits(suite):
            slow.setdefault(case.test.function, []).append(case)
        for cases in slow.values():
            worst = max(cases, key=lambda case: case.outcome.seconds)
            seconds = worst.outcome.seconds
            yield Violation(
                code=self.code,
                name=self.name,
                severity=self.default,
                message=f"{worst.test.nodeid} took {beyond(seconds, worst.limit)}, {_limit(worst)}{_others(cases)}",
                hint=_hint(worst, suite),
                tier=worst.test.tier,
                nodeid=worst.test.nodeid,
                location=worst.test.location,
                data=(("seconds", seconds), ("limit", worst.limit), ("cases", len(cases))),
            )


def _beyond_their_limits(suite: Suite) -> Iterator[_Case]:
    limits = [tier.max_seconds for tier in suite.pyramid] + [test.max_seconds for test in suite.tests]
    least = min((limit for limit in set(limits) if limit is not None), default=math.inf)
    long = [one for one in suite.outcomes if one.setup_seconds + one.call_seconds + one.teardown_seconds > least]
    tests = {test.nodeid: test for test in suite.tests} if long else {}
    for outcome in long:
        test = tests.get(outcome.nodeid)
        limit = limit_of(test, suite.pyramid) if test is not None else None
        if test is not None and limit is not None and is_too_slow(outcome, limit, suite.past.get(outcome.nodeid)):
            yield _Case(test=test, outcome=outcome, limit=limit)


def _limit(case: _Case) -> str:
    if case.test.max_seconds is not None:
        return f"its own mark allows {case.limit:g} s"
    return f"{case.test.tier} tests may take {case.limit:g} s"


def _others(cases: list[_Case]) -> str:
    more = len(cases) - 1
    return f"; {more} more of its cases {'is' if more == 1 else 'are'} too slow" if more else ""


def _hint(case: _Case, suite: Suite) -> str:
    ran = case.outcome
    phases = {"call": ran.call_seconds, "setup": ran.setup_seconds, "teardown": ran.teardown_seconds}
    longest = max(phases, key=lambda phase: phases[phase])
    took = f"its {longest} took {phases[longest]:.2f} s: make that cheaper"
    if case.test.max_seconds is not None:
        return f"{took}, or raise the limit of its mark"
    return f"{took}, move the test to {_longer(case, suite)}, or mark it with its own limit"


def _longer(case: _Case, suite: Suite) -> str:
    """The nearest tier above that has time for the test."""
    rank = suite.pyramid.rank_of(case.test.tier)
    for tier in suite.pyramid.above(rank):
        if tier.max_seconds is None or tier.max_seconds >= case.outcome.seconds:
            may = "have no limit" if tier.max_seconds is None else f"may take {tier.max_seconds:g} s"
            return f"{tier.name}, whose tests {may}"
    return "a tier that may take longer"
