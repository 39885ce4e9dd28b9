"""Who gets what: each event of the schedule by itself, and the entries that it sends."""

from __future__ import annotations

from typing import Any

import pytest

from pytest_pyramid.core.events import (
    HARD_FENCE,
    SOFT_FENCE,
    Accuse,
    Closed,
    Command,
    Completed,
    Decide,
    Event,
    Forbid,
    Joined,
    Left,
    Opened,
    Release,
    Requeued,
    Send,
    Settled,
    Stopped,
)
from pytest_pyramid.core.plan import Order, plan_of
from pytest_pyramid.core.schedule import advance, begin
from pytest_pyramid.core.schedule_state import State

UNIT, UI = 0, 2


def after(ranks: list[int], *events: Event, **plan: Any) -> tuple[State, list[Any]]:
    """The state after the events, and the commands of the last one."""
    state = begin(plan_of(ranks, tiers=3, **plan))
    commands: list[Command] = []
    for event in events:
        commands = advance(state, event)
    return state, commands


def done(worker: str, *entries: int) -> list[Event]:
    """The worker is done with these entries, each after 10 ms."""
    return [Completed(worker, entry, 0.01) for entry in entries]


def test_nothing_is_sent_before_a_worker_has_joined() -> None:
    """The pool holds everything."""
    state, commands = after([UNIT] * 3)
    assert ([pool.unsent for pool in state.pools], commands) == ([3, 0, 0], [])


def test_short_tests_are_sent_together() -> None:
    """One message for as many as are a fair share of the tier."""
    _, commands = after([UNIT] * 4, Joined("a"))
    assert commands == [Send("a", (0, 1, 2))]


def test_the_last_test_has_a_fence_behind_it() -> None:
    """It does not wait for a next one that will never come."""
    _, commands = after([UNIT] * 4, Joined("a"), *done("a", 0, 1))
    assert commands == [Send("a", (3, HARD_FENCE))]


def test_a_long_test_is_sent_alone_with_a_soft_fence() -> None:
    """It runs at once, its module's fixtures stay, and no second test is bound behind it."""
    _, commands = after([UI] * 3, Joined("a"), Opened(0), Opened(1))
    assert commands == [Send("a", (0, SOFT_FENCE))]


def test_a_free_worker_gets_the_next_long_test() -> None:
    """As soon as the one before has ended."""
    _, commands = after([UI] * 3, Joined("a"), Opened(0), Opened(1), *done("a", 0))
    assert commands == [Send("a", (1, SOFT_FENCE))]


def test_a_worker_without_more_to_do_is_drained() -> None:
    """A fixture that an idle worker keeps alive may hold what a busy one waits for."""
    _, commands = after([UI], Joined("a"), Opened(0), Opened(1), *done("a", 0))
    assert commands == [Send("a", (HARD_FENCE,))]


def test_a_worker_that_nothing_can_come_for_is_let_go_while_the_last_tests_run() -> None:
    """All processes ending at once is what a run would wait for; one stays, for a test that a crash gives back."""
    events = [*(Joined(n) for n in "abc"), Opened(0), Opened(1), *done("a", 0), *done("b", 1)]
    _, commands = after([UI] * 3, *events, workers=3)
    assert commands == [Send("b", (HARD_FENCE,)), Release("a")]


def test_workers_stay_while_a_tier_is_still_to_come() -> None:
    """They are needed again when the gate opens."""
    _, commands = after([1] * 3 + [UI], *(Joined(n) for n in "abc"), Opened(0), *done("a", 0), *done("b", 1), workers=3)
    assert not [command for command in commands if isinstance(command, Release)]


def test_workers_are_let_go_when_what_is_still_to_come_is_withheld() -> None:
    """A closed gate leaves nothing for them."""
    events = [*(Joined(n) for n in "abc"), Opened(0), *done("a", 0), *done("b", 1), Closed(1)]
    _, commands = after([1] * 3 + [UI], *events, workers=3)
    assert Release("a") in commands


def test_nobody_is_let_go_while_a_crash_is_looked_at() -> None:
    """The test that was running may be requeued."""
    _, commands = after(
        [UI] * 4,
        *(Joined(n) for n in "abcd"),
        Opened(0),
        Opened(1),
        Left("d", crashed=True),
        *done("a", 0),
        *done("b", 1),
        workers=4,
    )
    assert not [command for command in commands if isinstance(command, Release)]


def test_what_a_crash_gives_back_goes_to_the_one_who_stayed() -> None:
    """The others are gone."""
    events = [*(Joined(n) for n in "abc"), Opened(0), Opened(1), *done("a", 0), *done("b", 1), Left("c", crashed=True)]
    _, commands = after([UI] * 3, *events, Requeued(2), workers=3)
    assert commands == [Send("b", (2, SOFT_FENCE))]


