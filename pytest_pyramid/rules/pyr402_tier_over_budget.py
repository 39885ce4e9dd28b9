"""PYR402: a tier takes longer than its budget."""

from __future__ import annotations

import math
from collections.abc import Iterable, Sequence
from dataclasses import replace
from typing import ClassVar

from pytest_pyramid.core.examples import example_suite
from pytest_pyramid.core.facts import Outcome, Suite
from pytest_pyramid.core.figures import beyond
from pytest_pyramid.core.ruling import RuleWithoutOptions, Stage
from pytest_pyramid.core.tiers import Pyramid, Tier
from pytest_pyramid.core.violations import Severity, Violation

MINUTE = Pyramid(tiers=(Tier(name="unit", rank=0, budget_seconds=60.0), Tier(name="service", rank=1)))
"""The budget of the examples."""

MOST_NAMED = 3


def _example(row: str, *starts: float) -> Suite:
    """A suite of one tier whose tests take 20 s each, started then."""
    suite = example_suite({row: len(starts)}, seconds={row: 20.0})
    outcomes = (outcome._replace(start=start) for outcome, start in zip(suite.outcomes, starts, strict=True))
    return replace(suite, pyramid=MINUTE, outcomes=tuple(outcomes))


class TierOverBudget(RuleWithoutOptions):
    """A tier takes longer than its budget.

    ## What it does

    Measures every tier by the wall clock, from the start of its first test to the end of its last one, and compares
    that with `budget-seconds` of the tier. More workers make it shorter. Tests without a tier use up no budget. A
    partial run is judged as well, by what ran.

    ## Why it matters

    A stage is as fast as people are willing to wait for it. It gets slower by a second at a time, and nobody decides
    that it may; the budget is where somebody does.

    ## How to fix

    Begin with the functions that the hint names. Make them cheaper, test their cases in a lower tier, or run the tier
    with more workers (`-n`). When the wait is worth it, raise `budget-seconds`.

    ## Options

    None. The budgets stand with the tiers.

    ## Example

    ```text
    PYR402 tier-over-budget: unit took 612.4 s from its first test to its last, its budget is 600 s
    ```

    ```toml
    [[tool.pytest_pyramid.tiers]]
    name = "unit"
    budget-seconds = 600
    ```
    """

    code: ClassVar[str] = "PYR402"
    name: ClassVar[str] = "tier-over-budget"
    stage: ClassVar[Stage] = Stage.RUN
    default: ClassVar[Severity] = Severity.ERROR

    @staticmethod
    def good() -> tuple[Suite, ...]:
        """Suites that keep the rule."""
        return (
            _example("unit", 0.0, 20.0, 40.0),
            _example("unit", 5.0, 5.0, 5.0, 5.0),
            _example("service", 0.0, 90.0),
            _example("unclassified", 0.0, 90.0),
        )

    @staticmethod
    def bad() -> tuple[Suite, ...]:
        """Suites that break it."""
        return (
            _example("unit", 0.0, 20.0, 40.5),
            replace(_example("unit", 3.0, 90.0), partial_reason="only unit"),
        )

    def check(self, suite: Suite) -> Iterable[Violation]:
        """One violation for every tier that took longer than its budget."""
        for tier in suite.pyramid:
            if tier.budget_seconds is None:
                continue
            tests = [one for one in suite.outcomes if one.tier == tier.name and one.result.ran]
            seconds = _wall_clock(tests)
            if seconds <= tier.budget_seconds:
                continue
            took = beyond(seconds, tier.budget_seconds)
            yield Violation(
                code=self.code,
                name=self.name,
                severity=self.default,
                message=f"{tier.name} took {took} from its first test to its last, "
                f"its budget is {tier.budget_seconds:g} s",
                hint=f"begin with the slowest: {_slowest(suite, tests)}",
                tier=tier.name,
                data=(("seconds", seconds), ("budget", tier.budget_seconds), ("tests", len(tests))),
            )


def _wall_clock(tests: Sequence[Outcome]) -> float:
    spans = [(one.start, one.start + one.seconds) for one in tests if one.start is not None]
    return max(end for _, end in spans) - min(start for start, _ in spans) if spans else 0.0


def _slowest(suite: Suite, tests: Sequence[Outcome]) -> str:
    """The functions that took most, all their cases together."""
    function_of = {test.nodeid: test.function for test in suite.tests}
    cases: dict[str, list[float]] = {}
    for one in tests:
        cases.setdefault(function_of.get(one.nodeid, one.nodeid), []).append(one.seconds)
    sums = sorted(((math.fsum(seconds), function) for function, seconds in cases.items()), key=lambda it: -it[0])
    return ", ".join(f"{function} ({seconds:.2f} s)" for seconds, function in sums[:MOST_NAMED])
