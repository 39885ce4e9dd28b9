"""PYR204: a configured tier that no test is in."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import replace
from typing import ClassVar

from pytest_pyramid.core.census import Census
from pytest_pyramid.core.examples import example_suite
from pytest_pyramid.core.facts import Suite
from pytest_pyramid.core.ruling import RuleWithoutOptions, Stage
from pytest_pyramid.core.tiers import Tier
from pytest_pyramid.core.violations import Severity, Violation


class DeadTier(RuleWithoutOptions):
    """A configured tier above the base holds no test.

    ## What it does

    Asks, when the run is the whole suite, for at least one test in every tier that the project configured. The tiers
    that the plugin brings along need no tests, and neither do single markers or paths: one of them is enough. The base
    has a rule of its own, PYR103. A suite without any test is not judged.

    ## Why it matters

    A tier that nothing matches is mostly a folder that was renamed or a marker that was mistyped. Its tests are still
    there, in another tier or in none, with the wrong limits.

    ## How to fix

    Compare the tier's `markers` and `paths` with what the tests have: `pytest --pyramid-explain=all` shows the reason
    for every test. Remove the tier when the suite has no use for it.

    ## Options

    None.

    ## Example

    ```text
    PYR204 dead-tier: no test is in contract: none has its marker contract or lies in tests/contracts/**
    ```
    """

    code: ClassVar[str] = "PYR204"
    name: ClassVar[str] = "dead-tier"
    stage: ClassVar[Stage] = Stage.COLLECTION
    default: ClassVar[Severity] = Severity.WARNING

    @staticmethod
    def good() -> tuple[Suite, ...]:
        """Suites that keep the rule."""
        return (
            example_suite({"unit": 1, "service": 1, "ui": 1}),
            example_suite({"service": 1, "ui": 1}),
            example_suite({}),
            replace(example_suite({"unit": 1}), partial_reason="only tests/unit"),
            replace(example_suite({"unit": 1}), default_tiers=True),
        )

    @staticmethod
    def bad() -> tuple[Suite, ...]:
        """Suites that break it."""
        return (
            example_suite({"unit": 1, "service": 1}),
            example_suite({"unclassified": 1}),
        )

    def check(self, suite: Suite) -> Iterable[Violation]:
        """One violation for every tier above the base without a test."""
        if suite.partial_reason is not None or suite.default_tiers or not suite.tests:
            return
        census = suite.census or Census.counted(suite.pyramid, suite.tests)
        for tier in suite.pyramid.above(suite.pyramid.base.rank):
            if not census.row(tier.name).tests:
                yield Violation(
                    code=self.code,
                    name=self.name,
                    severity=self.default,
                    message=f"no test is in {tier.name}: {_evidence(tier)}",
                    hint=f"correct the markers and paths of {tier.name}, or remove the tier from the configuration",
                    tier=tier.name,
                )


def _evidence(tier: Tier) -> str:
    """What no test has."""
    markers = f"has its marker{'s' if len(tier.markers) > 1 else ''} {', '.join(tier.markers)}" if tier.markers else ""
    paths = f"lies in {', '.join(tier.paths)}" if tier.paths else ""
    parts = " or ".join(part for part in (markers, paths) if part)
    return f"none {parts}" if parts else "it has neither markers nor paths"
