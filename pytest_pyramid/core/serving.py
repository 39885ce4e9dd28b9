"""Who gets what: the part of the schedule that fills the workers' queues."""

from __future__ import annotations

from pytest_pyramid.core.events import HARD_FENCE, SOFT_FENCE, Command, Decide, Send
from pytest_pyramid.core.pool import Pool
from pytest_pyramid.core.schedule_state import State, Worker

LATE_SECONDS = 0.05
"""A test of at least this estimated length is bound to a worker only when the worker is free (20–50 round trips)."""
LOW_WATER_SECONDS = 0.05
"""A worker with less estimated work than this gets more."""
CHUNK_SECONDS = 0.25
"""At most so much estimated work is sent at once."""


def serve(state: State, first: str | None = None) -> tuple[State, tuple[Command, ...]]:
    """Give every worker what it should hold now, the one that just reported first; ask for a verdict at a tier's end."""
    commands: list[Command] = []
    if first is not None:
        state = _refill(state, first, commands)
    for name, worker in state.workers.items():
        if name != first and worker.is_idle:
            state = _refill(state, name, commands)
    if _at_the_end_of_a_tier(state):
        commands.append(Decide(state.current))
    return state, tuple(commands)


def _has_enough(state: State, worker: Worker) -> bool:
    """True when the worker can go on for a while; its last entry is parked and does not count."""
    queue = worker.queue
    if len(queue) < 2:
        return False
    if queue[-1] < 0:
        return not worker.is_idle
    ahead, rank = len(queue) - 1, state.plan.ranks[queue[-1]]
    return ahead * state.estimate(rank) >= LOW_WATER_SECONDS or ahead * _crew(state) >= state.pool.unsent[rank] > 0


def _refill(state: State, name: str, commands: list[Command]) -> State:
    """The state in which the worker holds enough to go on, or all there is with a hard fence behind it."""
    before = len(state.workers[name].queue)
    while not _has_enough(state, worker := state.workers[name]):
        taken, pool = _take(state, name)
        if taken:
            state = state._replace(pool=pool, in_flight=state.in_flight + sum(entry >= 0 for entry in taken))
        elif worker.queue and worker.queue[-1] != HARD_FENCE:
            taken = (HARD_FENCE,)
        else:
            break
        state = state._replace(workers={**state.workers, name: Worker(worker.queue + taken, worker.last)})
    entries = state.workers[name].queue[before:]
    if entries:
        commands.append(Send(name, entries))
    return state


def _take(state: State, name: str) -> tuple[tuple[int, ...], Pool]:
    """What the worker takes next: a chunk of short tests, or a long test with a soft fence; and the pool without it."""
    if not state.stopped:
        for rank in _ranks_to_serve(state, name):
            idle = state.workers[name].is_idle
            taken, pool = state.pool.take(name, rank, _how_many(state, rank), state.plan, join=idle)
            if taken:
                return (*taken, SOFT_FENCE) if state.estimate(rank) >= LATE_SECONDS else taken, pool
    return (), state.pool


def _ranks_to_serve(state: State, name: str) -> tuple[int, ...]:
    """The ranks that the worker may be given tests of, lowest first."""
    top = min(state.limit, state.current) if state.plan.mode == "strict" else state.limit
    return tuple(rank for rank in range(top + 1) if state.pool.unsent[rank] and _has_room(state, name, rank))


def _has_room(state: State, name: str, rank: int) -> bool:
    most = state.plan.most_workers[rank]
    if most is None:
        return True
    ranks = state.plan.ranks
    busy = sum(
        any(entry >= 0 and ranks[entry] == rank for entry in worker.queue)
        for other, worker in state.workers.items()
        if other != name
    )
    return busy < most


def _how_many(state: State, rank: int) -> int:
    """How many tests of the tier go into one chunk: one long test, or short ones by time and fair share."""
    estimate = state.estimate(rank)
    if estimate >= LATE_SECONDS:
        return 1
    by_time = int(CHUNK_SECONDS / estimate)
    by_share = -(-state.pool.unsent[rank] // (2 * _crew(state)))
    return max(1, min(by_time, by_share))


def _crew(state: State) -> int:
    """How many workers share the rest, those that are still to join included."""
    return max(len(state.workers), state.plan.workers)


def _at_the_end_of_a_tier(state: State) -> bool:
    """True when strict mode waits for a verdict: nothing of this tier or below is left, and a tier above may follow."""
    if state.plan.mode != "strict" or state.stopped or state.current >= state.limit:
        return False
    if state.in_flight or state.accused or any(state.left[: state.current + 1]):
        return False
    # A soft fence may still be tearing fixtures down, and that may fail.
    return all(worker.queue in ((), (HARD_FENCE,)) for worker in state.workers.values())
