"""PYR390: a mark allows what nobody touches."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import replace
from typing import ClassVar, NamedTuple

from pytest_pyramid.core.facts import Outcome, Result, Suite, TestFacts
from pytest_pyramid.core.isolation import example_touch, example_touches
from pytest_pyramid.core.problems import nearest
from pytest_pyramid.core.ruling import RuleWithoutOptions, Stage
from pytest_pyramid.core.tiers import Action, Allowance, Resource
from pytest_pyramid.core.violations import Severity, Violation

_NAMES = tuple(resource.value for resource in Resource)


class _Mark(NamedTuple):
    """One allowance where it stands; all tests below that place share it."""

    place: str
    resource: str


def _example(suite: Suite, resource: str) -> Suite:
    """The suite whose tests are all marked in their module."""
    given = (Allowance(resource=resource, reason="it is about that", place="tests/unit/test_unit.py"),)
    return replace(suite, tests=tuple(test._replace(allowances=given) for test in suite.tests))


class UnusedAllowance(RuleWithoutOptions):
    """A mark allows a resource that no test below it touches.

    ## What it does

    Looks at every `@pytest.mark.pyramid_allow(...)`, where it stands: on a test, a class or a module. When all tests below
    it passed and none of them touched the resource, the mark is not needed. It is judged only where that is certain:
    with the guard on, in a run of the whole suite. A word that is no resource is told in every run.

    ## Why it matters

    An exception that nobody needs hides the next touch, which somebody would have wanted to know of.

    ## How to fix

    Remove the mark, or the word in it; correct the word when it is misspelt.

    ## Options

    None.

    ## Example

    ```text
    PYR390 unused-allowance: tests/unit/test_a.py::test_x may touch process and does not
    ```

    ```python
    @pytest.mark.pyramid_allow("process", reason="the version comes from git")
    def test_x(): ...
    ```
    """

    code: ClassVar[str] = "PYR390"
    name: ClassVar[str] = "unused-allowance"
    stage: ClassVar[Stage] = Stage.RUN
    default: ClassVar[Severity] = Severity.WARNING

    @staticmethod
    def good() -> tuple[Suite, ...]:
        """Suites that keep the rule."""
        used = example_touches("unit", example_touch(Resource.PROCESS, "start git", Action.ALLOW))
        return (
            _example(used, "process"),
            _example(replace(used, outcomes=(), guard_layers=()), "process"),
            _example(example_touches("unit", partial_reason="-k cart"), "process"),
        )

    @staticmethod
    def bad() -> tuple[Suite, ...]:
        """Suites that break it."""
        return (
            _example(example_touches("unit"), "process"),
            _example(example_touches("unit", partial_reason="-k cart"), "netwrk"),
        )

    def check(self, suite: Suite) -> Iterable[Violation]:
        """One violation for every mark that allows nothing that happens."""
        marked: dict[_Mark, list[TestFacts]] = {}
        for test in suite.tests:
            for one in test.allowances:
                marked.setdefault(_Mark(one.place, one.resource), []).append(test)
        outcomes = {outcome.nodeid: outcome for outcome in suite.outcomes} if marked else {}
        certain = bool(suite.guard_layers) and suite.partial_reason is None
        for mark, tests in marked.items():
            if mark.resource not in _NAMES:
                yield self._violation(mark, tests, f"allows '{mark.resource}', which is no resource", _spelling(mark))
            elif certain and not _is_needed(mark, [outcomes.get(test.nodeid) for test in tests]):
                yield self._violation(mark, tests, f"may touch {mark.resource} and does not", "remove the mark")

    def _violation(self, mark: _Mark, tests: list[TestFacts], fault: str, hint: str) -> Violation:
        return Violation(
            code=self.code,
            name=self.name,
            severity=self.default,
            message=f"{mark.place} {fault}",
            hint=hint,
            tier=tests[0].tier,
            nodeid=tests[0].nodeid,
            location=tests[0].location,
            data=(("resource", mark.resource), ("tests", len(tests))),
        )


def _is_needed(mark: _Mark, outcomes: list[Outcome | None]) -> bool:
    """True when a test touched the resource, or might have: one that did not pass may have stopped before."""
    return any(
        outcome is None
        or outcome.result is not Result.PASSED
        or any(touch.resource.value == mark.resource for touch in outcome.touches)
        for outcome in outcomes
    )


def _spelling(mark: _Mark) -> str:
    near = nearest(mark.resource, _NAMES)
    return f"write '{near}'" if near else f"write one of {', '.join(_NAMES)}"
