"""Shapes: every suite has one name, the name is sensible, and some suites are not judged."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace

import pytest
from hypothesis import given
from hypothesis import strategies as st

from pytest_pyramid.core.census import Census
from pytest_pyramid.core.examples import example_suite
from pytest_pyramid.core.facts import Result
from pytest_pyramid.core.shapes import Shape, about_equal, judge_shape, judged_census, shape_of

counts = st.lists(st.integers(0, 60), min_size=1, max_size=7)
filled = st.lists(st.integers(1, 60), min_size=2, max_size=7)
INVERTED = {Shape.EMPTY_BASE, Shape.CONE, Shape.TROPHY, Shape.DIAMOND, Shape.HOURGLASS}


@pytest.mark.parametrize(
    ("given_counts", "name"),
    [
        ([0], "empty"),
        ([0, 0, 0], "empty"),
        ([5], "single-tier"),
        ([70, 0, 0], "single-tier"),
        ([0, 20, 10], "empty-base"),
        ([0, 10, 20], "empty-base"),
        ([10, 9, 10], "rectangle"),
        ([10, 8], "rectangle"),
        ([10, 7], "pyramid"),
        ([70, 20, 10], "pyramid"),
        ([70, 70, 10], "pyramid"),
        ([70, 20, 0], "pyramid"),
        ([40, 30, 20, 10], "pyramid"),
        ([10, 20, 70], "ice-cream-cone"),
        ([1, 1, 2], "ice-cream-cone"),
        ([20, 60, 5], "trophy"),
        ([20, 30, 60, 5], "trophy"),
        ([10, 60, 10], "diamond"),
        ([10, 60, 8], "diamond"),
        ([10, 60, 7], "trophy"),
        ([5, 60, 20], "diamond"),
        ([60, 5, 20], "hourglass"),
        ([20, 5, 60], "hourglass"),
        ([70, 0, 10], "hourglass"),
        ([50, 10, 50, 10], "hourglass"),
    ],
)
def test_known_shapes(given_counts: list[int], name: str) -> None:
    """Counts that everybody would name have that name, at the very limits too."""
    assert shape_of(given_counts).value == name


DEFINITIONS: dict[Shape, Callable[[list[int]], bool]] = {
    Shape.EMPTY: lambda c: sum(c) == 0,
    Shape.EMPTY_BASE: lambda c: sum(c) > 0 and c[0] == 0,
    Shape.SINGLE_TIER: lambda c: c[0] > 0 and sum(c[1:]) == 0,
    Shape.RECTANGLE: lambda c: several(c) and about_equal(min(c), max(c)),
    Shape.PYRAMID: lambda c: sloped(c) and c == sorted(c, reverse=True),
    Shape.CONE: lambda c: sloped(c) and c == sorted(c),
    Shape.TROPHY: lambda c: bulging(c) and c[0] > c[-1] and not about_equal(c[0], c[-1]),
    Shape.DIAMOND: lambda c: bulging(c) and (c[0] <= c[-1] or about_equal(c[0], c[-1])),
    Shape.HOURGLASS: lambda c: sloped(c) and max(c) == max(c[0], c[-1]) and has_waist(c),
}
"""What docs/rules/shapes.md says of every name, each on its own and not by exclusion."""


def several(c: list[int]) -> bool:
    """The base has something, and so has a tier above."""
    return c[0] > 0 and sum(c[1:]) > 0


def sloped(c: list[int]) -> bool:
    """Several tiers have something, and not about the same."""
    return several(c) and not about_equal(min(c), max(c))


def bulging(c: list[int]) -> bool:
    """A tier between is larger than base and top."""
    return sloped(c) and max(c) > max(c[0], c[-1])


def has_waist(c: list[int]) -> bool:
    """A tier is smaller than one below it and one above it."""
    return any(max(c[:i]) > c[i] < max(c[i + 1 :]) for i in range(1, len(c) - 1))


@given(counts)
def test_every_vector_has_exactly_one_name(c: list[int]) -> None:
    """The nine definitions leave no gap and do not overlap, and the function follows them."""
    assert [shape for shape, fits in DEFINITIONS.items() if fits(c)] == [shape_of(c)]


@given(counts, st.integers(1, 10_000))
def test_multiplying_all_counts_keeps_the_name(c: list[int], factor: int) -> None:
    """A shape is about proportions, not about size."""
    assert shape_of([each * factor for each in c]) == shape_of(c)


@given(filled)
def test_upside_down(c: list[int]) -> None:
    """The reverse of a pyramid is a cone and of a cone a pyramid; rectangles and hourglasses stay what they are."""
    turned = {Shape.PYRAMID: Shape.CONE, Shape.CONE: Shape.PYRAMID, Shape.TROPHY: Shape.DIAMOND}
    here, there = shape_of(c), shape_of(c[::-1])
    if here is Shape.DIAMOND:
        assert there in {Shape.DIAMOND, Shape.TROPHY}
    else:
        assert there == turned.get(here, here)


@given(st.lists(st.integers(1, 1000), min_size=2, max_size=6, unique=True))
def test_a_strict_slope_is_never_anything_else(c: list[int]) -> None:
    """Strictly fewer upwards is a pyramid, strictly more a cone, unless all are about equal."""
    down = sorted(c, reverse=True)
    expected = Shape.RECTANGLE if about_equal(down[0], down[-1]) else Shape.PYRAMID
    assert shape_of(down) is expected
    assert shape_of(sorted(c)) is (Shape.RECTANGLE if expected is Shape.RECTANGLE else Shape.CONE)


@given(counts)
def test_the_name_agrees_with_the_rule_about_inversion(c: list[int]) -> None:
    """No pyramid has more above than below, and every shape that is not upright has."""
    inverted = any(upper > lower for i, upper in enumerate(c) for lower in c[:i])
    shape = shape_of(c)
    assert not inverted or shape in INVERTED | {Shape.RECTANGLE}
    assert inverted or shape not in INVERTED


def test_a_suite_is_named_by_functions_and_by_the_other_measures() -> None:
    """The verdict's name is the one by functions; seconds may be another."""
    suite = example_suite({"unit": 7, "service": 2, "ui": 1}, seconds={"unit": 0.1, "service": 2.0, "ui": 9.0})
    census = Census.counted(suite.pyramid, suite.tests, suite.outcomes)
    verdict = judge_shape(census, partial_reason=None)
    assert (verdict.name, verdict.judged, verdict.reason) == ("pyramid", True, None)
    assert (verdict.by_functions, verdict.by_tests, verdict.by_seconds) == ("pyramid", "pyramid", "ice-cream-cone")


