"""PYR101: more tests above than below."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, replace
from typing import ClassVar

from pytest_pyramid.core.census import Census, Row
from pytest_pyramid.core.examples import example_suite
from pytest_pyramid.core.facts import Suite
from pytest_pyramid.core.layers import Count
from pytest_pyramid.core.ruling import Stage
from pytest_pyramid.core.shapes import judged_census
from pytest_pyramid.core.violations import Severity, Violation


@dataclass(frozen=True, slots=True, kw_only=True)
class InvertedPyramid:
    """A tier has more test functions than a tier below it.

    ## What it does

    Compares the test functions of every tier with those of the tiers below it. All cases of a parametrized function
    count as one. Every tier that outnumbers a lower one is one violation. Suites with fewer functions than
    `min-functions` are left alone, and so is a partial run and a suite with too many tests that have no tier.

    ## Why it matters

    A test of a higher tier is slower, breaks for more reasons and says less about where the fault is. When such tests
    outnumber those below, the suite is slow to tell and its failures are hard to read.

    ## How to fix

    Look for tests of the upper tier that vary one decision of the code through the whole program, and test that
    decision below. Keep one test above for the way through. When the suite has no use for a tier that is empty, leave
    it out of the configured tiers.

    ## Options

    - `min-functions` (20): a suite with fewer test functions than this is too small to have a shape.

    ## Example

    ```text
    PYR101 inverted-pyramid: ui has 40 test functions, more than service below it (12)
    ```

    ```toml
    [tool.pytest_pyramid.rules.PYR101]
    min-functions = 50
    ```
    """

    code: ClassVar[str] = "PYR101"
    name: ClassVar[str] = "inverted-pyramid"
    stage: ClassVar[Stage] = Stage.COLLECTION
    default: ClassVar[Severity] = Severity.ERROR

    min_functions: Count = 20

    @staticmethod
    def good() -> tuple[Suite, ...]:
        """Suites that keep the rule."""
        return (
            example_suite({"unit": 14, "service": 6, "ui": 2}),
            example_suite({"unit": 8, "service": 8, "ui": 8}),
            example_suite({"unit": 1, "service": 2, "ui": 3}),
            replace(example_suite({"unit": 2, "service": 6, "ui": 14}), partial_reason="-k cart"),
            example_suite({"unit": 2, "service": 6, "ui": 14, "unclassified": 10}),
        )

    @staticmethod
    def bad() -> tuple[Suite, ...]:
        """Suites that break it."""
        return (
            example_suite({"unit": 2, "service": 6, "ui": 14}),
            example_suite({"unit": 14, "service": 2, "ui": 6}),
            example_suite({"service": 14, "ui": 6}),
        )

    def check(self, suite: Suite) -> Iterable[Violation]:
        """One violation for every tier that outnumbers a tier below it; it names the nearest such tier."""
        census = judged_census(suite)
        if census is None or census.total.functions < self.min_functions:
            return
        for upper, lower in _inversions(census):
            functions = "1 test function" if upper.functions == 1 else f"{upper.functions} test functions"
            yield Violation(
                code=self.code,
                name=self.name,
                severity=self.default,
                message=f"{upper.name} has {functions}, more than {lower.name} below it ({lower.functions})",
                hint=_hint(upper, lower, census.tiers[0]),
                tier=upper.name,
                data=(("functions", upper.functions), ("below", lower.name), ("functions_below", lower.functions)),
            )


def _inversions(census: Census) -> Iterable[tuple[Row, Row]]:
    for rank, upper in enumerate(census.tiers):
        lower = next((row for row in reversed(census.tiers[:rank]) if row.functions < upper.functions), None)
        if lower is not None:
            yield upper, lower


def _hint(upper: Row, lower: Row, base: Row) -> str:
    move = f"test in {lower.name} the single decisions of the code that {upper.name} tests go through"
    return f"{move}, or leave {lower.name} out of the tiers" if lower.functions == 0 and lower != base else move
