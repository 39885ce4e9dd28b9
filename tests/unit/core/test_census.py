"""The census: what is counted where."""

from __future__ import annotations

import random

import pytest

from pytest_pyramid.core.census import Census, Row
from pytest_pyramid.core.examples import example_pyramid, example_suite, example_test
from pytest_pyramid.core.facts import Outcome, Placement, Result, TestFacts
from pytest_pyramid.core.shapes import judge_shape
from pytest_pyramid.core.tiers import Pyramid, Tier

PYRAMID = example_pyramid()
UNIT = Placement(tier="unit", source="marker", reason="marker unit")


def outcome(test: TestFacts, result: Result = Result.PASSED, seconds: float = 0.0) -> Outcome:
    """What became of `test`, all its seconds in the call."""
    return Outcome(nodeid=test.nodeid, tier=test.tier, result=result, call_seconds=seconds)


def test_rows_are_the_tiers_from_the_base_and_then_the_unclassified() -> None:
    """Every row is there, also when nothing is in it."""
    census = Census.counted(PYRAMID, ())
    assert census.rows == (Row(name="unit"), Row(name="service"), Row(name="ui"), Row(name="unclassified"))
    assert [row.name for row in census.tiers] == ["unit", "service", "ui"]


def test_cases_of_one_function_are_several_tests_and_one_function() -> None:
    """A parametrized function counts once by functions and as often as it has cases by tests."""
    tests = [example_test(f"tests/unit/test_a.py::test_sum[{case}]", UNIT) for case in range(5)]
    row = Census.counted(PYRAMID, tests).row("unit")
    assert (row.tests, row.functions) == (5, 1)


def test_cases_in_two_tiers_count_in_both() -> None:
    """A function whose cases are marked for different tiers is a function of each."""
    service = UNIT._replace(tier="service")
    tests = [example_test("tests/test_a.py::test_sum[1]", UNIT), example_test("tests/test_a.py::test_sum[2]", service)]
    census = Census.counted(PYRAMID, tests)
    assert [row.functions for row in census.tiers] == [1, 1, 0]


def test_manual_tests_are_counted() -> None:
    """A test that a person does is one of its tier and is not missing."""
    test = example_test("tests/unit/test_a.py::test_look", UNIT)._replace(manual="look at it")
    row = Census.counted(PYRAMID, [test], [outcome(test, Result.MANUAL)]).row("unit")
    assert (row.tests, row.functions, row.unrun) == (1, 1, 0)


def test_seconds_are_those_of_all_phases() -> None:
    """Setup, call and teardown of all tests of the row are added up."""
    test = example_test("tests/unit/test_a.py::test_a", UNIT)
    took = outcome(test, seconds=0.5)._replace(setup_seconds=0.25, teardown_seconds=1.0)
    assert Census.counted(PYRAMID, [test], [took, took]).row("unit").seconds == pytest.approx(3.5)


def test_seconds_do_not_depend_on_the_order_of_reports() -> None:
    """Workers report in any order and the sum stays the same to the last digit."""
    test = example_test("tests/unit/test_a.py::test_a", UNIT)
    outcomes = [outcome(test, seconds=10.0 ** (number % 17)) for number in range(200)]
    shuffled = random.Random(7).sample(outcomes, len(outcomes))
    assert Census.counted(PYRAMID, [test], outcomes) == Census.counted(PYRAMID, [test], shuffled)


@pytest.mark.parametrize(("result", "unrun"), [(Result.WITHHELD, 1), (Result.LOST, 1), (Result.SKIPPED, 0)])
def test_withheld_and_lost_tests_are_known_to_lack_seconds(result: Result, unrun: int) -> None:
    """A test that was meant to run and did not is counted apart."""
    test = example_test("tests/unit/test_a.py::test_a", UNIT)
    assert Census.counted(PYRAMID, [test], [outcome(test, result)]).total.unrun == unrun


def test_shares_are_of_everything() -> None:
    """Tests without a tier belong to the whole."""
    census = Census.of(unit=6, service=2, unclassified=2)
    assert census.share_of_functions("unit") == 0.6
    assert census.share_of_functions("unclassified") == 0.2
    assert census.share_of_tests("service") == 0.2


