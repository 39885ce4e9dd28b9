"""What is said of a run in words."""

from __future__ import annotations

import shlex
from dataclasses import replace

import pytest
from hypothesis import given
from hypothesis import strategies as st

from pytest_pyramid.core.facts import Location, Result
from pytest_pyramid.core.report import ShapeVerdict
from pytest_pyramid.core.wording import (
    counted,
    followed,
    next_action,
    place_of,
    quoted,
    shape_sentence,
    shape_words,
    total_of,
    verdict,
)
from tests.unit.canonical import FAILED_TEST, VIOLATIONS, closed_report, cone_report, open_report, partial_report


@given(st.text(max_size=30))
def test_words_are_quoted_as_the_standard_library_does(word: str) -> None:
    """A shell reads every word back."""
    assert shlex.split(quoted(word) or "''") == ([word] if word else [""])


def test_the_verdict_is_one_sentence() -> None:
    """How it ended, how many tests, what failed, what was withheld, what rules found."""
    assert verdict(open_report()) == "passed: 100 tests in 12.3 s"
    assert verdict(closed_report()) == (
        "not passed: 107 tests in 12.3 s, 3 failed, 1 file not collected, gate unit closed, 37 withheld, "
        "1 rule error, 1 rule warning"
    )
    assert "7 lost" in verdict(partial_report())


@pytest.mark.parametrize(
    ("make", "action"),
    [
        (open_report, ""),
        (closed_report, f"pytest {FAILED_TEST}"),
        (cone_report, "test the rules behind the pages in unit and keep the journeys in ui"),
    ],
)
def test_there_is_one_next_action(make: object, action: str) -> None:
    """Run what closed the gate, else mend what a rule found, else nothing."""
    assert callable(make)
    assert next_action(make()) == action


def test_a_failure_without_a_gate_is_run_again() -> None:
    """With the gate off the first failed test is the next action."""
    ungated = replace(closed_report(), gates=())
    assert next_action(ungated) == f"pytest {FAILED_TEST}"


def test_the_shape_in_words() -> None:
    """Other measures are told where they differ, and the reason where there is no verdict."""
    assert shape_sentence(open_report().shape) == "pyramid (by functions; by seconds: ice-cream cone)"
    assert shape_sentence(partial_report().shape).startswith("not judged: partial run")


def test_a_number_stands_with_its_noun() -> None:
    """One is singular, nothing is plural, thousands have a comma."""
    assert [counted(number, "test") for number in (0, 1, 2, 1_200)] == ["0 tests", "1 test", "2 tests", "1,200 tests"]


def test_a_shape_nobody_named_has_no_words() -> None:
    """Dashes are blanks, except in the word that has one."""
    assert [shape_words(name) for name in (None, "ice-cream-cone", "empty-base")] == [
        "",
        "ice-cream cone",
        "empty base",
    ]


def test_no_reason_is_no_colon() -> None:
    """A shape that was not judged for no known reason."""
    assert shape_sentence(ShapeVerdict(name="not judged", judged=False)) == "not judged"


def test_a_place_is_as_exact_as_it_is_known() -> None:
    """File and line, the file, the test, or nothing."""
    rule = VIOLATIONS[1]._replace(location=None)
    places = (Location(file="a.py", line=0), Location(file="a.py"), None)
    assert [place_of(rule._replace(location=place, nodeid="t.py::a")) for place in places] == [
        "a.py:0",
        "a.py",
        "t.py::a",
    ]
    assert place_of(rule) == ""


def test_what_followed_a_closed_gate() -> None:
    """The tiers above it that lost tests, and what that saved when it is known."""
    made = closed_report()
    gate = made.gates[0]
    assert followed(gate, made.tiers) == "37 tests of service, ui withheld, about 210 s saved"
    assert followed(gate._replace(saved_seconds=None), made.tiers) == "37 tests of service, ui withheld"
    assert (
        followed(gate._replace(tier="service", withheld=12), made.tiers[:2]) == "12 tests withheld, about 210 s saved"
    )
    assert followed(gate._replace(withheld=0), made.tiers) == ""


def test_tests_of_all_rows_are_added() -> None:
    """An outcome that no row has is nothing."""
    assert [total_of(closed_report(), result) for result in (Result.WITHHELD, Result.ERROR)] == [37, 0]


def test_unclassified_tests_are_the_last_thing_to_do() -> None:
    """Behind failures and violations, and only when there are any."""
    loose = replace(cone_report(), violations=())
    assert next_action(loose) == "pytest --pyramid-explain=all"
    assert next_action(replace(loose, tiers=loose.tiers[:-1])) == ""
