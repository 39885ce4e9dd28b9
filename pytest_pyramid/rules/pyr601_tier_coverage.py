"""PYR601: a tier and those below it cover less than they should."""

from __future__ import annotations

import math
from collections.abc import Iterable
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING, ClassVar

from pytest_pyramid.core.coverage_judging import judged_coverage
from pytest_pyramid.core.facts import Suite
from pytest_pyramid.core.figures import share
from pytest_pyramid.core.ruling import Stage
from pytest_pyramid.core.tiers import Pyramid, Tier
from pytest_pyramid.core.violations import Severity, Violation

if TYPE_CHECKING:
    from pytest_pyramid.core.coverage_report import CoverageReport

TARGETS = {"unit": 0.7, "service": 0.8}
"""The targets of the examples."""
MOST_NAMED = 3


@dataclass(frozen=True, slots=True, kw_only=True)
class TierCoverage:
    """A tier, together with import and the tiers below it, covers less than its `min-coverage`.

    ## What it does

    In a run with `--pyramid-cov`, compares the lines that import, the tier and all tiers below it execute with
    `min-coverage` of the tier, a share of all lines outside of the tests. What higher tiers execute does not help. A
    tier is judged when all its tests and those below were selected and ran, so a run of the base alone judges the
    base; a run in which a worker's coverage was lost judges nothing.

    ## Why it matters

    "80 % covered" may come from a few tests that walk through the whole program: they execute much and check little,
    and when they fail they do not say where. A target for the base keeps the many small tests where the code is.

    ## How to fix

    Write tests in the tier, or below it, for the files that the hint names. The HTML report lists the lines that only
    tests above execute. When the target itself is wrong, change `min-coverage`.

    ## Options

    None. The targets stand with the tiers.

    ## Example

    ```text
    PYR601 tier-coverage: unit covers 61.2 % of the lines (1,204 of 1,967), it should cover at least 70 %
    ```

    ```toml
    [tool.pytest_pyramid]
    cov = "tier"

    [[tool.pytest_pyramid.tiers]]
    name = "unit"
    min-coverage = 0.7
    ```
    """

    code: ClassVar[str] = "PYR601"
    name: ClassVar[str] = "tier-coverage"
    stage: ClassVar[Stage] = Stage.RUN
    default: ClassVar[Severity] = Severity.ERROR

    @staticmethod
    def good() -> tuple[Suite, ...]:
        """Suites that keep the rule."""
        from pytest_pyramid.core.coverage_suites import covered_suite  # noqa: PLC0415  # no run asks for examples

        low = covered_suite({"unit": 10, "service": 20}, targets=TARGETS)
        lost = low.coverage and low.coverage._replace(incomplete=("worker gw1 told of no coverage",))
        return (
            covered_suite({"unit": 70, "service": 80}, targets=TARGETS),
            covered_suite({"unit": 1, "service": 2}),
            replace(low, coverage=None),
            replace(low, coverage=lost),
            replace(low, partial_reason="-k cart"),
        )

    @staticmethod
    def bad() -> tuple[Suite, ...]:
        """Suites that break it."""
        from pytest_pyramid.core.coverage_suites import covered_suite  # noqa: PLC0415  # no run asks for examples

        return (
            covered_suite({"unit": 69, "service": 80}, targets=TARGETS),
            covered_suite({"unit": 70, "service": 79}, targets=TARGETS),
            replace(covered_suite({"unit": 69}, targets=TARGETS), partial_reason="only unit", whole_tiers=("unit",)),
        )

    def check(self, suite: Suite) -> Iterable[Violation]:
        """One violation for every judged tier that misses its target."""
        for tier in suite.pyramid:
            report = judged_coverage(suite, tier) if tier.min_coverage is not None else None
            row = report.row(tier.name) if report is not None else None
            if tier.min_coverage is None or report is None or row is None:
                continue
            covered, total = row.cumulative.lines, report.total.lines
            if covered >= tier.min_coverage * total:
                continue
            yield Violation(
                code=self.code,
                name=self.name,
                severity=self.default,
                message=f"{_who(tier, suite.pyramid)} {_rounded_down(covered, total)} % of the lines "
                f"({covered:,} of {total:,}), it should cover at least {tier.min_coverage * 100:g} %",
                hint=_hint(report, math.ceil(tier.min_coverage * total) - covered),
                tier=tier.name,
                data=(("share", share(covered, total)), ("min", tier.min_coverage), ("lines", covered)),
            )


def _who(tier: Tier, pyramid: Pyramid) -> str:
    return f"{tier.name} with all below covers" if pyramid.below(tier.rank) else f"{tier.name} covers"


def _rounded_down(part: int, whole: int) -> str:
    """The percentage with one digit, never rounded up to a target that was missed."""
    return f"{math.floor(share(part, whole) * 1000) / 10:.1f}"


def _hint(report: CoverageReport, missing: int) -> str:
    files = sorted(report.files, key=lambda one: (-(one.lines - one.base), one.file))
    named = ", ".join(f"{one.file} ({one.lines - one.base:,})" for one in files[:MOST_NAMED] if one.lines > one.base)
    lines = "1 more line" if missing == 1 else f"{missing:,} more lines"
    return f"{lines} would do; most that the base leaves out: {named}"
