"""Who gets what: the part of the schedule that fills the workers' queues."""

from __future__ import annotations

from pytest_pyramid.core.events import HARD_FENCE, SOFT_FENCE, Command, Decide, Forbid, Release, Send
from pytest_pyramid.core.schedule_state import State
from pytest_pyramid.core.stealing import steal
from pytest_pyramid.core.workers import Worker

LATE_SECONDS = 0.05
"""A test of at least this estimated length is bound to a worker only when the worker is free (20-50 round trips)."""
LOW_WATER_SECONDS = 0.03
"""A worker with less estimated work than this gets more."""
CHUNK_SECONDS = 0.05
"""At most so much estimated work is sent at once."""
SLACK = 1.0
"""A group for last starts when it takes more than so many times what is left for every worker."""


def serve(state: State, first: str | None = None) -> list[Command]:
    """Give every worker what it should hold now, the one that just reported first; ask for a verdict at a tier's end."""
    commands: list[Command] = []
    if first is not None:
        refill(state, first, commands)
    if state.wake:
        state.wake = False
        _ask_the_idle(state, commands)
    if state.idle and state.rich:
        steal(state, commands)
    if not state.plan.fences:
        _unstick(state, commands)
    elif len(state.idle) > 1:
        _dismiss(state, commands)
    if _at_the_end_of_a_tier(state):
        commands.append(Decide(state.current))
    return commands


def recall(state: State) -> list[Command]:
    """Without fences: those who wait with a test of the next tier could not run what has come back before it."""
    if not state.ahead or state.stopped:
        return []
    state.recalled = True
    state.ask_all()
    return [Forbid(state.top)]


def _ask_the_idle(state: State, commands: list[Command]) -> None:
    """Offer idle workers what there is; when one finds nothing, the others find only what is bound to them."""
    for name in tuple(state.idle):
        refill(state, name, commands)
        if name in state.idle and state.plan.fences and not state.pins.of:
            return


def refill(state: State, name: str, commands: list[Command]) -> None:
    """Let the worker hold enough to go on, or all there is for it with a hard fence behind."""
    worker = state.workers[name]
    if worker.released or (name in state.ahead and not state.recalled):
        return
    sent: list[int] = []
    while not _has_enough(state, worker):
        taken = _take(state, name, worker)
        if not taken and worker.queue and state.plan.fences and worker.queue[-1] != HARD_FENCE:
            taken = [HARD_FENCE]
        if not taken:
            break
        state.push(name, taken)
        sent += taken
    if sent:
        commands.append(Send(name, tuple(sent)))
    note_idleness(state, name, worker)


def note_idleness(state: State, name: str, worker: Worker) -> None:
    """Count the worker among the idle ones, among those that wait for a later tier, or among neither."""
    fences = state.plan.fences
    if worker.held and not fences and not state.recalled and state.waits(worker.queue[-1]):
        state.ahead[name] = None
    elif not worker.held or (not fences and len(worker.queue) < 2):
        state.idle[name] = None
        return
    state.idle.pop(name, None)


def _has_enough(state: State, worker: Worker) -> bool:
    """True when the worker can go on for a while; its last entry is parked and does not count."""
    queue = worker.queue
    if len(queue) < 2:
        return False
    if queue[-1] < 0:
        return worker.held > 0
    if worker.backlog - worker.costs[-1] >= LOW_WATER_SECONDS:
        return True
    return (len(queue) - 1) * state.crew >= state.pools[state.plan.ranks[queue[-1]]].unsent > 0


def _take(state: State, name: str, worker: Worker) -> list[int]:
    """What the worker takes next: a chunk of short tests, or a long test with a soft fence."""
    if state.stopped:
        return []
    join = worker.held == 0 or (not state.plan.fences and len(worker.queue) < 2)
    top = state.top
    if top > 0 and state.plan.mode != "strict":
        taken = _take_on(state, name, top) or _take_what_would_end_alone(state, name, top)
        if taken:
            return taken
    for rank in range(top + 1):
        if state.pools[rank].unsent and state.claims.allows(name, (rank,)):
            taken = _take_chunk(state, name, rank, SLACK * state.horizon(rank, rank), join=join)
            if taken:
                return taken
    if state.plan.fences or len(worker.queue) != 1 or (state.recalled and state.waits(worker.queue[0])):
        return []  # behind a test that was recalled another would be refused as well, and both sent without end
    return _look_ahead(state, name, top)


