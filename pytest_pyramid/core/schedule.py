"""The schedule: a state machine that answers events with commands.

Events, commands and the plan are frozen values. The state is one object that its driver owns and that only `advance`
changes: nothing here reads a clock, a file or a chance, so the same events give the same commands. Copying the state
at every event cost more than the rest of the machine with a thousand workers. An event costs about the logarithm of
the number of tests and nothing for the workers that it does not concern.

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
    Release,
    Requeued,
    Returned,
    Send,
    Settled,
    Steal,
    Stopped,
)
from pytest_pyramid.core.plan import Plan
from pytest_pyramid.core.schedule_state import State
from pytest_pyramid.core.serving import note_idleness, recall, serve
from pytest_pyramid.core.workers import Accusation, Worker

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
    "Release",
    "Requeued",
    "Returned",
    "Send",
    "Settled",
    "State",
    "Steal",
    "Stopped",
    "Worker",
    "advance",
    "begin",
]


def begin(plan: Plan) -> State:
    """The state before any worker has joined."""
    return State(plan)


def advance(state: State, event: Event) -> list[Command]:
    """Change the state as the event says; the commands that follow, in the order to obey them.

    Raises KeyError for an event of a worker that never joined, ValueError for a completion out of turn.
    """
    if isinstance(event, Completed):
        return _completed(state, event)
    if isinstance(event, Joined):
        state.workers[event.worker] = Worker()
        recalled = [Forbid(state.top)] if state.recalled else []  # nobody has told a new worker
        return [*recalled, *serve(state, event.worker)]
    if isinstance(event, Returned):
        return _returned(state, event)
    if isinstance(event, Left):
        return _left(state, event)
    if isinstance(event, Settled | Requeued):
        return _judged(state, event)
    if isinstance(event, Opened):
        return _opened(state, event.rank)
    if isinstance(event, Closed):
        return _closed(state, event.rank)
    state.stopped, state.limit = True, -1
    return [Forbid(-1)]


def _completed(state: State, event: Completed) -> list[Command]:
    worker = state.workers[event.worker]
    if not worker.queue or worker.queue[0] != event.entry:
        raise ValueError(f"{event.worker} completed {event.entry}, expected {list(worker.queue)[:1]}")
    entry = state.pop(event.worker)
    if entry >= 0:
        group = state.firsts.pop(entry, None)
        if event.ran:
            worker.last = entry
            seconds = event.seconds
            if group is not None:
                seconds -= event.setup
                if group.setup is None:
                    group.setup, state.wake = event.setup, True
            state.estimates.learn(entry, seconds)
        if not event.ran and state.plan.ranks[entry] <= state.limit:
            state.give_back((entry,))  # it was recalled, not forbidden
        else:
            state.end(entry)
    return serve(state, event.worker)


def _returned(state: State, event: Returned) -> list[Command]:
    worker = state.workers[event.worker]
    asked, worker.stealing = worker.stealing, ()
    if event.entries:
        state.take_back(event.worker, event.entries)
        state.give_back(event.entries)
        note_idleness(state, event.worker, worker)  # those it was asked for may have ended meanwhile
        return [*recall(state), *serve(state)]
    if len(asked) > 1 and state.idle:
        # It has begun one of them meanwhile: the second half may still be out of its reach.
        worker.stealing = tuple(test for test in asked[len(asked) // 2 :] if test in worker.queue)
        if worker.stealing:
            return [Steal(event.worker, worker.stealing)]
    return serve(state)


def _left(state: State, event: Left) -> list[Command]:
    worker = state.drop(event.worker)
    running = event.crashed and bool(worker.queue) and (len(worker.queue) > 1 or event.released)
    unstarted = list(worker.tests)
    commands: list[Command] = []
    if running and worker.queue[0] >= 0:
        commands.append(_accuse(state, Accusation(event.worker, unstarted.pop(0), finished=False)))
    elif running and worker.queue[0] == SOFT_FENCE and worker.last is not None:
        # The fence was tearing down the fixtures of the test before it.
        commands.append(_accuse(state, Accusation(event.worker, worker.last, finished=True)))
    for pool in state.pools:
        pool.forget(event.worker)
    state.pins.forget(event.worker)
    state.give_back(unstarted)
    state.wake = True
    # The accusation may close a gate, so what it forbids has to come after what the recall allows.
    return [*recall(state), *commands, *serve(state)]


def _accuse(state: State, accusation: Accusation) -> Accuse:
    state.accused.append(accusation)
    state.firsts.pop(accusation.test, None)
    return Accuse(accusation.worker, accusation.test)


def _judged(state: State, event: Settled | Requeued) -> list[Command]:
    accusation = next((a for a in state.accused if a.test == event.test), None)
    if accusation is None:
        return []
    state.accused.remove(accusation)
    if isinstance(event, Settled):
        if not accusation.finished:
            state.end(event.test)
    else:
        if accusation.finished:
            state.end(event.test, by=-1)
        state.give_back((event.test,))
    return [*recall(state), *serve(state)]


def _opened(state: State, rank: int) -> list[Command]:
    state.current = max(state.current, rank + 1)
    state.ask_all()
    commands: list[Command] = []
    if state.recalled:
        state.recalled = False
        commands.append(Forbid(state.limit))
    return commands + serve(state)


def _closed(state: State, rank: int) -> list[Command]:
    if rank >= state.limit:
        return []
    state.limit = rank
    state.ask_all()
    return [Forbid(state.top if state.recalled else rank), *serve(state)]
