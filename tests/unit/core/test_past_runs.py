"""Which runs are forgotten."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from pytest_pyramid.core.past_runs import SECONDS_OF_A_DAY, Limits, PastRun, in_time, too_many

NOW = 1_790_000_000


def ago(days: float) -> int:
    """A moment so many days before now."""
    return NOW - int(days * SECONDS_OF_A_DAY)


@pytest.mark.parametrize(
    ("runs", "gone"),
    [
        ([], ()),
        ([(1, ago(89), 10), (2, ago(1), 10)], ()),
        ([(1, ago(91), 10), (2, ago(1), 10)], (1,)),
        ([(1, ago(3), 10), (2, ago(2), 10), (3, ago(1), 10), (4, ago(0), 10)], (1,)),
        ([(1, ago(3), 10), (2, ago(2), 1), (3, ago(1), 1), (4, ago(0), 10)], ()),
        ([(1, ago(0), 99)], ()),
    ],
    ids=["none", "few", "old", "many", "parts count for little", "the newest stays"],
)
def test_old_runs_and_too_many_results_are_forgotten(runs: list[tuple[int, int, int]], gone: tuple[int, ...]) -> None:
    """Ten tests are known and three results of each may be kept."""
    assert too_many(runs, 10, NOW, Limits(runs=3, days=90)) == gone


@given(st.lists(st.tuples(st.integers(0, 200), st.integers(0, 30)), max_size=30), st.integers(0, 20), st.integers(1, 5))
def test_what_is_left_keeps_the_bounds(shapes: list[tuple[int, int]], known: int, most: int) -> None:
    """No kept run is too old, and all but the newest fit; the newest runs are the kept ones."""
    runs = [(number, ago(days), results) for number, (days, results) in enumerate(shapes)]
    gone = set(too_many(runs, known, NOW, Limits(runs=most, days=90)))
    kept = [run for run in runs if run[0] not in gone]
    assert all(started >= ago(90) for _, started, _ in kept)
    assert len(kept) <= 1 or sum(results for _, _, results in kept) <= most * known


def test_runs_in_time_stand_by_their_start() -> None:
    """The oldest first, in the same order on every machine."""
    runs = [PastRun(key=key, started=when, seconds=1, exit_status=0, workers=1, tests=1) for key, when in
            (("b", 2), ("c", 1), ("a", 2))]  # fmt: skip
    assert [run.key for run in in_time(runs)] == ["c", "a", "b"]


def test_a_run_of_exactly_the_last_day_is_kept() -> None:
    """Only what is older than the limit goes, so that the limit can be taken at its word."""
    assert too_many([(1, ago(90), 1), (2, ago(90) - 1, 1)], 10, NOW, Limits(runs=3, days=90)) == (2,)


def test_results_that_just_fill_the_room_are_kept() -> None:
    """Three results of each of ten tests are thirty results, not twenty-nine."""
    runs = [(1, ago(2), 20), (2, ago(1), 10)]
    assert too_many(runs, 10, NOW, Limits(runs=3, days=90)) == ()


def test_of_two_runs_of_the_same_second_the_earlier_id_goes() -> None:
    """Ids grow, so the higher one is the newer run."""
    assert too_many([(8, ago(1), 30), (7, ago(1), 30)], 10, NOW, Limits(runs=3, days=90)) == (7,)


def test_the_newest_run_goes_too_when_it_is_too_old() -> None:
    """Room is made for the newest run whatever its size, but age spares nobody."""
    assert too_many([(1, ago(91), 1)], 10, NOW, Limits(runs=3, days=90)) == (1,)


def test_runs_are_named_from_the_newest_to_the_oldest() -> None:
    """The order of what is forgotten does not depend on the order in which the runs were listed."""
    runs = [(1, ago(95), 1), (3, ago(93), 1), (2, ago(94), 1)]
    assert too_many(runs, 10, NOW, Limits(runs=3, days=90)) == (3, 2, 1)
