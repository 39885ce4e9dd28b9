"""What people read about configuration problems and figures."""

from __future__ import annotations

import pytest

from pytest_pyramid.core.figures import beyond
from pytest_pyramid.core.problems import BAD_VALUE, Problem, nearest, problems_text


def problem(key: str = "gate", suggestion: str | None = None) -> Problem:
    """A problem with that key."""
    return Problem(code=BAD_VALUE, source="tox.ini", key=key, message="is odd", suggestion=suggestion)


def test_the_nearest_name_is_found_through_a_slip_of_the_finger() -> None:
    """Two letters changed places."""
    assert nearest("srevice", ["unit", "service", "ui"]) == "service"


def test_the_nearest_name_does_not_depend_on_case() -> None:
    """The name comes back as it is written."""
    assert nearest("pyr101", ["PYR101", "PYR501"]) == "PYR101"
    assert nearest("SERVICE", ["unit", "service"]) == "service"


def test_a_word_like_none_of_the_names_has_no_nearest() -> None:
    """A wrong suggestion is worse than none."""
    assert nearest("zebra", ["unit", "service"]) is None


def test_one_problem_is_told_in_the_singular() -> None:
    """The heading counts."""
    assert problems_text([problem()]).startswith("pytest-test-pyramid: 1 problem in")


def test_every_problem_has_a_line() -> None:
    """All are told at once."""
    assert len(problems_text([problem("a"), problem("b"), problem("c")]).splitlines()) == 4


def test_a_suggestion_is_a_question() -> None:
    """With the name in quotes, ready to be copied."""
    assert "did you mean 'strict'?" in problems_text([problem(suggestion="strict")])


def test_a_problem_of_a_whole_file_names_no_key() -> None:
    """Only the source stands before the message."""
    assert "  tox.ini: is odd (" in problems_text([problem(key="")])


def test_seconds_have_two_digits_where_they_are_enough() -> None:
    """Nobody reads more."""
    assert beyond(0.84, 0.5) == "0.84 s"


def test_long_times_have_one_digit() -> None:
    """Ten minutes need no hundredths."""
    assert beyond(612.44, 600) == "612.4 s"


@pytest.mark.parametrize(("seconds", "said"), [(0.5003, "0.5003 s"), (0.500001, "0.500001 s")])
def test_seconds_have_the_digits_that_show_they_are_too_many(seconds: float, said: str) -> None:
    """Never "0.50 s, at most 0.5 s"."""
    assert beyond(seconds, 0.5) == said
