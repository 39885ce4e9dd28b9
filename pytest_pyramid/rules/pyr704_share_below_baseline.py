"""PYR704: the lower tiers have a smaller share of the suite than the baseline recorded."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass, replace
from typing import ClassVar, NamedTuple

from pytest_pyramid.core.examples import example_suite
from pytest_pyramid.core.facts import Suite
from pytest_pyramid.core.layers import Fraction
from pytest_pyramid.core.ruling import Stage
from pytest_pyramid.core.shapes import judged_census
from pytest_pyramid.core.violations import Severity, Violation

RECORDED = (("unit", 0.7), ("service", 0.2), ("ui", 0.1))
"""The shares of the examples."""


class _Level(NamedTuple):
    """A tier and all below it."""

    tier: str
    shown: str
    recorded: float
    """Their share (0-1) of all functions in the baseline."""
    now: float


def _example(unit: int, service: int, ui: int) -> Suite:
    """A suite of that many functions, beside a baseline of 70, 20 and 10 %."""
    suite = example_suite({"unit": unit, "service": service, "ui": ui})
    from pytest_pyramid.core.ratchet import Ratchet  # noqa: PLC0415  # no run makes the examples

    return replace(suite, ratchet=Ratchet("pyramid-baseline.toml", shares=RECORDED))


@dataclass(frozen=True, slots=True, kw_only=True)
class ShareBelowBaseline:
    """The lower tiers hold a smaller share of the test functions than the baseline file recorded.

    ## What it does

    Takes every tier but the top one together with all tiers below it, and compares their share of all test functions
    with the one under `[shares]` in the baseline file. It may grow, and may not shrink by more than the tolerance, or
    than what one function makes up in a small suite. A better share counts from the next
    `--pyramid-update-baseline` on. A partial run is not judged, nor a suite with too many tests that have no tier.

    ## Why it matters

    An old suite cannot reach its target in a day, so that it has none. This keeps it from getting worse meanwhile.

    ## How to fix

    Test below what was tested above. Where the step back is meant, record it: `pytest --pyramid
    --pyramid-update-baseline` writes the shares as they are.

    ## Options

    `tolerance`: by how much a share (0 to 1) may shrink, 0.01 by default.

    ## Example

    ```text
    PYR704 share-below-baseline: unit has 66.0 % of the test functions, the baseline has 70.0 %
    ```

    ```toml
    [tool.pytest_pyramid.rules.PYR704]
    tolerance = 0.02
    ```
    """

    code: ClassVar[str] = "PYR704"
    name: ClassVar[str] = "share-below-baseline"
    stage: ClassVar[Stage] = Stage.BASELINE
    default: ClassVar[Severity] = Severity.ERROR

    tolerance: Fraction = 0.01

    @staticmethod
    def good() -> tuple[Suite, ...]:
        """Suites that keep the rule."""
        return (
            example_suite({"unit": 1, "ui": 9}),
            _example(70, 20, 10),
            _example(8, 1, 1),
            _example(7, 2, 2),
            replace(_example(0, 0, 10), partial_reason="only tests/ui"),
        )

    @staticmethod
    def bad() -> tuple[Suite, ...]:
        """Suites that break it."""
        return (_example(66, 24, 10), _example(70, 10, 20))

    def check(self, suite: Suite) -> Iterable[Violation]:
        """One violation for the lowest tier whose share, with all below it, got too small."""
        census = judged_census(suite)
        if census is None or suite.ratchet is None:
            return
        allowed = max(self.tolerance, 1 / census.total.functions)
        for level in _levels(suite):
            if level.recorded - level.now > allowed + 1e-9:
                yield Violation(
                    code=self.code,
                    name=self.name,
                    severity=self.default,
                    message=f"{level.shown} {level.now * 100:.1f} % of the test functions, "
                    f"the baseline has {level.recorded * 100:.1f} %",
                    hint=f"test below what was tested above {level.tier}, or record the step back: "
                    "pytest --pyramid --pyramid-update-baseline",
                    tier=level.tier,
                    data=(("share", level.now), ("recorded", level.recorded), ("tolerance", self.tolerance)),
                )
                return


def _levels(suite: Suite) -> Iterator[_Level]:
    """Every tier but the top one, with those below it, as long as each of them is recorded."""
    census, recorded = judged_census(suite), dict(suite.ratchet.shares if suite.ratchet else ())
    before = now = 0.0
    names: list[str] = []
    for name in [tier.name for tier in suite.pyramid.storeys[:-1]]:
        if census is None or name not in recorded:
            return
        names.append(name)
        before, now = before + recorded[name], now + census.share_of_functions(name)
        yield _Level(name, f"{' and '.join(names)} {'has' if len(names) == 1 else 'have'}", before, now)
