"""PYR602: much of a package is covered only by tests above the base."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING, ClassVar

from pytest_pyramid.core.coverage_judging import judged_coverage
from pytest_pyramid.core.facts import Suite
from pytest_pyramid.core.figures import share
from pytest_pyramid.core.layers import Count, Fraction
from pytest_pyramid.core.ruling import Stage
from pytest_pyramid.core.violations import Severity, Violation

if TYPE_CHECKING:
    from pytest_pyramid.core.coverage_report import CoverageReport, FileCoverage, PackageCoverage


@dataclass(frozen=True, slots=True, kw_only=True)
class CoveredOnlyFromAbove:
    """Too much of a package is executed only by tests above the base.

    ## What it does

    In a run with `--pyramid-cov`, looks at each package, which is one folder of measured files, and compares the share
    of its lines that tests above the base execute, and neither import nor the base does, with `max-share`. It is off
    by default: code that talks to other systems has good reasons to be tested from above. A partial run is not judged,
    nor one in which tests were withheld or lost, or a worker's coverage was.

    ## Why it matters

    Such lines look covered, and a failure in them is found late, by a slow test that does not say where.

    ## How to fix

    Write tests in the base for what decides and computes there. The HTML report lists the lines, the lowest tier that
    executes them and, with `--pyramid-cov=test`, the quickest test that does.

    ## Options

    - `max-share` (0.2): the largest share, 0 to 1, of the lines of one package that only upper tiers may execute.
    - `min-lines` (20): a package with fewer lines than this is not judged.

    ## Example

    ```text
    PYR602 covered-only-from-above: 41.0 % of shop/checkout (82 of 200 lines) is covered only from above unit
    ```

    ```toml
    [tool.pytest_pyramid.severity]
    PYR602 = "warning"

    [tool.pytest_pyramid.rules.PYR602]
    max-share = 0.3
    ```
    """

    code: ClassVar[str] = "PYR602"
    name: ClassVar[str] = "covered-only-from-above"
    stage: ClassVar[Stage] = Stage.RUN
    default: ClassVar[Severity] = Severity.OFF

    max_share: Fraction = 0.2
    min_lines: Count = 20

    @staticmethod
    def good() -> tuple[Suite, ...]:
        """Suites that keep the rule."""
        from pytest_pyramid.core.coverage_suites import covered_suite  # noqa: PLC0415  # no run asks for examples

        above = covered_suite({"unit": 10, "ui": 90})
        return (
            covered_suite({"unit": 60, "ui": 80}),
            covered_suite({"unit": 1, "ui": 19}, lines=19),
            covered_suite({"unit": 0, "ui": 0}),
            replace(above, coverage=None),
            replace(above, partial_reason="-k cart"),
        )

    @staticmethod
    def bad() -> tuple[Suite, ...]:
        """Suites that break it."""
        from pytest_pyramid.core.coverage_suites import covered_suite  # noqa: PLC0415  # no run asks for examples

        return (covered_suite({"unit": 60, "ui": 81}), covered_suite({"unit": 0, "ui": 20}, lines=20))

    def check(self, suite: Suite) -> Iterable[Violation]:
        """One violation for every package of which too much is covered only from above."""
        report = judged_coverage(suite, suite.pyramid.storeys[-1])
        for package in report.packages if report is not None else ():
            if package.lines < self.min_lines or package.above <= self.max_share * package.lines:
                continue
            part = share(package.above, package.lines)
            yield Violation(
                code=self.code,
                name=self.name,
                severity=self.default,
                message=f"{part * 100:.1f} % of {package.name} ({package.above:,} of {package.lines:,} lines) "
                f"is covered only from above {suite.pyramid.base.name}",
                hint=_hint(report, package),
                tier=suite.pyramid.base.name,
                data=(("package", package.name), ("share", part), ("max", self.max_share), ("lines", package.above)),
            )


def _hint(report: CoverageReport | None, package: PackageCoverage) -> str:
    """The file to begin with, and its function with most such lines."""
    held = [one for one in (report.files if report else ()) if (one.file.rpartition("/")[0] or ".") == package.name]
    first = max(held, key=lambda one: one.above)
    return f"test in the base what {first.file} does{_function(first)}"


def _function(file: FileCoverage) -> str:
    lines: dict[str, int] = {}
    for part in file.push_down:
        if part.function:
            lines[part.function] = lines.get(part.function, 0) + part.lines
    return f", first in {max(lines, key=lambda name: lines[name])}()" if lines else ""
