"""PYR303: a test touches other programs and its tier may not."""

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
class Process:
    """A test starts another program, or forks, which its tier may not.

    ## What it does

    Watches every way to a new process: `subprocess`, `os.system`, fork, exec and spawn, `multiprocessing`, and a browser
    that is opened. What a probe of the standard library starts for itself, such as `platform.uname`, does not count.

    One violation stands for one line of code, with the number of tests that came by it. A wide fixture that does it (scope
    class to session) is told once, and counts for every test that requests it, whichever ran first. What a tier, its
    lists or a mark allow is kept in the report, and is no violation.

    ## Why it matters

    Starting a program takes longer than most unit tests altogether, what it does cannot be seen from the test, and it has
    to be installed.

    ## How to fix

    Call the function behind the command line; pass in what runs commands, so that a test can pass something else. A
    command that a tier may run after all goes into `allow = { commands = ["git"] }` of the tier.

    ## Options

    None. The guard of each tier says what its tests may touch, and `--pyramid-guard` whether that is a warning here or
    an error that fails the test.

    ## Example

    ```text
    PYR303 process: tests/unit/test_cli.py::test_version touched process: start shop --version (tests/unit/test_cli.py:7)
    ```

    ```toml
    [[tool.pytest_pyramid.tiers]]
    name = "unit"
    guard = { process = "error" }
    ```
    """

    code: ClassVar[str] = "PYR303"
    name: ClassVar[str] = "process"
    stage: ClassVar[Stage] = Stage.RUN
    default: ClassVar[Severity] = Severity.WARNING

    @staticmethod
    def good() -> tuple[Suite, ...]:
        """Suites that keep the rule."""
        return (
            example_touches("unit"),
            example_touches("ui", example_touch(Resource.PROCESS, "start git status", Action.ALLOW)),
            example_touches("unit", example_touch(Resource.FILES, "x", Action.WARN)),
        )

    @staticmethod
    def bad() -> tuple[Suite, ...]:
        """Suites that break it."""
        return (
            example_touches("unit", example_touch(Resource.PROCESS, "start git status", Action.WARN)),
            example_touches(
                "unit", example_touch(Resource.PROCESS, "start git status", Action.ERROR), partial_reason="-k cart"
            ),
        )

    def check(self, suite: Suite) -> Iterable[Violation]:
        """One violation for every line of code that did it."""
        return touch_violations(suite, Resource.PROCESS, self.code)