def _take_on(state: State, name: str, top: int) -> list[int]:
    """More of the group that the worker is on: after anything else it would have to pay for its set-up again."""
    for rank in range(top + 1):
        if state.pools[rank].keeps(name) and state.claims.allows(name, (rank,)):
            return _take_chunk(state, name, rank, SLACK * state.horizon(rank, rank), join=False)
    return []


def _take_what_would_end_alone(state: State, name: str, top: int) -> list[int]:
    """A long test of an upper tier that takes longer than all the rest would with every worker on it."""
    lowest = next((rank for rank in range(top + 1) if state.pools[rank].unsent), top)
    horizon = SLACK * state.horizon(0, top)
    for rank in range(top, lowest, -1):
        if state.pools[rank].longest > horizon and state.claims.allows(name, (rank,)):
            taken = _take_chunk(state, name, rank, horizon, join=False)
            if taken:
                return taken
    return []


def _take_chunk(state: State, name: str, rank: int, horizon: float, *, join: bool) -> list[int]:
    """Short tests of the tier by time and fair share, or one long test with a soft fence."""
    pool, estimates = state.pools[rank], state.estimates
    most = max(1, -(-pool.unsent // (2 * state.crew)))
    taken: list[int] = []
    seconds = 0.0
    while len(taken) < most and seconds < CHUNK_SECONDS:
        group = pool.group_for(name, horizon, join=join and not taken)
        if group is None:
            break
        cost = estimates.of(group.group.tests[group.at])
        if cost >= LATE_SECONDS and taken:
            break
        test = pool.next_of(group)
        taken.append(test)
        if group.setup != 0.0 and group.newcomer == name:
            group.newcomer, state.firsts[test] = None, group
        if cost >= LATE_SECONDS:
            return [test, SOFT_FENCE] if state.plan.fences else [test]
        seconds += cost
    if state.plan.fences and len(taken) == 1 and 0 < pool.unsent < state.crew:
        # Nobody knows yet how long the last ones take; a second one behind it would wait while others are idle.
        return [*taken, SOFT_FENCE]
    return taken


def _look_ahead(state: State, name: str, top: int) -> list[int]:
    """Without fences: one test of the next tier, which lets the last one before it run and waits for its own turn."""
    rank = next((rank for rank in range(top + 1, state.limit + 1) if state.left[rank]), None)
    if rank is None or not state.pools[rank].unsent or not state.claims.allows(name, (rank,)):
        return []
    group = state.pools[rank].group_for(name, 0.0, join=True)
    if group is None:
        return []
    if group.group.needs and any(pool.unsent for pool in state.pools[: top + 1]):
        state.pools[rank].leave(name)  # a test whose turn is now may want the same resource
        return []
    return [state.pools[rank].next_of(group)]


def _unstick(state: State, commands: list[Command]) -> None:
    """Without fences: let workers end whose last test has nothing to follow it, as long as one remains."""
    unsent = any(pool.unsent for pool in state.pools[: state.top + 1])
    if unsent and not state.active and state.ahead:
        commands += recall(state)  # what is left may be bound to one that waits for its turn
        _ask_the_idle(state, commands)
    for name in tuple(state.idle):
        worker = state.workers[name]
        others = sum(not other.released for other in state.workers.values()) > 1
        if not worker.held or not others or state.stopped:
            continue
        if state.waits(worker.queue[0]) and (state.active or not state.recalled):
            continue  # its turn comes; one that was recalled may hold what all others wait for
        if not unsent or not state.active:
            commands.append(_released(state, name))


def _dismiss(state: State, commands: list[Command]) -> None:
    """With fences: let idle workers end while the last tests run; one stays for what a crash gives back.

    A process needs some time to end, and all of them at once take longest.
    """
    if state.stopped or state.accused or state.rich or any(pool.unsent for pool in state.pools[: state.limit + 1]):
        return
    *ready, _ = state.idle
    commands += [_released(state, name) for name in ready]


def _released(state: State, name: str) -> Release:
    worker = state.workers[name]
    state.active -= worker.is_active
    worker.released = True
    state.active += worker.is_active
    state.idle.pop(name)
    return Release(name)


def _at_the_end_of_a_tier(state: State) -> bool:
    """True when a tier waits for a verdict: nothing of those below it is left, and it may follow."""
    if state.stopped or state.current >= state.limit or state.accused:
        return False
    # A soft fence may still be tearing fixtures down, and that may fail.
    return not any(state.left[: state.current + 1]) and not (state.plan.fences and state.undrained)
