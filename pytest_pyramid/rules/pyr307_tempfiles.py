"""PYR307: a test touches the system's temporary folder and its tier may not."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from typing import ClassVar

from pytest_pyramid.core.facts import Suite
from pytest_pyramid.core.isolation import example_touch, example_touches, touch_violations
from pytest_pyramid.core.ruling import Stage
from pytest_pyramid.core.tiers import Action, Resource
from pytest_pyramid.core.violations import Severity, Violation


@dataclass(frozen=True, slots=True, kw_only=True)
class Tempfiles:
    """A test makes, changes or deletes files in the system's temporary folder, which its tier may not.

    ## What it does

    The same as [PYR306](PYR306-files.md), for the system's temporary folder outside `tmp_path`. All shipped tiers allow
    it.

    One violation stands for one line of code, with the number of tests that came by it. A wide fixture that does it (scope
    class to session) is told once, and counts for every test that requests it, whichever ran first. What a tier, its
    lists or a mark allow is kept in the report, and is no violation.

    ## Why it matters

    Such files are nobody's: when a test fails before it cleans up, they stay, and a name that is not random is one that
    two runs share.

    ## How to fix

    Write below `tmp_path`, which pytest cleans up and never gives to two tests.

    ## Options

    None. The guard of each tier says what its tests may touch, and `--pyramid-guard` whether that is a warning here or
    an error that fails the test.

    ## Example

    ```text
    PYR307 tempfiles: tests/unit/test_export.py::test_csv touched tempfiles: write /tmp/out.csv (src/shop/export.py:30)
    ```

    ```toml
    [[tool.pytest_pyramid.tiers]]
    name = "unit"
    guard = { tempfiles = "warn" }
    ```
    """

    code: ClassVar[str] = "PYR307"
    name: ClassVar[str] = "tempfiles"
    stage: ClassVar[Stage] = Stage.RUN
    default: ClassVar[Severity] = Severity.WARNING

    @staticmethod
    def good() -> tuple[Suite, ...]:
        """Suites that keep the rule."""
        return (
            example_touches("unit"),
            example_touches("ui", example_touch(Resource.TEMPFILES, "write /tmp/out.csv", Action.ALLOW)),
            example_touches("unit", example_touch(Resource.NETWORK, "x", Action.WARN)),
        )

    @staticmethod
    def bad() -> tuple[Suite, ...]:
        """Suites that break it."""
        return (
            example_touches("unit", example_touch(Resource.TEMPFILES, "write /tmp/out.csv", Action.WARN)),
            example_touches(
                "unit", example_touch(Resource.TEMPFILES, "write /tmp/out.csv", Action.ERROR), partial_reason="-k cart"
            ),
        )

    def check(self, suite: Suite) -> Iterable[Violation]:
        """One violation for every line of code that did it."""
        return touch_violations(suite, Resource.TEMPFILES, self.code)
