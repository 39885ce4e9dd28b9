"""PYR203: the marker says one tier, the folder another."""

from __future__ import annotations

from collections.abc import Iterable
from typing import ClassVar

from pytest_pyramid.core.examples import example_pyramid, example_test
from pytest_pyramid.core.facts import Placement, Suite, TestFacts
from pytest_pyramid.core.ruling import RuleWithoutOptions, Stage
from pytest_pyramid.core.violations import Severity, Violation


def _placed(*sources: tuple[str, str]) -> Suite:
    placements = [Placement(tier=tier, source=source, reason=f"{source} {tier}") for source, tier in sources]
    return Suite(pyramid=example_pyramid(), tests=(example_test("tests/unit/test_pay.py::test_pay", *placements),))


class MarkerAgainstPath(RuleWithoutOptions):
    """A test's marker says one tier and its folder says another.

    ## What it does

    Compares the marker that decides a test's tier with the tier whose `paths` its file lies in. When they differ it is
    a violation, one for each function. The marker counts. Where a hook of the project decides, nothing is compared.

    ## Why it matters

    People find tests by folder and run them by folder. A slow test in a folder of fast ones makes `pytest tests/unit`
    slow, and a fast one in a folder of slow ones is not run when it should be.

    ## How to fix

    Move the test into a folder of its tier, or remove the marker if the folder is right. When the folder itself is
    mixed on purpose, take it out of the tier's `paths`.

    ## Options

    None.

    ## Example

    ```text
    PYR203 marker-against-path: tests/unit/test_pay.py::test_pay is ui by marker e2e, but unit by path tests/unit
    ```
    """

    code: ClassVar[str] = "PYR203"
    name: ClassVar[str] = "marker-against-path"
    stage: ClassVar[Stage] = Stage.COLLECTION
    default: ClassVar[Severity] = Severity.WARNING

    @staticmethod
    def good() -> tuple[Suite, ...]:
        """Suites that keep the rule."""
        return (
            _placed(("marker", "unit"), ("path", "unit")),
            _placed(("marker", "ui")),
            _placed(("path", "unit")),
            _placed(("hook", "service"), ("marker", "ui"), ("path", "unit")),
        )

    @staticmethod
    def bad() -> tuple[Suite, ...]:
        """Suites that break it."""
        return (_placed(("marker", "ui"), ("path", "unit")),)

    def check(self, suite: Suite) -> Iterable[Violation]:
        """One violation for every function whose deciding marker and whose path name different tiers."""
        told: set[str] = set()
        aside = {tier.name for tier in suite.pyramid if tier.side}
        path_of: dict[int, Placement | None] = {}
        """By identity: tests that are placed alike share their placements, and most suites have few kinds."""
        for test in suite.tests:
            key = id(test.placements)
            if key not in path_of:
                path_of[key] = _other_path(test)
            path = path_of[key]
            if path is None or test.function in told or test.tier in aside:
                continue
            told.add(test.function)
            yield Violation(
                code=self.code,
                name=self.name,
                severity=self.default,
                message=f"{test.function} is {test.tier} by {test.classified_by}, but {path.tier} by {path.reason}",
                hint=f"move it to a folder of {test.tier}, or remove the marker if it belongs to {path.tier}",
                tier=test.tier,
                nodeid=test.function,
                location=test.location,
                data=(("marker_tier", test.tier), ("path_tier", path.tier)),
            )


def _other_path(test: TestFacts) -> Placement | None:
    """What the path says of a test whose tier a marker decides, when that is another tier."""
    placements = test.placements
    if not placements or placements[0].source != "marker":
        return None
    path = next((placement for placement in placements if placement.source == "path"), None)
    return None if path is None or path.tier == test.tier else path
