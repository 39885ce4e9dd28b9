"""PYR701: a test of an upper tier that only ever behaved like one of a lower tier."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, replace
from typing import ClassVar

from pytest_pyramid.core.behaviour import ENOUGH_RUNS, QUICK, Behaviour, seen, watched
from pytest_pyramid.core.examples import example_suite
from pytest_pyramid.core.facts import Suite, TestFacts
from pytest_pyramid.core.forecast import Estimate
from pytest_pyramid.core.layers import Count, Seconds
from pytest_pyramid.core.ruling import Stage
from pytest_pyramid.core.tiers import Action, Pyramid, Resource, Tier
from pytest_pyramid.core.violations import Severity, Violation

_CLAIMS = ("marker", "path", "hook", "default")
"""What people say of a test; any other placement is evidence that it needs what it asks for."""
_TEST = "tests/service/test_service.py::test_0"


def _example(*touched: Resource, runs: int = 5, seconds: float = 0.004) -> Suite:
    """A suite of one service test that touched the same in every run."""
    suite = example_suite({"service": 1}, seconds={"service": seconds})
    guard = ((Resource.PROCESS, Action.ERROR), (Resource.NETWORK, Action.ERROR))
    tiers = (suite.pyramid.base._replace(guard=guard), *suite.pyramid.tiers[1:])
    behaviour = Behaviour(tuple(frozenset(touched) for _ in range(runs)))
    past = {_TEST: Estimate(seconds, runs=runs)}
    return replace(suite, pyramid=Pyramid(tiers=tiers), behaviours={_TEST: behaviour}, past=past)


@dataclass(frozen=True, slots=True, kw_only=True)
class OverTieredTest:
    """A test of an upper tier only ever behaved like a test of a lower one.

    ## What it does

    Looks at what the guard saw of every test above the base in its last runs, at most five, and at how long it takes as
    a rule. Where none of it would have broken the guard of a lower tier, and the test is as quick as tests there have
    to be, it is told with the lowest such tier. All cases of a test function have to behave so. A test that asks for a
    browser, a server or a database by name is left alone: the guard cannot see what a fixture did before.
    The rule is off until it is selected, and needs a history and a guard; runs without them teach it nothing.

    ## Why it matters

    A test in too high a tier runs later than it could, is withheld by failures that have nothing to do with it, and makes
    the suite look heavier than it is. Moved down it tells of its error in the first seconds.

    ## How to fix

    Look whether it means to test what its tier is about. If it does, it may test nothing: find out why the thing is never
    touched. If it does not, move it to the lower tier by its marker or its folder.

    ## Options

    - `min-runs` (3): so many watched runs a test needs before it is told.
    - `max-seconds` (0.1): the seconds that a test may take, where the lower tier sets no `max-seconds`.

    ## Example

    ```text
    PYR701 over-tiered-test: tests/service/test_a.py::test_x behaved like unit in 5 runs: it touched nothing that
    unit may not, and took 0.004 s
    ```

    ```toml
    [tool.pytest_pyramid]
    select = ["PYR701", "PYR1", "PYR2"]
    ```
    """

    code: ClassVar[str] = "PYR701"
    name: ClassVar[str] = "over-tiered-test"
    stage: ClassVar[Stage] = Stage.RUN
    default: ClassVar[Severity] = Severity.OFF

    min_runs: Count = ENOUGH_RUNS
    max_seconds: Seconds = QUICK

    @staticmethod
    def good() -> tuple[Suite, ...]:
        """Suites that keep the rule."""
        return (_example(Resource.PROCESS), _example(runs=2), _example(seconds=0.5), example_suite({"service": 1}))

    @staticmethod
    def bad() -> tuple[Suite, ...]:
        """Suites that break it."""
        return (_example(), _example(Resource.FILES, runs=3), replace(_example(), partial_reason="-k cart"))

    def check(self, suite: Suite) -> Iterable[Violation]:
        """One violation for every test function of which all cases fit a lower tier."""
        if not suite.behaviours:
            return
        now = {outcome.nodeid: seen(outcome) for outcome in watched(suite.outcomes)}
        functions: dict[str, list[TestFacts]] = {}
        for test in suite.tests:
            functions.setdefault(test.function, []).append(test)
        for cases in functions.values():
            tier = self._lowest(cases, suite, now)
            if tier is not None:
                yield self._violation(cases, tier, suite)

    def _lowest(self, cases: Sequence[TestFacts], suite: Suite, now: dict[str, frozenset[Resource]]) -> Tier | None:
        """The lowest tier below that all cases fit, None when they are where they belong or too little is known."""
        behaviours, slowest = [], 0.0
        for test in cases:
            past, estimate = suite.behaviours.get(test.nodeid, Behaviour()), suite.past.get(test.nodeid)
            if estimate is None or len(past.runs) < self.min_runs:
                return None
            if any(one.source not in _CLAIMS for one in test.placements):
                return None
            behaviours.append(past.then(now.get(test.nodeid, ())))
            slowest = max(slowest, estimate.seconds)
        for tier in _below(cases[0], suite.pyramid):
            limit = self.max_seconds if tier.max_seconds is None else tier.max_seconds
            if slowest <= limit and all(one.fits(tier) for one in behaviours):
                return tier
        return None

    def _violation(self, cases: Sequence[TestFacts], tier: Tier, suite: Suite) -> Violation:
        test = cases[0]
        runs = min(len(suite.behaviours[one.nodeid].runs) for one in cases)
        seconds = max(suite.past[one.nodeid].seconds for one in cases)
        who = test.nodeid if len(cases) == 1 else f"{test.function} ({len(cases)} cases)"
        return Violation(
            code=self.code,
            name=self.name,
            severity=Severity.WARNING,
            message=f"{who} behaved like {tier.name} in {runs} runs: it touched nothing that {tier.name} may not, "
            f"and took {seconds:.2g} s",
            hint=f"move it to {tier.name}, or find out why it never touches what {test.tier} tests are for",
            tier=test.tier,
            nodeid=test.nodeid,
            location=test.location,
            data=(("fits", tier.name), ("runs", runs), ("seconds", seconds)),
        )


def _below(test: TestFacts, pyramid: Pyramid) -> Iterator[Tier]:
    """The tiers below the test's own, the lowest first, that may do less than it."""
    own = pyramid.named(test.tier)
    if own is None or own.side:
        return
    for tier in pyramid.below(own.rank):
        if _forbidden(tier) - _forbidden(own):
            yield tier


def _forbidden(tier: Tier) -> set[Resource]:
    return {resource for resource, action in tier.guard if action is not Action.ALLOW}