def test_shares_of_nothing_are_zero() -> None:
    """An empty suite has no share above 0 and raises nothing."""
    assert Census.of(unit=0).share_of_functions("unit") == 0.0


def test_shares_by_tests_and_by_functions_differ() -> None:
    """Cases make the share by tests larger, not the one by functions."""
    tests = [example_test(f"tests/unit/test_a.py::test_sum[{case}]", UNIT) for case in range(3)]
    census = Census.counted(PYRAMID, [*tests, example_test("tests/test_b.py::test_b")])
    assert (census.share_of_tests("unit"), census.share_of_functions("unit")) == (0.75, 0.5)


def test_the_short_form_equals_the_counted_one() -> None:
    """`Census.of` gives what counting such a suite gives."""
    suite = example_suite({"unit": 7, "service": 2, "ui": 1, "unclassified": 3})
    assert Census.of(unit=7, service=2, ui=1, unclassified=3) == Census.counted(PYRAMID, suite.tests)


def test_an_unknown_row_is_an_error() -> None:
    """A name that is no row raises KeyError, in tests as in questions."""
    stray = example_test("tests/test_a.py::test_a")._replace(tier="attic")
    with pytest.raises(KeyError):
        Census.counted(PYRAMID, [stray])
    with pytest.raises(KeyError):
        Census.of(unit=1).row("attic")


def test_the_total_adds_every_column_up() -> None:
    """The unclassified row belongs to it."""
    rows = (Row("unit", 3, 2, 1.5, 1), Row("unclassified", 1, 1, 0.25, 1))
    assert Census(rows).total == Row("total", 4, 3, 1.75, 2)


def test_the_unclassified_row_is_the_last_wherever_it_was_given() -> None:
    """Nobody has to know where to put it."""
    census = Census.of(unclassified=2, unit=3)
    assert census.unclassified == Row("unclassified", 2, 2)
    assert [row.name for row in census.tiers] == ["unit"]


def test_the_shares_of_all_rows_make_a_whole() -> None:
    """Shares are of all functions, those without a tier among them."""
    census = Census.of(unit=5, ui=2, unclassified=1)
    assert sum(census.share_of_functions(row.name) for row in census.rows) == 1.0
    assert census.share_of_functions("unit") == 0.625


SIDED = Pyramid(tiers=(*PYRAMID, Tier(name="speed", rank=3, side=True)))


@pytest.mark.parametrize("aside", [0, 1, 50])
def test_a_tier_beside_the_shape_changes_no_share_no_total_and_no_shape(aside: int) -> None:
    """However many tests it has, the others are judged as if it were not there."""
    tests = example_suite({"unit": 6, "service": 3, "ui": 1}).tests
    more = tuple(tests[0]._replace(nodeid=f"s.py::{n}", function=f"s.py::{n}", tier="speed") for n in range(aside))
    census, plain = Census.counted(SIDED, (*tests, *more)), Census.counted(PYRAMID, tests)
    assert census.row("speed").tests == aside
    assert (census.total, census.tiers, census.unclassified) == (plain.total, plain.tiers, plain.unclassified)
    assert (census.share_of_functions("speed"), census.share_of_tests("speed")) == (0.0, 0.0)
    assert census.share_of_functions("unit") == plain.share_of_functions("unit")
    assert judge_shape(census, partial_reason=None) == judge_shape(plain, partial_reason=None)


def test_a_tier_beside_the_shape_is_above_no_other() -> None:
    """Advice to move a test up never names it; all others are below it."""
    assert [tier.name for tier in SIDED.storeys] == ["unit", "service", "ui"]
    assert [tier.name for tier in SIDED.above(1)] == ["ui"]
    assert [tier.name for tier in SIDED.below(3)] == ["unit", "service", "ui"]


@pytest.mark.parametrize(("ranks", "expected"), [((), 3), ((0, 1), 3), ((0, 3), 4), ((3,), 4)])
def test_a_run_is_as_high_as_the_shape_or_as_its_highest_test(ranks: tuple[int, ...], expected: int) -> None:
    """A tier beside the shape without tests is not there."""
    assert SIDED.height(ranks) == expected
