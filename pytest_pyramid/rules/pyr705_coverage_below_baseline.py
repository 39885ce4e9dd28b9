"""PYR705: a tier covers less than the baseline recorded."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, replace
from typing import ClassVar

from pytest_pyramid.core.coverage_judging import judged_coverage
from pytest_pyramid.core.facts import Suite
from pytest_pyramid.core.layers import Fraction
from pytest_pyramid.core.ruling import Stage
from pytest_pyramid.core.violations import Severity, Violation

RECORDED = (("unit", 0.7), ("service", 0.8))
"""What the baseline of the examples says."""


def _example(unit: int, service: int) -> Suite:
    """A suite that covers so many of a hundred lines, beside a baseline of 70 and 80 %."""
    from pytest_pyramid.core.coverage_suites import covered_suite  # noqa: PLC0415  # no run asks for examples

    suite = covered_suite({"unit": unit, "service": service})
    from pytest_pyramid.core.ratchet import Ratchet  # noqa: PLC0415  # no run makes the examples

    return replace(suite, ratchet=Ratchet("pyramid-baseline.toml", coverage=RECORDED))


@dataclass(frozen=True, slots=True, kw_only=True)
class CoverageBelowBaseline:
    """A tier, together with import and the tiers below it, covers less than the baseline file recorded.

    ## What it does

    In a run with `--pyramid-cov`, compares the share of lines that import, a tier and all tiers below it execute with
    the one under `[coverage]` in the baseline file, for the lowest tier that is too low. It may rise, and may not sink
    by more than the tolerance. A higher share counts from the next `--pyramid-update-baseline` on. A tier is judged
    when all its tests and those below were selected and ran, and no coverage was lost.

    ## Why it matters

    An old suite cannot reach its target in a day, so that it has none. This keeps the coverage of its base from sinking
    meanwhile: each change brings tests for what it adds.

    ## How to fix

    Test in the tier, or below it, what was added. Where the step back is meant, record it: `pytest --pyramid
    --pyramid-cov --pyramid-update-baseline` writes the shares as they are.

    ## Options

    - `tolerance` (0.002): by how much a share, 0 to 1, may sink; workers and caches move some lines from run to run.

    ## Example

    ```text
    PYR705 coverage-below-baseline: unit covers 61.2 % of the lines, the baseline has 63.0 %
    ```

    ```toml
    [tool.pytest_pyramid.rules.PYR705]
    tolerance = 0.01
    ```
    """

    code: ClassVar[str] = "PYR705"
    name: ClassVar[str] = "coverage-below-baseline"
    stage: ClassVar[Stage] = Stage.BASELINE
    default: ClassVar[Severity] = Severity.ERROR

    tolerance: Fraction = 0.002

    @staticmethod
    def good() -> tuple[Suite, ...]:
        """Suites that keep the rule."""
        low = _example(60, 70)
        return (
            _example(70, 80),
            _example(90, 90),
            replace(low, ratchet=None),
            replace(low, coverage=None),
            replace(low, partial_reason="-k cart"),
        )

    @staticmethod
    def bad() -> tuple[Suite, ...]:
        """Suites that break it."""
        return (_example(69, 80), _example(70, 79))

    def check(self, suite: Suite) -> Iterable[Violation]:
        """One violation for the lowest tier that covers too little."""
        recorded = dict(suite.ratchet.coverage if suite.ratchet else ())
        for tier in suite.pyramid:
            report = judged_coverage(suite, tier) if tier.name in recorded else None
            now = report.share_upto(tier.name) if report is not None else None
            if now is None or recorded[tier.name] - now <= self.tolerance + 1e-9:
                continue
            shown = f"{tier.name} with all below covers" if suite.pyramid.below(tier.rank) else f"{tier.name} covers"
            yield Violation(
                code=self.code,
                name=self.name,
                severity=self.default,
                message=f"{shown} {now * 100:.1f} % of the lines, the baseline has {recorded[tier.name] * 100:.1f} %",
                hint=f"test in {tier.name} or below what was added, or record the step back: "
                "pytest --pyramid --pyramid-cov --pyramid-update-baseline",
                tier=tier.name,
                data=(("share", now), ("baseline", recorded[tier.name])),
            )
            return
