"""Type hints of settings, for people."""

from __future__ import annotations

from typing import Annotated, Literal

from pytest_pyramid.core.hints import Bounds, alternatives, choices, expected, shown
from pytest_pyramid.core.tiers import Action


def test_least_and_most_belong_to_the_bounds_and_above_does_not() -> None:
    """The limits themselves are where mistakes show."""
    assert [Bounds(least=0, most=1).admits(number) for number in (-0.01, 0, 1, 1.01)] == [False, True, True, False]
    assert [Bounds(above=0).admits(number) for number in (0, 1e-9)] == [False, True]
    assert Bounds().admits(-1e300)


def test_bounds_are_told_as_people_say_them() -> None:
    """Both ends as a range, one end by its own word, none at all by nothing."""
    bounds = (Bounds(least=0, most=1), Bounds(above=0), Bounds(least=1), Bounds(most=9), Bounds())
    assert [str(one) for one in bounds] == [" from 0 to 1", " above 0", " of at least 1", " of at most 9", ""]


def test_a_choice_says_its_words() -> None:
    """Words of a literal stand for themselves, words of an enum for its members; a number is no choice."""
    assert choices(Literal["a", "b"]) == {"a": "a", "b": "b"}
    assert choices(Action) == {"allow": Action.ALLOW, "warn": Action.WARN, "error": Action.ERROR}
    assert choices(int) is None


def test_none_is_no_alternative() -> None:
    """What may be left out is told by what it is when it is there."""
    assert alternatives(str | None) == (str,)
    assert alternatives(int) == (int,)


def test_what_is_expected_is_told_in_words() -> None:
    """A single word without "one of", bounds behind their number, alternatives with "or"."""
    assert expected(Literal["auto"]) == "auto"
    assert expected(Literal["auto"] | Annotated[int, Bounds(least=1)]) == "auto or a whole number of at least 1"
    assert expected(tuple[str, ...]) == "a list of text"
    assert expected(tuple[tuple[str, int], ...]) == "a table"


def test_a_value_is_shown_short_and_as_it_was_written() -> None:
    """Sixty characters stay whole, more lose their end; true is not True."""
    assert [shown(value) for value in (True, False, {"a": 1}, ("a",), 3)] == ["true", "false", "a table", "['a']", "3"]
    assert shown("x" * 58) == f"'{'x' * 58}'"
    assert shown("x" * 59) == f"'{'x' * 56}..."
