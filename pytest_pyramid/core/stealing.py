"""Taking tests back from workers that hold more than they can start soon."""

from __future__ import annotations

import math
from itertools import islice

from pytest_pyramid.core.events import Command, Steal
from pytest_pyramid.core.progress import JOIN_GAIN
from pytest_pyramid.core.schedule_state import State
from pytest_pyramid.core.workers import Worker

OUT_OF_REACH = 2
"""A worker has taken its first two entries: the one that it runs, and the next, which it has to know for teardown."""
ASKED = 32
"""How many workers are looked at to find the one that holds most."""


def steal(state: State, commands: list[Command]) -> None:
    """Ask those that hold most to give the last half of it back, one for each worker that has nothing."""
    under_way = sum(1 for name in islice(state.rich, ASKED) if state.workers[name].stealing)
    wanted = len(state.idle) - under_way
    if wanted <= 0:
        return
    thief = next(iter(state.idle))
    for name, tests in _offers(state, thief)[:wanted]:
        state.workers[name].stealing = tests
        commands.append(Steal(name, tests))


def _offers(state: State, thief: str) -> list[tuple[str, tuple[int, ...]]]:
    """(worker, what it should give back), most first; a request that is under way is waited for."""
    found = []
    for name in tuple(islice(state.rich, ASKED)):
        worker = state.workers[name]
        if worker.stealing:
            continue
        tests = _within_reach(state, worker, thief)
        half = tests[len(tests) // 2 :]
        if not tests or worker.held <= OUT_OF_REACH:
            del state.rich[name]
        elif _is_worth_it(state, half):
            found.append((name, half))
    return sorted(found, key=lambda offer: -len(offer[1]))


def _within_reach(state: State, worker: Worker, thief: str) -> tuple[int, ...]:
    """The tests behind the first two that any worker may run now."""
    behind = islice(worker.queue, OUT_OF_REACH, None)
    return tuple(
        test
        for test in behind
        if test >= 0
        and test not in state.pins.of
        and test not in state.needs
        and state.may_start(test)
        and state.claims.allows(thief, state.keys_of(test))
    )


def _is_worth_it(state: State, tests: tuple[int, ...]) -> bool:
    """True when running them elsewhere saves more than the set-up that they share costs once more."""
    setups = {state.group_of[test].setup for test in tests}
    cost = sum(math.inf if setup is None else setup for setup in setups)
    return cost == 0.0 or sum(map(state.estimates.of, tests)) > JOIN_GAIN * cost
