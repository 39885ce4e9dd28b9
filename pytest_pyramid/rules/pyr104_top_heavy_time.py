"""PYR104: the upper tiers take the time."""

from __future__ import annotations

import math
from collections.abc import Iterable
from dataclasses import dataclass, replace
from typing import ClassVar

from pytest_pyramid.core.examples import example_suite
from pytest_pyramid.core.facts import Suite
from pytest_pyramid.core.layers import Fraction
from pytest_pyramid.core.ruling import Stage
from pytest_pyramid.core.shapes import judged_census
from pytest_pyramid.core.violations import Severity, Violation


@dataclass(frozen=True, slots=True, kw_only=True)
class TopHeavyTime:
    """The tiers above the base take more than their share of the seconds.

    ## What it does

    Adds up setup, call and teardown of all tests, and compares the part that the tiers above the base take with
    `max-share`. It is off by default: many sound suites spend most of their seconds at the top. A partial run is not
    judged, nor a run in which tests were withheld or lost, nor a suite with too many tests that have no tier.

    ## Why it matters

    A suite can be a pyramid by number and still make everybody wait for a few slow tests.

    ## How to fix

    `pytest --durations=20` names the slowest tests. Share what they set up, test their cases in a lower tier, or move
    the slowest into a stage that does not run with every change.

    ## Options

    - `max-share` (0.5): the largest share, 0 to 1, of all seconds that the tiers above the base may take together.

    ## Example

    ```text
    PYR104 top-heavy-time: the tiers above unit take 91.0 % of the seconds (9.1 of 10.0), the limit is 50 %
    ```

    ```toml
    [tool.pytest_pyramid.severity]
    PYR104 = "warning"

    [tool.pytest_pyramid.rules.PYR104]
    max-share = 0.8
    ```
    """

    code: ClassVar[str] = "PYR104"
    name: ClassVar[str] = "top-heavy-time"
    stage: ClassVar[Stage] = Stage.RUN
    default: ClassVar[Severity] = Severity.OFF

    max_share: Fraction = 0.5

    @staticmethod
    def good() -> tuple[Suite, ...]:
        """Suites that keep the rule."""
        return (
            example_suite({"unit": 4, "service": 1}, seconds={"unit": 0.25, "service": 1.0}),
            example_suite({"unit": 4, "service": 1}),
            replace(example_suite({"ui": 1}, seconds={"ui": 9.0}), partial_reason="only ui"),
        )

    @staticmethod
    def bad() -> tuple[Suite, ...]:
        """Suites that break it."""
        return (
            example_suite({"unit": 4, "service": 1}, seconds={"unit": 0.25, "service": 1.5}),
            example_suite({"unit": 4, "ui": 1}, seconds={"unit": 0.01, "ui": 2.0}),
        )

    def check(self, suite: Suite) -> Iterable[Violation]:
        """One violation when the seconds above the base are too many."""
        census = judged_census(suite)
        if census is None or census.total.unrun or not census.total.seconds:
            return
        total, above = census.total.seconds, math.fsum(row.seconds for row in census.tiers[1:])
        share = above / total
        if share <= self.max_share:
            return
        base = suite.pyramid.base.name
        slowest = max(census.tiers[1:], key=lambda row: row.seconds)
        took = f"the tiers above {base} take {share * 100:.1f} % of the seconds ({above:.1f} of {total:.1f})"
        yield Violation(
            code=self.code,
            name=self.name,
            severity=self.default,
            message=f"{took}, the limit is {self.max_share * 100:g} %",
            hint=f"begin with {slowest.name} ({slowest.seconds:.1f} s); pytest --durations=20 names the slowest tests",
            tier=slowest.name,
            data=(("share", share), ("max_share", self.max_share), ("seconds_above", above), ("seconds", total)),
        )
