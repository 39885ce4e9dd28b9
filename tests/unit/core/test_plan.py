"""The plan of a run: tests by tier and group."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from pytest_pyramid.core.plan import COLD_SECONDS, Group, Order, plan_of

ranked = st.lists(
    st.tuples(st.integers(0, 2), st.sampled_from(["a.py", "b.py", ""]), st.sampled_from([None, "db", "a.py"])),
    max_size=20,
)


def test_without_groups_a_tier_is_one_in_collection_order() -> None:
    """A single process keeps the order of collection inside each tier."""
    plan = plan_of([1, 0, 1, 0], tiers=2)
    assert plan.groups == ((Group(tests=(1, 3)),), (Group(tests=(0, 2)),))


def test_tests_of_one_file_are_a_group() -> None:
    """As far as nothing comes between them: an order that divides a file has its reasons. Tiers never mix."""
    plan = plan_of([0, 0, 0, 0, 1], tiers=2, together=["b", "b", "a", "b", "b"])
    assert plan.groups == ((Group(tests=(0, 1)), Group(tests=(2,)), Group(tests=(3,))), (Group(tests=(4,)),))


def test_tests_of_one_file_that_share_set_up_are_a_group_wherever_they_stand() -> None:
    """Groups follow the order of their first tests."""
    plan = plan_of([0, 0, 0], tiers=1, together=["b", "a", "b"], setups=[0.3] * 3)
    assert [group.tests for group in plan.groups[0]] == [(0, 2), (1,)]


def test_what_is_to_begin_with_is_no_group_with_what_follows() -> None:
    """Even where it is of the same file and stands beside it."""
    plan = plan_of([0, 0, 0], tiers=1, together=["a"] * 3, orders=[Order(first=[2], then=[1, 0])])
    assert [group.tests for group in plan.groups[0]] == [(2,), (1, 0)]


def test_a_pin_groups_over_files() -> None:
    """Tests with a pin are together whatever their file is, and apart from the unpinned tests of their files."""
    plan = plan_of([0, 0, 0, 1], tiers=2, together=["a", "a", "b", "b"], pins=[None, "db", "db", "db"])
    assert plan.groups == ((Group(tests=(0,)), Group(tests=(1, 2), pin="db")), (Group(tests=(3,), pin="db"),))


def test_a_file_called_like_a_pin_is_another_group() -> None:
    """A pin and a file of the same name do not meet."""
    plan = plan_of([0, 0], tiers=1, together=["db", "db"], pins=[None, "db"])
    assert [group.pin for group in plan.groups[0]] == [None, "db"]


def test_every_tier_has_a_place_even_when_it_is_empty() -> None:
    """Tiers without tests have no groups; estimates and limits exist for all of them."""
    plan = plan_of([], tiers=4)
    assert plan.groups == ((), (), (), ())
    assert plan.cold == (*COLD_SECONDS, COLD_SECONDS[-1])
    assert plan.most_workers == (None,) * 4


def test_limits_and_mode_are_taken_as_given() -> None:
    """The plan holds what was configured."""
    plan = plan_of([0], tiers=2, mode="soft", most_workers=(None, 1))
    assert (plan.mode, plan.most_workers) == ("soft", (None, 1))


@pytest.mark.parametrize("given_names", [["a"], ["a", "a", "a"]])
def test_names_must_fit_the_tests(given_names: list[str]) -> None:
    """A name too few or too many is a mistake of the caller and is not guessed away."""
    with pytest.raises(ValueError, match=f"together has {len(given_names)} values for 2 tests"):
        plan_of([0, 0], tiers=1, together=given_names)


@given(ranked)
def test_every_test_is_in_exactly_one_group_of_its_tier(tests: list[tuple[int, str, str | None]]) -> None:
    """Groups divide the tests: none is lost, none is twice, all have the rank of their tier and one pin or none."""
    plan = plan_of(
        [rank for rank, _, _ in tests],
        tiers=3,
        together=[file for _, file, _ in tests],
        pins=[pin for _, _, pin in tests],
    )
    placed = [
        (index, rank, group.pin) for rank, groups in enumerate(plan.groups) for group in groups for index in group.tests
    ]
    assert sorted(placed, key=lambda row: row[0]) == [(index, rank, pin) for index, (rank, _, pin) in enumerate(tests)]
    assert all(list(group.tests) == sorted(group.tests) for groups in plan.groups for group in groups)
