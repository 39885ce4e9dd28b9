"""The schedule: a pure state machine from (state, event) to (state, commands).

It drives pytest-xdist workers, the single process and the simulators of the tests alike. What it relies on:

* A worker runs the first entry of its queue only when it knows a second one, because pytest tears fixtures down
  towards the next test. So the last entry of a queue is parked.
* A fence is an entry that is no test. Behind a test it lets that test run without binding a further one to the worker.
  A soft fence keeps module and class fixtures alive for the next test; a hard fence tears everything below session
  scope down. An idle worker always stands at a hard fence: a fixture kept alive by an idle worker may hold a lock that
  a busy one waits for.
* A worker that crashed was running its first entry, if it had two.
"""

from __future__ import annotations

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
    Requeued,
    Send,
    Settled,
    Stopped,
)
from pytest_pyramid.core.plan import Plan
from pytest_pyramid.core.pool import Pool
from pytest_pyramid.core.schedule_state import Accusation, State, Worker
from pytest_pyramid.core.serving import serve

__all__ = [
    "HARD_FENCE",
    "SOFT_FENCE",
    "Accuse",
    "Closed",
    "Command",
    "Completed",
    "Decide",
    "Event",
    "Forbid",
    "Joined",
    "Left",
    "Opened",
    "Requeued",
    "Send",
    "Settled",
    "State",
    "Step",
    "Stopped",
    "Worker",
    "advance",
    "begin",
]

Step = tuple[State, tuple[Command, ...]]


def begin(plan: Plan) -> State:
    """The state before any worker has joined."""
    tiers = len(plan.groups)
    left = tuple(sum(len(group.tests) for group in groups) for groups in plan.groups)
    return State(
        plan=plan,
        pool=Pool.of(plan),
        workers={},
        left=left,
        seen=((0.0, 0),) * tiers,
        current=0,
        limit=tiers - 1,
    )


def advance(state: State, event: Event) -> Step:
    """The state after the event and the commands that follow from it, in the order to obey them.

    Raises KeyError for an event of a worker that never joined, ValueError for a completion out of turn.
    """
    if isinstance(event, Completed):
        return _completed(state, event)
    if isinstance(event, Joined):
        return serve(state._replace(workers={**state.workers, event.worker: Worker()}))
    if isinstance(event, Left):
        return _left(state, event)
    if isinstance(event, Settled | Requeued):
        return _judged(state, event)
    if isinstance(event, Opened):
        return serve(state._replace(current=max(state.current, event.rank + 1)))
    if isinstance(event, Closed):
        return _closed(state, event.rank)
    return state._replace(stopped=True, limit=-1), (Forbid(-1),)


def _completed(state: State, event: Completed) -> Step:
    worker = state.workers[event.worker]
    if not worker.queue or worker.queue[0] != event.entry:
        raise ValueError(f"{event.worker} completed {event.entry}, expected {worker.queue[:1]}")
    queue = worker.queue[1:]
    if event.entry < 0:
        worker = Worker(queue, worker.last)
        return serve(state._replace(workers={**state.workers, event.worker: worker}), first=event.worker)
    rank = state.plan.ranks[event.entry]
    seen = state.seen
    if event.ran:
        seconds, count = seen[rank]
        seen = (*seen[:rank], (seconds + event.seconds, count + 1), *seen[rank + 1 :])
    after = state._replace(
        workers={**state.workers, event.worker: Worker(queue, event.entry if event.ran else worker.last)},
        left=_less(state.left, rank),
        seen=seen,
        in_flight=state.in_flight - 1,
    )
    return serve(after, first=event.worker)


def _left(state: State, event: Left) -> Step:
    worker = state.workers[event.worker]
    others = {name: held for name, held in state.workers.items() if name != event.worker}
    running = event.crashed and bool(worker.queue) and (len(worker.queue) > 1 or event.released)
    unstarted = list(worker.tests)
    accused: Accusation | None = None
    if running and worker.queue[0] >= 0:
        accused = Accusation(event.worker, unstarted.pop(0), finished=False)
    elif running and worker.queue[0] == SOFT_FENCE and worker.last is not None:
        # The fence was tearing down the fixtures of the test before it.
        accused = Accusation(event.worker, worker.last, finished=True)
    after = state._replace(
        workers=others,
        pool=state.pool.give_back(tuple(unstarted), state.plan).forget(event.worker),
        in_flight=state.in_flight - len(worker.tests),
        accused=(*state.accused, accused) if accused else state.accused,
    )
    after, commands = serve(after)
    return after, ((Accuse(accused.worker, accused.index),) if accused else ()) + commands


def _judged(state: State, event: Settled | Requeued) -> Step:
    accusation = next((a for a in state.accused if a.index == event.index), None)
    if accusation is None:
        return state, ()
    accused = tuple(a for a in state.accused if a is not accusation)
    rank = state.plan.ranks[event.index]
    if isinstance(event, Settled):
        left = state.left if accusation.finished else _less(state.left, rank)
        return serve(state._replace(accused=accused, left=left))
    left = _less(state.left, rank, by=-1) if accusation.finished else state.left
    pool = state.pool.give_back((event.index,), state.plan)
    return serve(state._replace(accused=accused, left=left, pool=pool))


def _closed(state: State, rank: int) -> Step:
    if rank >= state.limit:
        return state, ()
    after, commands = serve(state._replace(limit=rank))
    return after, (Forbid(rank), *commands)


def _less(counts: tuple[int, ...], rank: int, by: int = 1) -> tuple[int, ...]:
    return (*counts[:rank], counts[rank] - by, *counts[rank + 1 :])