def test_an_idle_worker_that_is_drained_is_left_alone() -> None:
    """Nothing is sent twice."""
    _, commands = after([UNIT], Joined("a"), *done("a", 0), Joined("b"))
    assert not [command for command in commands if isinstance(command, Send)]


def three_files_and_one(*events: Event) -> list[Any]:
    """What is sent last in soft mode: two workers, three service files of 0.7 s, of which 0.3 are set-up, a ui file."""
    _, commands = after(
        [1] * 12 + [UI] * 2,
        Joined("a"),
        Joined("b"),
        *events,
        mode="soft",
        workers=2,
        together=["a.py"] * 4 + ["b.py"] * 4 + ["c.py"] * 4 + ["d.py"] * 2,
        setups=[0.3] * 14,
        seconds=[0.1] * 12 + [0.5] * 2,
        orders=[Order(), Order(last=range(12)), Order(last=range(2))],
    )
    return [command for command in commands if isinstance(command, Send)]


def in_file(worker: str, *tests: int) -> list[Event]:
    """The worker is done with these tests, one after the other, each of which has a fence behind it."""
    entries = [entry for test in tests for entry in (SOFT_FENCE, test)][1:]
    return [Completed(worker, entry, 0.1) for entry in entries]


def test_a_worker_ends_its_file_before_it_takes_what_would_end_alone() -> None:
    """The ui file takes longer by now than the rest would with both, but the set-up would have to be paid again."""
    assert three_files_and_one(*in_file("a", 0, 1), *in_file("b", 4, 5)) == [Send("b", (6, SOFT_FENCE))]


def test_a_worker_that_has_ended_its_file_takes_what_would_end_alone() -> None:
    """Then the ui file comes before the third service file."""
    events = [*in_file("a", 0, 1), *in_file("b", 4, 5, 6, 7)]
    assert three_files_and_one(*events) == [Send("b", (12, SOFT_FENCE))]


def test_a_worker_stays_with_a_file_of_an_upper_tier() -> None:
    """What is left below waits for others, or for the end of the file."""
    events = [*in_file("a", 0, 1), *in_file("b", 4, 5, 6, 7, 12)]
    assert three_files_and_one(*events) == [Send("b", (13, SOFT_FENCE))]


def test_an_empty_tier_asks_for_its_verdict_at_once() -> None:
    """Without unit tests the gate above them is decided when the first worker joins."""
    _, commands = after([UI], Joined("a"))
    assert commands == [Decide(0)]


def test_the_verdict_is_asked_for_when_the_last_test_has_ended() -> None:
    """Not before: a test that still runs may fail."""
    early, _ = after([UNIT, UI], Joined("a"))
    _, commands = after([UNIT, UI], Joined("a"), *done("a", 0))
    assert early.in_flight == 1
    assert commands == [Decide(0)]


def test_the_verdict_waits_for_fixtures_that_are_still_torn_down() -> None:
    """A soft fence may fail for the test before it."""
    events = [Joined("a"), Opened(0), *done("a", 0)]
    _, commands = after([1, UI], *events)
    assert Decide(1) not in commands
    _, commands = after([1, UI], *events, Completed("a", SOFT_FENCE))
    assert commands == [Decide(1)]


def test_an_open_gate_lets_the_next_tier_start() -> None:
    """The worker that stood at the fence gets the first test above."""
    _, commands = after([UNIT, 1], Joined("a"), *done("a", 0), Opened(0))
    assert commands == [Send("a", (1, SOFT_FENCE))]


def test_a_closed_gate_forbids_what_is_above() -> None:
    """Every worker is told, and nothing more is sent."""
    state, commands = after([UNIT, 1], Joined("a"), *done("a", 0), Closed(0))
    assert commands == [Forbid(0)]
    assert state.finished


def test_a_gate_closes_only_once() -> None:
    """A second failure in the same tier changes nothing."""
    _, commands = after([UNIT, UNIT, 1], Joined("a"), Closed(0), Closed(0))
    assert commands == []


def test_a_lower_gate_may_close_after_a_higher_one() -> None:
    """The lowest closed gate counts."""
    state, _ = after([UNIT, 1, UI], Joined("a"), Closed(1), Closed(0), mode="soft")
    assert state.limit == 0


def test_the_top_gate_withholds_nothing() -> None:
    """There is no tier above it."""
    _, commands = after([UNIT, UI], Joined("a"), Closed(UI))
    assert commands == []


def test_stopping_forbids_everything() -> None:
    """Queued tests are refused too."""
    state, commands = after([UNIT] * 9, Joined("a"), Stopped())
    assert commands == [Forbid(-1)]
    assert not state.may_start(0)


