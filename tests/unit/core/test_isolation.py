"""From touches to violations, and what the rules about allowances say."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

import pytest

from pytest_pyramid.core.examples import example_suite
from pytest_pyramid.core.facts import Location, Outcome, Result, Suite, Touch
from pytest_pyramid.core.isolation import example_touch, example_touches, touch_violations
from pytest_pyramid.core.ruling import RuleBook, Selection, Stage, judge
from pytest_pyramid.core.setting_tree import Settings
from pytest_pyramid.core.tiers import Action, Allowance, Pyramid, Resource, Tier
from pytest_pyramid.core.violations import Severity
from pytest_pyramid.rules.pyr305_sleep import Sleep
from pytest_pyramid.rules.pyr390_unused_allowance import UnusedAllowance
from pytest_pyramid.rules.pyr391_allowance_without_reason import AllowanceWithoutReason

PAUSE = example_touch(Resource.SLEEP, "sleep 1 s", Action.WARN)
HERE, THERE = "tests/unit/test_unit.py::test_0", "tests/unit/test_unit.py::test_1"


def touching(*touches: tuple[Touch, ...], result: Result = Result.PASSED) -> Suite:
    """A suite of unit tests, each with what it touched."""
    suite = example_suite({"unit": len(touches)})
    outcomes = tuple(
        Outcome(nodeid=test.nodeid, tier=test.tier, result=result, touches=mine)
        for test, mine in zip(suite.tests, touches, strict=True)
    )
    return replace(suite, outcomes=outcomes, guard_layers=("hook",))


def messages(suite: Suite) -> list[str]:
    """What is said of sleeps."""
    return [one.message for one in touch_violations(suite, Resource.SLEEP, "PYR305")]


def test_one_line_is_told_once_with_its_tests() -> None:
    """However many tests come by it, and whatever they touched besides."""
    other = example_touch(Resource.FILES, "write a.txt", Action.WARN)
    (found,) = touch_violations(touching((PAUSE, other), (PAUSE, PAUSE), ()), Resource.SLEEP, "PYR305")
    assert found.message == f"{HERE} and 1 more of unit touched sleep: sleep 1 s"
    assert (found.location, found.nodeid) == (PAUSE.location, HERE)
    assert dict(found.data) == {"detail": "sleep 1 s", "tests": 2, "phase": "call", "layer": "hook"}


def test_two_lines_are_told_apart_and_so_are_tests_without_a_line() -> None:
    """What has to be mended in two places is two things."""
    elsewhere = replace(PAUSE, location=Location(file="src/shop/code.py", line=10))
    assert len(messages(touching((PAUSE, elsewhere)))) == 2
    nowhere = replace(PAUSE, location=None)
    assert messages(touching((nowhere,), (nowhere,))) == [
        f"{HERE} touched sleep: sleep 1 s",
        f"{THERE} touched sleep: sleep 1 s",
    ]


def test_a_touch_of_a_test_nobody_collected_is_left_out() -> None:
    """There is no tier to hold it against."""
    suite = touching((PAUSE,), (PAUSE,))
    assert messages(replace(suite, tests=suite.tests[1:])) == [f"{THERE} touched sleep: sleep 1 s"]


def test_a_fixture_and_a_late_sight_are_told() -> None:
    """Who did it, and that no line is known for sure."""
    touch = replace(PAUSE, fixture="db", phase="setup", layer="residue")
    assert messages(touching((touch,))) == [
        f"{HERE} touched sleep: sleep 1 s (fixture db, setup) (seen after the fact)"
    ]


@pytest.mark.parametrize(
    ("action", "configured", "severity"),
    [
        (Action.WARN, (), Severity.WARNING),
        (Action.ERROR, (), Severity.ERROR),
        (Action.WARN, (("PYR305", "error"),), Severity.ERROR),
    ],
)
def test_the_guard_says_how_much_a_touch_weighs(
    action: Action, configured: tuple[tuple[str, str], ...], severity: Severity
) -> None:
    """An error of the guard stays one under the rule's default; a configured severity can only add to it."""
    book, _ = RuleBook.made([Sleep], Selection(severity=configured))
    suite = example_touches("unit", replace(PAUSE, action=action))
    assert [one.severity for one in judge(book, suite, Stage.RUN).violations] == [severity]


