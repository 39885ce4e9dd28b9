"""Packing: long tests laid out so that the workers end together, and no test lost, doubled or torn from its worker."""

from __future__ import annotations

import heapq

import pytest
from hypothesis import given
from hypothesis import strategies as st

from pytest_pyramid.core.packing import laid_out, packed
from pytest_pyramid.core.plan import Group, Order, Plan, plan_of

lengths = st.lists(st.floats(0.05, 9.0), min_size=1, max_size=24)
drawn_groups = st.lists(
    st.tuples(st.lists(st.floats(0.05, 9.0), min_size=1, max_size=6), st.sampled_from([0.0, 0.3, 2.0])), max_size=8
)


def singles(count: int) -> tuple[Group, ...]:
    """Groups of one test each."""
    return tuple(Group(tests=(test,)) for test in range(count))


def end_of(groups: tuple[Group, ...], known: list[float], workers: int) -> float:
    """When the last worker ends if each takes the next group when it is free."""
    ends = [0.0] * workers
    for group in groups:
        seconds = (group.setup or 0.0) + sum(known[test] for test in group.tests)
        heapq.heapreplace(ends, ends[0] + seconds)
    return max(ends)


def test_five_tests_are_packed_where_longest_first_is_a_second_worse() -> None:
    """Two of three seconds beside three of two: Graham's example of 1969."""
    known = [3.0, 3.0, 2.0, 2.0, 2.0]
    assert end_of(singles(5), known, 2) == 7.0
    assert end_of(laid_out(singles(5), known, 2), known, 2) == 6.0


@given(lengths, st.integers(2, 5))
def test_packing_is_hardly_ever_worse_than_longest_first(known: list[float], workers: int) -> None:
    """The order in which a packing begins its tests brings workers nearly back to that packing."""
    longest_first = tuple(sorted(singles(len(known)), key=lambda group: -known[group.tests[0]]))
    order = laid_out(longest_first, known, workers)
    assert sorted(group.tests for group in order) == sorted(group.tests for group in longest_first)
    assert end_of(order, known, workers) <= end_of(longest_first, known, workers) + 0.2 * max(known)


@given(drawn_groups, st.integers(1, 5))
def test_every_test_is_in_one_group_with_the_set_up_of_its_own(
    drawn: list[tuple[list[float], float]], workers: int
) -> None:
    """Groups are divided at most: what shares nothing stays whole, and nothing is lost or twice."""
    known: list[float] = []
    groups = []
    for seconds, setup in drawn:
        groups.append(Group(tests=tuple(range(len(known), len(known) + len(seconds))), setup=setup))
        known += seconds
    made = laid_out(tuple(groups), known, workers)
    assert sorted(test for group in made for test in group.tests) == list(range(len(known)))
    of = {test: group for group in groups for test in group.tests}
    for group in made:
        assert {of[test].setup for test in group.tests} == {group.setup}
        assert set(group.tests) <= set(of[group.tests[0]].tests)
        assert group.setup or group in groups


def test_a_file_that_would_end_the_tier_alone_is_divided() -> None:
    """Set-up of 0.3 s a few times more is less than what the others would wait."""
    known = [1.0] * 12
    made = laid_out((Group(tests=tuple(range(12)), setup=0.3),), known, 4)
    assert [len(group.tests) for group in made] == [3, 3, 3, 3]


@pytest.mark.parametrize(("setup", "parts"), [(0.5, 2), (20.0, 1)])
def test_set_up_is_paid_again_only_for_what_it_saves(setup: float, parts: int) -> None:
    """Two seconds sooner is worth half a second more of set-up, and no twenty."""
    assert len(laid_out((Group(tests=(0, 1), setup=setup),), [2.0, 2.0], 2)) == parts


@pytest.mark.parametrize(
    "group",
    [Group(tests=(0,), pin="db"), Group(tests=(0,), needs=("db",)), Group(tests=(0,), setup=None), Group(tests=(5,))],
)
def test_where_something_binds_or_is_unknown_the_order_stays(group: Group) -> None:
    """A pin, a resource, set-up or seconds that nobody knows: then nothing is laid out."""
    groups = (group, *singles(5)[1:])
    known = [3.0, 3.0, 2.0, 2.0, 2.0, None]
    assert laid_out(groups, known, 2) == groups


def late_plan(most: int | None = None) -> Plan:
    """A short test and five long ones for last, for two workers."""
    return plan_of(
        [0] * 6,
        tiers=1,
        orders=[Order(then=[0], last=[1, 2, 3, 4, 5])],
        seconds=(0.01, 3.0, 3.0, 2.0, 2.0, 2.0),
        most_workers=(most,),
        workers=2,
    )


def test_only_what_is_for_last_is_laid_out() -> None:
    """Short tests come first as before."""
    plan = packed(late_plan())
    assert plan.groups[0][0] == Group(tests=(0,))
    assert end_of(plan.groups[0][1:], [0.01, 3.0, 3.0, 2.0, 2.0, 2.0], 2) == 6.0


@pytest.mark.parametrize("plan", [late_plan(1), late_plan()._replace(seconds=()), late_plan()._replace(workers=1)])
def test_for_one_worker_or_without_history_the_plan_stays(plan: Plan) -> None:
    """There is nothing to lay out, or nothing to lay it out by."""
    assert packed(plan) == plan


def two_tiers(**known: object) -> Plan:
    """Six long tests in each of two tiers, which longest first puts a second behind a packing."""
    lasts = (3.0, 3.0, 2.0, 2.0, 2.0, 0.1)
    order = Order(last=(0, 1, 2, 3, 4, 5))
    return plan_of([0] * 6 + [1] * 6, tiers=2, seconds=lasts * 2, orders=[order] * 2, workers=2, **known)


def laid_out_tiers(plan: Plan) -> list[int]:
    """The ranks whose order a packing changes."""
    return [
        rank for rank, (was, is_now) in enumerate(zip(plan.groups, packed(plan).groups, strict=True)) if was != is_now
    ]


@pytest.mark.parametrize(
    ("known", "laid_out_ranks"),
    [
        ({"mode": "strict"}, [0, 1]),
        ({"mode": "soft"}, []),
        ({"mode": "off"}, []),
        ({"mode": "soft", "shared": 1}, [0, 1]),
    ],
)
def test_tiers_that_overlap_stay_longest_first(known: dict[str, object], laid_out_ranks: list[int]) -> None:
    """No tier begins on workers that are all free then; one that runs alone does, and the only one below it."""
    assert laid_out_tiers(two_tiers(**known)) == laid_out_ranks
