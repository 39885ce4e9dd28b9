"""PYR205: pytestmark where pytest does not read it."""

from __future__ import annotations

from collections.abc import Iterable
from typing import ClassVar

from pytest_pyramid.core.examples import example_pyramid
from pytest_pyramid.core.facts import Location, Suite
from pytest_pyramid.core.ruling import RuleWithoutOptions, Stage
from pytest_pyramid.core.violations import Severity, Violation


class MarkInConftest(RuleWithoutOptions):
    """A conftest.py sets `pytestmark`, which has no effect there.

    ## What it does

    Reports every collected conftest.py that has a global variable `pytestmark`.

    ## Why it matters

    pytest reads `pytestmark` in test modules and classes only. In conftest.py it is an ordinary variable: no test of
    the folder gets the mark, and nothing says so.

    ## How to fix

    Name the folder in the `paths` of the tier, or set `pytestmark` in each test module. Then delete the line in
    conftest.py.

    ## Options

    None.

    ## Example

    ```toml
    [[tool.pytest_pyramid.tiers]]
    name = "service"
    paths = ["tests/service/**"]  # instead of `pytestmark = pytest.mark.service` in tests/service/conftest.py
    ```
    """

    code: ClassVar[str] = "PYR205"
    name: ClassVar[str] = "mark-in-conftest"
    stage: ClassVar[Stage] = Stage.COLLECTION
    default: ClassVar[Severity] = Severity.WARNING

    @staticmethod
    def good() -> tuple[Suite, ...]:
        """Suites that keep the rule."""
        return (Suite(pyramid=example_pyramid(), tests=()),)

    @staticmethod
    def bad() -> tuple[Suite, ...]:
        """Suites that break it."""
        return (
            Suite(pyramid=example_pyramid(), tests=(), conftest_marks=(Location(file="tests/ui/conftest.py", line=4),)),
        )

    def check(self, suite: Suite) -> Iterable[Violation]:
        """One violation for every conftest.py that sets the variable."""
        for place in suite.conftest_marks:
            folder = place.file.rpartition("/")[0]
            glob = f"{folder}/**" if folder else "**"
            yield Violation(
                code=self.code,
                name=self.name,
                severity=self.default,
                message=f"pytestmark in {place.file} has no effect: pytest reads it in test modules and classes only",
                hint=f'put "{glob}" into the paths of the tier, or set pytestmark in each test module; delete it here',
                location=place,
            )