def marked(suite: Suite, *allowances: Allowance) -> Suite:
    """The suite with these marks on all its tests."""
    return replace(suite, tests=tuple(test._replace(allowances=allowances) for test in suite.tests))


def allowance(resource: str, reason: str | None = "it is about that", place: str = "tests/unit") -> Allowance:
    """A mark that all tests below its place share."""
    return Allowance(resource=resource, reason=reason, place=place)


def test_a_shared_mark_is_needed_when_one_test_needs_it() -> None:
    """A mark on a module speaks for all its tests together."""
    allowed = replace(PAUSE, action=Action.ALLOW)
    assert list(UnusedAllowance().check(marked(touching((), (allowed,)), allowance("sleep")))) == []
    (found,) = UnusedAllowance().check(marked(touching((), ()), allowance("sleep")))
    assert (found.message, dict(found.data)["tests"]) == ("tests/unit may touch sleep and does not", 2)


@pytest.mark.parametrize("result", [Result.FAILED, Result.SKIPPED, Result.WITHHELD])
def test_a_mark_is_not_judged_by_tests_that_did_not_get_through(result: Result) -> None:
    """They may have stopped before they needed it."""
    assert list(UnusedAllowance().check(marked(touching((), result=result), allowance("sleep")))) == []


def test_a_misspelt_resource_is_told_with_the_near_one() -> None:
    """It would allow nothing, in silence."""
    (found,) = UnusedAllowance().check(marked(touching(()), allowance("sleeep")))
    assert (found.message, found.hint) == ("tests/unit allows 'sleeep', which is no resource", "write 'sleep'")


def test_a_mark_without_a_reason_is_told_once_with_all_its_words() -> None:
    """Several resources in one mark need one reason."""
    silent = [allowance(word, None) for word in ("sleep", "process")]
    (found,) = AllowanceWithoutReason().check(marked(touching((), ()), *silent))
    assert found.message == "tests/unit allows sleep, process without a reason"


def test_what_can_only_be_supposed_is_a_warning_even_in_a_strict_run() -> None:
    """The kernel tells of a pause, and not what for."""
    book, _ = RuleBook.made([Sleep], Selection(strict=True))
    found = [
        judge(book, example_touches("unit", replace(PAUSE, layer=layer)), Stage.RUN).violations[0].severity
        for layer in ("hook", "residue")
    ]
    assert found == [Severity.ERROR, Severity.WARNING]


@pytest.mark.parametrize(
    ("guard", "level", "platform", "layers"),
    [
        ("warn", "residue", "linux", ("hook", "residue")),
        ("error", "residue", "darwin", ("hook",)),
        ("warn", "hook", "linux", ("hook",)),
        ("off", "residue", "linux", ()),
        ("warn", "sandbox", "linux", ("hook", "residue", "sandbox")),
        ("warn", "sandbox", "win32", ("hook",)),
    ],
)
def test_the_layers_in_force_follow_from_mode_level_and_platform(
    guard: str, level: str, platform: str, layers: tuple[str, ...]
) -> None:
    """The net of the kernel is there on Linux, and nothing while the guard is off."""
    unit = Tier(name="unit", rank=0, guard=((Resource.SLEEP, Action.WARN),))
    assert settings(unit, guard, level).guard_layers(platform) == layers


def test_without_a_restriction_nothing_is_watched() -> None:
    """A pyramid whose tiers may all do everything needs no hook."""
    unit = Tier(name="unit", rank=0, guard=((Resource.SLEEP, Action.ALLOW),))
    assert settings(unit, "error", "residue").guard_layers("linux") == ()


def settings(unit: Tier, guard: Any, level: Any) -> Settings:
    """Settings of which only these matter."""
    nothing: tuple[Any, ...] = ()
    return Settings(
        pyramid=Pyramid(tiers=(unit,)),
        default_tier="none",
        gate="strict",
        guard=guard,
        guard_level=level,
        strict=False,
        stages=nothing,
        resources=nothing,
        select=nothing,
        ignore=nothing,
        severity=nothing,
        rules=nothing,
        reports=nothing,
    )
