"""PYR201: tests without a tier."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable
from dataclasses import dataclass
from typing import ClassVar

from pytest_pyramid.core.census import Census
from pytest_pyramid.core.examples import example_suite
from pytest_pyramid.core.facts import Suite
from pytest_pyramid.core.layers import Fraction
from pytest_pyramid.core.ruling import Stage
from pytest_pyramid.core.tiers import UNCLASSIFIED
from pytest_pyramid.core.violations import Severity, Violation

EXAMPLES = 3
"""So many tests are named: enough to see what they have in common, few enough to read."""


@dataclass(frozen=True, slots=True, kw_only=True)
class UnclassifiedTest:
    """Tests have no tier: no marker, no telling path and no other strong evidence.

    ## What it does

    Counts the test functions without a tier, and compares their share of all test functions with `max-share`. It is
    one violation with the count, however many there are, and names the first three.

    ## Why it matters

    A test without a tier runs with the base and holds back everything when it fails, but nobody has said that it is
    fast or alone. It is counted in no tier, so the shape of the suite says less; above `max-unclassified` the shape is
    not judged at all.

    ## How to fix

    `pytest --pyramid-explain=all` shows every test with its tier and the reason. Name the folders of a tier in its
    `paths`, set `pytestmark = pytest.mark.unit` once in a test module, or mark a single test. When all tests without
    evidence belong to one tier, set `default-tier`. Where weaker evidence speaks for a tier the violation says for how many
    functions; `pytest-pyramid mark --include-hints --diff` shows the marks that it would write.

    ## Options

    - `max-share` (0): the share, 0 to 1, of test functions that may be without a tier before it is said.

    ## Example

    ```text
    PYR201 unclassified-test: 12 tests (10 functions, 31.3 % of all) have no tier
    ```

    ```toml
    [tool.pytest_pyramid.rules.PYR201]
    max-share = 0.0
    ```
    """

    code: ClassVar[str] = "PYR201"
    name: ClassVar[str] = "unclassified-test"
    stage: ClassVar[Stage] = Stage.COLLECTION
    default: ClassVar[Severity] = Severity.WARNING

    max_share: Fraction = 0.0

    @staticmethod
    def good() -> tuple[Suite, ...]:
        """Suites that keep the rule."""
        return (
            example_suite({"unit": 3, "service": 1}),
            example_suite({}),
        )

    @staticmethod
    def bad() -> tuple[Suite, ...]:
        """Suites that break it."""
        return (
            example_suite({"unclassified": 1}),
            example_suite({"unit": 3, "unclassified": 1}),
        )

    def check(self, suite: Suite) -> Iterable[Violation]:
        """One violation with the count when more functions than allowed have no tier."""
        census = suite.census or Census.counted(suite.pyramid, suite.tests)
        share, row = census.share_of_functions(UNCLASSIFIED), census.unclassified
        if share <= self.max_share:
            return
        tests = "1 test" if row.tests == 1 else f"{row.tests} tests"
        functions = "1 function" if row.functions == 1 else f"{row.functions} functions"
        have = "has" if row.tests == 1 else "have"
        names = dict.fromkeys(test.function for test in suite.tests if test.tier == UNCLASSIFIED)
        examples = tuple((f"example_{number}", name) for number, name in enumerate(list(names)[:EXAMPLES], start=1))
        yield Violation(
            code=self.code,
            name=self.name,
            severity=self.default,
            message=f"{tests} ({functions}, {share * 100:.1f} % of all) {have} no tier",
            hint=_hint(suite),
            tier=UNCLASSIFIED,
            data=(("tests", row.tests), ("functions", row.functions), ("share", share), *examples),
        )


def _hint(suite: Suite) -> str:
    """What to do; where weaker evidence speaks for tiers, what it says of how many functions."""
    told = {test.function: test.hints[0].tier for test in suite.tests if test.hints and test.tier == UNCLASSIFIED}
    counts = Counter(told.values())
    if not counts:
        return "mark them or name their folders in a tier's paths; pytest --pyramid-explain=all lists them"
    spoken = ", ".join(f"{counts[name]} for {name}" for name in suite.pyramid.names if counts[name])
    return f"mark them or name their folders in a tier's paths; hints speak in {spoken}: pytest-pyramid mark --include-hints"
