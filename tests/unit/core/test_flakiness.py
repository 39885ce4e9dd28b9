"""Which tests are flaky, and how sure their failure rate is."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from pytest_pyramid.core.flakiness import flakes, has_failures, wilson
from pytest_pyramid.core.history import ABSENT, Column, FileMemory


def remembered(*columns: tuple[int, list[float]]) -> FileMemory:
    """A memory of tests a, b, … with these (code, results)."""
    width = len(columns[0][1]) if columns else 0
    return FileMemory(tuple("abc"[:width]), tuple(Column(code, True, seconds) for code, seconds in columns))


def test_both_outcomes_on_the_same_code_are_flaky() -> None:
    """One failure in three runs of the same code."""
    (found,) = flakes(remembered((7, [1.0]), (7, [-1.0]), (7, [1.0])))
    assert (found.nodeid, found.codes, found.failures, found.runs) == ("a", 1, 1, 3)
    assert found.low < 1 / 3 < found.high


@pytest.mark.parametrize(
    "columns",
    [
        [(1, [1.0]), (2, [-1.0])],
        [(0, [1.0]), (0, [-1.0])],
        [(1, [-1.0]), (1, [-1.0])],
        [(1, [1.0]), (1, [1.0])],
        [(1, [ABSENT]), (1, [-1.0])],
        [],
    ],
    ids=["another code", "unknown code", "always fails", "always passes", "not run", "nothing"],
)
def test_anything_else_is_not(columns: list[tuple[int, list[float]]]) -> None:
    """A change may explain another outcome, and a test that always fails is simply broken."""
    assert list(flakes(remembered(*columns))) == []


def test_only_runs_of_code_that_showed_both_are_counted() -> None:
    """What broke and was mended in between says nothing about chance."""
    (found,) = flakes(remembered((3, [1.0]), (2, [-1.0]), (2, [-1.0]), (1, [1.0]), (1, [-1.0])))
    assert (found.failures, found.runs) == (1, 2)


@pytest.mark.parametrize(
    ("seconds", "found"),
    [([1.0, 2.0], False), ([1.0, -2.0], True), ([ABSENT, -2.0], True), ([-2.0, ABSENT], True), ([ABSENT, 2.0], False)],
)
def test_a_failure_is_found_wherever_it_stands(seconds: list[float], found: bool) -> None:
    """Also behind a test that did not run."""
    assert has_failures(remembered((1, [1.0, 1.0]), (1, seconds))) is found


def test_neighbours_are_not_blamed() -> None:
    """Only the test that changed its mind is named, also beside one that did not run."""
    (found,) = flakes(remembered((1, [1.0, 2.0, ABSENT]), (1, [1.0, -2.0, 1.0])))
    assert found.nodeid == "b"


@pytest.mark.parametrize(
    ("hits", "tries", "low", "high"),
    [(0, 10, 0.0, 0.2775), (1, 10, 0.0179, 0.4042), (5, 10, 0.2366, 0.7634), (10, 10, 0.7225, 1.0), (0, 0, 0.0, 1.0)],
)
def test_the_interval_is_wilsons(hits: int, tries: int, low: float, high: float) -> None:
    """Values of the published formula, to four digits."""
    assert wilson(hits, tries) == pytest.approx((low, high), abs=5e-5)


@given(st.integers(1, 1000).flatmap(lambda tries: st.tuples(st.integers(0, tries), st.just(tries))))
def test_the_interval_holds_the_share_and_lies_between_0_and_1(pair: tuple[int, int]) -> None:
    """Also at the ends, where the simple formula fails."""
    hits, tries = pair
    low, high = wilson(hits, tries)
    assert 0 <= low <= hits / tries + 1e-12
    assert hits / tries - 1e-12 <= high <= 1


def test_each_state_of_the_code_with_both_outcomes_counts() -> None:
    """Failures and runs are added up over the states where both were seen, and over no others."""
    (found,) = flakes(remembered((1, [1.0]), (1, [-1.0]), (2, [1.0]), (2, [-1.0]), (2, [-1.0]), (3, [-1.0])))
    assert (found.codes, found.failures, found.runs) == (2, 3, 5)


def test_the_bounds_of_a_flake_are_those_of_its_own_runs() -> None:
    """The interval rests on the runs that are shown beside it."""
    (found,) = flakes(remembered((7, [1.0]), (7, [-1.0]), (7, [1.0])))
    assert (found.low, found.high) == wilson(1, 3)


def test_a_result_of_no_time_is_no_failure() -> None:
    """Failures are below zero; a test that passed at once is not."""
    assert not has_failures(remembered((1, [0.0, 1.0])))


def test_a_memory_without_runs_has_no_failures() -> None:
    """Nothing remembered is nothing failed."""
    assert not has_failures(remembered())


def test_less_than_no_tries_tell_nothing() -> None:
    """The interval stays the whole range where a count is out of order."""
    assert wilson(0, -1) == (0.0, 1.0)


def test_the_interval_of_the_opposite_is_mirrored() -> None:
    """The rate of failures and the rate of passes are sure to the same degree."""
    low, high = wilson(2, 9)
    assert wilson(7, 9) == pytest.approx((1 - high, 1 - low))


def test_more_tries_make_the_rate_surer() -> None:
    """The same rate seen ten times as often lies in a narrower interval."""
    few, many = wilson(1, 4), wilson(10, 40)
    assert few[0] < many[0] < many[1] < few[1]
