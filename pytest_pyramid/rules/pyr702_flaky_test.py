"""PYR702: a test that both passed and failed on the same code."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import replace
from typing import ClassVar

from pytest_pyramid.core.drawing import percent
from pytest_pyramid.core.examples import example_suite
from pytest_pyramid.core.facts import Suite
from pytest_pyramid.core.ruling import RuleWithoutOptions, Stage
from pytest_pyramid.core.violations import Severity, Violation

KNOWN = "tests/unit/test_unit.py::test_0"
"""The test of the examples."""


def _example(nodeid: str, *, failures: int = 1, runs: int = 5) -> Suite:
    """A suite of one test, and a flaky test that is remembered."""
    from pytest_pyramid.core.flakiness import Flake, wilson  # noqa: PLC0415  # no run makes the examples

    low, high = wilson(failures, runs)
    flake = Flake(nodeid=nodeid, codes=1, failures=failures, runs=runs, low=low, high=high)
    return replace(example_suite({"unit": 1}), flakes=(flake,))


class FlakyTest(RuleWithoutOptions):
    """A test both passed and failed while the code stood still.

    ## What it does

    Looks at the last results of every selected test in the history. Where the same code, that is the same commit with
    the same local changes as git tells them, saw the test pass and fail, the test is flaky. The share of failures is
    told with its 95 % interval (Wilson). A run is judged by the runs before it, so that a test is told from the next
    run on; after 15 runs without such a pair it is told no more. Without git, and without a history, nothing is flaky.
    A partial run is judged as well.

    ## Why it matters

    A failure that may mean nothing teaches people to run again instead of looking, and then real failures pass too. In
    the tiers below it also closes the gate for everything above, for no reason.

    ## How to fix

    `pytest-pyramid history show NAME` shows the last results. Most flaky tests wait a fixed time for something, depend
    on the order of tests or of a set, or share a file, a port or a database with another test. Mend it or remove it.

    ## Options

    None.

    ## Example

    ```text
    PYR702 flaky-test: tests/ui/test_a.py::test_x failed in 3 of 12 runs of the same code (9 % to 53 % of all runs)
    ```
    """

    code: ClassVar[str] = "PYR702"
    name: ClassVar[str] = "flaky-test"
    stage: ClassVar[Stage] = Stage.RUN
    default: ClassVar[Severity] = Severity.WARNING

    @staticmethod
    def good() -> tuple[Suite, ...]:
        """Suites that keep the rule."""
        return (example_suite({"unit": 1}), _example("tests/unit/test_gone.py::test_0"))

    @staticmethod
    def bad() -> tuple[Suite, ...]:
        """Suites that break it."""
        return (_example(KNOWN), replace(_example(KNOWN, failures=4), partial_reason="-k cart"))

    def check(self, suite: Suite) -> Iterable[Violation]:
        """One violation for every selected test that is flaky."""
        flakes = {flake.nodeid: flake for flake in suite.flakes}
        for test in suite.tests if flakes else ():
            flake = flakes.get(test.nodeid)
            if flake is not None:
                yield Violation(
                    code=self.code,
                    name=self.name,
                    severity=self.default,
                    message=f"{test.nodeid} failed in {flake.failures} of {flake.runs} runs of the same code "
                    f"({percent(flake.low)} to {percent(flake.high)} of all runs)",
                    hint="find out what else it depends on: time, order, or something that it shares",
                    tier=test.tier,
                    nodeid=test.nodeid,
                    location=test.location,
                    data=(("failures", flake.failures), ("runs", flake.runs)),
                )