def test_tests_count_cases() -> None:
    """Many cases of few functions change the name by tests only."""
    census = Census.of(unit=7, service=2, ui=1)
    many = census._replace(rows=(*census.rows[:2], census.rows[2]._replace(tests=50), census.rows[3]))
    verdict = judge_shape(many, partial_reason=None)
    assert (verdict.name, verdict.by_tests) == ("pyramid", "hourglass")


def test_seconds_without_any_time_have_no_name() -> None:
    """Before the run there are no seconds to speak of."""
    assert judge_shape(Census.of(unit=7, service=2), partial_reason=None).by_seconds is None


def test_seconds_of_a_run_with_withheld_tests_have_no_name() -> None:
    """A tier that was withheld took no time, which says nothing about it."""
    suite = example_suite({"unit": 3, "service": 1}, seconds={"unit": 1.0, "service": 0.0})
    withheld = (*suite.outcomes[:-1], suite.outcomes[-1]._replace(result=Result.WITHHELD))
    verdict = judge_shape(Census.counted(suite.pyramid, suite.tests, withheld), partial_reason=None)
    assert (verdict.by_functions, verdict.by_seconds) == ("pyramid", None)


def test_a_partial_run_is_not_judged() -> None:
    """The reason says what selected the part, and nothing is named."""
    verdict = judge_shape(Census.of(unit=7), partial_reason="-k cart")
    assert (verdict.name, verdict.judged, verdict.reason) == ("not judged", False, "partial run: -k cart")
    assert (verdict.by_tests, verdict.by_functions, verdict.by_seconds) == (None, None, None)


def test_too_many_unclassified_tests_are_not_judged() -> None:
    """Above the limit the reason has the count and the command; at the limit it is judged without them."""
    over = judge_shape(Census.of(unit=79, unclassified=21), partial_reason=None)
    assert over.reason == "21 tests have no tier; see: pytest --pyramid-explain=all"
    at_limit = judge_shape(Census.of(unit=50, ui=30, unclassified=20), partial_reason=None)
    assert (at_limit.judged, at_limit.name) == (True, "pyramid")


def test_the_limit_of_unclassified_tests_is_a_choice() -> None:
    """The same suite is judged under one limit and not under another."""
    census = Census.of(unit=1, unclassified=1)
    assert judge_shape(census, partial_reason=None, max_unclassified=0.5).judged
    reason = judge_shape(census, partial_reason=None, max_unclassified=0.0).reason
    assert reason == "1 test has no tier; see: pytest --pyramid-explain=all"


def test_no_tests_are_not_judged() -> None:
    """An empty suite has no shape."""
    assert judge_shape(Census.of(unit=0), partial_reason=None).reason == "there are no tests"


def test_rules_get_a_census_exactly_when_the_shape_is_judged() -> None:
    """Shape rules and the shape's name share one condition, with the suite's own limit."""
    suite = example_suite({"unit": 1, "unclassified": 1})
    assert judged_census(suite) is None
    assert judged_census(replace(suite, max_unclassified=0.5)) is not None
    assert judged_census(replace(suite, max_unclassified=0.5, partial_reason="-k a")) is None
