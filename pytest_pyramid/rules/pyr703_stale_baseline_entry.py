"""PYR703: an entry of the baseline allows what is no longer there."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import replace
from typing import TYPE_CHECKING, ClassVar

from pytest_pyramid.core.examples import example_suite
from pytest_pyramid.core.facts import Suite
from pytest_pyramid.core.ruling import RuleWithoutOptions, Stage
from pytest_pyramid.core.violations import Severity, Violation

if TYPE_CHECKING:
    from pytest_pyramid.core.ratchet import Stale

FILE = "pyramid-baseline.toml"
"""The file of the examples."""


def _example(*stale: Stale) -> Suite:
    """A suite beside a baseline with those entries."""
    from pytest_pyramid.core.ratchet import Ratchet  # noqa: PLC0415  # no run makes the examples

    return replace(example_suite({"unit": 1}), ratchet=Ratchet(FILE, stale))


class StaleBaselineEntry(RuleWithoutOptions):
    """An entry of the baseline file allows a violation that is no longer there.

    ## What it does

    Compares every entry of the baseline file with the violations of the run, by code, test (without parameters) or
    file, and tier. An entry is stale when the whole suite ran, its test passed, its rule was asked, and nothing was
    found; when its test no longer exists; and when there are fewer violations than its `count`. Nothing is stale in a
    partial run, nor when the test was skipped, withheld, lost, or failed. Entries about time (`PYR4`) are never called
    stale, because one quick run proves nothing, nor entries with `layer = "residue"`.

    ## Why it matters

    As long as the entry stands, the same violation may come back and nobody hears of it.

    ## How to fix

    Remove the entry from the file, or let `pytest --pyramid --pyramid-update-baseline` do it. When a test was renamed,
    its old entry is stale and its violation is new: change the name in the entry.

    ## Options

    None.

    ## Example

    ```text
    PYR703 stale-baseline-entry: PYR301 of tests/unit/test_a.py::test_x is no longer there
    ```
    """

    code: ClassVar[str] = "PYR703"
    name: ClassVar[str] = "stale-baseline-entry"
    stage: ClassVar[Stage] = Stage.BASELINE
    default: ClassVar[Severity] = Severity.WARNING

    @staticmethod
    def good() -> tuple[Suite, ...]:
        """Suites that keep the rule."""
        return (example_suite({"unit": 1}), _example())

    @staticmethod
    def bad() -> tuple[Suite, ...]:
        """Suites that break it."""
        from pytest_pyramid.core.baseline import Entry  # noqa: PLC0415  # no run makes the examples
        from pytest_pyramid.core.ratchet import Stale  # noqa: PLC0415  # the same

        test = "tests/unit/test_a.py::test_x"
        return (
            _example(Stale(Entry(code="PYR301", test=test, tier="unit"), 0)),
            _example(Stale(Entry(code="PYR201", tier="unclassified", count=12), 9)),
        )

    def check(self, suite: Suite) -> Iterable[Violation]:
        """One violation for every stale entry."""
        if suite.ratchet is None:
            return
        from pytest_pyramid.core.baseline import described  # noqa: PLC0415  # most projects have no baseline

        for entry, amount in suite.ratchet.stale:
            what, file = described(entry.key), suite.ratchet.file
            left = f"is down to {amount}, its entry counts {entry.count}" if amount else "is no longer there"
            change = f"set its count to {amount}" if amount else "remove its entry"
            yield Violation(
                code=self.code,
                name=self.name,
                severity=self.default,
                message=f"{what} {left}",
                hint=f"{change} in {file}, or run pytest --pyramid --pyramid-update-baseline",
                tier=entry.tier,
                nodeid=entry.test,
                data=(("code", entry.code), ("count", entry.count), ("found", amount)),
            )
