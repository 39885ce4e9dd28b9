"""From touches to violations: what the tests of a tier touched and may not, one violation for each line of code."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import replace
from typing import ClassVar, NamedTuple

from pytest_pyramid.core.examples import example_suite
from pytest_pyramid.core.facts import Location, Outcome, Suite, TestFacts, Touch
from pytest_pyramid.core.ruling import RuleWithoutOptions, Stage
from pytest_pyramid.core.tiers import Action, Resource
from pytest_pyramid.core.violations import Severity, Violation


class _Place(NamedTuple):
    """Touches that are one thing to mend."""

    tier: str
    action: Action
    location: Location | None
    fixture: str | None
    nodeid: str | None
    """For a touch without a line every test is a place of its own."""
    known: bool
    """True for what the baseline knows, which is told apart from what is new on the same line."""


class _Case(NamedTuple):
    test: TestFacts
    touch: Touch


def touch_violations(suite: Suite, resource: Resource, code: str) -> Iterator[Violation]:
    """One violation for every line of code that touched the resource from tests whose tier may not."""
    places: dict[_Place, list[_Case]] = {}
    for test, outcome in _touching(suite):
        for touch in outcome.touches:
            if touch.resource is resource and touch.action is not Action.ALLOW:
                nodeid = None if touch.location else test.nodeid
                place = _Place(test.tier, touch.action, touch.location, touch.fixture, nodeid, touch.known)
                places.setdefault(place, []).append(_Case(test, touch))
    for place, cases in places.items():
        yield _violation(place, cases, code)


def _touching(suite: Suite) -> Iterator[tuple[TestFacts, Outcome]]:
    touching = suite.touching
    if touching is None:
        touching = tuple(outcome for outcome in suite.outcomes if outcome.touches)
    tests = {test.nodeid: test for test in suite.tests} if touching else {}
    return ((tests[outcome.nodeid], outcome) for outcome in touching if outcome.nodeid in tests)


def _violation(place: _Place, cases: list[_Case], code: str) -> Violation:
    from pytest_pyramid.core.touch_text import REMEDIES  # noqa: PLC0415  # most runs have no such touch

    test, touch = cases[0]
    count = len({case.test.nodeid for case in cases})
    who = test.nodeid if count == 1 else f"{test.nodeid} and {count - 1} more of {place.tier}"
    by = f" (fixture {place.fixture}, {touch.phase})" if place.fixture else ""
    late = " (seen after the fact)" if touch.layer == "residue" else ""
    resource = touch.resource
    return Violation(
        code=code,
        name=resource.value,
        severity=Severity.ERROR if place.action is Action.ERROR else Severity.WARNING,
        message=f"{who} touched {resource.value}: {touch.detail}{by}{late}",
        hint=f'{REMEDIES[resource]}, move the test up, or mark it pyramid_allow("{resource.value}", reason="...")',
        tier=place.tier,
        nodeid=test.nodeid,
        location=place.location or test.location,
        baseline=place.known,
        certain=touch.layer != "residue",
        data=(("detail", touch.detail), ("tests", count), ("phase", touch.phase), ("layer", touch.layer)),
    )


def example_touches(row: str, *touches: Touch, partial_reason: str | None = None) -> Suite:
    """A suite of one test of `row` that touched all that."""
    suite = example_suite({row: 1}, seconds={row: 0.01})
    outcomes = tuple(outcome._replace(touches=touches) for outcome in suite.outcomes)
    return replace(suite, outcomes=outcomes, partial_reason=partial_reason, guard_layers=("hook",))


def example_touch(resource: Resource, detail: str, action: Action) -> Touch:
    """A touch in a test's call, on line 9 of some code."""
    place = Location(file="src/shop/code.py", line=9)
    return Touch(resource=resource, phase="call", detail=detail, location=place, action=action)


class IsolationRule(RuleWithoutOptions):
    """A rule that no test of a tier touches a resource which that tier may not; each resource has one of its own.

    Those give the code, the name, the resource, an example of a touch in words, and their page.
    """

    code: ClassVar[str]
    name: ClassVar[str]
    resource: ClassVar[Resource]
    detail: ClassVar[str]
    """What such a touch is told as."""
    stage: ClassVar[Stage] = Stage.RUN
    default: ClassVar[Severity] = Severity.WARNING

    @classmethod
    def good(cls) -> tuple[Suite, ...]:
        """Suites that keep the rule: nothing touched, what is allowed touched, something else touched."""
        other = next(resource for resource in Resource if resource is not cls.resource)
        return (
            example_touches("unit"),
            example_touches("ui", example_touch(cls.resource, cls.detail, Action.ALLOW)),
            example_touches("unit", example_touch(other, "x", Action.WARN)),
        )

    @classmethod
    def bad(cls) -> tuple[Suite, ...]:
        """Suites that break it."""
        warned, failed = (example_touch(cls.resource, cls.detail, action) for action in (Action.WARN, Action.ERROR))
        return example_touches("unit", warned), example_touches("unit", failed, partial_reason="-k cart")

    def check(self, suite: Suite) -> Iterable[Violation]:
        """One violation for every line of code that did it."""
        return touch_violations(suite, self.resource, self.code)
