"""PYR102: a tier misses its configured target."""

from __future__ import annotations

import math
from collections.abc import Iterable
from dataclasses import replace
from typing import ClassVar

from pytest_pyramid.core.examples import example_suite
from pytest_pyramid.core.facts import Suite
from pytest_pyramid.core.ruling import RuleWithoutOptions, Stage
from pytest_pyramid.core.shapes import judged_census
from pytest_pyramid.core.tiers import Share, Tier
from pytest_pyramid.core.violations import Severity, Violation

TARGETS = {"unit": Share(min=0.6), "ui": Share(max=0.2)}
"""The targets of the examples."""


class TierShare(RuleWithoutOptions):
    """A tier's share of all test functions misses its configured target.

    ## What it does

    Compares each tier's share of all test functions, those without a tier among them, with `share` of the tier's
    configuration. Both bounds belong to the target. A tier without `share` has no target. A partial run is not
    judged, nor a suite with too many tests that have no tier.

    ## Why it matters

    The target is what the team agreed on. A share moves a little with every change and nobody notices; the rule does.

    ## How to fix

    Write the next tests in the tier that is too small, or test there what a tier that is too large tests through the
    whole program. When the agreement itself has changed, change `share`.

    ## Options

    None. The targets stand with the tiers.

    ## Example

    ```text
    PYR102 tier-share: unit has 45.0 % of the test functions (45 of 100), its target is at least 60 %
    ```

    ```toml
    [[tool.pytest_pyramid.tiers]]
    name = "unit"
    share = { min = 0.6 }
    ```
    """

    code: ClassVar[str] = "PYR102"
    name: ClassVar[str] = "tier-share"
    stage: ClassVar[Stage] = Stage.COLLECTION
    default: ClassVar[Severity] = Severity.ERROR

    @staticmethod
    def good() -> tuple[Suite, ...]:
        """Suites that keep the rule."""
        return (
            example_suite({"unit": 6, "service": 2, "ui": 2}, shares=TARGETS),
            example_suite({"unit": 1, "service": 1, "ui": 8}),
            replace(example_suite({"ui": 2}, shares=TARGETS), partial_reason="only tests/ui"),
        )

    @staticmethod
    def bad() -> tuple[Suite, ...]:
        """Suites that break it."""
        return (
            example_suite({"unit": 5, "service": 3, "ui": 2}, shares=TARGETS),
            example_suite({"unit": 7, "ui": 3}, shares=TARGETS),
            example_suite({"unit": 6, "service": 3, "unclassified": 2}, shares=TARGETS),
        )

    def check(self, suite: Suite) -> Iterable[Violation]:
        """One violation for every tier whose share lies outside its bounds."""
        census = judged_census(suite)
        if census is None:
            return
        total = census.total.functions
        for tier in suite.pyramid.storeys:
            count, share = census.row(tier.name).functions, census.share_of_functions(tier.name)
            if tier.share.allows(share):
                continue
            part = f"{tier.name} has {share * 100:.1f} % of the test functions ({count} of {total})"
            yield Violation(
                code=self.code,
                name=self.name,
                severity=self.default,
                message=f"{part}, its target is {_target(tier.share)}",
                hint=_hint(tier, count, total),
                tier=tier.name,
                data=(("share", share), ("min", tier.share.min), ("max", tier.share.max), ("functions", count)),
            )


def _target(share: Share) -> str:
    low, high = (None if bound is None else f"{bound * 100:g}" for bound in (share.min, share.max))
    if low is not None and high is not None:
        return f"{low}–{high} %"
    return f"at least {low} %" if low is not None else f"at most {high} %"


def _hint(tier: Tier, count: int, total: int) -> str:
    """How many functions would have to change their tier; rounded first, because 0.07 * 100 is a little above 7."""
    if tier.share.min is not None and count / total < tier.share.min:
        missing = _functions(math.ceil(round(tier.share.min * total, 6)) - count)
        return f"{missing} more in {tier.name} instead of another tier would do"
    surplus = _functions(count - math.floor(round((tier.share.max or 0) * total, 6)))
    return (
        f"{surplus} fewer in {tier.name} would do: test below what they check, or remove what is tested there already"
    )


def _functions(count: int) -> str:
    return "1 function" if count <= 1 else f"{count} functions"
