"""One test of a report as plain data and back."""

from __future__ import annotations

from dataclasses import replace

import pytest

from pytest_pyramid.core.evidence import Suggestion
from pytest_pyramid.core.facts import Location, Outcome, Placement, Result, TestFacts, Touch
from pytest_pyramid.core.plain_entry import entry_of
from pytest_pyramid.core.plain_outcome import facts_of, is_quiet, plain_test, plain_touch, touch_of
from pytest_pyramid.core.tiers import Action, Resource

FACT = TestFacts(nodeid="t.py::a[1]", function="t.py::a", location=Location(file="t.py", line=3), tier="unit")
DONE = Outcome(nodeid="t.py::a[1]", tier="unit", result=Result.PASSED)
TOUCH = Touch(resource=Resource.SLEEP, phase="call", detail="sleep 1 s", location=None, action=Action.ERROR, count=3)


def test_only_a_test_of_a_person_has_steps() -> None:
    """The key is left out everywhere else, and comes back where it is, empty steps too."""
    assert "manual" not in plain_test(FACT, DONE)
    steps = FACT._replace(manual="")
    assert facts_of(entry_of(plain_test(steps, DONE), "tests[0]")).manual == ""


def test_the_seconds_shown_are_the_sum_of_the_phases_shown() -> None:
    """Each phase is rounded first, so that a reader who adds finds the same."""
    plain = plain_test(FACT, DONE._replace(setup_seconds=4e-7, call_seconds=4e-7, teardown_seconds=4e-7))
    assert (plain["seconds"], plain["setup_seconds"]) == (0.0, 0.0)


@pytest.mark.parametrize(
    ("fact", "outcome"),
    [
        (FACT._replace(manual=""), DONE),
        (FACT._replace(hints=(Suggestion("ui", "imports", "selenium", 0.9),)), DONE),
        (FACT, DONE._replace(message="")),
        (FACT, DONE._replace(touches=(TOUCH,))),
        (FACT, DONE._replace(call_seconds=float("nan"))),
        (FACT, DONE._replace(start=float("inf"))),
    ],
)
def test_what_more_is_told_of_is_not_quiet(fact: TestFacts, outcome: Outcome) -> None:
    """A quiet test has the same keys as every other, and nothing in them that would have to be looked at."""
    assert is_quiet(FACT, DONE)
    assert not is_quiet(fact, outcome)


def test_a_reason_stands_for_the_classifier_that_gave_it() -> None:
    """Its first word is the kind of evidence; a test without evidence has no placement."""
    placed = FACT._replace(placements=(Placement(tier="unit", source="path", reason="path tests/unit"),))
    assert facts_of(entry_of(plain_test(placed, DONE), "")).placements == placed.placements
    assert facts_of(entry_of(plain_test(FACT, DONE), "")).placements == ()


def test_a_report_without_functions_takes_the_node_id() -> None:
    """What the contract's first reports did not hold."""
    plain = plain_test(FACT, DONE)
    del plain["function"]
    assert facts_of(entry_of(plain, "")).function == "t.py::a[1]"


def test_an_older_touch_is_judged_by_its_flag() -> None:
    """Without an action, what was not allowed was a warning; the other keys have their usual values."""
    old = {key: plain_touch(TOUCH)[key] for key in ("resource", "phase", "detail", "file", "line", "allowed")}
    assert touch_of(entry_of(old, "")) == replace(TOUCH, action=Action.WARN, count=1)
    assert touch_of(entry_of({**old, "allowed": True}, "")).action is Action.ALLOW


def test_a_touch_comes_back_whole() -> None:
    """The action is stronger than the flag, and nothing of it is lost."""
    whole = replace(TOUCH, fixture="db", layer="residue", location=Location(file="a.py", line=None))
    assert touch_of(entry_of(plain_touch(whole), "")) == whole


def test_hints_come_back_where_there_are_any() -> None:
    """The key is left out for a test that has none."""
    assert "hints" not in plain_test(FACT, DONE)
    hinted = FACT._replace(hints=(Suggestion("service", "fixture", "client", 0.5),))
    assert facts_of(entry_of(plain_test(hinted, DONE), "tests[0]")).hints == hinted.hints
