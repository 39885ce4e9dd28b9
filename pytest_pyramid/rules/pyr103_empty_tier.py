"""PYR103: nothing in the base."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import replace
from typing import ClassVar

from pytest_pyramid.core.examples import example_suite
from pytest_pyramid.core.facts import Suite
from pytest_pyramid.core.ruling import RuleWithoutOptions, Stage
from pytest_pyramid.core.shapes import judged_census
from pytest_pyramid.core.violations import Severity, Violation


class EmptyTier(RuleWithoutOptions):
    """The base of the pyramid holds no test.

    ## What it does

    Asks for at least one test in the lowest tier. Tests without a tier run with the base but are not counted in it.
    A partial run is not judged, nor a suite with too many tests that have no tier. An empty tier above the base is
    PYR204.

    ## Why it matters

    The base is what a failure is found by first. Without it every run starts with slow tests, and the first gate
    lets everything through.

    ## How to fix

    Look first whether tests of the base exist and are only not found there: `pytest --pyramid-explain=all` says for
    each test which tier it has and why. If there are none, begin with the decisions of the code that need no
    database, process or network.

    ## Options

    None.

    ## Example

    ```text
    PYR103 empty-tier: unit, the base, has no test; the tiers above have 32
    ```
    """

    code: ClassVar[str] = "PYR103"
    name: ClassVar[str] = "empty-tier"
    stage: ClassVar[Stage] = Stage.COLLECTION
    default: ClassVar[Severity] = Severity.ERROR

    @staticmethod
    def good() -> tuple[Suite, ...]:
        """Suites that keep the rule."""
        return (
            example_suite({"unit": 1, "service": 5}),
            example_suite({}),
            example_suite({"unclassified": 4, "ui": 1}),
            replace(example_suite({"ui": 5}), partial_reason="only tests/ui"),
        )

    @staticmethod
    def bad() -> tuple[Suite, ...]:
        """Suites that break it."""
        return (
            example_suite({"service": 5}),
            example_suite({"service": 5, "ui": 4, "unclassified": 1}),
        )

    def check(self, suite: Suite) -> Iterable[Violation]:
        """One violation when the base is empty and the suite is not."""
        census = judged_census(suite)
        if census is None or census.tiers[0].tests:
            return
        base, above = suite.pyramid.base.name, sum(row.tests for row in census.tiers)
        yield Violation(
            code=self.code,
            name=self.name,
            severity=self.default,
            message=f"{base}, the base, has no test; the tiers above have {above}",
            hint=f"mark the tests that belong there with @pytest.mark.{_marker(suite)}; "
            "pytest --pyramid-explain=all says why each test is where it is",
            tier=base,
            data=(("tests_above", above),),
        )


def _marker(suite: Suite) -> str:
    base = suite.pyramid.base
    return base.markers[0] if base.markers else base.name
