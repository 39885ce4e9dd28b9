"""What the schedule believes a test to last, and what follows from it for chunks."""

from __future__ import annotations

import pytest

from pytest_pyramid.core.estimates import MESSAGE_SECONDS, Estimates
from pytest_pyramid.core.events import Completed, Joined, Send
from pytest_pyramid.core.plan import COLD_SECONDS, plan_of
from pytest_pyramid.core.schedule import advance, begin
from pytest_pyramid.core.schedule_state import State


def state_of(tests: int, seconds: float | None = None, workers: int = 1) -> State:
    """A schedule of unit tests, of which four lasted `seconds` where that is given."""
    state = begin(plan_of([0] * tests, tiers=3, workers=workers))
    advance(state, Joined("a"))
    for entry in list(state.workers["a"].queue)[:4] if seconds is not None else ():
        advance(state, Completed("a", entry, seconds or 0.0))
    return state


@pytest.mark.parametrize("rank", [0, 1, 2])
def test_a_cold_tier_is_estimated_by_what_its_place_tells(rank: int) -> None:
    """Upper tiers count as long until the contrary is learnt."""
    assert state_of(9).estimates.of_tier(rank) == COLD_SECONDS[rank] + MESSAGE_SECONDS


def test_a_fourth_tier_is_taken_to_be_as_slow_as_the_third() -> None:
    """There are more tiers than figures."""
    assert plan_of([], tiers=4).cold[3] == COLD_SECONDS[2]


def test_no_test_costs_nothing() -> None:
    """An empty test still takes its messages, or one chunk would hold them all."""
    assert state_of(100, seconds=0.0).estimates.of_tier(0) == MESSAGE_SECONDS


def test_quick_tests_come_in_bigger_chunks_than_slow_ones() -> None:
    """A chunk is an amount of time, not a number of tests."""
    quick, slow = state_of(4000, seconds=0.0), state_of(4000, seconds=0.02)
    held = [len(state.workers["a"].tests) for state in (quick, slow)]
    assert held[0] > held[1] >= 2


def test_a_chunk_of_cold_unit_tests_is_a_twentieth_of_a_second() -> None:
    """Ten tests of five milliseconds, with what their messages take."""
    state = begin(plan_of([0] * 1000, tiers=3))
    (sent,) = advance(state, Joined("a"))
    assert isinstance(sent, Send)
    assert 9 <= len(sent.entries) <= 11
    assert state.pools[0].unsent == 1000 - len(sent.entries)


def test_many_workers_make_chunks_small() -> None:
    """What is left is shared by all, those included that are still to join."""
    alone, shared = state_of(40), state_of(40, workers=10)
    assert len(alone.workers["a"].tests) > len(shared.workers["a"].tests)


def test_a_recorded_test_lasts_what_was_recorded() -> None:
    """With what its messages take; of the others nothing is known."""
    estimates = Estimates(plan_of([0, 0], tiers=1)._replace(seconds=(2.0, None)))
    assert estimates.known(0) == estimates.of(0) == 2.0 + MESSAGE_SECONDS
    assert estimates.known(1) is None


def test_another_case_of_the_function_tells_at_once() -> None:
    """One case is enough, and only for its own function."""
    estimates = Estimates(plan_of([0, 0, 0], tiers=1)._replace(functions=(5, 5, 6)))
    estimates.learn(0, 3.0)
    assert estimates.of(1) == 3.0 + MESSAGE_SECONDS
    assert estimates.of(2) == COLD_SECONDS[0] + MESSAGE_SECONDS


def test_a_tier_is_known_by_its_fourth_test() -> None:
    """Three tests are not enough for a mean."""
    estimates = Estimates(plan_of([0] * 5, tiers=1))
    seen = []
    for index, seconds in enumerate((1.0, 2.0, 3.0, 6.0)):
        estimates.learn(index, seconds)
        seen.append(estimates.of_tier(0) - MESSAGE_SECONDS)
    assert seen == pytest.approx([COLD_SECONDS[0]] * 3 + [3.0])


def test_a_recorded_test_teaches_nothing() -> None:
    """It was recorded because it is known, and may be unlike those that are not."""
    estimates = Estimates(plan_of([0] * 5, tiers=1)._replace(seconds=(9.0,) * 4 + (None,)))
    for index in range(4):
        estimates.learn(index, 9.0)
    assert estimates.of(4) == COLD_SECONDS[0] + MESSAGE_SECONDS
