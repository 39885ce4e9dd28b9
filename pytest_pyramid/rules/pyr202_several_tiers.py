"""PYR202: one test, several tiers."""

from __future__ import annotations

from collections.abc import Iterable
from typing import ClassVar

from pytest_pyramid.core.examples import example_pyramid, example_test
from pytest_pyramid.core.facts import Placement, Suite
from pytest_pyramid.core.ruling import RuleWithoutOptions, Stage
from pytest_pyramid.core.violations import Severity, Violation


def _marked(tier: str, *also: str) -> Suite:
    placement = Placement(tier=tier, source="marker", reason=f"marker {tier}", also=also)
    return Suite(pyramid=example_pyramid(), tests=(example_test("tests/test_pay.py::test_pay", placement),))


class SeveralTiers(RuleWithoutOptions):
    """A test carries the markers of several tiers at the same level.

    ## What it does

    Looks at the closest level of a test that carries tier markers: the function, else its class, else its module. Two
    markers of different tiers there are a violation, one for each function. The higher tier is taken and the run goes
    on. Markers at different levels are none: the closest one wins. Two markers of the same tier are none either.

    ## Why it matters

    The test says two things about itself, and tools that select by marker, such as `pytest -m unit`, will read the
    other one.

    ## How to fix

    Keep the marker that tells what the test needs and remove the other. A function that really has cases for two tiers
    is two tests.

    ## Options

    None.

    ## Example

    ```python
    @pytest.mark.unit
    @pytest.mark.ui  # PYR202: unit and ui; the test runs as ui
    def test_pay(): ...
    ```
    """

    code: ClassVar[str] = "PYR202"
    name: ClassVar[str] = "several-tiers"
    stage: ClassVar[Stage] = Stage.COLLECTION
    default: ClassVar[Severity] = Severity.ERROR

    @staticmethod
    def good() -> tuple[Suite, ...]:
        """Suites that keep the rule."""
        return (_marked("unit"),)

    @staticmethod
    def bad() -> tuple[Suite, ...]:
        """Suites that break it."""
        return (_marked("ui", "unit"), _marked("ui", "service", "unit"))

    def check(self, suite: Suite) -> Iterable[Violation]:
        """One violation for every function whose deciding marker placement names further tiers."""
        told: set[str] = set()
        for test in suite.tests:
            deciding = test.placements[0] if test.placements else None
            if deciding is None or deciding.source != "marker" or not deciding.also or test.function in told:
                continue
            told.add(test.function)
            tiers = (deciding.tier, *deciding.also)
            yield Violation(
                code=self.code,
                name=self.name,
                severity=self.default,
                message=f"{test.function} is marked for {len(tiers)} tiers: {', '.join(tiers)}; {deciding.tier} is taken",
                hint=f"keep one: {deciding.tier} if it needs what that tier allows, else remove that marker",
                tier=deciding.tier,
                nodeid=test.function,
                location=test.location,
                data=(("also", ", ".join(deciding.also)),),
            )
