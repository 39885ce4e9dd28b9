"""PYR391: a mark allows something and does not say why."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import replace
from typing import ClassVar

from pytest_pyramid.core.examples import example_suite
from pytest_pyramid.core.facts import Suite, TestFacts
from pytest_pyramid.core.ruling import RuleWithoutOptions, Stage
from pytest_pyramid.core.tiers import Allowance
from pytest_pyramid.core.violations import Severity, Violation


def _example(reason: str | None) -> Suite:
    """A suite of one test that is marked in its module."""
    suite = example_suite({"unit": 1})
    given = (Allowance(resource="process", reason=reason, place="tests/unit/test_unit.py"),)
    return replace(suite, tests=tuple(test._replace(allowances=given) for test in suite.tests))


class AllowanceWithoutReason(RuleWithoutOptions):
    """A mark lets tests touch what their tier may not, and gives no reason.

    ## What it does

    Looks at every `@pytest.mark.pyramid_allow(...)`, where it stands, for a `reason=` that is not empty. It is judged
    whether the guard is on or not.

    ## Why it matters

    An exception outlives those who know what it was for. With a reason, somebody can tell when it is no longer one.

    ## How to fix

    Add `reason="..."` to the mark, in a few words.

    ## Options

    None.

    ## Example

    ```text
    PYR391 allowance-without-reason: tests/unit/test_a.py::test_x allows process without a reason
    ```

    ```python
    @pytest.mark.pyramid_allow("process", reason="the version comes from git")
    def test_x(): ...
    ```
    """

    code: ClassVar[str] = "PYR391"
    name: ClassVar[str] = "allowance-without-reason"
    stage: ClassVar[Stage] = Stage.COLLECTION
    default: ClassVar[Severity] = Severity.WARNING

    @staticmethod
    def good() -> tuple[Suite, ...]:
        """Suites that keep the rule."""
        return (example_suite({"unit": 1}), _example("the version comes from git"))

    @staticmethod
    def bad() -> tuple[Suite, ...]:
        """Suites that break it."""
        return (_example(None),)

    def check(self, suite: Suite) -> Iterable[Violation]:
        """One violation for every mark without a reason."""
        silent: dict[str, tuple[TestFacts, list[str]]] = {}
        for test in suite.tests:
            for one in test.allowances:
                if one.reason is None:
                    words = silent.setdefault(one.place, (test, []))[1]
                    words.extend([one.resource] if one.resource not in words else [])
        for place, (test, words) in silent.items():
            yield Violation(
                code=self.code,
                name=self.name,
                severity=self.default,
                message=f"{place} allows {', '.join(words)} without a reason",
                hint='add reason="..." to the mark',
                tier=test.tier,
                nodeid=test.nodeid,
                location=test.location,
            )
