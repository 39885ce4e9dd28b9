"""Behaviour: what a test touched, run by run."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from pytest_pyramid.core.behaviour import OBSERVED, Behaviour
from pytest_pyramid.core.tiers import Action, Resource, Tier

RUNS = st.lists(st.frozensets(st.sampled_from(Resource)), max_size=OBSERVED)


@given(RUNS)
def test_numbers_keep_all_of_it(runs: list[frozenset[Resource]]) -> None:
    """What is written is what is read."""
    behaviour = Behaviour(tuple(runs))
    assert Behaviour.of_numbers(behaviour.to_numbers()) == behaviour


@pytest.mark.parametrize("numbers", [[-1], [128], ["1"], [None], [1.0]])
def test_numbers_of_nothing_are_refused(numbers: list[object]) -> None:
    """A number that stands for no set of resources is no behaviour."""
    with pytest.raises(ValueError, match="no behaviour"):
        Behaviour.of_numbers(numbers)


def test_old_runs_are_forgotten() -> None:
    """What was mended is forgotten after as many runs as are kept."""
    behaviour = Behaviour().then([Resource.NETWORK])
    for _ in range(OBSERVED - 1):
        behaviour = behaviour.then([])
    assert behaviour.touched == (Resource.NETWORK,)
    assert behaviour.then([]).touched == ()
    assert len(behaviour.then([]).runs) == OBSERVED


FITTING = [((), True), ((Resource.TEMPFILES,), True), ((Resource.SLEEP,), False), ((Resource.NETWORK,), False)]


@pytest.mark.parametrize(("touched", "expected"), FITTING)
def test_behaviour_fits_a_tier_that_lets_all_of_it_pass(touched: tuple[Resource, ...], *, expected: bool) -> None:
    """A resource fits when the tier's guard allows it, or says nothing about it."""
    guard = ((Resource.NETWORK, Action.ERROR), (Resource.SLEEP, Action.WARN))
    assert Behaviour((frozenset(touched),)).fits(Tier(name="unit", rank=0, guard=guard)) is expected