def test_a_crash_accuses_the_test_that_ran() -> None:
    """And the tests behind it come back."""
    state, commands = after([UNIT] * 3, Joined("a"), Left("a", crashed=True))
    assert commands == [Accuse("a", 0)]
    assert state.pools[0].unsent == 2


def test_a_crash_at_a_soft_fence_accuses_the_test_before_it() -> None:
    """Its fixtures were torn down there; the test itself had already been counted."""
    events = [Joined("a"), Opened(0), Opened(1), *done("a", 0)]
    state, commands = after([UI], *events, Left("a", crashed=True))
    assert commands == [Accuse("a", 0)]
    assert state.left == [0, 0, 0]


@pytest.mark.parametrize(("verdict", "left"), [(Settled(0), 0), (Requeued(0), 1)])
def test_a_test_accused_at_a_soft_fence_is_not_counted_twice(verdict: Event, left: int) -> None:
    """It had ended already; only a new run makes it unfinished again."""
    events: list[Event] = [Joined("a"), Opened(0), Opened(1), *done("a", 0), Left("a", crashed=True)]
    state, _ = after([UI], *events, verdict)
    assert state.left == [0, 0, left]


def test_no_verdict_is_asked_for_while_a_test_is_accused() -> None:
    """The crash, here in the fixtures of a test that had ended, may be the failure that closes the gate."""
    events: list[Event] = [Joined("a"), Joined("b"), Opened(0), *done("a", 0), Left("a", crashed=True)]
    _, commands = after([1, UI], *events)
    assert commands == [Accuse("a", 0)]
    _, commands = after([1, UI], *events, Settled(0))
    assert commands == [Decide(1)]


def test_what_was_bound_to_a_worker_that_left_is_free() -> None:
    """Otherwise nobody could ever run it."""
    _, commands = after([UNIT] * 2, Joined("a"), Left("a", crashed=False), Joined("b"), pins=["p", "p"])
    assert commands == [Send("b", (0, 1, HARD_FENCE))]


def test_a_crash_at_a_hard_fence_accuses_nobody() -> None:
    """Nothing ran there, and nothing was left to tear down."""
    events = [Joined("a"), *done("a", 0), Left("a", crashed=True, released=True)]
    state, commands = after([UNIT], *events)
    assert state.accused == []
    assert not [command for command in commands if isinstance(command, Accuse)]


def test_a_worker_that_leaves_in_peace_accuses_nobody() -> None:
    """What it held comes back."""
    state, commands = after([UNIT] * 3, Joined("a"), Left("a", crashed=False))
    assert commands == []
    assert state.pools[0].unsent == 3


def test_an_accused_test_is_over_only_with_its_verdict() -> None:
    """Until then the run cannot end."""
    events: list[Event] = [Joined("a"), Left("a", crashed=True)]
    waiting, _ = after([UNIT], *events)
    settled, _ = after([UNIT], *events, Settled(0))
    assert (waiting.finished, settled.finished) == (False, True)


def test_a_test_that_shall_run_again_is_in_the_pool_again() -> None:
    """Whoever joins next gets it."""
    _, commands = after([UNIT], Joined("a"), Left("a", crashed=True), Requeued(0), Joined("b"))
    assert commands == [Send("b", (0, HARD_FENCE))]


def test_a_verdict_on_a_test_that_nobody_accused_changes_nothing() -> None:
    """A plugin may report what it likes."""
    state, commands = after([UNIT], Joined("a"), Settled(0))
    assert (state.left, commands) == ([1, 0, 0], [])


@pytest.mark.parametrize("seen", [3, 4])
def test_what_a_test_lasts_is_learnt_from_four(seen: int) -> None:
    """Before that one odd test would decide for all."""
    state, _ = after([UNIT] * 9, Joined("a"), *[Completed("a", n, 1.0) for n in range(seen)])
    assert (state.estimates.of_tier(UNIT) > 0.5) is (seen == 4)


def test_a_refused_test_teaches_nothing() -> None:
    """It did not run."""
    state, _ = after([UNIT] * 9, Joined("a"), *[Completed("a", n, 1.0, ran=False) for n in range(4)])
    assert state.estimates.of_tier(UNIT) < 0.5


def test_a_tier_of_its_own_worker_count_leaves_the_others_idle() -> None:
    """With one worker for the tier the second gets nothing of it."""
    state, _ = after([UI] * 4, Joined("a"), Joined("b"), Opened(0), Opened(1), most_workers=(None, None, 1))
    assert [len(worker.tests) for worker in state.workers.values()] == [1, 0]


def test_without_gates_every_tier_may_start() -> None:
    """Only the order is kept."""
    state, _ = after([UNIT, UI], Joined("a"), mode="off")
    assert state.may_start(0)
    assert begin(plan_of([UNIT, UI], tiers=3, mode="off")).may_start(1)
